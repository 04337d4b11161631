"""The command watch: what has become of published documents from one day to the next."""

from __future__ import annotations

import inspect
import os
import re
import socket
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from forks import run_forked
from suite_runs import ALONE, OURS
from yaml_text import dumped

import pytest_etsi.cli.watch as command
from pytest_etsi.assessment.suite import by_unit, load_units
from pytest_etsi.assessment.watched import by_documents_alone
from pytest_etsi.cli._say import say
from pytest_etsi.cli.main import main
from pytest_etsi.dut.reach.documents import Documents
from pytest_etsi.dut.reach.network import Network
from pytest_etsi.dut.reach.recording import Recorder
from pytest_etsi.probes.webdocs import Hurdle
from pytest_etsi.report.watched_state import DamagedError, Known, State, read_state, write_state
from pytest_etsi.report.watching import SeenNow, changes, difference, following
from pytest_etsi.standard import EDITIONS, edition
from pytest_etsi.verdict import Cause, Inconclusive
from tests.criteria.documents import profile_of
from tests.probes.scripted_web import HOST, site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from click.testing import Result

FIELD = "Publication of Vulnerability Disclosure Policy"
HTML = {"Content-Type": "text/html; charset=utf-8"}
POLICY = (
    "<html lang=en><body><h1>Report a vulnerability</h1><p>Write to security@maker.example if you have found a "
    "vulnerability in one of our products.</p><p>We acknowledge the receipt of your report within 3 days.</p><p>You get "
    "a status update every 14 days until the vulnerability is resolved.</p></body></html>"
)
SECRET = "correct-horse-battery-7"
START = f"<html lang=en><body><h1>Example</h1><p>Cameras for your home. Old word: {SECRET}. <a href='/support'>Support</a></p></body></html>"
SUPPORT = (
    "<html lang=en><body><h1>Support</h1><p>ExampleCam 2 gets security updates until 2031-12-31.</p>"
    "<p>Security updates are free of charge.</p></body></html>"
)


# From day to day, by the run itself -------------------------------------------------------------------------


def profile_at(directory: Path, port: int, **info: Any) -> Path:
    """A camera that nobody reaches, and whose maker publishes a policy and a support period."""
    known = edition("1.1.1")
    there = {"support": "Y", "detail": "It is published."}
    support = {"url": f"http://{HOST}:{port}/support", "led_by": [{"url": f"http://{HOST}:{port}/"}]}
    content = {
        "format": 1,
        "name": "camera",
        "edition": "1.1.1",
        "dut": {"manufacturer": "Example", "model": "ExampleCam 2", "hardware": "A", "software": "1"},
        "access": {"network": {"hosts": ["192.0.2.7"], "documents_hosts": [f"{HOST}:{port}"]}},
        "ics": dict.fromkeys(("5.2-1", "5.3-13", "5.8-3"), there),
        "ixit": {table.id: {} if table.single else [] for table in known.tables}
        | {
            "2-UserInfo": {
                "Publication of Vulnerability Disclosure Policy": f"http://{HOST}:{port}/policy",
                "Support Period": "Security updates until 2031-12-31.",
                "Publication of Support Period": f"http://{HOST}:{port}/support",
                "facts": {"support_period": support},
            }
            | info,
            "1-AuthMech": [{"ID": "AuthMech-web", "Description": "web page", "access": {"password": SECRET}}],
        },
    }
    path = directory / "camera.yaml"
    path.write_text(dumped(content), encoding="utf-8")
    return path


def forked(arguments: Sequence[str]) -> tuple[int, str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")} | ALONE
    return run_forked("pytest", [*OURS, *arguments], environment=environment, timeout=120)


def watch(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["watch", *map(str, arguments)], catch_exceptions=False)


def test_from_day_to_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "run_pytest", forked)
    monkeypatch.chdir(tmp_path)
    pages = {"/": START, "/policy": POLICY, "/support": SUPPORT}
    asked: list[str] = []

    def answer(_: object, path: str) -> tuple[int, dict[str, str], str]:
        asked.append(path)
        return (200, HTML, pages[path]) if path in pages else (404, HTML, "<h1>Not Found</h1>")

    with site(answer) as maker:
        profile = profile_at(tmp_path, maker.port)
        start, policy, support = (f"http://{HOST}:{maker.port}{path}" for path in pages)

        first = watch(profile, "--fail-on", "fail")
        assert said(first) == {start: "new", policy: "new", support: "new"}
        assert first.exit_code == 0, first.output
        assert set(asked) == {"/", "/policy", "/support"}
        assert not list((tmp_path / "etsi-watch").glob("last-run/evidence/identity*"))

        pages["/policy"] = POLICY.replace("<p>", "<p class='new'>")  # other bytes, and the same text
        kept = (tmp_path / "etsi-watch" / "watched.json").read_text(encoding="utf-8")
        assert "Old word: " in kept
        assert SECRET not in kept

        again = watch(profile, "--fail-on", "fail", "--quiet")
        assert (again.exit_code, again.output) == (0, "")

        pages["/support"] = SUPPORT.replace("2031", "2029")
        del pages["/policy"]
        moved = watch(profile, "--fail-on", "fail", "--quiet")
        assert moved.exit_code == 1
        assert said(moved) == {start: "unchanged", policy: "gone", support: "changed"}
        assert "404" in moved.output
        assert "-ExampleCam 2 gets security updates until 2031-12-31." in moved.output
        assert "+ExampleCam 2 gets security updates until 2029-12-31." in moved.output
        assert {"5.2-1-2/a (was PASS)", "5.3-13-2/c (was PASS)"} <= failing(moved)

    # Nobody answers any more: that is no news about what is published.
    (tmp_path / "etsi-watch" / "watched.json").write_text('{"format": 1,\n"documents"', encoding="utf-8")
    silent = watch(profile)
    assert silent.exit_code == 10
    assert set(said(silent).values()) == {"not reachable"}
    assert "gone" not in silent.output
    assert "watched.json:2: " in silent.output
    assert (tmp_path / "etsi-watch" / "watched.json.damaged").exists()


