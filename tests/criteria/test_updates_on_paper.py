"""What documents say of updates and of having none, one statement at a time (5.3-1, 5.3-4 to 5.3-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from documents import entry_of, ixit_of

from pytest_etsi.assessment.criteria import update_use, updates

if TYPE_CHECKING:
    from pytest_etsi.assessment.findings import Findings

TELLING = {
    "Description": "The device fetches a package and installs it after its check.",
    "Security Guarantees": "Authenticity and integrity.",
    "Cryptographic Details": "Ed25519 over the whole package.",
    "Initiation and Interaction": "The device, by itself.",
    "Update Checking": "Every day.",
    "Configuration": "On or off.",
    "User Notification": "The app shows it.",
}


def mechanism(name: str = "Upd0", **facts: Any) -> dict[str, Any]:
    return TELLING | {"ID": name, "facts": facts}


def component(*mechanisms: dict[str, Any], **more: Any) -> tuple[Any, Any]:
    """A component with these mechanisms, and the IXIT."""
    named = {"Update Mechanism": [one["ID"] for one in mechanisms]}
    ixit = ixit_of({"7-UpdMech": list(mechanisms), "6-SoftComp": [{"ID": "Firmware"} | named | more]})
    return ixit.soft_comp[0], ixit


def kinds(found: Findings) -> list[str]:
    return [one.kind for one in found]


# Who starts an update ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mechanisms", "refuted"),
    [
        ([{"interaction": "automatic"}], 0),
        ([{"interaction": "simple"}], 1),
        ([{"interaction": "manual"}], 1),
        ([{"checked_by": "user"}], 1),
        ([{"interaction": "simple"}, {"interaction": "manual"}], 2),
        ([{"interaction": "simple"}, {"interaction": "automatic"}], 0),
        ([{}], 0),
    ],
)
def test_a_component_is_updated_without_the_user_by_one_of_its_mechanisms(
    mechanisms: list[dict[str, Any]], refuted: int
) -> None:
    named = [mechanism(f"Upd{number}", **facts) for number, facts in enumerate(mechanisms)]

    assert kinds(update_use.automatic(*component(*named))) == ["violation"] * refuted


@pytest.mark.parametrize(("mechanisms", "refuted"), [(1, 1), (2, 0)])
def test_the_only_mechanism_has_to_say_when_it_looks_for_updates(mechanisms: int, refuted: int) -> None:
    named = [mechanism(f"Upd{number}") | {"Update Checking": ""} for number in range(mechanisms)]

    assert kinds(update_use.automatic(*component(*named))) == ["violation"] * refuted


@pytest.mark.parametrize(
    ("mechanisms", "found"),
    [
        ([{"interaction": "automatic", "automatic_by_default": True}], []),
        ([{"interaction": "automatic", "automatic_by_default": False}], ["violation"]),
        ([{"automatic_by_default": False}], ["violation"]),  # whatever it is, it is off
        ([{"automatic_by_default": False}, {}], ["unknown"]),
        ([{"automatic_by_default": False}, {"automatic_by_default": False}], ["violation", "violation"]),
        ([{"interaction": "automatic", "automatic_by_default": True}, {"automatic_by_default": False}], []),
        ([{"interaction": "manual", "automatic_by_default": True}], ["unknown"]),
        ([], ["unknown"]),
    ],
)
def test_an_automatic_mechanism_is_on_by_default(mechanisms: list[dict[str, Any]], found: list[str]) -> None:
    named = [mechanism(f"Upd{number}", **facts) for number, facts in enumerate(mechanisms)]

    assert kinds(update_use.automatic_by_default(*component(*named))) == found


@pytest.mark.parametrize(
    ("text", "nothing"),
    [("", True), ("None.", True), ("Fixed.", True), ("Nothing can be set", True), ("On or off.", False)],
)
def test_the_whole_text_tells_that_nothing_can_be_set(text: str, nothing: bool) -> None:
    assert update_use.nothing_to_set(entry_of("7-UpdMech", TELLING | {"Configuration": text})) is nothing


@pytest.mark.parametrize(
    ("text", "facts", "found"),
    [
        ("The app shows it.", {"notifies_on": ["app"]}, []),
        ("The app shows it.", {}, ["note"]),
        ("The user is not informed.", {}, ["violation"]),
        ("No notification.", {}, ["violation"]),
        ("", {}, ["violation"]),
        ("N/A", {}, ["unknown"]),  # nothing tells whether it comes by a network
    ],
)
def test_users_notice_updates(text: str, facts: dict[str, Any], found: list[str]) -> None:
    entry = entry_of("7-UpdMech", TELLING | {"User Notification": text, "facts": facts})

    assert kinds(update_use.noticeable(entry)) == found


@pytest.mark.parametrize(
    ("text", "facts", "found"),
    [
        ("It names the vulnerabilities that are closed.", {}, []),
        ("The app shows a number.", {}, ["note"]),
        ("It names the risks.", {"names_risks": False}, ["violation"]),
        ("", {}, ["violation"]),
    ],
)
def test_the_notice_names_the_risks(text: str, facts: dict[str, Any], found: list[str]) -> None:
    entry = entry_of("7-UpdMech", TELLING | {"User Notification": text, "facts": facts})

    assert kinds(update_use.tells_risks(entry)) == found


@pytest.mark.parametrize(
    ("facts", "found"),
    [({"interaction": "automatic"}, []), ({"interaction": "manual"}, []), ({}, ["note"])],
)
def test_whether_a_mechanism_is_automatic_is_for_a_person_where_no_fact_says_so(
    facts: dict[str, Any], found: list[str]
) -> None:
    assert kinds(update_use.classification(entry_of("7-UpdMech", mechanism(**facts)))) == found


# Components without updates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "reason", "refuted"),
    [
        ("None: it would be too expensive.", None, True),
        ("None: it would be too expensive.", "other", True),
        ("None: it would be too expensive.", "immutable", False),
        ("None: it would be too expensive.", "constrained", False),
        ("None: it is in a mask ROM.", None, False),
        ("None: it is in a mask ROM.", "other", False),
        ("None", None, True),
    ],
)
def test_cost_is_no_reason_for_having_no_updates(why: str, reason: str | None, refuted: bool) -> None:
    told = {"Update Mechanism": why, "facts": {"no_update_reason": reason} if reason else {}}
    entry, ixit = component(**told)

    assert bool(updates.no_update(entry, ixit).violations) is refuted


@pytest.mark.parametrize("why", ["None: it is in a mask ROM.", "None: it would be too expensive."])
def test_a_component_without_updates_is_named_by_no_mechanism(why: str) -> None:
    def found(description: str) -> str:
        named = mechanism() | {"Description": description}
        return str(updates.no_update(*component(named, **{"Update Mechanism": why})).violations)

    assert "has no mechanism, while" in found("It replaces Firmware and restarts.")
    assert "has no mechanism, while" not in found("It replaces another one and restarts.")
    assert ("gives cost as the reason" in found("It replaces Firmware.")) is ("expensive" in why)


# Their protection -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uses", "tls", "refuted"),
    [
        (["signature"], False, False),
        (["mac"], False, False),
        (["hash"], False, True),
        (["hash", "mac"], False, False),
        (["encryption"], True, False),
        ([], False, False),
    ],
)
def test_a_signature_a_mac_or_an_authenticated_channel_protects_a_package(
    uses: list[str], tls: bool, refuted: bool
) -> None:
    facts: dict[str, Any] = {"cryptography": [{"use": use, "algorithm": "x"} for use in uses]}
    facts |= {"tls": {"versions": ["TLSv1.3"]}} if tls else {}
    found = updates.means(entry_of("7-UpdMech", mechanism(**facts)))

    assert ("names neither a signature, nor a MAC" in str(found.violations)) is refuted


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"Description": "The signature is verified after the installation."},
            "verifies after the installation",
        ),
        ({"facts": {"verified_before_install": False}}, "verifies after the installation"),
        ({"Description": ""}, "is empty"),
        ({"facts": {"verified_by": {"integrity": "app"}}}, "the app verifies integrity"),
        ({}, ""),
    ],
)
def test_a_mechanism_can_deliver_its_guarantees(changes: dict[str, Any], words: str) -> None:
    found = updates.means(entry_of("7-UpdMech", TELLING | {"ID": "Upd"} | changes))

    assert kinds(found) == (["violation"] if words else [])
    assert words in str(found)


@pytest.mark.parametrize("use", ["signature", "mac"])
@pytest.mark.parametrize(
    ("parameters", "refuted"),
    [
        ([("A token", ["service-communication"])], True),
        ([("A token", ["service-communication"]), ("Another one", ["update-check"])], False),
        ([("A token", ["service-communication"]), ("Signs firmware", ["service-communication"])], False),
        ([("A token", ["service-communication"]), ("Another one", [])], False),
        ([], False),
    ],
)
def test_what_checks_packages_has_a_key_among_the_parameters(
    use: str, parameters: list[tuple[str, list[str]]], refuted: bool
) -> None:
    keys = [
        {"ID": f"Key{number}", "Description": text, "facts": {"purpose": purposes} if purposes else {}}
        for number, (text, purposes) in enumerate(parameters)
    ]
    checked = mechanism(cryptography=[{"use": use, "algorithm": "x"}])
    ixit = ixit_of({"7-UpdMech": [checked], "10-SecParam": keys})
    found = updates.trust(ixit.upd_mech[0], ixit)

    assert ("has no key to check it" in str(found.violations)) is refuted


@pytest.mark.parametrize(
    ("changes", "noted"),
    [
        ({}, True),
        ({"Description": "It fetches a version and installs it."}, False),
        ({"Configuration": "Older packages are refused."}, False),
        ({"facts": {"guarantees": ["authenticity", "integrity", "rollback-protection"]}}, False),
    ],
)
def test_that_nothing_is_said_of_older_versions_is_noted(changes: dict[str, Any], noted: bool) -> None:
    found = updates.resists_misuse(entry_of("7-UpdMech", TELLING | {"ID": "Upd"} | changes))

    assert ("says nothing of going back to an older version" in str(found)) is noted
    assert not found.unknowns


@pytest.mark.parametrize(
    ("text", "noted"),
    [("One symmetric key for all devices.", True), ("A key of its own in each device.", False)],
)
def test_one_key_for_all_devices_is_noted(text: str, noted: bool) -> None:
    found = updates.resists_misuse(entry_of("7-UpdMech", TELLING | {"Cryptographic Details": text}))

    assert ("one key for all devices?" in str(found)) is noted
