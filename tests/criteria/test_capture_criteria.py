"""Captured traffic against the documents: made-up observations, one good and one bad case of each question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from documents import entry_of, ixit_of

from pytest_etsi import criteria
from pytest_etsi.assessment.criteria._local import is_local
from pytest_etsi.assessment.criteria.capture import _regular
from pytest_etsi.dut import FailedBootObservation, ResilienceObservation
from pytest_etsi.dut.observe.resilience import Ending
from pytest_etsi.probes.capture import CanaryHit, CaptureObservation, ConnectionAttempt, Flow, SeenClientHello
from pytest_etsi.probes.tls.client_hello import ClientHello

if TYPE_CHECKING:
    from collections.abc import Sequence

DEVICE, CLOUD = "192.0.2.7", "198.51.100.9"
SUITES = ("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
RETRIES = {"retry_first_s": 1, "retry_max_s": 60, "retry_jitter": True}
MECHANISM = {
    "ID": "Cloud",
    "facts": {
        "direction": "outgoing",
        "peers": ["api.example:443"],
        "tls": {"versions": ["TLSv1.2", "TLSv1.3"], "cipher_suites": list(SUITES)},
    },
}


def _flow(server: str = CLOUD, port: int = 443, **parts: Any) -> Flow:
    usual = {"protocol": "tls", "protection": "tls", "transport": "tcp", "client": DEVICE, "client_port": 40_000,
             "first_s": 1.0, "last_s": 2.0, "packets": (5, 5), "octets": (500, 500)}  # fmt: skip
    return Flow(server=server, server_port=port, **(usual | parts))


def _capture(*flows: Flow, missing: Sequence[str] = (), **parts: Any) -> CaptureObservation:
    return CaptureObservation(
        "a.pcap",
        10,
        1.0,
        2.0,
        (DEVICE,),
        not missing,
        tuple(missing),
        {},
        flows,
        {CLOUD: ("api.example",)},
        **parts,
    )


def _hello(*suites: str, versions: tuple[str, ...] = ("TLSv1.3", "TLSv1.2")) -> SeenClientHello:
    return SeenClientHello(1.0, DEVICE, CLOUD, 443, "tls", ClientHello(versions, True, suites or SUITES))


# Who talks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flow", "level"),
    [
        (_flow(), None),
        (_flow(port=8443), "violation"),
        (_flow("203.0.113.5"), "violation"),
        (_flow("192.0.2.1", 53, transport="udp", protocol="dns", protection="plain"), "note"),
        (_flow(DEVICE, 554, client="192.0.2.50"), "violation"),
        (_flow(DEVICE, 554, client="192.0.2.50", packets=(3, 0)), None),
        (_flow("192.0.2.51", 80, client="192.0.2.50"), None),
        (_flow("203.0.113.5", 0, transport="ip-132", protocol="", protection="empty"), "unknown"),
        (_flow("203.0.113.5", 0, transport="ip-50", protocol="", protection="ipsec"), "unknown"),
        (_flow("203.0.113.5", 0, transport="icmp", protocol="", protection="empty"), None),
        (_flow("224.0.0.22", 0, transport="ip-2", protocol="", protection="empty"), None),
    ],
)
def test_flows_that_no_mechanism_documents_are_found(flow: Flow, level: str | None) -> None:
    found = criteria.capture.undocumented_flows(_capture(flow), ixit_of({"11-ComMech": [MECHANISM]}))

    assert [one.kind for one in found] == ([level] if level else [])


@pytest.mark.parametrize(
    ("outcomes", "protection", "answers"),
    [
        (["refused"], "empty", False),
        (["accepted"], "empty", True),
        (["refused", "accepted"], "empty", True),
        (["refused"], "unknown", True),
        ([], "empty", True),
    ],
)
def test_a_port_that_refuses_a_search_answers_nothing(
    outcomes: list[str], protection: str, answers: bool
) -> None:
    asks = "192.0.2.250"
    flow = _flow(DEVICE, 81, client=asks, protocol="", protection=protection, packets=(1, 1))
    attempts = tuple(ConnectionAttempt(1.0, asks, DEVICE, 81, outcome) for outcome in outcomes)  # type: ignore[arg-type]

    found = criteria.capture.undocumented_flows(_capture(flow, attempts=attempts), ixit_of({}))

    assert bool(found.violations) == answers


def test_a_documented_endpoint_answers() -> None:
    web = {"ID": "Web", "facts": {"direction": "incoming", "endpoint": "443/tcp"}}
    flow = _flow(DEVICE, 443, client="192.0.2.50")

    assert not criteria.capture.undocumented_flows(_capture(flow), ixit_of({"11-ComMech": [web]}))


def test_a_flow_of_one_of_several_mechanisms_is_documented() -> None:
    other = {"ID": "Other", "facts": {"direction": "outgoing", "peers": ["other.example:8883"]}}

    assert not criteria.capture.undocumented_flows(
        _capture(_flow()), ixit_of({"11-ComMech": [other, MECHANISM]})
    )


def test_an_undocumented_peer_is_called_by_the_name_that_the_device_used() -> None:
    ixit = ixit_of({"11-ComMech": [MECHANISM]})

    (by_hello,) = criteria.capture.undocumented_flows(
        _capture(_flow("203.0.113.5", server_name="spy.example")), ixit
    )
    (by_lookup,) = criteria.capture.undocumented_flows(
        _capture(_flow(port=8443, server_name="x.example")), ixit
    )
    (by_address,) = criteria.capture.undocumented_flows(_capture(_flow("203.0.113.5")), ixit)

    assert "calls spy.example, tcp/443" in by_hello.message
    assert "calls api.example, tcp/8443" in by_lookup.message
    assert "calls 203.0.113.5, tcp/443" in by_address.message


def test_an_incomplete_capture_leaves_something_open() -> None:
    found = criteria.capture.undocumented_flows(
        _capture(_flow(), missing=["2 packets were recorded in part only"]),
        ixit_of({"11-ComMech": [MECHANISM]}),
    )

    assert found.unknowns
    assert not found.violations


# With what protection ---------------------------------------------------------------------------------------


def test_a_client_that_offers_what_is_documented() -> None:
    found = criteria.capture.client_cryptography(
        entry_of("11-ComMech", MECHANISM), _capture(_flow(), client_hellos=(_hello(),))
    )

    assert not found.violations
    assert not found.unknowns


@pytest.mark.parametrize(
    ("capture", "words"),
    [
        (_capture(_flow(), client_hellos=(_hello(*SUITES, "TLS_RSA_WITH_RC4_128_SHA"),)), "RC4"),
        (_capture(_flow(), client_hellos=(_hello(versions=("TLSv1.2", "TLSv1.0")),)), "TLSv1.0"),
        (_capture(_flow(protocol="http", protection="plain")), "in clear"),
    ],
)
def test_a_client_that_offers_more_or_speaks_in_clear(capture: CaptureObservation, words: str) -> None:
    found = criteria.capture.client_cryptography(entry_of("11-ComMech", MECHANISM), capture)

    assert words in str(found.violations)


@pytest.mark.parametrize("flow", [_flow("203.0.113.5"), _flow(begun=False, protection="unknown-low-entropy")])
def test_a_capture_without_the_event_settles_nothing(flow: Flow) -> None:
    entry = entry_of("11-ComMech", MECHANISM)
    found = criteria.capture.client_cryptography(entry, _capture(flow))

    assert not found.violations
    assert "does not show the beginning" in str(found.unknowns)
    assert not criteria.capture.in_captures(entry, [_capture(flow)], ixit_of({"11-ComMech": [MECHANISM]}))


def test_what_another_client_offers_is_not_the_devices_offer() -> None:
    other = _hello(*SUITES, "TLS_RSA_WITH_RC4_128_SHA")._replace(client="192.0.2.50")
    elsewhere = _hello(*SUITES, "TLS_RSA_WITH_RC4_128_SHA")._replace(server_port=8443)

    for hello in (other, elsewhere):
        found = criteria.capture.client_cryptography(
            entry_of("11-ComMech", MECHANISM), _capture(_flow(), client_hellos=(hello,))
        )
        assert not found.violations
        assert "does not show the beginning" in str(found.unknowns)


@pytest.mark.parametrize(
    ("parts", "refuted"),
    [
        ({}, True),
        ({"begun": False}, False),
        ({"gaps": True}, False),
    ],
)
def test_speech_that_looks_clear_is_refuted_only_where_all_of_it_was_seen(
    parts: dict[str, Any], refuted: bool
) -> None:
    flow = _flow(**({"protection": "unknown-low-entropy", "protocol": "", "begun": True} | parts))

    found = criteria.capture.client_cryptography(
        entry_of("11-ComMech", MECHANISM), _capture(flow, client_hellos=(_hello(),))
    )

    assert [one.kind for one in found] == ["violation"] * refuted


def test_what_the_recorder_missed_leaves_the_clients_cryptography_open() -> None:
    found = criteria.capture.client_cryptography(
        entry_of("11-ComMech", MECHANISM), _capture(_flow(), client_hellos=(_hello(),), missing=["lost"])
    )

    assert [one.message for one in found.unknowns] == ["a.pcap: lost"]


def _hit(name: str) -> CanaryHit:
    return CanaryHit(name, "base64", 7, 900, "tcp", DEVICE, CLOUD, 80, 1.5)


@pytest.mark.parametrize(
    ("name", "refuted"),
    [("10-SecParam/Password", True), ("10-SecParam/Other", False), ("21-PersData/Mail", True)],
)
def test_known_values_in_clear_refute_the_mechanisms_that_carry_them(name: str, refuted: bool) -> None:
    ixit = ixit_of(
        {
            "10-SecParam": [{"ID": "Password", "Communication Mechanisms": "Cloud"}, {"ID": "Other"}],
            "11-ComMech": [MECHANISM],
            "21-PersData": [{"ID": "Mail", "Communication Mechanisms": "Cloud"}],
        }
    )
    mechanism = ixit.table("11-ComMech")[0]

    found = criteria.capture.plaintext(mechanism, [_capture(canary_hits=(_hit(name),))], ixit)

    assert bool(found.violations) == refuted


CARRIED = {
    "10-SecParam": [{"ID": "Password", "Communication Mechanisms": "Cloud"}, {"ID": "Other"}],
    "11-ComMech": [MECHANISM, MECHANISM | {"ID": "Local"}],
}


def _in_clear(hit: CanaryHit, mechanism: int = 0) -> list[tuple[str, str]]:
    ixit = ixit_of(CARRIED)
    found = criteria.capture.in_captures(ixit.com_mech[mechanism], [_capture(canary_hits=(hit,))], ixit)
    return [(one.kind, one.message) for one in found]


def test_a_known_value_in_a_packet_that_could_not_be_read_is_for_a_person() -> None:
    hit = _hit("10-SecParam/Password")._replace(source="", destination="", transport="", port=0)

    ((kind, message),) = _in_clear(hit)
    assert kind == "unknown"
    assert "packet 7, which could not be read so far as to tell who sent it" in message
    ((_, message),) = _in_clear(hit._replace(packet=0))
    assert "byte 900 of the file" in message


@pytest.mark.parametrize(
    ("source", "destination", "kind"),
    [
        (DEVICE, CLOUD, "violation"),
        (CLOUD, DEVICE, "violation"),
        ("fe80::7", CLOUD, "unknown"),
    ],
)
def test_a_known_value_between_others_may_be_of_an_address_that_nobody_named(
    source: str, destination: str, kind: str
) -> None:
    hit = _hit("10-SecParam/Password")._replace(source=source, destination=destination)

    assert [level for level, _ in _in_clear(hit)] == [kind]


def test_a_known_value_is_no_matter_of_a_mechanism_while_another_one_carries_it() -> None:
    assert _in_clear(_hit("10-SecParam/Password"), mechanism=1) == []


@pytest.mark.parametrize("mechanism", [0, 1])
def test_a_known_value_that_nothing_is_said_to_carry_is_left_to_a_person(mechanism: int) -> None:
    ((kind, message),) = _in_clear(_hit("10-SecParam/Other"), mechanism)

    assert kind == "unknown"
    assert "no entry of 11-ComMech is said to carry it" in message


def test_what_is_missing_leaves_open_only_the_questions_that_it_could_have_answered() -> None:
    seen = replace(
        _capture(_flow(), missing=["a hello"], client_hellos=(_hello(),)), concerns={"a hello": ("hellos",)}
    )
    ixit = ixit_of({"11-ComMech": [MECHANISM]})

    assert not criteria.capture.undocumented_flows(seen, ixit)
    assert not criteria.failed_boot.in_captures(BOOT, [replace(seen, flows=())], ixit)
    assert criteria.capture.client_cryptography(ixit.com_mech[0], seen).unknowns
    (noted,) = criteria.capture.in_captures(ixit.com_mech[0], [seen], ixit)
    assert (noted.kind, noted.message) == ("note", "not everything was found out by a.pcap: a hello")


# Coming back ------------------------------------------------------------------------------------------------


def _outage(waits: Sequence[float], **facts: Any) -> criteria.Findings:
    times = [100.0]
    for wait in waits:
        times.append(times[-1] + wait)
    attempts = tuple(ConnectionAttempt(at, DEVICE, CLOUD, 443, "refused") for at in times)
    others = (
        ConnectionAttempt(100.5, DEVICE, CLOUD, 80, "accepted"),
        ConnectionAttempt(100.6, "192.0.2.50", CLOUD, 443, "accepted"),
    )
    entry = entry_of("11-ComMech", MECHANISM | {"facts": MECHANISM["facts"] | (RETRIES | facts)})  # type: ignore[operator]
    observed = ResilienceObservation(_capture(attempts=(*attempts, *others)))
    return criteria.capture.reconnect(entry, observed)


@pytest.mark.parametrize(
    ("waits", "facts"),
    [
        ((0.6, 1.5, 3.7, 7.9), {}),
        ((1, 2, 4, 8, 16, 32), {"retry_jitter": False}),
        ((9.2, 10.6, 9.9, 10.9), {"retry_first_s": 10, "retry_max_s": 11}),
        ((30, 30, 30, 30, 30, 30), {"retry_first_s": 30, "retry_max_s": 30, "retry_jitter": False}),
    ],
)
def test_waits_as_documented(waits: Sequence[float], facts: dict[str, Any]) -> None:
    found = _outage(waits, **facts)

    assert not found.violations
    assert not found.unknowns


@pytest.mark.parametrize(
    ("waits", "facts", "words"),
    [
        ((1.01, 1.0, 1.02, 1.0), {}, "do not grow"),
        ((1.1, 0.97, 1.05, 1.02), {}, "do not grow"),
        (
            (10.0, 10.01, 10.0, 10.02, 10.0, 10.01),
            {"retry_first_s": 10, "retry_max_s": 10},
            "always the same",
        ),
        ((1, 2.0, 4.01, 8.0, 16.0, 32.0), {}, "each 2.00 times"),
        ((0.1, 0.2, 0.1, 0.2), {}, "storm"),
    ],
)
def test_waits_other_than_documented(waits: Sequence[float], facts: dict[str, Any], words: str) -> None:
    assert words in str(_outage(waits, **facts).violations)


@pytest.mark.parametrize(
    ("waits", "facts", "words"),
    [
        ((), {}, "1 attempts"),
        ((0.6, 1.5), {}, "too few"),
        ((1, 2.0, 4.0, 8.0), {}, "more are needed"),
        ((10.0, 10.0, 10.0, 10.0), {"retry_first_s": 10, "retry_max_s": 10}, "more are needed"),
        ((1, 2, 4, 8), {"retry_first_s": None, "retry_jitter": None}, "neither facts.retry_first_s"),
    ],
)
def test_what_was_seen_too_seldom_stays_open(
    waits: Sequence[float], facts: dict[str, Any], words: str
) -> None:
    found = (
        _outage(waits, **{name: value for name, value in facts.items() if value is not None})
        if None not in (facts.values())
        else criteria.capture.reconnect(entry_of("11-ComMech", MECHANISM), ResilienceObservation(_capture()))
    )

    assert not found.violations
    assert words in str(found.unknowns)


@pytest.mark.parametrize("facts", [{"retry_first_s": 1}, {"retry_jitter": False}])
def test_one_documented_figure_of_retries_is_enough_to_compare(facts: dict[str, Any]) -> None:
    entry = entry_of("11-ComMech", MECHANISM | {"facts": MECHANISM["facts"] | facts})  # type: ignore[operator]
    found = criteria.capture.reconnect(entry, ResilienceObservation(_capture()))

    assert "shows 0 attempts to connect" in str(found.unknowns)


def test_a_peer_that_was_seldom_called_does_not_hide_another() -> None:
    times = [100.0, 101.0, 102.0, 103.0, 104.0]
    attempts = tuple(ConnectionAttempt(at, DEVICE, CLOUD, 443, "refused") for at in times)
    seldom = ConnectionAttempt(100.2, DEVICE, "198.51.100.10", 443, "refused")
    entry = entry_of("11-ComMech", MECHANISM | {"facts": MECHANISM["facts"] | RETRIES})  # type: ignore[operator]

    for order in ((seldom, *attempts), (*attempts, seldom)):
        found = criteria.capture.reconnect(entry, ResilienceObservation(_capture(attempts=order)))
        assert "do not grow" in str(found.violations)
        assert not found.unknowns


def test_attempts_are_counted_with_the_first_to_each_peer() -> None:
    assert "shows 3 attempts" in str(_outage((0.6, 1.5)).unknowns)


@pytest.mark.parametrize(
    ("waits", "storm"),
    [
        ((0.2, 0.2, 0.2, 9), True),
        ((0.2, 0.2, 5, 9), False),  # half of them are no storm
        ((0.25, 0.25, 0.25, 0.25), False),  # a quarter of the first wait, and not below it
    ],
)
def test_most_waits_below_a_quarter_of_the_first_are_a_storm(waits: Sequence[float], storm: bool) -> None:
    assert ("a storm" in str(_outage(waits).violations)) == storm


@pytest.mark.parametrize(("most", "refuted"), [(4, True), (3.9, False), (None, False)])
def test_waits_are_to_grow_where_the_longest_is_four_times_the_first(
    most: float | None, refuted: bool
) -> None:
    facts = {"retry_first_s": 1, "retry_jitter": False} | ({} if most is None else {"retry_max_s": most})
    entry = entry_of("11-ComMech", MECHANISM | {"facts": MECHANISM["facts"] | facts})  # type: ignore[operator]
    attempts = tuple(ConnectionAttempt(100.0 + at, DEVICE, CLOUD, 443, "refused") for at in range(6))

    found = criteria.capture.reconnect(entry, ResilienceObservation(_capture(attempts=attempts)))

    assert ("do not grow" in str(found.violations)) == refuted


@pytest.mark.parametrize(
    ("waits", "said"),
    [
        ((50.0, 49.0, 50.0), "always the same"),  # 2 % below the longest
        ((50.0, 48.9, 50.0), ""),
        ((1.0, 2.0, 4.0), "each 2.00 times the one before"),
        ((1.0, 2.0, 5.0), ""),
        ((8.0, 4.0, 2.0), ""),
        ((10.0, 10.5, 11.025), ""),  # too slow to be meant
        ((0.0, 1.0, 2.0, 4.0), "each 2.00 times the one before"),
        ((0.0, 0.0, 1.0), ""),
    ],
)
def test_waits_that_can_be_foretold(waits: Sequence[float], said: str) -> None:
    assert _regular(waits) == said


def test_what_an_outage_or_an_endpoint_did_not_show_stays_open() -> None:
    entry = entry_of("11-ComMech", MECHANISM | {"facts": MECHANISM["facts"] | RETRIES})  # type: ignore[operator]
    closed = Ending("192.0.2.7:443", opened=False, closed=False, detail="refused")
    observed = ResilienceObservation(_capture(missing=["lost"]), endings=(closed,))

    told = [one.message for one in criteria.capture.reconnect(entry, observed).unknowns]

    assert "192.0.2.7:443: refused" in told
    assert "a.pcap: lost" in told


def test_an_endpoint_that_ends_in_good_order_and_one_that_does_not() -> None:
    entry = entry_of("11-ComMech", {"facts": {"direction": "incoming", "endpoint": "443/tcp"}})
    good = Ending("192.0.2.7:443", opened=True, closed=True)
    bad = Ending("192.0.2.7:443", opened=True, closed=False, detail="broken off")

    assert not criteria.capture.reconnect(entry, ResilienceObservation(endings=(good,)))
    assert "broken off" in str(
        criteria.capture.reconnect(entry, ResilienceObservation(endings=(good, bad))).unknowns
    )
    assert criteria.capture.reconnect(entry, ResilienceObservation()).unknowns


# After a failed secure boot ---------------------------------------------------------------------------------

BOOT = entry_of("20-SecBoot", {})


@pytest.mark.parametrize(
    ("flows", "level"),
    [
        ([], None),
        ([_flow("192.168.1.1", 53, transport="udp", protocol="dns")], None),
        ([_flow("203.0.113.5", 80)], "violation"),
        ([_flow()], "unknown"),
        ([_flow("203.0.113.5", 123, transport="udp", protocol="ntp")], "unknown"),
    ],
)
def test_only_documented_communication_is_left_after_a_detection(
    flows: list[Flow], level: str | None
) -> None:
    found = criteria.failed_boot.in_captures(BOOT, [_capture(*flows)], ixit_of({"11-ComMech": [MECHANISM]}))

    assert [one.kind for one in found] == ([level] if level else [])


@pytest.mark.parametrize(
    ("client", "packets", "levels"),
    [
        ("203.0.113.5", (1, 1), ["unknown"]),
        ("203.0.113.5", (1, 0), []),
        ("192.168.1.9", (1, 1), []),
    ],
)
def test_an_answer_to_a_wider_network_after_a_detection_is_left_to_a_person(
    client: str, packets: tuple[int, int], levels: list[str]
) -> None:
    flow = _flow(
        DEVICE, 123, client=client, transport="udp", protocol="", protection="unknown", packets=packets
    )
    ixit = ixit_of({"11-ComMech": [MECHANISM]})

    assert [one.kind for one in criteria.failed_boot.in_captures(BOOT, [_capture(flow)], ixit)] == levels
    assert _watched(LIGHT, flow, at_gateway=False) == levels
    assert _watched(LIGHT, flow) == (["unknown"] if packets[1] else [])


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("10.1.2.3", True),
        ("172.16.0.1", True),
        ("172.31.255.1", True),
        ("172.32.0.1", False),
        ("192.168.1.1", True),
        ("169.254.7.7", True),
        ("127.0.0.1", True),
        ("224.0.0.251", True),
        ("239.255.255.250", True),
        ("255.255.255.255", True),
        ("198.51.100.1", False),
        ("fe80::1", True),
        ("fe80::1%eth0", True),
        ("fd12:3456::1", True),
        ("fc00::1", True),
        ("ff02::fb", True),
        ("::1", True),
        ("2001:db8::1", False),
        ("fcdn.example", False),
    ],
)
def test_addresses_of_a_local_network_are_known(address: str, local: bool) -> None:
    assert is_local(address) == local


def test_a_capture_after_a_detection_that_is_empty_or_cut_short_is_open() -> None:
    none = ixit_of({})

    (empty,) = criteria.failed_boot.in_captures(BOOT, [replace(_capture(), packets=0)], none)
    (cut,) = criteria.failed_boot.in_captures(BOOT, [_capture(missing=["lost"])], none)

    assert (empty.kind, "is empty" in empty.message) == ("unknown", True)
    assert (cut.kind, cut.message) == ("unknown", "a.pcap: lost")


LIGHT = {"facts": {"alerts_on": ["device"]}, "access": {"watch_s": 12}}
MAIL = {"facts": {"alerts_on": ["mail"], "alert_hosts": ["alert.example", "203.0.113.5:25"]}}


def _watched(
    content: dict[str, Any], *flows: Flow, attempts: tuple[ConnectionAttempt, ...] = (), **changes: Any
) -> list[str]:
    """Levels of the findings on a device that sent these flows after its alert."""
    sound = FailedBootObservation(
        _capture(_flow()), replace(_capture(*flows), attempts=attempts), "the light blinks", at_gateway=True
    )
    found = criteria.failed_boot.watched(entry_of("20-SecBoot", content), replace(sound, **changes))
    return [one.kind for one in found]


def test_a_device_that_falls_silent_with_its_alert_passes() -> None:
    assert _watched(LIGHT) == []


def test_any_contact_with_a_wider_network_refutes_an_alert_on_the_device_alone() -> None:
    refused = ConnectionAttempt(1.0, DEVICE, "203.0.113.9", 443, "refused")

    assert _watched(LIGHT, _flow()) == ["violation"]
    assert _watched(LIGHT, _flow("203.0.113.5", 123, transport="udp", protocol="ntp")) == ["violation"]
    assert _watched(LIGHT, attempts=(refused,)) == ["violation"]
    assert _watched(LIGHT, attempts=(refused._replace(client="192.0.2.250"),)) == []


def test_addresses_of_the_local_network_count_only_where_nothing_local_is_recorded() -> None:
    near = _flow("192.168.1.1", 443)

    assert _watched(LIGHT, near, at_gateway=False) == []
    assert _watched(LIGHT, near, at_gateway=True) == ["violation"]


def test_the_documented_hosts_of_an_alert_may_be_talked_to() -> None:
    assert _watched(MAIL, _flow("203.0.113.5", 25)) == []
    assert _watched(MAIL, _flow("203.0.113.5", 80)) == ["violation"]
    assert _watched(MAIL, _flow("203.0.113.6", 53, transport="udp", protocol="dns")) == ["unknown"]
    assert _watched({"facts": {"alerts_on": ["mail"]}}, _flow()) == ["unknown"]
    assert _watched({}, _flow()) == ["unknown"]


def test_a_host_of_an_alert_may_be_named_as_the_device_called_it() -> None:
    called = {"facts": {"alerts_on": ["mail"], "alert_hosts": ["api.example"]}}
    found = criteria.failed_boot.watched(
        entry_of("20-SecBoot", LIGHT),
        FailedBootObservation(_capture(_flow()), _capture(_flow()), "the light blinks", at_gateway=True),
    )

    assert _watched(called, _flow()) == []
    assert [one.expected for one in found.violations] == ["nothing beyond the local network"]


def test_silence_that_may_be_the_recorders_is_open() -> None:
    assert _watched(LIGHT, before=_capture()) == ["unknown"]
    assert _watched(LIGHT, after=None, alert="", open=("the operation failed",)) == ["unknown"]
    assert _watched(LIGHT, after=replace(_capture(), missing=("packets were lost",))) == ["unknown"]
    nothing = FailedBootObservation()
    assert criteria.failed_boot.watched(entry_of("20-SecBoot", LIGHT), nothing).unknowns
