"""References as people write them: the IDs, remarks beside them, and what names nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from profile_documents import load, open_problems_of, write_profile

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.profile import Entry

TLS, APP = "ComMech-Tls", "ComMech-App"


def written(directory: Path, text: str) -> Entry:
    write_profile(
        directory,
        ixit='"11-ComMech":\n- ID: ComMech-Tls\n- ID: ComMech-App\n'
        '"1-AuthMech":\n- ID: AuthMech-Web\n'
        f'"21-PersData":\n- ID: a\n  Communication Mechanisms: {text}\n',
    )
    (entry,) = load(directory).ixit.pers_data
    return entry


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('"ComMech-Tls, for the cloud only"', (TLS,)),
        ('"ComMech-Tls for the cloud; ComMech-App for the app"', (TLS, APP)),
        ('"ComMech-Tls (cloud) and ComMech-App"', (TLS, APP)),
        ('"ComMech-Tls: cloud"', (TLS,)),
        ('"ComMech-Tls \u2013 nur f\u00fcr die Cloud"', (TLS,)),
        ('"ComMech-Tls/ComMech-App"', (TLS, APP)),
        ('"ComMech-Tls ComMech-App"', (TLS, APP)),
        ('"via ComMech-Tls."', (TLS,)),
        ('"COMMECH-TLS"', (TLS,)),
        ('"\u201cComMech-Tls\u201d"', (TLS,)),
        ("[ComMech-Tls, 'ComMech-App, for the app and the cloud']", (TLS, APP)),
        ("\n  - ComMech-Tls\n  - ComMech-App", (TLS, APP)),
        ('"none; the owner, who uses ComMech-Tls, sees them"', ()),
        ('"[]"', ()),
    ],
)
def test_ids_are_read_and_remarks_are_kept(tmp_path: Path, text: str, ids: tuple[str, ...]) -> None:
    entry = written(tmp_path, text)

    assert entry.refers_to("Communication Mechanisms") == ids
    assert open_problems_of(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("AuthMech-Web", '11-ComMech has no entry "AuthMech-Web"', "it is in 1-AuthMech"),
        ("ComMech-Tsl", '11-ComMech has no entry "ComMech-Tsl"', 'did you mean "ComMech-Tls"?'),
    ],
)
def test_a_reference_to_nothing_is_wrong_and_says_where_the_id_is(
    tmp_path: Path, text: str, message: str, hint: str
) -> None:
    entry = written(tmp_path, text)

    (unread,) = entry.unread.values()
    assert unread.wrong
    assert (unread.problem.message, unread.problem.hint) == (message, hint)


@pytest.mark.parametrize(
    "text",
    [
        "HTTPS",
        "the cloud channel",
        "tbd",
        "not ComMech-Tls",
        "ComMech-Tls instead of ComMech-App",
        "two-factor",
    ],
)
def test_what_is_no_id_is_not_understood_and_not_wrong(tmp_path: Path, text: str) -> None:
    entry = written(tmp_path, text)

    (unread,) = entry.unread.values()
    assert not unread.wrong


def test_an_id_with_blanks_is_taken_in_other_letters_wherever_it_stands(tmp_path: Path) -> None:
    write_profile(
        tmp_path,
        ixit='"7-UpdMech":\n- ID: Over the air\n"6-SoftComp":\n- ID: a\n  Update Mechanism: Over the air\n',
    )
    profile = load(tmp_path)

    assert [entry.id for entry in profile.ixit.upd_mech] == ["Over-the-air"]
    assert profile.ixit.soft_comp[0].refers_to("Update Mechanism") == ("Over-the-air",)
    assert len(profile.open_problems) == 1
