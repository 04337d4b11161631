# ruff: noqa: RUF001 - answers are written with such quotes
"""Fields are asked of the entries that the standard asks them of, and a unit concerns what is in its scope."""

from __future__ import annotations

import pytest
from documents import entry_of, ixit_of

from pytest_etsi import criteria
from pytest_etsi.assessment import scopes

HOME = {
    "Description": "Password of the home network.",
    "Type": "critical",
    "Provisioning Mechanism": "By the owner.",
}


@pytest.mark.parametrize(
    ("facts", "text", "kinds"),
    [
        ({"provisioning": "user"}, "N/A", {"unknown"}),
        ({"provisioning": "user", "purpose": ["other"]}, "N/A", set()),
        ({"provisioning": "user", "purpose": ["other"]}, "", set()),
        ({"provisioning": "user", "purpose": ["service-communication"]}, "N/A", {"unknown"}),
        ({"provisioning": "production", "purpose": ["service-communication"]}, "N/A", {"violation"}),
        ({}, "Entfällt", {"unknown"}),
        ({}, "tbd", {"violation"}),
    ],
)
def test_how_a_value_is_generated_is_asked_of_keys_for_updates_and_services(facts, text, kinds) -> None:
    entry = entry_of("10-SecParam", HOME | {"Generation Mechanism": text, "facts": facts})

    found = criteria.generation.unguessable(entry)

    assert {one.kind for one in found} - {"note"} == kinds


@pytest.mark.parametrize(
    ("factor", "facts", "refuted"),
    [
        ("None. Everybody within radio range may use it.", {}, False),
        ("Keine; offen für alle", {}, False),
        ("No factor; whoever is in the network may use it.", {}, False),
        ("No authentication.", {}, False),
        ("Ohne Anmeldung", {}, False),
        ("Open access without credentials.", {}, False),
        ("No password; the key of the app counts.", {}, True),
        ("None; the code on the label is typed in once.", {}, False),
        ("None needed.", {"factors": ["password"]}, True),
        ("A password", {}, True),
    ],
)
def test_a_mechanism_without_a_factor_cannot_be_guessed(factor, facts, refuted) -> None:
    entry = entry_of(
        "1-AuthMech", {"Authentication Factor": factor, "Brute Force Prevention": "N/A", "facts": facts}
    )

    assert bool(criteria.brute_force.prevention(entry).violations) is refuted


@pytest.mark.parametrize(
    ("text", "facts", "refuted"),
    [
        ("The public SSH key of the owner.", {}, False),
        ("Öffentlicher SSH-Schlüssel der Besitzerin", {}, False),
        ("Clé publique du propriétaire", {}, False),
        ("authorized_keys of the administrator", {}, False),
        ("What the owner types to log in.", {}, True),
        ("Password of the owner.", {}, True),
    ],
)
def test_users_log_in_with_the_other_half_of_a_public_key(text, facts, refuted) -> None:
    entry = entry_of(
        "10-SecParam",
        {"Description": text, "Type": "public", "facts": {"purpose": ["user-authentication"]} | facts},
    )

    assert bool(criteria.parameters.type_fits(entry).violations) is refuted


@pytest.mark.parametrize(("network", "concerned"), [(False, False), (True, True), (None, True)])
def test_an_outgoing_client_that_configures_is_reached_by_nobody(network, concerned) -> None:
    facts = {"configures": True} | ({} if network is None else {"network": network})
    entry = entry_of("13-SoftServ", {"Description": "Client", "Allows Configuration": "yes", "facts": facts})

    assert scopes.changes_security_settings.concerns(entry, None) is concerned


@pytest.mark.parametrize(
    ("facts", "concerned"),
    [
        ({"interaction": "manual"}, False),
        ({"interaction": "simple"}, False),
        ({"interaction": "automatic"}, None),
        ({}, None),
        ({"interaction": "manual", "user_options": ["enable"]}, True),
        ({"interaction": "automatic", "user_options": []}, False),
    ],
)
def test_of_a_manual_mechanism_there_is_nothing_automatic_to_set(facts, concerned) -> None:
    ixit = ixit_of(
        {
            "6-SoftComp": [{"ID": "Soft", "Update Mechanism": ["Upd"]}],
            "7-UpdMech": [{"ID": "Upd", "facts": facts}],
        }
    )

    assert scopes.component_with_configurable_updates.concerns(ixit.soft_comp[0], ixit) is concerned


def test_a_reason_stands_once_though_two_units_are_run_again() -> None:
    entry = {"ID": "Upd", "Security Guarantees": "", "Cryptographic Details": "only a CRC"}
    ixit = ixit_of({"7-UpdMech": [entry]})

    found = criteria.updates.verification(ixit.upd_mech[0], ixit, "authenticity", "integrity")
    messages = [one.message for one in found]

    assert len(messages) == len(set(messages)) > 1