def said(result: Result) -> dict[str, str]:
    """What is said of each document."""
    lines = (line for line in result.output.splitlines() if line[15:22] in {"http://", "https:/"})
    return {line[15:].split()[0]: line[:14].strip() for line in lines}


def failing(result: Result) -> set[str]:
    """The units that are said to fail, with what they were."""
    lines = [line[15:] for line in result.output.splitlines() if line.startswith("FAIL ")]
    return {name for line in lines for name in line.partition(": ")[0].split(", ")}


# What is said before anything is run ------------------------------------------------------------------------


def not_to_be_run(arguments: Sequence[str]) -> tuple[int, str]:
    raise AssertionError(arguments)


def test_what_cannot_be_watched_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "run_pytest", not_to_be_run)
    monkeypatch.chdir(tmp_path)
    nothing = dict.fromkeys(
        ("Publication of Vulnerability Disclosure Policy", "Publication of Support Period"), ""
    )
    (tmp_path / "file").write_text("", encoding="utf-8")

    for arguments, info, problem in (
        (["no-such-device"], {}, "no-such-device"),
        (["camera.yaml"], nothing | {"facts": {}}, "names no document"),
        (["camera.yaml", "--state", "file/below"], {}, "nothing can be kept there"),
    ):
        profile_at(tmp_path, 1, **info)
        result = watch(*arguments)
        assert result.exit_code == 4
        assert problem in result.output


def test_a_run_without_results_is_told_with_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "run_pytest", lambda _: (4, "ERROR: another run is writing there"))
    result = watch(profile_at(tmp_path, 1))

    assert result.exit_code == 4
    assert "another run is writing there" in result.output
    assert not (tmp_path / "etsi-watch" / "watched.json").exists()


def test_a_page_of_a_host_that_is_not_named_is_told_with_that() -> None:
    refused = {"reason": "https://m.example:443 is not allowed; allowed: x.example", "cause": "access"}
    failed = {"reason": "https://m.example/b: it lies behind a login", "cause": None}
    evaluations = [("5.2-1-2/a", refused), ("5.3-13-2/b", failed)]

    for name, why in (
        ("https://m.example/a", refused["reason"]),
        ("https://m.example/b", failed["reason"]),
        ("https://m.example/", refused["reason"]),
        ("https://other.example/", "nothing that was evaluated came to it"),
    ):
        assert command._why_unread(name, evaluations) == why


# What is kept, and what is said of it -----------------------------------------------------------------------


def seen(
    text: str, hurdle: Hurdle = Hurdle.NONE, sha256: str = "", name: str = "https://m.example/a"
) -> SeenNow:
    return SeenNow(name, hurdle, "it says so", text, sha256 or f"hash of {text}")


BEFORE = State(
    {"https://m.example/a": Known("2026-11-01T06:00:00Z", "2026-11-29T06:00:00Z", "hash of one", "one")}
)


@pytest.mark.parametrize(
    ("now", "what", "detail"),
    [
        (seen("one"), "unchanged", "since 2026-11-01 06:00"),
        (seen("two"), "changed", "was the same since 2026-11-01 06:00"),
        (seen("", Hurdle.GONE), "gone", "it says so; last there 2026-11-29 06:00"),
        (seen("", Hurdle.ANOTHER), "gone", "it says so; last there 2026-11-29 06:00"),
        (seen("", Hurdle.LOGIN), "closed", "it says so; last there 2026-11-29 06:00"),
        (seen("", Hurdle.UNREACHED), "not reachable", "it says so; last there 2026-11-29 06:00"),
        (seen("", Hurdle.REFUSED), "not reachable", "it says so; last there 2026-11-29 06:00"),
        (
            seen("", Hurdle.UNREADABLE, "hash of one"),
            "unchanged",
            "no text of it can be read (it says so), told by its bytes; since 2026-11-01 06:00",
        ),
    ],
)
def test_a_document_is_told_by_what_it_says_and_what_is_in_the_way(
    now: SeenNow, what: str, detail: str
) -> None:
    (change,) = changes({now.name: now}, BEFORE, {})

    assert (change.what, change.detail) == (what, detail)


