"""Values filled in from outside, and where every value comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from profile_documents import PROFILE, load, problems_of, write_profile

from pytest_etsi.profile import Source, reveal

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = """\
"1-AuthMech":
- ID: AuthMech-web
  Description: Login of ${env:OWNER}
  access:
    url: https://${virtual:host}:${virtual:https}/login
    username: ${env:OWNER}
    password: ${secret:owner_password}
  facts:
    endpoint: ${virtual:https}/tcp
    mentions: [a, "${env:OWNER}"]
"""


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    (tmp_path / "secrets.yaml").write_text("owner_password: 0123456\nother: unused-secret\n")
    write_profile(tmp_path, profile=PROFILE + "secrets: secrets.yaml\nvirtual: camera\n", ixit=ENTRY)
    return tmp_path


def test_values_are_filled_in_from_environment_secrets_and_virtual_device(filled: Path) -> None:
    entry = load(
        filled, values={"host": "127.1.2.3", "https": "41001"}, environ={"OWNER": "jo"}
    ).ixit.auth_mech[0]

    assert entry["Description"] == "Login of jo"
    assert entry.access.url == "https://127.1.2.3:41001/login"
    assert entry.access.username == "jo"
    assert reveal(entry.access.password) == "0123456"
    assert [str(endpoint) for endpoint in entry.facts.endpoint] == ["41001/tcp"]


def test_without_the_virtual_device_nominal_values_stand_in(filled: Path) -> None:
    profile = load(filled, environ={"OWNER": "jo"})

    assert profile.nominal
    assert profile.ixit.auth_mech[0].access.url == "https://127.0.0.1:1/login"
    assert [str(endpoint) for endpoint in profile.ixit.auth_mech[0].facts.endpoint] == ["1/tcp"]


def test_every_secret_and_every_environment_value_is_registered_for_redaction(filled: Path) -> None:
    profile = load(filled, values={"host": "h", "https": "1"}, environ={"OWNER": "jo", "UNRELATED": "x"})

    assert set(profile.redactions) == {"0123456", "unused-secret", "jo"}


def test_no_secret_shows_in_the_repr_of_anything(filled: Path) -> None:
    profile = load(filled, environ={"OWNER": "jo"})

    assert "0123456" not in f"{profile!r}{profile.ixit!r}{profile.ixit.auth_mech[0]!r}{profile.access!r}"


def test_every_value_knows_where_it_comes_from(filled: Path) -> None:
    entry = load(filled, environ={"OWNER": "jo"}).ixit.auth_mech[0]
    file = str(filled / "ixit.yaml")

    assert entry.source() == Source(file, 2, 3)
    assert entry.source("Description") == Source(file, 3, 3, "env:OWNER")
    assert entry.source("access.url") == Source(file, 5, 5, "virtual:host, virtual:https")
    assert entry.source("access.password") == Source(file, 7, 5, "secret:owner_password")
    assert entry.source("facts.mentions") == Source(file, 10, 5)
    assert entry.source("facts.mentions.1") == Source(file, 10, 19, "env:OWNER")
    assert entry.source("facts.brute_force.max_attempts") == Source(file, 8, 3)


def test_the_raw_entry_keeps_the_placeholders(filled: Path) -> None:
    entry = load(filled, environ={"OWNER": "jo"}).ixit.auth_mech[0]

    assert entry.raw["access"]["password"] == "${secret:owner_password}"
    assert entry.raw["facts"]["mentions"] == ["a", "${env:OWNER}"]


def test_the_fingerprint_depends_on_the_documents_and_not_on_the_secrets(filled: Path) -> None:
    first = load(filled, environ={"OWNER": "jo"}).fingerprint
    (filled / "secrets.yaml").write_text("owner_password: changed\n")
    same = load(filled, environ={"OWNER": "mo"}).fingerprint
    (filled / "ics.yaml").write_text("{}\n")
    other = load(filled, environ={"OWNER": "jo"}).fingerprint

    assert first == same
    assert first != other
    assert len(first) == 64


def test_the_fingerprint_depends_on_the_files_that_the_documents_name(filled: Path) -> None:
    capture = filled / "evening.pcap"
    capture.write_bytes(b"one")
    profile = filled / "profile.yaml"
    profile.write_text(
        profile.read_text().replace("access:\n", "access:\n  captures: [{file: evening.pcap}]\n", 1)
    )

    first = load(filled, environ={"OWNER": "jo"}).fingerprint
    same = load(filled, environ={"OWNER": "jo"}).fingerprint
    capture.write_bytes(b"two")
    other = load(filled, environ={"OWNER": "jo"}).fingerprint

    assert first == same
    assert first != other


def test_the_fingerprint_depends_on_what_lies_in_a_folder_that_the_documents_name(filled: Path) -> None:
    system = filled / "system" / "etc"
    system.mkdir(parents=True)
    (system / "passwd").write_text("root:x:0:0::/:/bin/sh")
    (system / "mtab").symlink_to("/proc/mounts")
    profile = filled / "profile.yaml"
    profile.write_text(profile.read_text().replace("access:\n", "access:\n  images: [{path: system}]\n", 1))

    def fingerprint() -> str:
        return load(filled, environ={"OWNER": "jo"}).fingerprint

    first = fingerprint()
    assert fingerprint() == first
    (system / "passwd").write_text("root::0:0::/:/bin/sh")
    other = fingerprint()
    (system / "passwd").rename(system / "passwords")

    assert len({first, other, fingerprint()}) == 3


def test_a_double_dollar_writes_the_text_of_a_placeholder(tmp_path: Path) -> None:
    write_profile(tmp_path, ixit='"1-AuthMech":\n- ID: a\n  Description: write $${env:X} so\n')

    assert load(tmp_path).ixit.auth_mech[0]["Description"] == "write ${env:X} so"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("${env:NOPE}", "the environment variable NOPE is not set; set NOPE, or use a secrets file"),
        ("${secret:x}", 'no secrets file for "x"; name one in the profile, secrets: secrets.yaml'),
        (
            "${evn:X}",
            '"${evn:X}" is no placeholder, expected ${env:NAME} or ${secret:NAME}; did you mean ${env:...}?',
        ),
        (
            "${X}",
            '"${X}" is no placeholder, expected ${env:NAME} or ${secret:NAME}; write $${ for the text ${',
        ),
    ],
)
def test_a_placeholder_that_cannot_be_filled_in(tmp_path: Path, text: str, problem: str) -> None:
    write_profile(tmp_path, ixit=f'"1-AuthMech":\n- ID: a\n  access:\n    username: "{text}"\n')

    assert problems_of(tmp_path) == [f"ixit.yaml:4:5: 1-AuthMech/a: access.username: {problem}"]


def test_a_secret_that_the_file_lacks_names_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "secrets.yaml").write_text("owner_password: x\n")
    write_profile(
        tmp_path,
        profile=PROFILE + "secrets: secrets.yaml\n",
        ixit='"1-AuthMech":\n- ID: a\n  access: {password: "${secret:owner_pasword}"}\n',
    )

    assert problems_of(tmp_path) == [
        (
            'ixit.yaml:3:12: 1-AuthMech/a: access.password: the secrets file has no "owner_pasword"; '
            'did you mean "owner_password"?'
        )
    ]


def test_paths_are_relative_to_the_document_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "judged").mkdir()
    (tmp_path / "judged" / "calculation.pdf").write_bytes(b"%PDF")
    write_profile(tmp_path, profile=PROFILE.replace("judgements.yaml", "judged/list.yaml"))
    (tmp_path / "judged" / "list.yaml").write_text(
        "- {unit: 4-1-1/a, verdict: PASS, assessor: Jo, date: 2026-01-31, rationale: seen, basis: own-examination,\n"
        "   evidence: [calculation.pdf]}\n"
    )

    (judgement,) = load(tmp_path).judgements
    assert judgement.evidence == (tmp_path / "judged" / "calculation.pdf",)
