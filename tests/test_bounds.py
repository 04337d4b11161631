"""Whoever asks a device or reads what others have made has its bounds in one place, and keeps them."""

from __future__ import annotations

import ast
import contextlib
import functools
import gc
import os
import random
import resource
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

import pytest_etsi
from pytest_etsi import bounds

sys.path.insert(0, str(Path(__file__).parent / "fuzzing"))

from known import KNOWN
from parsers import PARSERS, Parser

PACKAGE = Path(pytest_etsi.__file__).parent
MORE_MIB = 700
"""Memory, in MiB, that a parser may take beside what the tests have taken."""
MOST_CPU_S = 20
LENGTH = 1 << 18

BOUNDS = {
    name: value for name, value in vars(bounds).items() if isinstance(value, bounds.Question | bounds.Reading)
}


def hostile(parser: Parser) -> dict[str, bytes]:
    """What is large, endless, or nested. What takes more than a time in line with its length shows at this length, too."""
    seed, (opens, closes) = parser.seeds[0], parser.nested
    chance = random.Random(7)
    return {
        "nothing": b"",
        "nested without end": opens * 50_000,
        "nested and closed": opens * 25_000 + closes * 25_000,
        "nested in other ways": b"{" * 3000 + b"(" * 3000 + b"- " * 3000 + b'{"a":' * 3000,
        "one long line": b"a" * (4 << 20),
        "one long number": b"9" * LENGTH,
        "many small parts": b"[" + b"[]," * 80_000 + b"[]]",
        "many lines": b"a: b\r\n" * 40_000,
        "many marks": b"<a b='c'>&amp;</a>" * 15_000,
        "nulls": bytes(LENGTH),
        "ones": b"\xff" * LENGTH,
        "by chance": chance.randbytes(LENGTH),
        "its own beginning over and over": (seed * (1 + LENGTH // max(1, len(seed))))[:LENGTH],
        "a beginning, and no end": seed[: len(seed) // 2] + b"a" * LENGTH,
        "the largest lengths": seed[:8] + b"\x7f\xff\xff\xff" * 1000 + b"\xff\xff\xff\xff" * 1000,
        "white space": b" \t\r\n" * 60_000,
        "quotes": b'"' * 80_000 + b"'" * 80_000 + b"\\" * 80_000,
        "comments that do not end": b"<!--" * 50_000 + b"<![CDATA[" * 10_000,
        "references to references": b"a: &a [b,b]\n" + b"".join(
            b"%c: &%c [*%c,*%c]\n" % (x + 1, x + 1, x, x) for x in range(97, 121)
        ),
        "mappings that take over others": b"a: &a {b: c}\n" + b"".join(
            b"%c: &%c {<<: [%s], k%d: 1}\n" % (x + 1, x + 1, b",".join([b"*%c" % x] * 9), x) for x in range(97, 121)
        ),
        "entities": b"<!DOCTYPE a [<!ENTITY b 'cccc'>" + b"<!ENTITY d '&b;&b;'>" * 1000 + b"]><a>&d;</a>",
    }  # fmt: skip


def in_a_fork(parser: Parser, inputs: dict[str, bytes]) -> dict[str, str]:
    """What a parser does with inputs in a process with little time and memory for each; only what is not as it should."""
    wrong: dict[str, str] = {}
    left = dict(inputs)
    while left:
        done, last = _until_wrong(parser, left)
        for what in done:
            del left[what]
        if left:
            what = next(iter(left))
            wrong[what] = last
            del left[what]
    return wrong


def _until_wrong(parser: Parser, inputs: dict[str, bytes]) -> tuple[list[str], str]:
    """The first inputs with which all is well, and what is wrong with the next: each one the process has left behind."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = "nothing was said"
        try:
            os.close(reading)
            # A collection of garbage would copy what the tests have made.
            gc.freeze()
            resource.setrlimit(resource.RLIMIT_AS, (used + (MORE_MIB << 20),) * 2)
            signal.signal(signal.SIGXCPU, signal.SIG_DFL)
            for what, data in inputs.items():
                spent = resource.getrusage(resource.RUSAGE_SELF)
                most = int(spent.ru_utime + spent.ru_stime) + 1 + MOST_CPU_S
                resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))
                signal.alarm(10 * MOST_CPU_S)
                with contextlib.suppress(*parser.refuses):
                    parser.read(data)
                os.write(writing, f"{what}\0".encode())
            said = ""
        except BaseException as error:
            said = f"{type(error).__name__}: {str(error)[:200]}"
        finally:
            os.write(writing, said.encode("utf-8", "replace"))
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        *done, said = pipe.read().decode().split("\0")
    _, status = os.waitpid(child, 0)
    ended = said if os.WIFEXITED(status) else f"ended by signal {os.WTERMSIG(status)}: time or memory"
    return done, ended


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_ends_within_its_bounds_whatever_it_is_given(name: str) -> None:
    parser = PARSERS[name]
    inputs = {what: data[: parser.most] for what, data in hostile(parser).items()}

    assert in_a_fork(parser, inputs) == {}


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_reads_its_seeds_and_what_it_once_fell_over(name: str) -> None:
    for data in (*PARSERS[name].seeds, *KNOWN.get(name, ())):
        with contextlib.suppress(*PARSERS[name].refuses):
            PARSERS[name].read(data)


def test_a_parser_that_takes_too_much_is_noticed() -> None:
    def read(data: bytes) -> Any:
        if data == b"memory":
            return [b"a" * (1 << 30) for _ in range(1000)]
        if data == b"killed":
            os.kill(os.getpid(), signal.SIGXCPU)
        return _deeper() if data == b"depth" else data

    said = in_a_fork(
        Parser(read, (b"",)), {name: name.encode() for name in ("memory", "good", "killed", "depth", "well")}
    )

    assert [(what, one.partition(":")[0]) for what, one in said.items()] == [
        ("memory", "MemoryError"),
        ("killed", f"ended by signal {signal.SIGXCPU.value}"),
        ("depth", "RecursionError"),
    ]


def _deeper() -> Any:
    return _deeper()


@functools.cache
def sources() -> dict[str, ast.Module]:
    """The package without what stands apart, by file."""
    return {
        where: ast.parse(path.read_text())
        for path in PACKAGE.rglob("*.py")
        if not (where := path.relative_to(PACKAGE).as_posix()).startswith("virtual/")
    }


def who_ask_and_read() -> dict[str, ast.Module]:
    """The parts of it that meet devices and documents."""
    return {
        where: tree for where, tree in sources().items() if where.startswith(("probes/", "dut/", "profile/"))
    }


def test_every_bound_is_used_by_somebody() -> None:
    used = set()
    for node in (node for tree in sources().values() for node in ast.walk(tree)):
        if isinstance(node, ast.Attribute):
            used.add(node.attr)
        elif isinstance(node, ast.ImportFrom) and node.module == "pytest_etsi.bounds":
            used |= {alias.name for alias in node.names}

    assert set(BOUNDS) - used == set()


def test_no_probe_has_a_deadline_of_its_own() -> None:
    own = []
    for where, tree in who_ask_and_read().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                named = [*node.args.posonlyargs, *node.args.args]
                pairs = [
                    *zip(named[len(named) - len(node.args.defaults) :], node.args.defaults, strict=True),
                    *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
                ]
                own += [
                    f"{where}:{node.lineno} {one.arg}"
                    for one, default in pairs
                    if one.arg in ("timeout_s", "deadline_s", "max_body") and _is_number(default)
                ]
    assert own == []


def _is_number(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def test_nobody_else_reads_json_of_a_device() -> None:
    """By `read_json`, which has bounds; the rest reads what this project has written."""
    own = {"dut/reach/recovery.py", "probes/json_text.py", "profile/judged_file.py"}
    calls = {
        where
        for where, tree in who_ask_and_read().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "loads"
    }

    assert calls == own


@pytest.mark.parametrize("name", BOUNDS)
def test_a_bound_is_one(name: str) -> None:
    bound = BOUNDS[name]
    if isinstance(bound, bounds.Question):
        assert 0 < bound.step_s <= (bound.whole_s or bound.step_s) <= 3600
    else:
        assert 0 < bound.most <= 1 << 30