def test_what_was_away_is_compared_with_what_it_said_before() -> None:
    away = changes({"a": seen("", Hurdle.GONE)}, BEFORE, {})
    between = following(away, BEFORE, {}, "2026-11-30T06:00:00Z")
    still = following(changes({"a": seen("", Hurdle.GONE)}, between, {}), between, {}, "2026-12-01T06:00:00Z")
    (back,) = changes({"a": seen("two")}, still, {})

    assert back.detail == "was the same since 2026-11-01 06:00; was not there since 2026-11-30 06:00"
    assert difference(back)[-2:] == ["-one", "+two"]


def test_what_nobody_read_is_told_with_the_reason() -> None:
    (change,) = changes({}, State(), {"https://m.example/b": "its host is not named"})

    assert (change.what, change.detail) == ("not read", "its host is not named")
    assert following([change], State(), {}, "2026-11-30T06:00:00Z").documents == {}


def test_a_text_that_attacks_terminals_or_is_endless_is_shown_as_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hostile = "one\x1b]0;title\x07\x9b31m\u202e"
    (change,) = changes({"a": seen(f"{hostile}\n" + "\n".join(map(str, range(900))))}, BEFORE, {})
    lines = difference(change)
    say("\n".join(lines))
    shown = capsys.readouterr().out

    assert "\\x1b]0;title\\x07\\x9b31m\\u202e" in shown
    assert not set(shown) & set("\x1b\x07\x9b\u202e")
    assert lines[-1] == "(and 705 more lines)"
    (longer,) = changes({"a": seen("\n".join(map(str, range(5000))))}, BEFORE, {})
    assert difference(longer)[-1] == "(1 lines, now 5000: too many to show)"


def test_what_is_kept_is_read_again_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "watched.json"
    assert read_state(path) is None
    state = State(dict(BEFORE.documents), {"5.2-1-2/a": "PASS"})
    write_state(path, state)

    assert read_state(path) == state
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir()] == ["watched.json"]


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda text: text[: text.index('"seen"')], r"watched\.json:6: "),
        (
            lambda text: text.replace('"since"', '"when"'),
            r"watched\.json:4: https://m\.example/a: expected since, ",
        ),
        (lambda text: text.replace('"hash of one"', "7"), r"watched\.json:4: "),
        (lambda text: text.replace('"PASS"', "1"), r"watched\.json:13: 5\.2-1-2/a: expected a verdict"),
        (
            lambda text: text.replace('"verdicts"', '"other"'),
            r"watched\.json:1: verdicts: expected an object",
        ),
        (lambda _: "[1]", r"watched\.json:1: expected an object with format 1"),
        (lambda _: "[" * 100_000, r"watched\.json:1: "),
    ],
)
def test_a_damaged_state_is_told_with_file_and_line(tmp_path: Path, damage: Any, problem: str) -> None:
    path = tmp_path / "watched.json"
    write_state(path, State(dict(BEFORE.documents), {"5.2-1-2/a": "PASS"}))
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")

    with pytest.raises(DamagedError, match=problem):
        read_state(path)


# Without a network ------------------------------------------------------------------------------------------


def test_without_a_network_the_address_that_was_wanted_is_open_and_not_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    url = "https://maker.example/policy"
    network = {"hosts": ["192.0.2.7"], "documents_hosts": ["maker.example"]}
    profile = profile_of({"2-UserInfo": {FIELD: url}}, access={"network": network})
    recorder = Recorder()
    documents = Documents(profile, Network(profile, recorder), recorder)

    for ask in (documents.see, documents.fetch):
        with pytest.raises(Inconclusive, match=re.escape(url)) as raised:
            ask(url)
        assert raised.value.cause is Cause.ACCESS
    assert documents.about(FIELD).cause is Cause.ACCESS
    assert [content["hurdle"] for _, content in recorder.drain()] == ["unreached"] * 3


def test_what_the_profile_names_is_listed_in_either_edition() -> None:
    for edition_id in EDITIONS:
        profile = profile_of(
            {"2-UserInfo": {FIELD: "https://m.example/a#b, https://m.example/a"}}, edition=edition_id
        )
        documents = Documents(profile, Network(profile, Recorder()), Recorder())

        assert [one.named for one in documents.everything()] == ["https://m.example/a"]
        assert documents.manuals().cause is Cause.INFORMATION


# Which units ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_the_units_that_are_watched_are_those_that_ask_the_device_for_its_documents_alone(
    edition_id: str,
) -> None:
    functions = by_unit(load_units(), edition_id)
    uses = {
        one.id: set(
            re.findall(
                r"etsi_dut\b(?:\.(\w+))?",
                inspect.getsource(functions[one.id].call).partition("def ")[2].partition(":\n")[2],
            )
        )
        for one in edition(edition_id).units
        if one.functional and one.id in functions
    }

    assert by_documents_alone(edition_id) == tuple(
        unit for unit, used in uses.items() if used == {"documents"}
    )
