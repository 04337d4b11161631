"""Markdown with ICS and IXIT: a heading an entry, as makers publish theirs, and the other layouts that are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_etsi.profile import load_profile
from tests.forms.form_files import SHIPPED, claims, content, markdown, refused, taken

if TYPE_CHECKING:
    from pathlib import Path


def read(
    tmp_path: Path, text: str, name: str = "d.md"
) -> tuple[dict[str, list[dict[str, str]]], list[str], list[str]]:
    (tmp_path / name).write_text(text, encoding="utf-8")
    profile, unrecognised, open_problems = taken(tmp_path, tmp_path / name)
    return content(profile), unrecognised, open_problems


def test_the_virtual_camera_comes_in_word_for_word(tmp_path: Path) -> None:
    camera = load_profile(SHIPPED)
    (tmp_path / "camera.md").write_text(markdown(camera), encoding="utf-8")
    profile, unrecognised, not_understood = taken(tmp_path, tmp_path / "camera.md")

    assert content(profile) == content(camera)
    assert claims(profile) == claims(camera)
    assert unrecognised == not_understood == []


PUBLISHED = """\
# IXIT 13-SoftServ: Software Services

The following map all services
of the device.

---

## Table C.13: IXIT 13-SoftServ (Software Services)

### **ID**: SoftServ-Portal

#### Description

A page of the access point. It is **not
** reachable after set-up. It needs:

* **Target:** one user,
* **Network:** `192.0.2.1`.

#### Status

Active on-demand (set-up only).

#### Allows Configuration (Yes/No)

Yes. It takes the name of the network and
its password.

#### Authentication Mechanism

`AuthMech-Portal` (the open access point).

---

### **ID**: SoftServ-Helper

#### Description

Internal.

#### Status

Enabled

## Summary Matrix for the Technical File

