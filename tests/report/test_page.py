"""The test report: everything whole, a cover that invents nothing, and nothing that a device has said does anything."""

from __future__ import annotations

import base64
import copy
import hashlib
import html
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from camera_run import evaluations_of

from pytest_etsi.report.kept import Kept, UnreadableError, read_kept
from pytest_etsi.report.page import Page
from pytest_etsi.report.shape import first_problem

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "</pre></script><script>alert(1)</script><img src=x onerror=alert(1)> \x1b[2J \u202egnp {{7*7}} '\" javascript:"


class Reader(HTMLParser):
    """What a browser makes of a page: text, scripts that would run, addresses, and attributes that would act."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.addresses: list[str] = []
        self.acting: list[str] = []
        self.ids: list[str] = []
        self.texts: list[str] = []
        self._in_script = False
        self.feed(page)
        self.text = " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in_script = tag == "script" and "type" not in given
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action")]
        self.acting += [name for name, _ in attrs if name.startswith("on")]
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_data(self, data: str) -> None:
        (self.scripts if self._in_script else self.texts).append(data)

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False


@pytest.fixture(scope="module")
def page(kept: Kept) -> str:
    return Page().text(kept)


@pytest.fixture(scope="module")
def read(page: str) -> Reader:
    return Reader(page)


def changed(kept: Kept, **changes: Any) -> Kept:
    return Kept(kept.directory, copy.deepcopy(dict(kept.results)) | changes)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_everything_that_was_recorded_is_there_whole(kept: Kept, read: Reader) -> None:
    for unit, found in evaluations_of(dict(kept.results)):
        texts = [found["reason"], *(one["message"] for one in found["findings"])]
        texts += [one["place"]["source"] for one in found["findings"] if "place" in one]
        texts += [found["judgement"][key] for key in ("assessor", "date", "rationale") if found["judgement"]]
        assert [text for text in texts if squeezed(text) not in read.text] == [], unit
    for file, item in kept.items.items():
        assert item["sha256"] in read.text
        assert file.removeprefix("evidence/") in read.text


def test_every_provision_and_cause_can_be_jumped_to(kept: Kept, read: Reader) -> None:
    assert len(read.ids) == len(set(read.ids))
    inside = {address[1:] for address in read.addresses if address.startswith("#")}
    assert inside <= set(read.ids)
    assert {f"p-{group['group']}" for group in kept.results["groups"]} <= inside
    assert {"F1", "F2", "F3", "F4", "F5"} <= inside


def test_it_needs_nothing_beside_it_and_only_its_own_script_may_run(page: str, read: Reader) -> None:
    assert [address for address in read.addresses if not address.startswith("#")] == []
    assert read.acting == []
    (script,) = read.scripts
    allowed = re.search(r"script-src 'sha256-([^']+)'", page)
    assert allowed is not None
    assert allowed[1] == base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert "default-src 'none'" in page


def test_what_the_laboratory_has_not_said_is_a_line_to_fill_in(kept: Kept, page: str) -> None:
    said = {"name": "Test House", "report_number": 'TR-1 "x"\\', "tested_by": ["A. Tester", "B. Tester"]}
    with_block = Page().text(changed(kept, laboratory=said))

    assert page.count('class="fill') - with_block.count('class="fill') == 3
    assert "A. Tester, B. Tester" in with_block
    assert 'content: "Test report TR-1 x"' in with_block
    for line in ("Customer", "Received on", "Authorised by", "Signature"):
        assert line in page


def test_many_evaluations_are_drawn_when_they_are_opened_and_are_all_there(kept: Kept, read: Reader) -> None:
    text = Page(at_once=10).text(kept)
    drawn = re.sub(r'<script type="text/html">(.*?)</script>', r"\1", text, flags=re.DOTALL)

    assert text.count('<script type="text/html">') > 200
    assert sorted(Reader(drawn).ids) == sorted(read.ids)
    for _, found in evaluations_of(dict(kept.results)):
        assert html.escape(found["reason"], quote=False)[:40].split("&")[0] in drawn


@pytest.mark.parametrize("at_once", [3000, 0])
def test_nothing_that_a_device_or_a_person_has_written_does_anything(
    tmp_path: Path, kept: Kept, at_once: int
) -> None:
    evidence = tmp_path / "evidence" / "x.txt"
    evidence.parent.mkdir()
    evidence.write_text(HOSTILE, encoding="utf-8")
    content = evidence.read_bytes()
    item = {"file": "evidence/x.txt", "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}

    def spoilt(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: one if key in KEPT_KEYS else spoilt(one) for key, one in value.items()}
        if isinstance(value, list):
            return [spoilt(one) for one in value]
        return HOSTILE if isinstance(value, str) else value

    results = spoilt(copy.deepcopy(dict(kept.results))) | {"edition": "1.1.1"}
    results["groups"] = results["groups"][1:6]
    results["laboratory"] = dict.fromkeys(("name", "report_number", "customer", "deviations"), HOSTILE)
    for _, found in evaluations_of(results):
        found["evidence"] = [item]
    results["origins"] = []
    text = Page(at_once).text(Kept(tmp_path, results))
    drawn = re.sub(r'<script type="text/html">(.*?)</script>', r"\1", text, flags=re.DOTALL)
    read = Reader(drawn)

    assert len(read.scripts) == 1
    assert read.acting == []
    assert [address for address in read.addresses if not address.startswith("#")] == []
    assert not {"\x1b", "\u202e"} & set(text)
    assert "{{7*7}}" in read.text
    assert "</style><" not in text.partition("</head>")[0].replace("</style>\n", "")


KEPT_KEYS = {"verdict", "overall", "overall_mandatory", "group", "case", "unit", "kind", "counts", "counts_by", "sha256",
             "format", "source", "decided_by", "cause", "status", "support", "origin", "origins", "id"}  # fmt: skip


def test_evidence_that_was_altered_is_not_shown(tmp_path: Path, kept: Kept) -> None:
    first = Kept(tmp_path, kept.results)
    file = next(iter(first.items))
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text("x" * first.items[file]["size"], encoding="ascii")

    assert (
        first.evidence(file, 10**6).problem
        == "it is not what it was when it was written: its hash is another"
    )
    assert first.evidence("evidence/5.1-5-2_b/AuthMech-web/02-guessing.json", 10).problem.endswith(
        "left where they are"
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "results.json:1:1: Expecting value; the file is truncated, or no results.json"),
        ('{"format": 1, "groups": [', "results.json:1:26: Expecting value; the file is truncated"),
        ("[]", "expected an object, as results.json holds it"),
        ('{"version": "2.1.0"}', "format: expected 1, got null; these are results of something else"),
        ('{"format": 1, "edition": "1.1.1"}', "dut: expected an object"),
    ],
)
def test_what_is_no_results_is_refused_with_its_place(tmp_path: Path, content: str, expected: str) -> None:
    (tmp_path / "results.json").write_text(content, encoding="utf-8")

    with pytest.raises(UnreadableError, match=re.escape(expected)):
        read_kept(tmp_path)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"tool": {}}, "tool.version: expected, but it is not there"),
        ({"profile": {"name": None}}, "profile.name: expected string, got None"),
        ({"dut": {"model": "x"}}, "dut.manufacturer: expected, but it is not there"),
        ({"selection": 7}, "selection: expected list, got 7"),
        ({"not_run": [{"unit": "5.1-1-1/a"}]}, "not_run.0.entry: expected, but it is not there"),
        ({"laboratory": {"name": ["x"]}}, "laboratory.name: expected a text"),
        ({"record": 7}, "record: expected dictionary, got 7"),
        (
            {
                "origins": [
                    {
                        "id": "F1",
                        "summary": "",
                        "provisions": [],
                        "evaluations": [{"unit": "x", "entry": "y"}],
                    }
                ]
            },
            "origins.0.evaluations.0: expected an evaluation that is FAIL, got 'x y'",
        ),
    ],
)
def test_whatever_a_form_reads_is_looked_at_first(kept: Kept, changes: dict[str, Any], expected: str) -> None:
    assert first_problem({**kept.results, **changes}) == expected


def test_results_whose_shape_was_altered_are_refused_with_the_place(tmp_path: Path, kept: Kept) -> None:
    spoilt = copy.deepcopy(dict(kept.results))
    spoilt["groups"][3]["cases"][0]["units"][0]["evaluations"][0]["verdict"] = "GOOD"
    (tmp_path / "results.json").write_text(json.dumps(spoilt), encoding="utf-8")

    with pytest.raises(
        UnreadableError, match=r"groups\.3\.cases\.0\.units\.0\.evaluations\.0\.verdict: expected 'PASS'"
    ):
        read_kept(tmp_path)


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs chromium, which opens the page")
def test_a_browser_runs_the_page_s_own_script(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "report.html"
    path.write_text(Page(at_once=10).text(kept), encoding="utf-8")
    browser = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'browser'}",
    ]
    done = subprocess.run(
        [*browser, "--dump-dom", f"{path.as_uri()}#p-5.2-1"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    # The link into what is folded has unfolded it, which only the script does.
    assert re.search(r'<details class="provision" id="p-5\.2-1" open=""', done.stdout)
    assert not re.search(r'<details class="provision" id="p-5\.2-2" open=""', done.stdout)


def test_what_was_merged_and_settled_is_named(kept: Kept) -> None:
    part = {"hash": "a" * 64, "lines": 3, "started": "2026-11-30T10:00:00.000Z",
            "finished": "2026-11-30T11:00:00.000Z", "selection": ["5.1"], "permissions": []}  # fmt: skip
    found = [
        {"hash": "a" * 64, "verdict": "FAIL", "taken": True},
        {"hash": "b" * 64, "verdict": "PASS", "taken": False},
    ]
    settled = {"unit": "5.1-5-2/b", "entry": "AuthMech-web", "found": found}
    read = Reader(
        Page().text(changed(kept, merged={"parts": [part, part | {"hash": "b" * 64}], "settled": [settled]}))
    )

    assert "of 5.1, last hash " + "b" * 64 in read.text
    assert f"5.1-5-2/b AuthMech-web: FAIL (taken) in {'a' * 16}, PASS in {'b' * 16}" in read.text
