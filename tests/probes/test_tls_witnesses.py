"""What a TLS server does not accept is not there only if it accepted meanwhile what it had accepted before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from pytest_etsi.probes.tls import _enumerate
from pytest_etsi.probes.tls._enumerate import Enumeration
from tests.daemons import self_signed
from tests.probes import tls_devices as devices
from tests.probes.tls_devices import (
    AES_13,
    ECDHE,
    RSA_3DES,
    RSA_AES,
    RSA_RC4,
    TLS10,
    TLS12,
    TLS13,
    enumerated,
)

OLD_TOO = {TLS12: (ECDHE, RSA_AES, RSA_3DES), TLS10: (RSA_AES, RSA_RC4)}
ALL_OF_IT = {
    "TLSv1.0": {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_RC4_128_SHA"},
    "TLSv1.2": {
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_RSA_WITH_AES_128_CBC_SHA",
        "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    },
}


def suites_of(seen):
    return {version: set(names) for version, names in seen.suites.items()}


def test_server_that_is_well_is_enumerated_with_few_questions_more_than_it_takes():
    server = devices.Server(OLD_TOO)
    seen = enumerated(server)

    assert seen.complete, seen.errors
    assert suites_of(seen) == ALL_OF_IT
    assert seen.connections == len(server.asked) < 40


BUSY = {
    "closing": devices.CLOSED,
    "a reset": devices.RESET,
    "silence": devices.SILENT,
    "no connection": devices.REFUSED,
    "an error of its own": devices.ALERT_80,
    "another protocol": devices.BAD_REQUEST,
}


class BusyWith(devices.BusyFor):
    """Is too busy for some kinds of hello alone.

    Args:
        kind: whether a hello is one of them.
    """

    def __init__(self, takes, busy, otherwise, kind) -> None:
        super().__init__(takes, busy, otherwise)
        self.kind = kind

    def answer(self, offer, deadline):
        if self.kind(offer):
            return super().answer(offer, deadline)
        return devices.Server.answer(self, offer, deadline)


KINDS = {
    "what came before TLS 1.3": lambda offer: offer.version < TLS13,
    "TLS 1.3": lambda offer: offer.version == TLS13,
    "whatever takes a key exchange": lambda offer: offer.version < TLS13 or offer.shares,
}


@pytest.mark.parametrize("otherwise", [*BUSY.values(), devices.ALERT_40], ids=[*BUSY, "a refusal"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_server_that_is_busy_with_one_kind_is_seen_whole_or_the_search_is_not_complete(otherwise, kind):
    takes, with_13 = {TLS13: (AES_13,), **OLD_TOO}, {**ALL_OF_IT, "TLSv1.3": {"TLS_AES_128_GCM_SHA256"}}
    for first in range(2, 45):  # the first hello shows that it speaks TLS 1.3
        server = BusyWith(takes, devices.stretches(first, 17), otherwise, kind)
        seen = enumerated(server)

        assert suites_of(seen) == with_13 or not seen.complete, first


@pytest.mark.parametrize("otherwise", [*BUSY.values(), devices.ALERT_40, devices.ALERT_70])
@pytest.mark.parametrize("takes", [{TLS12: (ECDHE,)}, {TLS12: (RSA_AES,), TLS10: (RSA_AES,)}])
@pytest.mark.parametrize("name", ["", "camera.example"])
def test_server_that_at_first_refuses_tls_1_3_is_seen_whole_or_the_search_is_not_complete(
    otherwise, takes, name
):
    for length in range(1, 18):
        server = BusyWith(
            {TLS13: (AES_13,), **takes}, devices.stretches(1, length), otherwise, KINDS["TLS 1.3"]
        )
        seen = enumerated(server, name=name)

        assert "TLSv1.3" in seen.versions or not seen.complete, length


def test_a_last_question_for_what_was_refused_costs_little(monkeypatch):
    asked = []
    for last in (Enumeration._at_last, lambda _: None):
        monkeypatch.setattr(Enumeration, "_at_last", last)
        server = devices.RefusesBy({TLS12: (ECDHE,)}, devices.CLOSED)

        assert enumerated(server).complete
        asked.append(len(server.asked))

    assert asked[0] <= 1.1 * asked[1]


@pytest.mark.parametrize("otherwise", BUSY.values(), ids=BUSY)
@pytest.mark.parametrize("length", [1, 2, 3, 17])
def test_busy_server_is_seen_whole_or_the_search_is_not_complete(otherwise, length):
    for first in range(1, 45):
        server = devices.BusyFor(OLD_TOO, devices.stretches(first, length), otherwise)
        seen = enumerated(server)

        assert suites_of(seen) == ALL_OF_IT or not seen.complete, first


@pytest.mark.parametrize("alert", [devices.ALERT_40, devices.ALERT_70])
@pytest.mark.parametrize("length", [1, 2, 3, 5, 17])
def test_server_whose_refusals_of_the_moment_look_like_others_is_seen_whole_or_not_complete(alert, length):
    for first in range(1, 45):
        seen = enumerated(devices.BusyFor(OLD_TOO, devices.stretches(first, length), alert))

        assert suites_of(seen) == ALL_OF_IT or not seen.complete, first


@pytest.mark.parametrize("otherwise", BUSY.values(), ids=BUSY)
def test_server_that_is_away_for_a_moment_is_seen_whole(otherwise):
    for first in range(4, 30):  # one that takes no connection at first is soon left
        seen = enumerated(devices.BusyFor(OLD_TOO, devices.stretches(first, 3), otherwise))

        assert seen.versions == ("TLSv1.0", "TLSv1.2"), first


def test_server_that_does_not_come_back_leaves_it_open_soon():
    server = devices.BusyFor(OLD_TOO, devices.stretches(8, 10_000), devices.CLOSED)
    seen = enumerated(server)

    assert not seen.complete
    assert "no longer answered as before since" in str(seen.errors)
    assert len(server.asked) < 40


@pytest.mark.parametrize("refusal", [devices.CLOSED, devices.RESET, devices.ALERT_80, devices.BAD_REQUEST])
def test_refusal_of_whatever_kind_counts_beside_what_is_accepted(refusal):
    seen = enumerated(devices.RefusesBy({TLS12: (ECDHE,)}, refusal))

    assert seen.complete, seen.errors
    assert seen.versions == ("TLSv1.2",)


@pytest.mark.parametrize(
    ("answer", "said"), [(devices.SILENT, "silent"), (devices.REFUSED, "connection refused")]
)
def test_what_is_no_answer_to_a_hello_leaves_open_what_was_asked(answer, said):
    old = devices.RefusesWhere({TLS12: (ECDHE,)}, lambda offer: offer.version == TLS10, answer)
    seen = enumerated(old)

    assert not seen.complete
    assert seen.versions == ("TLSv1.2",)
    assert set(seen.errors) == {f"TLSv1.0: {said}"}


@pytest.mark.parametrize(
    "answer", [devices.ALERT_40, devices.SILENT, devices.CLOSED], ids=["alert", "silence", "closing"]
)
def test_compression_that_cannot_be_asked_for_is_open(answer):
    server = devices.RefusesWhere({TLS12: (ECDHE,)}, lambda offer: len(offer.compressions) > 1, answer)
    seen = enumerated(server)

    assert not seen.complete
    assert "whether compression is taken up could not be asked" in seen.errors
    assert seen.features.compression is None


def test_smallest_of_several_primes_is_told():
    seen = enumerated(devices.HasPrimes({0x0033: 2048, 0x0039: 1024, 0x0067: 3072}))

    assert seen.complete, seen.errors
    assert seen.dh_bits == 1024


@pytest.mark.parametrize("answer", [devices.CLOSED, devices.RESET, devices.ALERT_80])
def test_server_that_stumbles_over_newer_versions_is_found(answer):
    server = devices.RefusesWhere({TLS10: (RSA_AES,)}, lambda offer: offer.version > TLS10, answer)
    seen = enumerated(server)

    assert seen.complete, seen.errors
    assert seen.suites == {"TLSv1.0": ("TLS_RSA_WITH_AES_128_CBC_SHA",)}


def test_only_what_was_asked_since_the_last_good_answer_is_asked_again():
    well = devices.Server(OLD_TOO)
    enumerated(well)
    first = next(at for at, offer in enumerate(well.asked, 1) if offer.version == TLS10)
    server = devices.BusyFor(OLD_TOO, devices.stretches(first + 1, 5), devices.CLOSED)
    seen = enumerated(server)

    assert suites_of(seen) == ALL_OF_IT
    for version in (TLS12, TLS13):
        asked = [
            sum(offer.version == version and not offer.older for offer in one.asked) for one in (well, server)
        ]
        assert asked[0] == asked[1], version


def test_suite_that_was_not_offered_is_a_refusal_of_those_that_were():
    seen = enumerated(devices.ChoosesAnything(OLD_TOO))

    assert seen.complete, seen.errors
    assert suites_of(seen) == ALL_OF_IT


@pytest.mark.parametrize("alert", [40, 47, 70, 80, 109])
@pytest.mark.parametrize("group", [0x001D, 0x0017, 0x0018])
def test_server_of_tls_1_3_that_needs_a_key_share_is_found(alert, group):
    server = devices.WantsShares({TLS13: (AES_13,), TLS12: (ECDHE,)}, alert, (group,))
    seen = enumerated(server)

    assert seen.versions == ("TLSv1.2", "TLSv1.3")
    assert seen.suites["TLSv1.3"] == ("TLS_AES_128_GCM_SHA256",)


def test_groups_for_which_there_is_no_key_share_stay_open_where_one_is_needed():
    seen = enumerated(devices.WantsShares({TLS13: (AES_13,)}))

    assert not seen.complete
    assert "only hellos with a key share" in str(seen.errors)
    assert seen.groups == {"TLSv1.3": ("x25519",)}


@pytest.mark.parametrize(
    "more", [{TLS10: (RSA_AES,)}, {TLS12: (ECDHE, RSA_RC4)}], ids=["a version", "a suite"]
)
def test_what_is_accepted_without_a_name_alone_is_found(more):
    takes = {TLS12: (ECDHE,)}
    seen = enumerated(devices.ByName(takes, {"": takes | more}), name="device.test")

    assert seen.complete, seen.errors
    assert seen.server_name == "device.test"
    assert set(seen.versions) == {{TLS10: "TLSv1.0", TLS12: "TLSv1.2"}[number] for number in takes | more}
    assert len(seen.suites["TLSv1.2"]) == len((takes | more)[TLS12])


class Certified(devices.ByName):
    """Shows a certificate, in TLS 1.3 to a client that finishes its handshake alone."""

    def __init__(self, takes, names, certificate) -> None:
        super().__init__(takes, names)
        self.certificates = (certificate,)

    def answer(self, offer, deadline):
        answer = super().answer(offer, deadline)
        shown = answer.kind == "hello" and answer.version < TLS13
        return replace(answer, certificates=self.certificates) if shown else answer


def _certificate(directory, *names):
    path, _ = self_signed(directory, key="ec", names=names)
    return x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER)


@pytest.mark.parametrize("weak", ["a.test", "b.test", "any.c.test"])
def test_what_is_accepted_under_any_name_of_the_certificate_is_found(tmp_path, weak):
    takes = {TLS12: (ECDHE,)}
    certificate = _certificate(tmp_path, "a.test", "B.test", "*.c.test")
    seen = enumerated(Certified(takes, {weak: {**takes, TLS10: (RSA_AES,)}}, certificate))

    assert seen.versions == ("TLSv1.0", "TLSv1.2")
    assert seen.complete, seen.errors


class OverStream(Certified):
    """Shows its certificate to the TLS library as well, and knows nothing of SSL 2.0."""

    def open(self, deadline):
        return devices.CLOSED

    def certificate(self, server_name, deadline):
        return self.certificates[0], ""


def test_names_of_a_certificate_that_only_tls_1_3_shows_are_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(_enumerate, "StreamEndpoint", OverStream)
    takes = {TLS13: (AES_13,)}
    certificate = _certificate(tmp_path, "a.test", "b.test")
    seen = enumerated(OverStream(takes, {"b.test": {**takes, TLS10: (RSA_AES,)}}, certificate))

    assert seen.versions == ("TLSv1.0", "TLSv1.3")


def test_more_names_than_are_asked_for_leave_it_open(tmp_path):
    certificate = _certificate(tmp_path, *(f"{number}.test" for number in range(12)))
    seen = enumerated(Certified({TLS12: (ECDHE,)}, {}, certificate))

    assert not seen.complete
    assert "4 further names of the certificate were not asked for, such as 8.test" in seen.errors


def test_server_that_knows_no_such_name_is_asked_without():
    seen = enumerated(devices.ByName({TLS12: (ECDHE,)}, {"device.test": {}}), name="device.test")

    assert seen.complete, seen.errors
    assert (seen.server_name, seen.versions) == ("", ("TLSv1.2",))


@pytest.mark.parametrize(
    "otherwise", [devices.CLOSED, devices.RESET, devices.SILENT], ids=["closing", "reset", "silence"]
)
@pytest.mark.parametrize(
    ("low", "high"),
    [(256, 511), (200, 511), (300, 400), (512, 5000)],
    ids=["RFC 7685", "more", "fewer", "long"],
)
def test_server_that_stumbles_over_the_length_of_a_hello_is_found(otherwise, low, high):
    server = devices.StumblesOver(OLD_TOO, range(low, high + 1), otherwise)
    seen = enumerated(server)

    assert suites_of(seen) == ALL_OF_IT
    assert seen.complete, seen.errors


def test_server_that_answers_short_hellos_alone_is_found_and_stays_open():
    seen = enumerated(devices.StumblesOver(OLD_TOO, range(256, 5000)))

    assert suites_of(seen) == ALL_OF_IT
    assert not seen.complete
    assert "below 256 bytes" in str(seen.errors)


@pytest.mark.parametrize("busy", [devices.REFUSED, devices.CLOSED], ids=["refuses", "closes"])
@pytest.mark.parametrize(("takes_s", "busy_s"), [(4.5, 0.3), (1.0, 1.2), (7.0, 0.0)])
def test_microcontroller_is_enumerated_at_its_own_pace(takes_s, busy_s, busy):
    seen = enumerated(devices.Microcontroller({TLS12: (ECDHE, RSA_AES)}, takes_s, busy_s, busy))

    assert seen.versions == ("TLSv1.2",)
    assert len(seen.suites["TLSv1.2"]) == 2
    assert seen.complete, seen.errors
    assert seen.duration_s < 180


EVERYTHING = {
    "closing": (devices.CLOSED, "closed"),
    "a reset": (devices.RESET, "reset"),
    "an alert": (devices.ALERT_40, "alert"),
    "no connection": (devices.REFUSED, "connection refused"),
    "another protocol": (devices.BAD_REQUEST, "not TLS: HTTP/1.1 400"),
    "silence": (devices.SILENT, "silent"),
}


@pytest.mark.parametrize(("answer", "said"), EVERYTHING.values(), ids=EVERYTHING)
def test_server_that_refuses_everything_has_shown_nothing_and_is_left_soon(answer, said):
    server = devices.RefusesBy({}, answer)
    seen = enumerated(server)

    assert (seen.complete, seen.versions) == (False, ())
    assert said in str(seen.errors)
    assert len(server.asked) < 40
    assert seen.duration_s < 5