| Service ID | Initial Status | Allows Security Config? |
|:-----------|:--------------:|:-----------------------:|
| `SoftServ-Portal` | Transient | Yes |
| `SoftServ-Helper` | Enabled | No |
"""


def test_a_published_table_comes_in_with_its_entries_and_fields(tmp_path: Path) -> None:
    found, unrecognised, open_problems = read(tmp_path, PUBLISHED)

    assert found["13-SoftServ"] == [
        {
            "ID": "SoftServ-Portal",
            "Description": "A page of the access point. It is **not ** reachable after set-up. It needs:\n"
            "- Target: one user,\n- Network: 192.0.2.1.",
            "Status": "Active on-demand (set-up only).",
            "Allows Configuration": "Yes. It takes the name of the network and its password.",
            "Authentication Mechanism": "AuthMech-Portal (the open access point).",
        },
        {"ID": "SoftServ-Helper", "Description": "Internal.", "Status": "Enabled"},
    ]
    assert unrecognised == [
        'd.md:3:1: not recognised: "The following map all services of the device."',
        'd.md:45:1: not recognised: "Summary Matrix for the Technical File" (and 1 more behind it)',
    ]
    assert open_problems == []


def test_entries_whose_headings_are_numbers_of_the_pro_forma_come_in(tmp_path: Path) -> None:
    found, unrecognised, _ = read(
        tmp_path,
        "# IXIT 1-AuthMech: Authentication Mechanisms\n\n## IXIT-1-1: Login page\n\n### Description\nA page.\n\n"
        "### Cryptographic Details\n#### Session\nECDH.\n#### Storage\nAES.\n\n### Brute Force Prevention Mechanism\nN/A.\n",
    )

    assert found["1-AuthMech"] == [
        {
            "ID": "IXIT-1-1",
            "Description": "A page.",
            "Cryptographic Details": "Session\nECDH.\nStorage\nAES.",
            "Brute Force Prevention": "N/A.",
        }
    ]
    assert unrecognised == ['d.md:3:1: words beside the ID, which are not taken: "Login page"']


def test_the_record_of_a_table_comes_in_by_its_headings(tmp_path: Path) -> None:
    found, _, _ = read(
        tmp_path,
        "# CRA: 303 645 IXIT-2-USERINFO: User Information\n\nSource: the pro forma\n\n## Model Designation\n\n"
        "> **Gap:** not yet\n\nOn the label:\n\n- model\n- [page](https://example.com/m)\n\n## SUPPORT PERIOD\n\n5 years\n",
    )

    assert found["2-UserInfo"] == [
        {
            "Model Designation": "Gap: not yet\nOn the label:\n- model\n- page (https://example.com/m)",
            "Support Period": "5 years",
        }
    ]


@pytest.mark.parametrize(
    "text",
    [
        "## IXIT 5-VulnMon\n\n| ID | Description |\n|---|---|\n| VulnMon-1 | lists are read |\n",
        "## IXIT 5-VulnMon\n\n| Field | Answer |\n|---|---|\n| ID | VulnMon-1 |\n| Description | lists are read |\n",
        "## IXIT 5-VulnMon\n\n- **ID:** VulnMon-1\n- **Description:** lists are read\n",
        "## IXIT 5-VulnMon\n\n### VulnMon-1\n\n- Description: lists are read\n",
        "## IXIT 5-VulnMon\n\n### VulnMon-1\n\n**Description**: lists\nare read\n",
        "## 5-VulnMon\n\n### VulnMon-1\n\nDescription: lists are read\n",
        "## 4.2 5-VulnMon: Vulnerability Monitoring\n\n### VulnMon-1\n\nDescription: lists are read\n",
        "## 5-VulnMon\n\nID: VulnMon-1\nDescription: lists\nare read\n",
        "## Vulnerability Monitoring\n\n### VulnMon-1\n\n#### Description\n\nlists are read\n",
        "## 4.5 IXIT 5\u2011VulnMon \u2013 Vulnerability Monitoring\n\n### ID: VulnMon-1\n\n#### DESCRIPTION:\n\nlists are read\n",
        "---\ntitle: x\n---\n\n# IXIT 5-VulnMon\n\n## VulnMon-1\n\n### Description\n\nlists are read\n",
    ],
)
def test_every_layout_says_the_same(tmp_path: Path, text: str) -> None:
    found, _, _ = read(tmp_path, text)

    assert found["5-VulnMon"] == [{"ID": "VulnMon-1", "Description": "lists are read"}]


def test_lines_that_begin_with_a_field_are_an_answer_each(tmp_path: Path) -> None:
    found, _, _ = read(
        tmp_path,
        "# 7-UpdMech\n\n## UpdMech-1\n\nDescription: By cable: in the\nworkshop.\nUser Notification: Not applicable.\n"
        "Note: none.\n",
    )

    assert found["7-UpdMech"] == [
        {
            "ID": "UpdMech-1",
            "Description": "By cable: in the workshop.",
            "User Notification": "Not applicable. Note: none.",
        }
    ]


def test_the_name_of_a_file_says_which_table_it_holds(tmp_path: Path) -> None:
    found, _, _ = read(tmp_path, "## VulnMon-1\n\n### Description\n\nlists\n", "ixit_5-VulnMon.md")

    assert found["5-VulnMon"] == [{"ID": "VulnMon-1", "Description": "lists"}]


def test_several_files_hold_the_tables_together(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# IXIT 5-VulnMon\n\n## VulnMon-1\n\n### Description\n\nlists\n")
    (tmp_path / "b.md").write_text("# IXIT 22-ExtSens\n\nThere are none.\n")
    (tmp_path / "ics.md").write_text(
        "| Reference | Support | Detail |\n|--|--|--|\n| Provision 5.1-1 | **Y** | none |\n"
    )
    files = [tmp_path / name for name in ("a.md", "b.md", "ics.md")]
    profile, unrecognised, open_problems = taken(tmp_path, *files)

    assert content(profile)["5-VulnMon"] == [{"ID": "VulnMon-1", "Description": "lists"}]
    assert claims(profile) == {"5.1-1": ("Y", "none")}
    assert unrecognised == open_problems == []


def test_the_edition_is_the_one_whose_tables_are_named(tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text("# IXIT 11-SecComMech\n\n## SecComMech-1\n\n### Description\n\nTLS\n")
    profile, _, _ = taken(tmp_path, tmp_path / "d.md")

    assert profile.edition == "2.1.1"
    assert content(profile)["11-SecComMech"] == [{"ID": "SecComMech-1", "Description": "TLS"}]


def test_tables_of_two_editions_are_asked_about(tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text("# IXIT 11-SecComMech\n\n# IXIT 15-Intf\n")

    assert refused(tmp_path, tmp_path / "d.md") == [
        "d.md: tables of the editions 1.1.1 and 2.1.1 are named; say which one they follow with --edition"
    ]


@pytest.mark.parametrize(
    ("inline", "expected"),
    [
        ("a<br>b", "a\nb"),
        ("~~yes~~ no", "~~yes~~ no"),
        ("2<sup>64</sup>", "2^64"),
        ("`MD5` <!-- not this -->", "MD5"),
        ("![box](b.png)", "[picture: box]"),
        ("- [x] yes\n- [ ] no", "- [x] yes\n- [ ] no"),
        ("1. one\n2. two\n   - deeper", "1. one\n2. two\n   - deeper"),
        ("    code: x", "code: x"),
        ("<https://example.com>", "https://example.com"),
        ("${secret:x}", "${secret:x}"),
        ("a\\\nb", "a\nb"),
    ],
)
def test_marks_are_left_off_and_words_are_not(tmp_path: Path, inline: str, expected: str) -> None:
    found, _, _ = read(tmp_path, f"# IXIT 5-VulnMon\n\n## VulnMon-1\n\n### Description\n\n{inline}\n")

    assert found["5-VulnMon"][0]["Description"] == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            b"",
            "holds nothing of an ICS or IXIT that is recognised; expected tables or headings named as in the pro forma",
        ),
        (b"# IXIT 1-AuthMech\n\xff", "is not UTF-8; save it as UTF-8"),
        (b"# IXIT\x00", "is no text"),
        (b"# Hello\n\nworld", "holds nothing of an ICS or IXIT"),
        (b"x" * (4 * 1024 * 1024 + 1), "is larger than 4 MiB, the limit for a document"),
    ],
)
def test_what_is_no_such_document_is_refused(tmp_path: Path, raw: bytes, expected: str) -> None:
    (tmp_path / "d.md").write_bytes(raw)
    (problem,) = refused(tmp_path, tmp_path / "d.md")

    assert problem.startswith(f"d.md: {expected}")
