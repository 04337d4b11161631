"""Long lists of suites save connections, and show what short ones do: only where they are read to their end."""

from __future__ import annotations

import pytest

from pytest_etsi.probes.tls.suites import cipher_suites, suite_name
from tests.probes import tls_devices as devices
from tests.probes.tls_devices import AES_13, ECDHE, RSA_AES, TLS10, TLS12, TLS13, enumerated

_OTHERS = [number for number, suite in cipher_suites().items() if not suite.tls13]
FIRST, MIDDLE, LAST = _OTHERS[120], _OTHERS[200], _OTHERS[-1]
RARE = {TLS13: (AES_13,), TLS12: (ECDHE, RSA_AES, FIRST, MIDDLE, LAST), TLS10: (RSA_AES,)}
NAMES = {suite_name(number) for number in RARE[TLS12]}
KINDS = {
    "alert": devices.ALERT_40,
    "error": devices.ALERT_80,
    "closing": devices.CLOSED,
    "reset": devices.RESET,
    "silence": devices.SILENT,
    "other": devices.BAD_REQUEST,
}


def suites_of(seen):
    return {version: set(names) for version, names in seen.suites.items()}


@pytest.mark.parametrize("takes", [RARE, {TLS12: RARE[TLS12]}], ids=["with TLS 1.3", "TLS 1.2"])
@pytest.mark.parametrize("kind", [devices.Server, devices.Prefers])
def test_suites_at_the_far_end_are_found_whoever_chooses(kind, takes):
    for order in (RARE[TLS12], RARE[TLS12][::-1], (LAST, *RARE[TLS12][:-1])):
        seen = enumerated(kind(takes | {TLS12: order}))

        assert seen.complete, seen.errors
        assert suites_of(seen)["TLSv1.2"] == NAMES, order


@pytest.mark.parametrize("most", [60, 61, 64, 100, 126, 127, 128, 200])
@pytest.mark.parametrize("kind", [devices.Server, devices.Prefers])
def test_a_server_that_reads_the_beginning_of_a_list_alone_is_asked_in_lists_that_it_reads(kind, most):
    class Device(devices.ReadsPart, kind):
        pass

    seen = enumerated(Device(RARE, most))

    assert seen.complete, seen.errors
    assert suites_of(seen)["TLSv1.2"] == NAMES


