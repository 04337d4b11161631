"""What lies in a firmware image, against the documents."""

from __future__ import annotations

import contextlib
import runpy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from documents import ixit_of

from pytest_etsi import criteria
from pytest_etsi.dut.observe.images import ImagesSeen, KeyInUse
from pytest_etsi.dut.observe.storage import StorageTried, Tried
from pytest_etsi.probes.image import ImageObservation, InImage, NotRead
from pytest_etsi.verdict import Inconclusive, NotApplicable, Violation

UNIT = Path(__file__).parents[2] / "testcases" / "tso_5_04_secure_storage" / "test_5_4_3.py"

FIELDS = {
    "Description": "A key.",
    "Type": "critical",
    "Protection Scheme": "A file.",
    "Security Guarantees": "x",
}
IXIT = ixit_of(
    {
        "10-SecParam": [
            {"ID": "Key", **FIELDS, "access": {"shown_at": "443/tcp"}},
            {"ID": "Password", **FIELDS, "access": {"canary": "correct-horse-7"}},
        ]
    }
)
KEY, PASSWORD = IXIT.sec_param


def seen(
    *found: InImage, in_use: tuple[KeyInUse, ...] = (), not_read: tuple[NotRead, ...] = ()
) -> ImagesSeen:
    image = ImageObservation("f.bin", "00" * 32, 10, (("cpio", 1),), 3, 10, found, not_read, len(not_read))
    return ImagesSeen((image,), in_use)


def find(kind: Any = "private key", **more: Any) -> InImage:
    given: dict[str, Any] = {
        "place": "f.bin > etc/key.pem:1",
        "about": "EC 256",
        "fingerprint": "ab12",
        **more,
    }
    return InImage(kind, **given)


def test_a_known_value_in_the_image_refutes_its_own_entry_only() -> None:
    found = seen(find("known secret", about="the value of 10-SecParam/Password", fingerprint="77"))

    assert [one.kind for one in criteria.images.of_entry(PASSWORD, found)] == ["violation"]
    assert criteria.images.of_entry(KEY, found) == ()
    assert criteria.images.unaccounted(IXIT, found) == ()


def test_a_known_value_that_is_too_short_to_be_sought_leaves_its_own_entry_open() -> None:
    found = replace(seen(), short=("the value of 10-SecParam/Password", "the password of 1-AuthMech/Web"))

    assert [one.kind for one in criteria.images.of_entry(PASSWORD, found)] == ["unknown"]
    assert criteria.images.of_entry(KEY, found) == ()


def test_a_key_that_a_service_shows_refutes_the_entry_that_says_so() -> None:
    found = seen(find(key_sha256="aa"), in_use=(KeyInUse(443, "TLS", "f.bin > etc/key.pem:1", "ab12"),))

    assert [one.kind for one in criteria.images.of_entry(KEY, found)] == ["violation"]
    assert criteria.images.of_entry(PASSWORD, found) == ()
    assert criteria.images.unaccounted(IXIT, found) == ()


@pytest.mark.parametrize(
    ("one", "level"),
    [
        (find(key_sha256="aa"), "violation"),
        (find(about="private key, not read"), "unknown"),
        (find(key_sha256="aa", example=True), "note"),
        (find(key_sha256="aa", perhaps_example=True), "unknown"),
        (find("known secret", about="the password of 1-AuthMech/Web"), "unknown"),
        (
            find("known secret", about="the password of 1-AuthMech/Web; the value of 10-SecParam/Password"),
            None,
        ),
        (find("encrypted private key"), "note"),
        (find("password hash", account="root", guessed=True), "violation"),
        (find("password hash", account="root"), "unknown"),
        (find("password hash", guessed=True), "unknown"),
        (find("password hash", account="root", guessed=True, example=True), "note"),
        (find("token"), "unknown"),
        (find("token", example=True), "note"),
        (find("password"), "unknown"),
        (find("certificate", key_sha256="aa"), None),
    ],
)
def test_what_no_entry_accounts_for_is_weighed_by_how_certain_it_is(one: InImage, level: str | None) -> None:
    found = criteria.images.unaccounted(IXIT, seen(one))

    assert [each.kind for each in found] == ([level] if level else [])


def test_a_key_among_examples_that_a_service_shows_is_no_example() -> None:
    used = (KeyInUse(8443, "TLS", "f.bin > doc/key.pem:1", "ab12"),)
    found = criteria.images.unaccounted(IXIT, seen(find(key_sha256="aa", example=True), in_use=used))

    assert [each.kind for each in found] == ["violation"]
    assert "tcp/8443" in found[0].message


@pytest.mark.parametrize(
    ("one", "open_"),
    [
        (find(key_sha256="aa", perhaps_example=True), 1),
        (find(about="a key of age, not read"), 1),
        (find(key_sha256="aa", example=True), 0),
        (find("password hash", account="root"), 0),
        (find("token"), 0),
    ],
)
def test_of_what_no_entry_accounts_for_private_keys_alone_are_open_whatever_documents_say(
    one: InImage, open_: int
) -> None:
    for entry, told in ((KEY, open_), (PASSWORD, 0)):
        found = criteria.hard_coded.keys_in_doubt(entry, IXIT, seen(one))
        assert [each.kind for each in found] == ["unknown"] * told


@pytest.mark.parametrize(
    ("one", "denied", "outcome"),
    [
        (find("token"), False, Inconclusive),
        (find("password hash", account="root"), False, Inconclusive),
        (find("token"), True, NotApplicable),
        (find(about="private key, not read"), True, Inconclusive),
        (find(key_sha256="aa"), True, Violation),
        (find("token", example=True), False, None),
    ],
)
def test_what_a_person_has_to_judge_in_an_image_leaves_the_unit_open(
    one: InImage, denied: bool, outcome: type[Exception] | None
) -> None:
    tried = StorageTried((Tried("offer", "offer", succeeded=False), Tried("skip", "skip", succeeded=False)))
    device = SimpleNamespace(
        images=lambda: seen(one),
        console_leaks=tuple,
        console_gaps=tuple,
        disclosed_values=tuple,
        offers=lambda _entry: tried,
    )
    ixit = ixit_of({"10-SecParam": [{"ID": "Key", **FIELDS, "facts": {"hard_coded_in_source": not denied}}]})

    unit = runpy.run_path(str(UNIT))["test_hard_coded_value_is_replaced_in_operation"]

    with contextlib.nullcontext() if outcome is None else pytest.raises(outcome):
        unit(ixit.sec_param[0], device, ixit, None)


def test_what_was_not_read_is_open() -> None:
    found = criteria.images.unread(seen(not_read=(NotRead("f.bin > UBI", "UBI is not read"),)))

    assert [one.kind for one in found] == ["unknown"]


def test_an_image_without_any_file_is_open() -> None:
    empty = ImagesSeen((ImageObservation("f.bin", "00" * 32, 0),))

    assert [one.kind for one in criteria.images.unread(empty)] == ["unknown"]


def test_what_belongs_to_no_entry_is_told_with_the_first_critical_one_only() -> None:
    found = seen(find(key_sha256="aa"))

    assert [len(criteria.hard_coded.in_image(one, IXIT, found)) for one in (KEY, PASSWORD)] == [1, 0]
