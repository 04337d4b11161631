"""Word documents with ICS and IXIT in the layouts of the pro forma, as word processors leave them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_etsi.profile import load_profile
from tests.forms.form_files import (
    SHIPPED,
    add_table,
    claims,
    content,
    docx_file,
    refused,
    taken,
    word,
    word_document,
    xml,
)

if TYPE_CHECKING:
    from pathlib import Path

HEAD = ["ID", "Description", "Authentication Factor", "Brute Force Prevention"]
WEB = ["AuthMech-web", "Login page", "password", "a lock after 5 attempts"]
API = ["AuthMech-api", "Interface for apps", "token", "none"]


def entries(tmp_path: Path, document: Any, table: str = "1-AuthMech") -> list[dict[str, str]]:
    """The entries of a table after an import in which nothing was left over."""
    profile, unrecognised, _ = taken(tmp_path, docx_file(tmp_path, document))
    assert unrecognised == []
    return content(profile)[table]


@pytest.mark.parametrize("a_row_each", [True, False], ids=["a row an entry", "a table an entry"])
def test_the_virtual_camera_comes_in_word_for_word(tmp_path: Path, a_row_each: bool) -> None:
    camera = load_profile(SHIPPED)
    file = word_document(camera, tmp_path / "camera.docx", a_row_each=a_row_each)
    profile, unrecognised, not_understood = taken(tmp_path, file)

    assert content(profile) == content(camera)
    assert claims(profile) == claims(camera)
    assert unrecognised == not_understood == []


def test_one_answer_that_differs_is_seen_by_this_comparison(tmp_path: Path) -> None:
    camera = load_profile(SHIPPED)
    word_document(camera, tmp_path / "camera.docx")
    import docx

    document = docx.Document(str(tmp_path / "camera.docx"))
    document.tables[3].cell(1, 1).paragraphs[0].add_run(" too")
    profile, _, _ = taken(tmp_path, docx_file(tmp_path, document))

    assert content(profile) != content(camera)


# Tables over pages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("second", [[HEAD, API], [API]], ids=["header repeated", "no header"])
def test_a_table_goes_on_in_the_next(tmp_path: Path, second: list[list[str]]) -> None:
    found = entries(tmp_path, word([HEAD, WEB], second))

    assert [one["ID"] for one in found] == ["AuthMech-web", "AuthMech-api"]
    assert found[1]["Brute Force Prevention"] == "none"


def test_a_header_that_is_repeated_within_a_table_is_no_entry(tmp_path: Path) -> None:
    assert len(entries(tmp_path, word([HEAD, WEB, HEAD, API]))) == 2


def test_a_row_that_was_broken_by_a_page_is_one_entry(tmp_path: Path) -> None:
    document = word([HEAD, WEB, ["", "", "", "that lasts a minute"]])
    profile, told, _ = taken(tmp_path, docx_file(tmp_path, document))

    (entry,) = content(profile)["1-AuthMech"]
    assert entry["Brute Force Prevention"] == "a lock after 5 attempts\nthat lasts a minute"
    assert told == [
        "d.docx, table 1, row 3: a row without an ID, taken as the rest of the row before it; write its ID"
    ]


def test_a_field_that_goes_on_in_the_next_table_is_one_answer(tmp_path: Path) -> None:
    first = [["ID", "AuthMech-web"], ["Description", "Login page"]]
    second = [["", "of the camera"], ["Authentication Factor", "password"]]
    (entry,) = entries(tmp_path, word(first, second))

    assert entry == {
        "ID": "AuthMech-web",
        "Description": "Login page\nof the camera",
        "Authentication Factor": "password",
    }


# Merged cells -----------------------------------------------------------------------------------------------


def test_an_answer_in_cells_that_are_merged_down_is_one_of_each_entry(tmp_path: Path) -> None:
    document = word([HEAD, WEB, [*API[:2], "", API[3]]])
    table = document.tables[0]
    table.cell(1, 2).merge(table.cell(2, 2))

    assert [one["Authentication Factor"] for one in entries(tmp_path, document)] == ["password", "password"]


def test_an_id_that_is_merged_over_two_rows_is_one_entry(tmp_path: Path) -> None:
    document = word([HEAD, WEB, ["", "for owners", "", ""]])
    table = document.tables[0]
    table.cell(1, 0).merge(table.cell(2, 0))

    assert [one["Description"] for one in entries(tmp_path, document)] == ["Login page\nfor owners"]


def test_an_answer_over_two_columns_is_one_to_both(tmp_path: Path) -> None:
    document = word([HEAD, ["AuthMech-open", "Set-up", "None.", ""]])
    table = document.tables[0]
    table.cell(1, 2).merge(table.cell(1, 3))

    (entry,) = entries(tmp_path, document)
    assert (entry["Authentication Factor"], entry["Brute Force Prevention"]) == ("None.", "None.")


def test_a_first_row_over_the_whole_table_names_it(tmp_path: Path) -> None:
    document = word([["IXIT 7-UpdMech: Update Mechanisms", ""], ["ID", "Description"], ["UpdMech-1", "net"]])
    table = document.tables[0]
    table.cell(0, 0).merge(table.cell(0, 1))

    assert entries(tmp_path, document, "7-UpdMech") == [{"ID": "UpdMech-1", "Description": "net"}]


# Labels -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "labels",
    [
        ["id", "DESCRIPTION", "authentication  factor:", "b) Brute-Force Prevention"],
        [
            "ID (unique)",
            "Description of the mechanism",
            "Authentication\nFactor",
            "Brute Force Prevention Mechanism",
        ],
        ["AuthMech ID", "1. Description", "Authentication Factors", "**Brute Force Prevention**"],
    ],
)
def test_headings_are_known_however_they_are_written(tmp_path: Path, labels: list[str]) -> None:
    (entry,) = entries(tmp_path, word([labels, WEB]))

    assert entry == dict(zip(HEAD, WEB, strict=True))


def test_entries_side_by_side_are_one_each(tmp_path: Path) -> None:
    rows = [[label, one, other] for label, one, other in zip(HEAD, WEB, API, strict=True)]

    assert entries(tmp_path, word(rows)) == [
        dict(zip(HEAD, WEB, strict=True)),
        dict(zip(HEAD, API, strict=True)),
    ]


def test_a_column_that_counts_rows_answers_nothing(tmp_path: Path) -> None:
    rows = [["No.", "Field", "Answer"], ["1", "ID", "ExtSens-1"], ["2.", "Description", "a microphone"]]
    profile, _, open_problems = taken(tmp_path, docx_file(tmp_path, word(rows, before="22-ExtSens")))

    assert content(profile)["22-ExtSens"] == [{"ID": "ExtSens-1", "Description": "a microphone"}]
    assert open_problems == []


@pytest.mark.parametrize("heading", ["15-Intf", "15. Intf", "IXIT 15 Intf", "4.15 15-Intf: Interfaces"])
def test_what_a_table_is_about_may_stand_before_its_fields(tmp_path: Path, heading: str) -> None:
    rows = [["Interface ID", "Description", "Interface type"], ["Intf-1", "LAN", "network"]]
    profile, _, open_problems = taken(tmp_path, docx_file(tmp_path, word(rows, before=heading)))

    assert content(profile)["15-Intf"] == [{"ID": "Intf-1", "Description": "LAN", "Type": "network"}]
    assert open_problems == []


def test_a_table_without_a_heading_is_known_by_its_ids(tmp_path: Path) -> None:
    document = word([["ID", "Description"], ["ExtSens-1", "a microphone"]], before="Annex")
    profile, unrecognised, _ = taken(tmp_path, docx_file(tmp_path, document))

    assert content(profile)["22-ExtSens"] == [{"ID": "ExtSens-1", "Description": "a microphone"}]
    assert unrecognised == ['d.docx, paragraph 1: not recognised: "Annex"']


def test_a_remark_in_a_column_of_its_own_stands_beside_the_answer(tmp_path: Path) -> None:
    name = "Confirmation of Secure Development"
    rows = [["Field", "Meaning", "Answer", "Remarks"], [name, "yes or no", "Yes", "the team is briefed"]]
    profile, told, not_understood = taken(tmp_path, docx_file(tmp_path, word(rows, before="IXIT 4-Conf")))

    assert content(profile)["4-Conf"] == [{name: "Yes\nthe team is briefed"}]
    assert not_understood == []
    assert told == ['d.docx, table 1, row 1: the column "Meaning" is not taken']


def test_a_field_of_somebody_s_own_is_kept_and_told(tmp_path: Path) -> None:
    document = word([[*HEAD, "Default Status"], [*WEB, "on"]])
    _profile, unrecognised, open_problems = taken(tmp_path, docx_file(tmp_path, document))

    assert unrecognised == []
    assert open_problems == [
        'd.docx, table 1, row 2: 1-AuthMech/AuthMech-web: unknown key "Default Status"; ' + KNOWN
    ]
    assert 'Default Status: "on"' in (tmp_path / "back" / "ixit" / "01-AuthMech.yaml").read_text()


KNOWN = (
    "known: ID, Description, Authentication Factor, Password Generation Mechanism, Security Guarantees, "
    "Cryptographic Details, Brute Force Prevention, facts, access, drafted"
)


# Within cells -----------------------------------------------------------------------------------------------

PIECES = {
    "line break": ("<w:r><w:t>one</w:t><w:br/><w:t>two</w:t></w:r>", "one\ntwo", []),
    "inserted": (
        '<w:ins w:id="1"><w:r><w:t>new</w:t></w:r></w:ins>',
        "new",
        ['a tracked change: "new" was inserted, and is taken'],
    ),
    "deleted": (
        '<w:del w:id="1"><w:r><w:delText>old</w:delText></w:r></w:del>',
        "",
        ['a tracked change: "old" was deleted, and is not taken'],
    ),
    "ticked": (
        "<w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>\u2612</w:t></w:r></w:sdtContent></w:sdt>",
        "\u2612",
        [],
    ),
    "symbol": ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "\u2612", []),
    "old box": (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>',
        "\u2612",
        [],
    ),
    "old box, open": (
        (
            '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox></w:ffData>'
            "</w:fldChar></w:r>"
        ),
        "\u2610",
        [],
    ),
    "to be chosen": (
        (
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Choose an item.</w:t></w:r>"
            "</w:sdtContent></w:sdt>"
        ),
        "",
        [],
    ),
    "struck out": ("<w:r><w:rPr><w:strike/></w:rPr><w:t>yes</w:t></w:r>", "~~yes~~", []),
    "hidden": (
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>",
        "",
        ['hidden text, which is not taken: "secret"'],
    ),
    "power": (
        '<w:r><w:t>10</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>6</w:t></w:r>',
        "10^6",
        [],
    ),
    "picture": (
        "<w:r><w:drawing/></w:r>",
        "[picture]",
        ["a picture or an embedded object, which is not read"],
    ),
    "hyphen": ("<w:r><w:t>AES</w:t><w:noBreakHyphen/><w:t>CBC</w:t></w:r>", "AES-CBC", []),
}


@pytest.mark.parametrize("name", PIECES)
def test_what_stands_in_a_cell_is_what_is_read_on_paper(tmp_path: Path, name: str) -> None:
    inner, expected, told = PIECES[name]
    document = word([HEAD, WEB])
    paragraph = document.tables[0].cell(1, 2).paragraphs[0]
    paragraph.text = ""
    for element in xml(f"<w:p>{inner}</w:p>"):
        paragraph._p.append(element)
    profile, unrecognised, _ = taken(tmp_path, docx_file(tmp_path, document))

    assert content(profile)["1-AuthMech"][0].get("Authentication Factor", "") == expected
    assert unrecognised == [f"d.docx, table 1, row 2: {one}" for one in told]


def test_a_link_keeps_its_address(tmp_path: Path) -> None:
    document = word([["Field", "Answer"], ["Publication of Support Period", ""]], before="IXIT 2-UserInfo")
    paragraph = document.tables[0].cell(1, 1).paragraphs[0]
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    name = document.part.relate_to("https://example.com/support", kind, is_external=True)
    r = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    paragraph._p.append(xml(f'<w:hyperlink {r} r:id="{name}"><w:r><w:t>our page</w:t></w:r></w:hyperlink>'))

    assert entries(tmp_path, document, "2-UserInfo") == [
        {"Publication of Support Period": "our page (https://example.com/support)"}
    ]


def test_a_list_and_a_table_within_a_cell_are_lines(tmp_path: Path) -> None:
    document = word([HEAD, WEB])
    cell = document.tables[0].cell(1, 3)
    item = cell.add_paragraph("five attempts")
    item._p.get_or_add_pPr().append(xml('<w:numPr><w:numId w:val="1"/></w:numPr>'))
    inner = cell.add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "lock", "60 s"
    (entry,) = entries(tmp_path, document)

    assert entry["Brute Force Prevention"] == "a lock after 5 attempts\n- five attempts\nlock | 60 s"


def test_a_row_that_was_deleted_as_a_tracked_change_is_told_and_not_taken(tmp_path: Path) -> None:
    document = word([HEAD, WEB, API])
    document.tables[0].rows[2]._tr.get_or_add_trPr().append(xml('<w:del w:id="7"/>'))
    profile, told, _ = taken(tmp_path, docx_file(tmp_path, document))

    assert [one["ID"] for one in content(profile)["1-AuthMech"]] == ["AuthMech-web"]
    assert told == ["d.docx, table 1, row 3: a tracked change: the row was deleted, and is not taken"]


def test_a_comment_is_told_and_is_no_answer(tmp_path: Path) -> None:
    document = word([HEAD, WEB])
    paragraph = document.tables[0].cell(1, 2).paragraphs[0]
    document.add_comment(runs=paragraph.runs, text="really?", author="QA")
    profile, told, _ = taken(tmp_path, docx_file(tmp_path, document))

    assert content(profile)["1-AuthMech"][0]["Authentication Factor"] == "password"
    assert told == ['d.docx, table 1, row 2: a comment, which is not taken: "really?"']


def test_what_looks_like_a_placeholder_stays_text(tmp_path: Path) -> None:
    document = word([HEAD, ["AuthMech-web", "${env:HOME} and ${secret:x}", "password", "none"]])

    (entry,) = entries(tmp_path, document)
    assert (
        load_profile(tmp_path / "back").ixit.auth_mech.get("AuthMech-web")["Description"]
        == "${env:HOME} and ${secret:x}"
    )
    assert entry["Description"] == "${env:HOME} and ${secret:x}"


# ICS --------------------------------------------------------------------------------------------------------


def test_rows_of_the_ics_are_taken_with_boxes_and_remarks(tmp_path: Path) -> None:
    rows = [
        ["Reference", "Status", "Support", "Detail"],
        ["5.1 No universal default passwords", "", "", ""],
        ["Provision 5.1-1", "M F (a)", "\u2612 Y \u2610 N \u2610 N/A", "none is shared"],
        ["5.1-2", "M F (b)", "N/A", "none is pre-installed"],
        ["5.1-2", "M F (b)", "Y", "again"],
        ["9.9-9", "M", "Y", "of another edition"],
    ]
    document = word(rows, before="ICS")
    table = document.tables[0]
    table.cell(1, 0).merge(table.cell(1, 3))
    document.add_heading("IXIT 1-AuthMech: Authentication Mechanisms")
    add_table(document, [HEAD, WEB])
    profile, told, open_problems = taken(tmp_path, docx_file(tmp_path, document))

    assert claims(profile) == {"5.1-1": ("Y", "none is shared"), "5.1-2": ("N/A", "none is pre-installed")}
    assert told == [
        "d.docx, table 1, row 5: a second row for 5.1-2, which is not taken; first in table 1, row 4"
    ]
    assert open_problems == [
        'd.docx, table 1, row 6: ICS: edition 1.1.1 has no provision "9.9-9"; did you mean "5.9-3"?'
    ]


# What is absent ---------------------------------------------------------------------------------------------


def test_a_table_that_is_not_there_is_missing_and_not_empty(tmp_path: Path) -> None:
    profile, _, _ = taken(tmp_path, docx_file(tmp_path, word([HEAD, WEB])))

    assert sorted(path.name for path in (tmp_path / "back" / "ixit").iterdir()) == ["01-AuthMech.yaml"]
    assert any("the table 22-ExtSens is missing" in str(one) for one in profile.open_problems)


@pytest.mark.parametrize(
    ("words", "is_open"),
    [("None.", False), ("Not applicable: there is no sensor.", False), ("see annex", True)],
)
def test_words_in_the_place_of_entries_are_what_the_table_says(
    tmp_path: Path, words: str, is_open: bool
) -> None:
    document = word(before="IXIT 22-ExtSens: External Sensors")
    document.add_paragraph(words)
    profile, unrecognised, open_problems = taken(tmp_path, docx_file(tmp_path, document))

    assert unrecognised == []
    assert len(profile.ixit.tables["22-ExtSens"]) == 0
    assert (
        open_problems
        == [
            f'd.docx, paragraph 2: 22-ExtSens: expected a list of entries, got "{words}"',
        ]
        * is_open
    )


def test_a_heading_alone_leaves_its_table_open(tmp_path: Path) -> None:
    document = word([HEAD, WEB])
    document.add_heading("IXIT 22-ExtSens: External Sensors")
    _, _, open_problems = taken(tmp_path, docx_file(tmp_path, document))

    assert open_problems == [
        "d.docx, paragraph 2: 22-ExtSens: expected a list of entries, got nothing; write [] if there is none"
    ]


def test_tables_and_text_of_something_else_are_listed_a_line_a_run(tmp_path: Path) -> None:
    document = word(before="Document history")
    document.add_paragraph("Changes are listed.")
    add_table(document, [["Version", "Date"], ["1", "2026-01-31"]])
    document.add_heading("IXIT 1-AuthMech: Authentication Mechanisms")
    add_table(document, [HEAD, WEB])
    document.add_paragraph("End of the document")
    _, unrecognised, _ = taken(tmp_path, docx_file(tmp_path, document))

    assert unrecognised == [
        'd.docx, paragraph 1: not recognised: "Document history" (and 2 more behind it)',
        'd.docx, paragraph 4: not recognised: "End of the document"',
    ]


def test_a_second_entry_of_an_id_is_told_with_the_place_of_the_first(tmp_path: Path) -> None:
    document = word([HEAD, WEB, API, WEB])
    _, _, open_problems = taken(tmp_path, docx_file(tmp_path, document))

    assert open_problems == [
        "d.docx, table 1, row 4: 1-AuthMech/AuthMech-web: a second entry of this ID; first in table 1, row 2"
    ]


def test_a_document_of_pictures_only_holds_nothing(tmp_path: Path) -> None:
    document = word(before="IXIT")
    document.element.body.insert(0, xml("<w:p><w:r><w:drawing/></w:r></w:p>"))

    assert refused(tmp_path, docx_file(tmp_path, document)) == [
        (
            "d.docx: holds nothing of an ICS or IXIT that is recognised; expected tables or headings named as in the pro "
            "forma, such as IXIT 1-AuthMech"
        )
    ]