@pytest.mark.parametrize("otherwise", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("most", [60, 100, 127, 128])
def test_a_server_that_takes_no_long_list_is_asked_in_short_ones(most, otherwise):
    server = devices.RefusesWhere(RARE, lambda offer: len(offer.suites) > most, otherwise)
    seen = enumerated(server)

    assert seen.complete, seen.errors
    assert suites_of(seen)["TLSv1.2"] == NAMES
    assert sum(len(offer.suites) > 60 for offer in server.asked) <= (20 if most == 128 else 2)


def test_a_hello_of_ssl_3_which_cannot_be_padded_stays_below_the_lengths_that_servers_stumble_over():
    server = devices.StumblesOver(RARE, range(256, 512), devices.SILENT)
    seen = enumerated(server)

    assert seen.complete, seen.errors
    old = [offer for offer in server.asked if offer.version == 0x0300]
    assert old
    assert max(len(offer.record()) for offer in old) < 256


def test_no_list_is_long_before_something_was_accepted():
    server = devices.RefusesBy({}, devices.ALERT_40)
    enumerated(server)

    assert max(len(offer.suites) for offer in server.asked) <= 60


@pytest.mark.parametrize("otherwise", [devices.ALERT_40, devices.CLOSED], ids=["alert", "closing"])
def test_a_control_that_fails_at_the_moment_costs_connections_and_no_suite(otherwise):
    well = devices.Server(RARE)
    enumerated(well)
    control = next(at for at, offer in enumerate(well.asked, 1) if len(offer.suites) == 128)
    server = devices.BusyFor(RARE, {control}, otherwise)
    seen = enumerated(server)

    assert suites_of(seen)["TLSv1.2"] == NAMES
    assert len(server.asked) > len(well.asked)


class ClosesBusy(devices.BusyFor):
    """Refuses by closing, and closes now and then on what it takes."""

    def answer(self, offer, deadline):
        answer = super().answer(offer, deadline)
        return answer if answer.kind == "hello" else devices.CLOSED


@pytest.mark.parametrize("length", [1, 3, 17])
def test_server_whose_refusals_are_like_its_moments_is_seen_whole_or_not_complete(length):
    base = ClosesBusy(RARE, (), devices.CLOSED)
    whole = suites_of(enumerated(base))
    for first in range(1, len(base.asked) + 1):
        seen = enumerated(ClosesBusy(RARE, devices.stretches(first, length), devices.CLOSED))

        assert suites_of(seen) == whole or not seen.complete, first


LIKELY = {TLS13: (AES_13,), TLS12: (ECDHE, RSA_AES)}


@pytest.mark.parametrize("length", [1, 2, 3, 5])
@pytest.mark.parametrize("version", ["TLSv1.1", "TLSv1.0", "SSLv3"])
def test_a_version_that_was_refused_at_the_moment_is_found_when_it_is_asked_for_once_more(version, length):
    number = {"TLSv1.1": 0x0302, "TLSv1.0": TLS10, "SSLv3": 0x0300}[version]
    takes = LIKELY | {number: (RSA_AES,)}
    base = devices.Server(takes)
    assert version in enumerated(base).versions
    begin = next(at for at, offer in enumerate(base.asked, 1) if offer.version == number)
    for first in range(begin - length, begin + 1):
        seen = enumerated(devices.BusyFor(takes, devices.stretches(first, length), devices.ALERT_70))

        assert version in seen.versions or not seen.complete, first


def test_tls_1_3_that_was_passed_over_is_asked_for_once():
    server = devices.Server({TLS12: (ECDHE,)})
    enumerated(server)

    assert sum(offer.version == TLS13 and not offer.older for offer in server.asked) == 1


class PassesOver(devices.WantsShares):
    """Chooses TLS 1.2 wherever it is on offer, and speaks TLS 1.3 all the same."""

    def answer(self, offer, deadline):
        if offer.version == TLS13 and TLS12 in offer.older:
            return devices.Server({TLS12: self.takes[TLS12]}).answer(offer, deadline)
        return super().answer(offer, deadline)


@pytest.mark.parametrize("needs", [True, False], ids=["with key shares alone", "without too"])
def test_tls_1_3_that_was_passed_over_is_found_where_it_is_spoken(needs):
    takes = {TLS12: (ECDHE,), TLS13: (AES_13, 0x1302)}
    seen = enumerated(PassesOver(takes) if needs else PassesOverPlainly(takes))

    assert suites_of(seen)["TLSv1.3"] == {suite_name(number) for number in takes[TLS13]}
    assert seen.complete is not needs  # groups without a key share stay open


class PassesOverPlainly(PassesOver):
    """As `PassesOver`, and needs no key share."""

    def answer(self, offer, deadline):
        if offer.version == TLS13 and TLS12 in offer.older:
            return super().answer(offer, deadline)
        return devices.Server.answer(self, offer, deadline)


@pytest.mark.parametrize(
    ("server", "most"),
    [
        (devices.Server(LIKELY), 54),
        (devices.Server({TLS12: (ECDHE,)}), 22),
        (devices.RefusesBy(LIKELY, devices.CLOSED), 64),
        (devices.RefusesBy({TLS12: (ECDHE,)}, devices.CLOSED), 45),
    ],
    ids=["alerts", "TLS 1.2, alerts", "closes", "TLS 1.2, closes"],
)
def test_a_steady_server_is_asked_in_few_connections(server, most):
    """What closes is asked twice, with something accepted between; of the rest nothing is asked a third time."""
    seen = enumerated(server)

    assert seen.complete, seen.errors
    assert len(server.asked) <= most
