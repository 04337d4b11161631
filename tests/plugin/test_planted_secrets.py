"""Secrets that are planted in the profile are looked for in everything that a run has written or shown."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from pytest_etsi.plugin.running import masked_transcript
from pytest_etsi.probes.serial import Transcript, TranscriptLine
from pytest_etsi.redaction import MASK, Redactor

if TYPE_CHECKING:
    from plugin_project import Project

SECRET = "pl4nted&Secret/77"
TOKEN = "".join(chr(ord("A") + (n * 7 + n // 26) % 26) for n in range(900))
HEADER = "he4der-Secret-78"
OPERATIONS = {
    "reset": {
        "kind": "http",
        "url": "http://127.0.0.1:1/",
        "form": {"any": SECRET},
        "headers": {"X-Any": HEADER},
        "json": None,
    },
    "token": {"kind": "python", "call": "m:f", "options": {"one": TOKEN}},
}
ALL_REPORTS = (
    "--alluredir=allure", "--html=report.html", "--self-contained-html", "--junitxml=junit.xml",
    "--log-file=run.log", "--log-file-level=DEBUG", "-vv", "-l", "-rA", "--log-cli-level=DEBUG", "-o", "log_cli=true",
)  # fmt: skip

FAILURES = f"""
import logging
import subprocess
import warnings

import pytest

SECRET, TOKEN, HEADER = {SECRET!r}, {TOKEN!r}, {HEADER!r}

@pytest.fixture
def broken_set_up():
    raise RuntimeError({{"password": SECRET}})

@pytest.fixture
def broken_clean_up():
    yield
    raise RuntimeError("password", SECRET)

def test_of_a_dict(): raise ValueError({{"password": SECRET, "deep": [{{SECRET: (HEADER,)}}]}})
def test_of_a_tuple(): raise ValueError("wrong", (SECRET, [HEADER]))
def test_of_bytes(): raise ValueError(b"wrong " + SECRET.encode())
def test_of_a_command(): raise subprocess.CalledProcessError(1, ["ftp", SECRET], output=HEADER, stderr=SECRET.encode())
def test_of_a_key(): return {{}}[SECRET]
def test_of_a_file(): open("/nowhere/" + SECRET)
def test_of_a_group(): raise ExceptionGroup("several", [ValueError(SECRET), OSError(5, "no", HEADER)])
def test_of_bytes_that_are_no_text(): (SECRET.encode() + bytes([255])).decode()
def test_of_a_comparison(): assert SECRET == "x" + SECRET
def test_of_a_long_comparison(): assert [TOKEN] == [TOKEN[1:]]
def test_of_a_long_token(): raise ValueError(TOKEN)
def test_of_a_set_up(broken_set_up): pass
def test_of_a_clean_up(broken_clean_up): pass

def test_of_a_note():
    error = ValueError("wrong")
    error.add_note(f"with {{SECRET}}")
    raise error

class OwnError(Exception):
    def __str__(self): return "wrong " + SECRET

def test_of_an_own_exception(): raise OwnError

def test_that_talks(capsys):
    print(SECRET)
    logging.getLogger("x").warning("with %s and %s", SECRET, {{"h": HEADER}})
    warnings.warn("with " + SECRET)
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("x").exception("failed")

@pytest.mark.etsi_unit("5.1-5-2/b", entry="AuthMech-web")
def test_of_a_unit(etsi_evidence):
    etsi_evidence.add("said " + SECRET, {{"answer": SECRET, HEADER: [TOKEN]}})
    assert SECRET == "x", SECRET
