"""There and back: what a profile says is the same after it was a workbook."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_etsi.assessment.judgement import fingerprint
from pytest_etsi.profile.skeleton import Answers, skeleton
from pytest_etsi.standard import EDITIONS, edition
from tests.workbook.workbook_files import SHIPPED, content_of, exported, profile_in, there_and_back

TEXTS = [
    "=1+1",
    "+49 30 1234",
    "-",
    "@home",
    "#REF!",
    "#N/A",
    "'quoted",
    '"CAM-200", on the label',
    '""',
    "[see annex A]",
    "yaml: 1",
    "yaml:",
    "Yaml: the configuration",
    " leading and trailing ",
    "\ttab\t",
    "two\nlines",
    "ends\n",
    "ends twice\n\n",
    "\nbegins",
    "  indented\n    further\n",
    "a\r\nb\rc",
    "   ",
    "\n",
    "1.40",
    "007",
    "1e3",
    "12:30",
    "2026-01-31",
    "true",
    "no",
    "null",
    "~",
    "TRUE",
    "_x000D_",
    "x005F_x0041_",
    "back\\slash \\x0041_ \\u0041",
    "bell\x07 and nul\x00",
    "\x85 \u2028 \u2029 \ufeff \ufffe \uffff",
    "\u200b\u00ad\xa0",
    "日本語 العربية 🎥 \U0001d518",
    "<!DOCTYPE x [<!ENTITY y 'z'>]> &amp; ]]> <c r='A1'>",
    "a: b # c",
    "- a\n- b",
    "{a: b}",
    "*alias &anchor !tag %directive |  >",
    "word " * 60 + "end",
    "double  space " + "word " * 40 + "end",
    "${virtual:https}",
    "${env:ABC} and ${secret:web}",
    "$${not a placeholder}",
]
RECORD_FIELDS = [field.name for field in edition("1.1.1").table("2-UserInfo").fields]
AT_ONCE = len(RECORD_FIELDS)
PROVISIONS = [one.id for one in edition("1.1.1").provisions if one.id != "4-1"][:AT_ONCE]
PLAIN = ["1.40", "7", "-0", "1e3", "0.10", ".5", "true", "False", "TRUE", "null", "~", ""]


class Plain(str):
    """A scalar that is written without quotation marks."""

    __slots__ = ()


def quoted(text: str) -> str:
    """A text in YAML, by nothing but the escapes that its specification has for every character."""
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\U{ord(c):08X}" for c in text) + '"'


def flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"? {quoted(key)} : {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return (str(value) or "~") if isinstance(value, Plain) else quoted(value)


def entries(table: str, *items: dict[str, Any]) -> str:
    return f'"{table}": [{", ".join(map(flow, items))}]\n'


def record(table: str, fields: dict[str, Any]) -> str:
    return f'"{table}": {flow(fields)}\n'


def test_the_virtual_camera_comes_back_as_it_was(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "camera")
    before, after, _ = there_and_back(tmp_path / "camera" / "profile.yaml", tmp_path)

    assert content_of(after) == content_of(before)


def test_a_judgement_still_is_about_what_was_judged(tmp_path: Path) -> None:
    before, after, _ = there_and_back(SHIPPED / "profile.yaml", tmp_path)
    units = [
        (unit, entry.id)
        for unit in edition("1.1.1").units
        if unit.iterates
        for entry in before.ixit.tables[unit.iterates]
    ]

    assert len(units) > 100
    assert [fingerprint(after, *one) for one in units] == [fingerprint(before, *one) for one in units]


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_the_documents_to_begin_with_come_back_as_they_were(tmp_path: Path, edition_id: str) -> None:
    start = tmp_path / "start"
    for name, content in skeleton(Answers("Example", "Cam", "1", "1.40", edition=edition_id)).items():
        (start / name).parent.mkdir(parents=True, exist_ok=True)
        (start / name).write_text(content, "utf-8")
    before, after, _ = there_and_back(start / "profile.yaml", tmp_path)

    assert content_of(after) == content_of(before)


def test_a_second_round_gives_the_same_documents(tmp_path: Path) -> None:
    there_and_back(SHIPPED / "profile.yaml", tmp_path)
    (again := tmp_path / "again").mkdir()
    there_and_back(tmp_path / "profile.yaml", again)

    written = {path.relative_to(again): path.read_text() for path in (again / "back").rglob("*.yaml")}
    assert len(written) == 30
    assert {
        path.relative_to(tmp_path): path.read_text() for path in (tmp_path / "back").rglob("*.yaml")
    } == written


@pytest.mark.parametrize("first", range(0, len(TEXTS), AT_ONCE))
def test_no_text_is_changed(tmp_path: Path, first: int) -> None:
    # Some of them in one workbook, each with an entry, a field of the single record and a row of the ICS of its own:
    # what takes long is to write and to read a workbook.
    texts = TEXTS[first : first + AT_ONCE]
    ixit = entries(
        "1-AuthMech",
        *(
            {
                "ID": f"A{number}",
                "Description": text,
                "facts": {
                    "mentions": [text, "x"],
                    "cryptography": [
                        {
                            "use": "hash",
                            "algorithm": "x",
                            "parameters": {text: text, "deep": [[text], {"er": {text: [text]}}]},
                        }
                    ],
                },
                "access": {"change": {"url": "https://192.0.2.7/"}},
            }
            for number, text in enumerate(texts)
        ),
    ) + record("2-UserInfo", dict(zip(RECORD_FIELDS, texts, strict=False)))
    rows = zip(PROVISIONS, texts, strict=False)
    ics = "".join(f'"{name}": {{support: Y, detail: {quoted(text)}}}\n' for name, text in rows)
    profile = profile_in(tmp_path / "device", ixit=ixit, ics=ics)
    before, after, _ = there_and_back(profile, tmp_path, environ={"ABC": "from outside"})

    assert [entry.raw["Description"] for entry in before.ixit.auth_mech] == texts
    assert [before.ixit.user_info.raw[name] for name in RECORD_FIELDS[: len(texts)]] == texts
    assert before.ics.rows.keys() == set(PROVISIONS[: len(texts)])
    assert content_of(after) == content_of(before)


@pytest.mark.parametrize("text", PLAIN)
def test_a_number_true_or_nothing_stays_what_it_is(tmp_path: Path, text: str) -> None:
    value = Plain(text)
    ixit = entries(
        "1-AuthMech",
        {
            "ID": "A",
            "Description": value,
            "facts": {
                "cryptography": [{"use": "hash", "algorithm": "x", "parameters": {"a": value, "b": [value]}}]
            },
        },
    ) + record("2-UserInfo", {"Support Period": value})
    before, after, _ = there_and_back(profile_in(tmp_path / "device", ixit=ixit), tmp_path)

    assert content_of(after) == content_of(before)


def test_a_list_and_the_same_ids_as_text_are_told_apart(tmp_path: Path) -> None:
    ixit = (
        entries("7-UpdMech", {"ID": "U"}, {"ID": "V"}, {"ID": "7"})
        + entries(
            "6-SoftComp",
            {"ID": "text", "Update Mechanism": "U, V"},
            {"ID": "list", "Update Mechanism": ["U", "V"]},
            {"ID": "none", "Update Mechanism": []},
            {"ID": "word", "Update Mechanism": "none, see the manual"},
            {"ID": "number", "Update Mechanism": [Plain("7"), "U"]},
        )
        + entries("15-Intf", {"ID": "I", "Type": ["network", "logical"]}, {"ID": "J", "Type": "air"})
    )
    before, after, _ = there_and_back(profile_in(tmp_path / "device", ixit=ixit), tmp_path)

    assert [entry.values.get("Update Mechanism") for entry in after.ixit.soft_comp] == [
        "U, V",
        ("U", "V"),
        (),
        "none, see the manual",
        ("7", "U"),
    ]
    assert content_of(after) == content_of(before)


def test_an_empty_answer_nothing_and_a_field_left_out_are_told_apart(tmp_path: Path) -> None:
    ixit = entries(
        "3-VulnTypes",
        {"ID": "A", "Action": "", "Time Frame": Plain("~")},
        {"ID": "B", "facts": {}, "access": Plain("")},
    )
    ixit += record("2-UserInfo", {"Support Period": "", "Model Designation": Plain("")})
    before, after, _ = there_and_back(profile_in(tmp_path / "device", ixit=ixit), tmp_path)

    assert after.ixit.vuln_types[0].raw == {"ID": "A", "Action": "", "Time Frame": None}
    assert after.ixit.user_info.raw == {"Support Period": "", "Model Designation": None}
    assert content_of(after) == content_of(before)


def test_a_record_without_anything_comes_back_without_anything(tmp_path: Path) -> None:
    before, after, _ = there_and_back(profile_in(tmp_path / "device", ixit='"2-UserInfo": {}\n'), tmp_path)

    assert after.ixit.user_info.raw == {}
    assert content_of(after) == content_of(before)


def test_the_order_of_entries_is_kept(tmp_path: Path) -> None:
    names = ["z", "a", "m", "A10", "A9"]
    ixit = entries("1-AuthMech", *({"ID": name} for name in names))
    _, after, _ = there_and_back(profile_in(tmp_path / "device", ixit=ixit), tmp_path)

    assert [entry.id for entry in after.ixit.auth_mech] == names


def test_documents_within_the_profile_come_back_too(tmp_path: Path) -> None:
    profile = profile_in(tmp_path / "device")
    text = profile.read_text().replace("ics: ics.yaml", 'ics: {"5.1-1": {support: N, detail: inline}}')
    profile.write_text(text)
    before, _, made = there_and_back(profile, tmp_path)

    assert before.ics.rows["5.1-1"].detail == "inline"
    assert made.claims == 1
    assert "inline" in (tmp_path / "back" / "ics.yaml").read_text()


def test_a_row_that_the_pro_forma_does_not_have_is_kept(tmp_path: Path) -> None:
    unprinted = next(provision.id for provision in edition("1.1.1").provisions if not provision.printed)
    profile = profile_in(tmp_path / "device", ics=f'"{unprinted}": {{support: "Y", detail: said}}\n')
    _, after, _ = there_and_back(profile, tmp_path)

    assert after.ics.rows[unprinted].detail == "said"


def test_values_from_outside_stand_as_placeholders_and_nowhere_else(tmp_path: Path) -> None:
    profile = profile_in(
        tmp_path / "device",
        ics='conditions: {"1": "${env:ONE}"}\n"5.1-1": {support: "${env:SUPPORT}", detail: "see ${env:DETAIL}"}\n',
        ixit=entries(
            "1-AuthMech",
            {
                "ID": "${env:NAME}",
                "Description": "${env:TOKEN}",
                "facts": {"brute_force": {"max_attempts": "${env:NUMBER}"}},
                "access": {"password": "${secret:web}", "port": "${env:NUMBER}"},
            },
        )
        + entries("15-Intf", {"ID": "I", "Type": "${env:TYPE}", "Debug Interface": "${env:DEBUG}"}),
    )
    text = profile.read_text().replace("CAM-200", '"${env:TOKEN}"')
    profile.write_text(text)
    environ = {
        "ONE": "true",
        "SUPPORT": "Y",
        "DETAIL": "s3cret-detail",
        "NAME": "entry",
        "TOKEN": "s3cret-token",
        "NUMBER": "5",
        "TYPE": "network",
        "DEBUG": "no",
    }
    before, after, _ = there_and_back(profile, tmp_path, environ=environ)
    book = exported(profile, tmp_path / "again.xlsx", environ)

    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert content_of(after) == content_of(before)
    assert before.ixit.auth_mech[0].facts.brute_force.max_attempts == 5
    assert "${env:TOKEN}" in cells
    assert [cell for cell in cells if "s3cret" in cell or "hunter2" in cell] == []


TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.text("ab \n\t:#-[]{}'\"\\,|>&*!%@`=+_x05FD~", max_size=40),
    st.sampled_from(TEXTS),
).map(lambda text: text if text in TEXTS else text.replace("${", "$ {"))


def numbered(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"ID": f"E-{index}"} | item for index, item in enumerate(items)]


SCALAR = st.one_of(TEXT, st.sampled_from(PLAIN).map(Plain))
JSON = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["Description", "Authentication Factor", "Security Guarantees", "Cryptographic Details"]
IDS = ["U-1", "U.2", "3+", "ü"]
UPDATE = st.one_of(
    st.lists(st.sampled_from(IDS), max_size=3),
    st.sampled_from(["none", "-", "U-1, U.2", "", "n/a (no software)"]),
)


def optional(keys: dict[str, st.SearchStrategy[Any]], **fixed: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keys).map(lambda chosen: fixed | chosen)


AUTH_MECH = st.lists(
    optional(
        dict.fromkeys(FIELDS, SCALAR)
        | {
            "facts": optional({"mentions": st.lists(TEXT, max_size=3)}).flatmap(
                lambda facts: st.dictionaries(TEXT, JSON, max_size=3).map(
                    lambda more: (
                        facts | {"cryptography": [{"use": "hash", "algorithm": "x", "parameters": more}]}
                    )
                )
            ),
        }
    ),
    max_size=5,
)
USER_INFO = optional(
    dict.fromkeys([field.name for field in edition("1.1.1").table("2-UserInfo").fields], SCALAR)
)
COMPONENTS = st.lists(optional({"Description": SCALAR, "Update Mechanism": UPDATE}), max_size=3)
CLAIMS = st.dictionaries(
    st.sampled_from([provision.id for provision in edition("1.1.1").provisions]),
    optional({"detail": TEXT}, support="N"),
    max_size=4,
)
CONDITIONS = st.dictionaries(
    st.sampled_from([condition.id for condition in edition("1.1.1").conditions]),
    st.sampled_from([Plain("true"), Plain("false"), Plain("~"), "yes", "No"]),
    max_size=4,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(AUTH_MECH, USER_INFO, COMPONENTS, CLAIMS, CONDITIONS)
def test_whatever_a_profile_says_it_says_after_the_round_trip(
    auth_mech: list[dict[str, Any]],
    user_info: dict[str, Any],
    components: list[dict[str, Any]],
    claims: dict[str, Any],
    conditions: dict[str, Any],
) -> None:
    ixit = (
        entries("1-AuthMech", *numbered(auth_mech))
        + record("2-UserInfo", user_info)
        + entries("6-SoftComp", *numbered(components))
        + entries("7-UpdMech", *({"ID": name} for name in IDS))
    )
    ics = f"conditions: {flow(conditions)}\n" + "".join(
        f'"{name}": {flow(row)}\n' for name, row in claims.items()
    )
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        profile = profile_in(work / "device", ixit=ixit, ics=ics)
        before, after, _ = there_and_back(profile, work, environ={"ABC": "from outside"})

    assert content_of(after) == content_of(before)
