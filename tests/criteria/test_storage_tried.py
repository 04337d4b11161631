"""What was tried at stored parameters, against their documents."""

from __future__ import annotations

from typing import Any

import pytest
from documents import entry_of

from pytest_etsi import criteria
from pytest_etsi.dut.observe.images import ImagesSeen
from pytest_etsi.dut.observe.storage import IdentityTampering, StorageTried, Tried
from pytest_etsi.probes.image import ImageObservation, NotRead

NO_IMAGE = ImagesSeen()


def entry(guarantees: tuple[str, ...] = ("confidentiality", "integrity"), **more: Any) -> Any:
    fields = {
        "Description": "A key.",
        "Type": "critical",
        "Protection Scheme": "A file.",
        "Security Guarantees": "x",
    }
    return entry_of("10-SecParam", {**fields, "facts": {"guarantees": list(guarantees)}, **more})


def tried(*tries: tuple[Any, bool, str]) -> StorageTried:
    return StorageTried(tuple(Tried(aim, f"try-{aim}", done, gap) for aim, done, gap in tries))


def kinds(found: criteria.Findings) -> list[str]:
    return [one.kind for one in found]


@pytest.mark.parametrize(
    ("tries", "levels"),
    [
        ([("read", False, ""), ("write", False, "")], []),
        ([("state", False, "")], []),
        ([("read", True, ""), ("write", False, "")], ["violation"]),
        ([("read", False, ""), ("write", True, "")], ["violation"]),
        ([("state", True, "")], ["violation"]),
        ([("read", False, "the control failed"), ("write", False, "")], ["unknown"]),
        ([("read", False, "")], ["unknown"]),
        ([("write", False, "")], ["unknown"]),
        ([], ["unknown", "unknown"]),
    ],
)
def test_a_scheme_holds_where_everything_was_tried_and_nothing_was_possible(
    tries: list[tuple[Any, bool, str]], levels: list[str]
) -> None:
    assert kinds(criteria.storage.scheme(entry(), tried(*tries), NO_IMAGE)) == levels


def test_a_public_parameter_need_not_be_kept_from_readers() -> None:
    found = criteria.storage.scheme(
        entry(("integrity", "authenticity")), tried(("write", False, "")), NO_IMAGE
    )

    assert kinds(found) == []


def test_without_facts_the_type_tells_what_has_to_be_tried() -> None:
    critical = entry((), Type="critical")
    public = entry((), Type="public")
    written = tried(("write", False, ""))

    assert kinds(criteria.storage.scheme(critical, written, NO_IMAGE)) == ["unknown"]
    assert kinds(criteria.storage.scheme(public, written, NO_IMAGE)) == []


def test_an_image_that_was_not_read_leaves_a_secret_open_and_nothing_public() -> None:
    image = ImageObservation("f.bin", "00" * 32, 9, (), 1, 9, (), (NotRead("f.bin", "UBI"),), 1)
    tries = tried(("read", False, ""), ("write", False, ""))

    assert kinds(criteria.storage.scheme(entry(), tries, ImagesSeen((image,)))) == ["unknown"]
    assert kinds(criteria.storage.scheme(entry(("integrity",)), tries, ImagesSeen((image,)))) == []


@pytest.mark.parametrize(
    ("seen", "levels"),
    [
        (IdentityTampering(kept=(("write-serial", True), ("factory-reset", True))), []),
        (IdentityTampering(kept=(("write-serial", True), ("factory-reset", False))), ["violation"]),
        (IdentityTampering((Tried("state", "locked", succeeded=True),), (("reset", True),)), ["violation"]),
        # The device says that it took it, and is the same as before: that decides.
        (IdentityTampering((Tried("write", "set", succeeded=True),), (("set", True),)), []),
        (IdentityTampering((Tried("write", "set", False, "no control"),), (("set", True),)), ["unknown"]),
        (IdentityTampering(gap="nothing tells it"), ["unknown"]),
        (IdentityTampering(), ["unknown"]),
    ],
)
def test_an_identity_that_is_another_one_afterwards_was_changed(
    seen: IdentityTampering, levels: list[str]
) -> None:
    assert kinds(criteria.storage.identity(entry(), seen)) == levels


@pytest.mark.parametrize(
    ("tries", "levels"),
    [
        ([("offer", False, ""), ("skip", False, "")], []),
        ([("offer", True, ""), ("skip", False, "")], ["violation"]),
        ([("offer", False, ""), ("skip", True, "")], ["violation"]),
        ([("offer", False, "")], ["unknown"]),
        ([("skip", False, "")], ["unknown"]),
    ],
)
def test_a_hard_coded_value_is_neither_accepted_nor_left_in_place(
    tries: list[tuple[Any, bool, str]], levels: list[str]
) -> None:
    assert kinds(criteria.storage.provisioned(entry(), tried(*tries), NO_IMAGE)) == levels


def test_a_value_that_services_tell_refutes_its_own_entry_only() -> None:
    told = [("the value of 10-SecParam/one", "tcp/80 /"), ("the value of 10-SecParam/other", "tcp/80 /")]

    assert kinds(criteria.storage.disclosed(entry(), told)) == ["violation"]
    assert kinds(criteria.storage.disclosed(entry(), told[1:])) == []


def test_a_console_that_was_not_looked_at_leaves_known_values_open() -> None:
    known = entry(access={"canary": "correct-horse-7"})

    assert kinds(criteria.storage.unheard(known, ["Uart: gone"])) == ["unknown"]
    assert kinds(criteria.storage.unheard(known, [])) == []
    assert kinds(criteria.storage.unheard(entry(), ["Uart: gone"])) == []
