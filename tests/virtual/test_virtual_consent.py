"""How the virtual camera erases, asks and checks badly, each by its flaw, and well without one."""

from __future__ import annotations

import pytest

from pytest_etsi.virtual.device import errors
from pytest_etsi.virtual.device.consent import Consent
from pytest_etsi.virtual.device.core import Core, Memory
from pytest_etsi.virtual.device.web import pages
from pytest_etsi.virtual.flaws import ConsentFlaw, DecisionFlaw, ErasureFlaw, Flaw
from pytest_etsi.virtual.service.accounts import Accounts

OWNER = "owner-password-1"


def core(*flaws: Flaw) -> Core:
    made = Core(Memory(), "label-password-1", clock=lambda: 1000.0, flaws=frozenset(flaws))
    made.initialize({"owner": ("owner", OWNER), "guest": ("viewer", "guest-password-1")})
    made.change_settings(made.login("owner", OWNER), {"name": "Nursery"})
    made.factory_reset()
    made.setup(OWNER)
    return made


@pytest.mark.parametrize(
    ("flaws", "name", "users", "label"),
    [
        ((), "Camera", {"owner"}, ""),
        ((ErasureFlaw.RESET_KEEPS_NAME,), "Nursery", {"owner"}, ""),
        ((ErasureFlaw.RESET_KEEPS_VIEWERS,), "Camera", {"owner", "guest"}, ""),
        ((ErasureFlaw.RESET_KEEPS_COPY,), "Camera", {"owner"}, "Nursery"),
    ],
)
def test_a_factory_reset_leaves_nothing_but_what_a_flaw_keeps(
    flaws: tuple[Flaw, ...], name: str, users: set[str], label: str
) -> None:
    made = core(*flaws)

    assert made.settings()["name"] == name
    assert made.users(made.login("owner", OWNER)).keys() == users
    assert made.label == label


SENDS = {
    None: (False, False, True, False),
    ConsentFlaw.SENT_BEFORE_CONSENT: (True, False, True, False),
    ConsentFlaw.SENT_DESPITE_REFUSAL: (False, True, True, True),
    ConsentFlaw.WITHDRAWAL_IGNORED: (False, False, True, True),
}


@pytest.mark.parametrize("flaw", SENDS)
def test_diagnostics_are_sent_with_consent_unless_a_flaw_takes_it_for_granted(flaw: Flaw | None) -> None:
    consent, sent = Consent(frozenset({flaw} if flaw else ())), []
    for answer in (None, False, True, False):
        consent.answer({} if answer is None else {"diagnostics": answer})
        sent.append(consent.sends(bool(answer)))

    assert tuple(sent) == SENDS[flaw]


@pytest.mark.parametrize("flaw", [None, ConsentFlaw.CALLS_DESPITE_REFUSAL])
def test_nothing_calls_where_diagnostics_go_without_consent_unless_by_a_flaw(flaw: Flaw | None) -> None:
    consent, called = Consent(frozenset({flaw} if flaw else ())), []
    for answer in (None, False, True, False):
        consent.answer({} if answer is None else {"diagnostics": answer})
        called.append((consent.calls(bool(answer)), consent.sends(bool(answer))))

    despite = flaw is not None
    assert called == [(False, False), (despite, False), (True, True), (despite, False)]


def test_a_new_camera_sends_no_diagnostics_unless_a_flaw_presets_them() -> None:
    assert not core().settings()["diagnostics"]
    assert core(ConsentFlaw.CONSENT_PRESET).settings()["diagnostics"]


def test_a_consent_comes_back_with_the_power_by_a_flaw_alone() -> None:
    for flaws in ((), (ConsentFlaw.CONSENT_COMES_BACK,)):
        made = core(*flaws)
        session = made.login("owner", OWNER)
        for wanted in (True, False):
            made.change_settings(session, {"diagnostics": wanted})
        made.boot()

        assert made.settings()["diagnostics"] is bool(flaws)


def test_a_withdrawal_is_refused_by_a_flaw() -> None:
    consent = Consent(frozenset({ConsentFlaw.WITHDRAWAL_REFUSED}))
    consent.answer({"diagnostics": False})
    consent.answer({"diagnostics": True})

    with pytest.raises(errors.ConflictError):
        consent.answer({"diagnostics": False})


def test_the_first_page_asks_for_a_password_and_nothing_else_unless_a_flaw_does() -> None:
    assert "value=" not in pages.setup()
    assert "checkbox" not in pages.setup()
    assert "value=" in pages.setup(flaws=frozenset({DecisionFlaw.PASSWORD_PRESET}))
    assert "checkbox" in pages.setup(flaws=frozenset({DecisionFlaw.DECISION_ADDED}))


def test_customers_of_the_service_are_kept_apart() -> None:
    accounts = Accounts(["one", "two", ""])

    assert accounts.of("one") != accounts.of("two")
    assert accounts.of("") is None

    accounts.forget_but("one")

    assert accounts.of("two") is None