"""


def in_every_encoding(secret: str) -> dict[str, bytes]:
    data = secret.encode()
    once = base64.b64encode(data)
    return {
        "plain": data,
        "UTF-16": secret.encode("utf-16-le"),
        "URL": quote(secret, safe="").encode(),
        "URL twice": quote(quote(secret, safe=""), safe="").encode(),
        "HTML": secret.replace("&", "&amp;").encode(),
        "HTML in JSON": secret.replace("&", "\\u0026").encode(),
        "hex": data.hex().encode(),
        "base64": once.rstrip(b"="),
        "base64 twice": base64.b64encode(once).rstrip(b"="),
        "the half of it": data[: len(data) // 2] if len(data) < 100 else data[100:120],
    }


def found(project: Project, shown: str) -> list[str]:
    """Where one of the secrets stands: file and encoding."""
    places = [
        (str(path.relative_to(project.path)), path.read_bytes())
        for path in sorted(project.path.rglob("*"))
        # What the project itself wrote down, and what Python made of that.
        if path.is_file() and path.suffix not in (".py", ".pyc", ".yaml")
    ]
    return [
        f"{where}: {encoding} of {secret[:12]}"
        for where, content in (*places, ("the terminal", shown.encode()))
        for secret in (SECRET, TOKEN, HEADER)
        for encoding, form in in_every_encoding(secret).items()
        if form in content
    ]


@pytest.mark.parametrize("distributed", [(), ("-n2", "--dist=loadgroup")], ids=["one process", "workers"])
def test_no_planted_secret_is_found_in_anything_that_a_failing_run_writes(
    project: Project, distributed: tuple[str, ...]
) -> None:
    project.profile(access={"network": {"hosts": ["127.0.0.1"]}, "operations": OPERATIONS})
    project.pytester.makepyfile(planted=f"SECRET, TOKEN, HEADER = {SECRET!r}, {TOKEN!r}, {HEADER!r}")
    own = FAILURES.replace(
        f"SECRET, TOKEN, HEADER = {SECRET!r}, {TOKEN!r}, {HEADER!r}", "from planted import *"
    )
    project.pytester.makepyfile(test_own=own)
    result = project.run("--etsi-suite=off", *ALL_REPORTS, *distributed)

    outcomes = result.parseoutcomes()
    assert outcomes["failed"] >= 13
    assert outcomes["errors"] == 2
    assert (project.path / "run.log").stat().st_size
    assert found(project, result.stdout.str() + result.stderr.str()) == []


HOOKS = {
    "pytest_etsi_operations": "def pytest_etsi_operations(profile): raise RuntimeError({'p': SECRET})",
    "pytest_etsi_auth_drivers": "def pytest_etsi_auth_drivers(): raise RuntimeError('with ' + SECRET)",
    "pytest_etsi_evidence": "def pytest_etsi_evidence(unit, entry, dut): assert not SECRET",
}


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_of_a_project_that_raises_leaves_its_units_open_and_the_run_goes_on(
    project: Project, hook: str
) -> None:
    project.profile(access={"network": {"hosts": ["127.0.0.1"]}, "operations": OPERATIONS})
    project.suite(
        test_one='@unit("5.1-5-2", "b")\ndef test_x(auth_mech, etsi_dut): pass',
        test_two='@unit("5.1-1-1", "a")\ndef test_y(auth_mech): assert 0, "found"',
    )
    project.pytester.makepyfile(planted=f"SECRET = {SECRET!r}")
    project.pytester.makeconftest(f"from planted import SECRET\n{HOOKS[hook]}")
    result = project.run("--junitxml=junit.xml")
    records = project.evaluations()

    assert result.ret == 1
    one = records["5.1-5-2/b", "AuthMech-web"]
    assert (one["verdict"], one["cause"]) == ("INCONCLUSIVE", "error")
    assert hook in one["reason"]
    assert records["5.1-1-1/a", "AuthMech-web"]["verdict"] == "FAIL"
    assert found(project, result.stdout.str() + result.stderr.str()) == []


def test_what_a_module_says_that_cannot_be_imported_is_masked(project: Project) -> None:
    project.profile(access={"network": {"hosts": ["127.0.0.1"]}, "operations": OPERATIONS})
    project.pytester.makepyfile(planted=f"SECRET = {SECRET!r}")
    project.pytester.makepyfile(test_own="from planted import SECRET\nraise RuntimeError(SECRET)")
    result = project.run("--etsi-suite=off", "--junitxml=junit.xml")

    assert result.parseoutcomes() == {"errors": 1}
    assert found(project, result.stdout.str() + result.stderr.str()) == []


@pytest.mark.parametrize(
    ("hook", "said"),
    [("sessionfinish(session)", "RuntimeError"), ("runtest_logstart(nodeid)", "INTERNALERROR")],
)
def test_an_error_of_a_plugin_is_masked(project: Project, hook: str, said: str) -> None:
    project.profile(access={"network": {"hosts": ["127.0.0.1"]}, "operations": OPERATIONS})
    project.pytester.makepyfile(planted=f"SECRET = {SECRET!r}")
    project.pytester.makeconftest(
        f"from planted import SECRET\ndef pytest_{hook}: raise RuntimeError(SECRET)"
    )
    project.pytester.makepyfile(test_own="def test_x(): pass")
    result = project.run("--etsi-suite=off", "--junitxml=junit.xml", fresh=True)

    assert said in result.stdout.str() + result.stderr.str()
    assert found(project, result.stdout.str() + result.stderr.str()) == []


def test_a_password_that_a_console_echoes_letter_by_letter_is_masked() -> None:
    at = datetime(2027, 1, 1, tzinfo=UTC)
    typed = [TranscriptLine(at, ">", SECRET.encode() + b"\n")]
    echo = [TranscriptLine(at, "<", bytes((byte,))) for byte in SECRET.encode()]
    mixed = [
        TranscriptLine(at, "<", b"password: "),
        *typed,
        *echo,
        TranscriptLine(at, "<", b"\r\nwelcome\r\n"),
    ]
    device = SimpleNamespace(assessment=SimpleNamespace(redact=Redactor([SECRET])))
    text = masked_transcript(Transcript("loop://", tuple(mixed), truncated=False), device).text()  # type: ignore[arg-type]

    said = "".join(line.split(" ", 2)[2] for line in text.splitlines())
    assert said == f"password: {MASK}\\n{MASK}\\r\\nwelcome\\r\\n"