@pytest.mark.parametrize(
    "field",
    [
        "Description",
        "Security Guarantees",
        "Cryptographic Details",
        "Initiation and Interaction",
        "Configuration",
        "Update Checking",
    ],
)
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Older signed packages are accepted as well.", True),
        ("Ältere Pakete werden akzeptiert.", True),
        ("Les versions antérieures sont acceptées.", True),
        ("Downgrades are possible.", True),
        ("Older packages are refused.", False),
        ("Ältere Pakete werden nicht angenommen.", False),
        ("Each package has a counter.", False),
    ],
)
def test_older_packages_that_are_taken_are_shown_whichever_field_says_so(field, text, shown) -> None:
    sound = {
        "Description": "Fetched.",
        "Security Guarantees": "Integrity.",
        "Cryptographic Details": "Ed25519.",
    }
    found = criteria.updates.resists_misuse(entry_of("7-UpdMech", sound | {field: text}))

    said = [one for one in found.unknowns if "older packages" in one.message]

    assert not found.violations
    assert [one.place.field for one in said] == ([field] if shown else [])


@pytest.mark.parametrize(
    "text", ["Any update can be postponed.", "The app allows to install any new version."]
)
def test_any_update_that_one_installs_is_no_older_one(text) -> None:
    found = criteria.updates.resists_misuse(entry_of("7-UpdMech", {"Configuration": text}))

    assert not [one for one in found.unknowns if "older packages" in one.message]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("X years", True),
        ("x Jahre ab Verkaufsende", True),
        ("\u2026 years", True),
        ("[insert period]", True),
        ("[TBD] years", True),
        ("Until DD.MM.YYYY", True),
        ("until the end of 20XX", True),
        ("Windows X: 5 years [see the contract]", False),
        ("Model X, until 2031 ([date](https://example.com/d))", False),
        ("updates for at least ? years", True),
        ("to be settled before the start of sales", True),
        ("tbd", True),
        ("", True),
        ("until <date>", True),
        ("Wird noch festgelegt", True),
        ("à définir", True),
        ("Until 2031-12-31, see https://example.com/s?model=x", False),
        ("Five years. How long is that? See the label.", False),
    ],
)
def test_a_support_period_that_is_a_placeholder_is_shown(text, shown) -> None:
    found = criteria.support.period(ixit_of({"2-UserInfo": {"Support Period": text}}).user_info)

    assert not found.violations
    assert bool(found.unknowns) is shown


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Code for resource-constrained targets, written in a strained way.", False),
        ("Developers are trained every year.", True),
    ],
)
def test_a_word_within_another_is_none(text, named) -> None:
    ixit = ixit_of({"19-SecDev": [{"ID": "Dev", "Description": text}]})

    assert ("no word of training" in str(criteria.management.development(ixit))) is not named


@pytest.mark.parametrize(
    ("status", "refuted"),
    [
        ("Enabled. It has to be on for repairs.", True),
        ("enabled", True),
        ("Enabled on demand", False),
        ("Enabled only while the service jumper is set", False),
        ("disabled", False),
    ],
)
def test_a_status_with_a_reason_is_the_status(status, refuted) -> None:
    found = criteria.interfaces.debug_off(entry_of("15-Intf", {"Status": status}), permanently=True)

    assert bool(found.violations) is refuted
    assert status in str(found) or not found.unknowns


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Derived from the serial number.", {"violation"}),
        ("Derived on first boot from the MAC address.", {"violation"}),
        ("rand() seeded with the time", {"violation"}),
        ("Derived from the serial number and a secret of the HSM.", {"unknown"}),
        ("Derived from the serial number with HKDF.", {"unknown"}),
        ("Not derived from the serial number.", set()),
    ],
)
def test_a_value_made_of_something_public_alone_can_be_found(text, kinds) -> None:
    facts = {"purpose": ["service-communication"]}
    entry = entry_of("10-SecParam", {"Type": "critical", "Generation Mechanism": text, "facts": facts})

    found = criteria.generation.unguessable(entry)

    assert {one.kind for one in found} - {"note"} == kinds


@pytest.mark.parametrize(
    "text",
    [
        "Implicitly given when the customer plugs in the hub.",
        "Plugging it in counts as agreement.",
        "Gilt mit der Nutzung als erteilt.",
        "L’utilisation vaut consentement.",
        "Se entiende otorgado con el uso.",
    ],
)
def test_consent_that_nobody_gives_is_none(text) -> None:
    ixit = ixit_of({"21-PersData": [{"ID": "Data", "Obtaining Consent": text}]})

    assert criteria.personal_data.consent(ixit.pers_data[0], ixit.pers_data).violations


@pytest.mark.parametrize(
    "text",
    [
        "Plugging it in implies nothing: a box is ticked.",
        "Consent is never implied.",
        "Gilt nicht als erteilt.",
    ],
)
def test_consent_that_is_not_taken_for_granted_is_not_refuted(text) -> None:
    ixit = ixit_of({"21-PersData": [{"ID": "Data", "Obtaining Consent": text}]})

    assert not criteria.personal_data.consent(ixit.pers_data[0], ixit.pers_data).violations
