"""Fuzzing: every parser that meets what others have made, with bytes that are changed until one of them falls over.

    python tests/fuzzing                          an hour for each parser, as before a release
    python tests/fuzzing --seconds 60 dns yaml    a minute for two of them

With atheris (`pip install -e .[fuzzing]`), which is led by what is covered; without it, by chance alone. What is found is
kept under ``.cache/fuzzing``, and what made a parser fall over becomes a line of `KNOWN` in `known.py`, which is read by
the tests. Exit status: 0 nothing fell over; 1 something did.

A parser has fallen over when it raises anything but its own refusals, takes longer than ten seconds for one input, or
takes more than a gigabyte.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".cache" / "fuzzing"
READERS = [
    "pytest_etsi.probes", "pytest_etsi.profile._yaml", "pytest_etsi.profile.private_key", "pytest_etsi.profile.workbook",
    "pytest_etsi.redaction", "pytest_etsi.dut.observe.access.openapi_document", "pytest_etsi.assessment.journal",
    "pytest_etsi.assessment.lines",
]  # fmt: skip
"""Whose coverage leads: to instrument all takes longer than many a parser is fuzzed."""
LONGEST_S = 10
MOST_MIB = 1500
LONGEST_INPUT = 16 * 1024


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python tests/fuzzing", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("parsers", nargs="*", help="names of parsers; left out: all")
    parser.add_argument("--seconds", type=int, default=3600, help="for each parser (default: 3600)")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _place_of(name: str) -> Path:
    place = KEPT / name.replace(" ", "-")
    place.mkdir(parents=True, exist_ok=True)
    return place


def _with_atheris(name: str, seconds: int) -> None:
    """Fuzz one parser in this process, which ends with it."""
    import atheris  # type: ignore[import-not-found,unused-ignore]

    with atheris.instrument_imports(include=READERS):
        from parsers import PARSERS

    parser, place = PARSERS[name], _place_of(name)
    _write_seeds(name, parser.seeds)

    def one(data: bytes) -> None:
        with contextlib.suppress(*parser.refuses):
            parser.read(data)

    options = [
        f"-max_total_time={seconds}", f"-timeout={LONGEST_S}", f"-rss_limit_mb={MOST_MIB}",
        f"-max_len={LONGEST_INPUT}", f"-artifact_prefix={place}/fell-over-", "-print_final_stats=1", "-verbosity=0",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(place / "inputs")], one)
    atheris.Fuzz()


def _by_chance(name: str, seconds: int) -> None:
    """The same without atheris; raises what the parser raises."""
    from parsers import PARSERS

    parser, place = PARSERS[name], _place_of(name)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MIB << 20, MOST_MIB << 20))
    chance, kept, tried = random.Random(name), list(parser.seeds), 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data = _changed(chance, chance.choice(kept), kept)
        tried += 1
        signal.alarm(LONGEST_S)
        try:
            with contextlib.suppress(*parser.refuses):
                parser.read(data)
        except BaseException:
            (place / f"fell-over-{hashlib.sha256(data).hexdigest()[:16]}").write_bytes(data)
            raise
        finally:
            signal.alarm(0)
    print(f"{name}: {tried} inputs by chance")


def _changed(chance: random.Random, data: bytes, others: list[bytes]) -> bytes:
    made = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randint(0, len(made))
        kind = chance.randrange(5)
        if kind == 0:
            made[at : at + chance.randint(0, 8)] = chance.randbytes(chance.randint(0, 8))
        elif kind == 1:
            made[at:at] = chance.choice(
                [b"\0", b"\xff", b"\x7f\xff\xff\xff", b"\x80", b"[", b"<", b"&", b"\\u"]
            )
        elif kind == 2:
            other = chance.choice(others)
            made[at:at] = other[chance.randint(0, len(other)) :]
        elif kind == 3:
            made[at:at] = made[at : at + 64] * chance.randint(1, 200)
        else:
            del made[at:]
    return bytes(made[:LONGEST_INPUT])


def _write_seeds(name: str, seeds: tuple[bytes, ...]) -> None:
    from known import KNOWN

    inputs = _place_of(name) / "inputs"
    inputs.mkdir(exist_ok=True)
    for data in (*seeds, *KNOWN.get(name, ())):
        (inputs / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def main() -> int:
    """Fuzz what is asked for, each parser in a process of its own; gives the exit status."""
    arguments = _arguments()
    if arguments.here:
        by = _with_atheris if importlib.util.find_spec("atheris") else _by_chance
        by(arguments.parsers[0], arguments.seconds)
        return 0
    from parsers import PARSERS

    unknown = sorted(set(arguments.parsers) - set(PARSERS))
    if unknown:
        print(f"no parser {unknown[0]!r}; there are: {', '.join(PARSERS)}")
        return 2
    fallen = []
    for name in arguments.parsers or PARSERS:
        command = [sys.executable, __file__, "--here", "--seconds", str(arguments.seconds), name]
        ran = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        told = [line for line in ran.stderr.splitlines() if "number_of_executed_units" in line]
        print(
            f"{name}: {'as it should' if ran.returncode == 0 else 'FELL OVER'} {' '.join(told)}", flush=True
        )
        if ran.returncode:
            fallen.append(name)
            print(f"  kept under {_place_of(name)}\n{ran.stdout[-2000:]}{ran.stderr[-3000:]}", flush=True)
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    sys.exit(main())
