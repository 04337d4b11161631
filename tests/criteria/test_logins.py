"""Logins that a search finds, and what it cannot tell of them."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import ServiceSearch
from pytest_etsi.dut.observe.unasked import UnaskedLogin
from pytest_etsi.probes.ports import PortScan
from pytest_etsi.probes.services import Challenge, Service
from pytest_etsi.verdict import Cause
from tests.criteria.documents import entry_of

HOST = "192.0.2.7"
MQTT = Challenge("mqtt", "CONNECT", "password")
OVER_TLS = {"tls": {"versions": ["TLSv1.2"]}, "endpoint": "8883/tcp"}


def search(*services):
    return ServiceSearch(services, ())


def levels(findings):
    return [(finding.kind, finding.aspect) for finding in findings]


@pytest.mark.parametrize("kind", ["telnet", "ftp", "mqtt", "rtsp", "vnc", "ssh"])
def test_a_service_of_a_kind_that_mostly_asks_for_credentials_is_open_where_it_asked_for_none(kind):
    found = criteria.logins.undocumented(search(Service(HOST, 2222, kind=kind)), [])

    assert levels(found) == [("unknown", "recognition")]
    assert f"whether this {kind} is a login" in str(found)


@pytest.mark.parametrize("kind", ["http", "https", "closed", "coap"])
def test_a_service_of_another_kind_that_asks_for_nothing_is_no_login(kind):
    service = Service(HOST, 8080, kind=kind)

    assert bool(criteria.logins.undocumented(search(service), [])) is (not service.identified)


@pytest.mark.parametrize("protocol", ["JSON-RPC, a line each", "bittorrent over tcp"])
def test_what_is_not_recognised_is_documented_where_an_entry_names_its_port_and_protocol(protocol):
    service = Service(HOST, 1705, banner='{"error": ...}')
    entry = entry_of("13-SoftServ", {"facts": {"endpoint": "1705/tcp", "protocol": protocol}})

    assert not criteria.logins.undocumented(search(service), [], services=[entry])


@pytest.mark.parametrize(
    "facts",
    [
        {"endpoint": "1705/tcp"},
        {"endpoint": "1705/tcp", "protocol": "tcp"},
        {"endpoint": "1705/udp", "protocol": "bittorrent"},
        {"endpoint": "1706/tcp", "protocol": "bittorrent"},
        {"endpoint": "1705/tcp", "protocol": "https"},  # which would have been recognised
    ],
)
def test_what_is_neither_recognised_nor_named_is_one_question_to_a_person(facts):
    entry = entry_of("13-SoftServ", {"facts": facts})
    (finding,) = criteria.logins.undocumented(search(Service(HOST, 1705)), [], services=[entry])

    assert (finding.kind, finding.aspect, finding.cause) == ("unknown", "recognition", Cause.JUDGEMENT)


def test_a_named_protocol_excuses_no_login_that_was_seen():
    asking = Service(HOST, 1705, challenges=(Challenge("login-prompt", "login:", "password"),))
    entry = entry_of("13-SoftServ", {"facts": {"endpoint": "1705/tcp", "protocol": "JSON-RPC"}})

    assert criteria.logins.undocumented(search(asking), [], services=[entry]).violations


def test_a_documented_service_that_does_not_answer_may_have_had_a_login():
    scan = PortScan(HOST, HOST, 65535, (22,), (), 65534, 0, complete=True, duration_s=1.0)
    met = ServiceSearch((Service(HOST, 22, kind="dns"),), (scan,), expected=(22, 8080))
    (finding,) = criteria.logins.undocumented(met, [])

    assert (finding.kind, finding.aspect, finding.cause) == ("unknown", "completeness", Cause.BENCH)
    assert "tcp/8080" in finding.message
    assert met.complete


def test_a_service_without_a_name_on_a_documented_port_is_accounted_for():
    entry = entry_of("1-AuthMech", {"facts": {"endpoint": "2222/tcp"}})

    assert not criteria.logins.undocumented(search(Service(HOST, 2222, kind="ssh")), [entry])


def test_keys_are_left_out_only_where_passwords_alone_are_asked_for():
    found = search(Service(HOST, 22, kind="ssh", challenges=(Challenge("ssh-publickey", "", "key"),)))

    assert criteria.logins.undocumented(found, []).violations
    assert not criteria.logins.undocumented(found, [], passwords_only=True)


def broker(port=1883, **changes):
    return Service(HOST, port, kind="mqtt", challenges=(MQTT,), **changes)


def mqtt_login(**facts):
    return entry_of("1-AuthMech", {"facts": OVER_TLS | facts, "access": {"driver": "mqtt"}})


def test_a_broker_without_tls_beside_a_login_over_tls_is_open():
    found = criteria.logins.plain_variants(search(broker()), mqtt_login())

    assert levels(found) == [("unknown", "channel")]
    assert "asks for credentials without TLS" in str(found)


def test_the_documented_broker_without_its_tls_is_a_violation():
    found = criteria.logins.plain_variants(search(broker(8883)), mqtt_login())

    assert levels(found) == [("violation", "channel")]


@pytest.mark.parametrize(
    ("service", "facts"),
    [
        (broker(8883, tls=True), OVER_TLS),
        (broker(1884, tls=True), OVER_TLS),
        (broker(), {"endpoint": "1883/tcp"}),
    ],
    ids=["the documented one", "another one over TLS", "one that is documented without TLS"],
)
def test_a_broker_that_is_as_documented_or_speaks_tls_is_no_plain_variant(service, facts):
    entry = entry_of("1-AuthMech", {"facts": facts, "access": {"driver": "mqtt"}})

    assert not criteria.logins.plain_variants(search(service), entry)


def test_a_broker_is_no_plain_variant_of_a_login_in_the_web():
    entry = entry_of("1-AuthMech", {"facts": OVER_TLS, "access": {"driver": "https-form"}})

    assert not criteria.logins.plain_variants(search(broker()), entry)


@pytest.mark.parametrize(
    ("service", "is_open"),
    [
        (Service(HOST, 8883, tls=True, kind="mqtt", complete=False), True),
        (Service(HOST, 80, kind="http", complete=False), True),
        (Service(HOST, 443, tls=True, kind="https", complete=False), False),
    ],
    ids=["the documented one", "one without TLS", "another one over TLS"],
)
def test_a_service_that_could_be_a_plain_variant_is_examined_to_its_end(service, is_open):
    found = criteria.logins.plain_variants(search(service), mqtt_login())

    assert bool(found.unknowns) is is_open
    assert not found.violations


# Which login accounts for what ------------------------------------------------------------------------------

OF_DRIVERS = {
    "https-form": {"form", "bearer", "api"},
    "http-json": {"form", "bearer", "api"},
    "http-basic": {"basic"},
    "http-digest": {"digest"},
    "ssh": {"ssh-password", "ssh-publickey"},
    "telnet": {"login-prompt"},
    "mqtt": {"mqtt"},
    "rtsp": {"rtsp-basic", "rtsp-digest"},
}
CHALLENGES = sorted({kind for kinds in OF_DRIVERS.values() for kind in kinds})


@pytest.mark.parametrize("driver", OF_DRIVERS)
def test_a_login_accounts_for_the_challenges_of_its_kind_and_for_no_others(driver):
    entry = entry_of("1-AuthMech", {"facts": {"endpoint": "443/tcp"}, "access": {"driver": driver}})
    accounted = {
        kind
        for kind in CHALLENGES
        if not criteria.logins.undocumented(
            search(Service(HOST, 443, tls=True, kind="https", challenges=(Challenge(kind, ""),))), [entry]
        ).violations
    }

    assert accounted == OF_DRIVERS[driver]


@pytest.mark.parametrize("kind", CHALLENGES)
def test_a_login_of_which_nothing_says_how_it_is_made_accounts_for_all_on_its_port_only(kind):
    entry = entry_of("1-AuthMech", {"facts": {"endpoint": "443/tcp"}})
    at = {
        port: Service(HOST, port, tls=True, kind="https", challenges=(Challenge(kind, ""),))
        for port in (443, 444)
    }

    assert not criteria.logins.undocumented(search(at[443]), [entry]).violations
    assert criteria.logins.undocumented(search(at[443], at[444]), [entry]).violations


def test_a_page_without_tls_that_shows_the_documented_login_is_its_copy_and_no_other():
    entry = entry_of(
        "1-AuthMech", {"facts": OVER_TLS | {"endpoint": "443/tcp"}, "access": {"driver": "https-form"}}
    )
    form, other = Challenge("form", "POST /login", "password"), Challenge("form", "POST /admin", "password")
    documented = Service(HOST, 443, tls=True, kind="https", challenges=(form,))

    def plain(challenge, **changes):
        service = {"kind": "http", "challenges": (challenge,)} | changes
        return search(documented, Service(HOST, 80, **service))

    assert criteria.logins.plain_variants(plain(form), entry).violations
    assert not criteria.logins.undocumented(plain(form), [entry]).violations
    assert not criteria.logins.plain_variants(plain(other), entry).violations
    assert criteria.logins.undocumented(plain(other), [entry]).violations
    assert criteria.logins.undocumented(plain(form, tls=True), [entry]).violations


# What a manual speaks of ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Connect by telnet to the lamp.", "telnet"),
        ("Use secure shell for maintenance.", "ssh"),
        ("Fetch the log by SFTP.", "ftp"),
        ("It offers MQTT as well.", "mqtt"),
        ("Any ONVIF recorder can log in.", "rtsp"),
        ("Read the counters by SNMP.", "snmp"),
        ("Attach to the UART inside.", "serial console"),
        ("Only the installer account may do so.", "service login"),
        ("The factory password is on the label.", "default password"),
        ("Enter the PIN code.", "PIN"),
        ("Type the pairing code.", "pairing"),
        ("Create an API key first.", "API key"),
    ],
)
def test_a_way_to_log_in_that_a_manual_speaks_of_is_open_until_an_entry_does_too(text, name):
    silent, speaking = (
        entry_of("1-AuthMech", {"facts": {"mentions": mentions}})
        for mentions in (["the owner"], [text.lower()])
    )

    assert f"speaks of a {name}," in str(criteria.logins.manual_mentions(text, [silent]).unknowns)
    assert not criteria.logins.manual_mentions(text, [speaking])


def test_each_service_login_is_another_one_and_is_told_once():
    entry = entry_of("1-AuthMech", {"facts": {"mentions": ["installer password"]}})
    text = "The installer password. The engineer menu. Again the engineer  menu. A default password."
    found = criteria.logins.manual_mentions(text, [entry])

    assert [finding.message.partition(",")[0] for finding in found] == [
        "the manual speaks of a service login",
        "the manual speaks of a default password",
    ]
    assert all(finding.kind == "unknown" for finding in found)


def test_the_pins_of_a_plug_are_no_login():
    assert not criteria.logins.manual_mentions("Mind the pins of the plug, and the pin on the connector.", [])


def test_a_named_protocol_excuses_no_service_that_mostly_asks_for_credentials():
    entry = entry_of("13-SoftServ", {"facts": {"endpoint": "2222/tcp", "protocol": "JSON-RPC"}})
    found = criteria.logins.undocumented(search(Service(HOST, 2222, kind="ssh")), [], services=[entry])

    assert levels(found) == [("unknown", "recognition")]


@pytest.mark.parametrize(
    ("endpoint", "protocol", "told"),
    [("5684", "udp", 0), ("5684", "tcp", 0), ("5684/tcp", "udp", 1), ("5684/tcp", "tcp", 0)],
)
def test_a_login_answers_where_it_is_documented_by_either_transport_where_none_is_named(
    endpoint, protocol, told
):
    entry = entry_of("1-AuthMech", {"facts": {"endpoint": endpoint}})
    found = criteria.logins.undocumented(search(Service(HOST, 5684, protocol=protocol, kind="dns")), [entry])

    assert len([one for one in found if "nothing was found to answer" in one.message]) == told


@pytest.mark.parametrize(
    ("url", "settle", "where", "cause"),
    [
        ("", "state access.protected_url", "the device", Cause.ACCESS),
        ("https://192.0.2.7/api", "", "https://192.0.2.7/api", None),
    ],
)
def test_why_a_login_that_nothing_asks_for_was_not_seen_is_told(url, settle, where, cause):
    (found,) = criteria.logins.unasked([UnaskedLogin("Web", url, "HTTP 503", opens=False, settle=settle)])

    assert f"whether {where} opens to the password of Web" in found.message
    assert (found.cause, found.settle) == (cause, settle)


@pytest.mark.parametrize(("opens", "kind"), [(True, "violation"), (False, "unknown")])
def test_a_login_that_nothing_asks_for_is_undocumented_where_it_opens_and_open_where_that_is_not_seen(
    opens, kind
):
    seen = UnaskedLogin("Web", "https://192.0.2.7/api", "HTTP 200", opens=opens)
    (found,) = criteria.logins.unasked([seen])

    assert (found.kind, found.aspect) == (kind, "completeness")


def test_a_manual_that_speaks_of_a_login_twice_is_quoted_once():
    found = criteria.logins.manual_mentions("Use Telnet. With telnet you see more, by SSH as well.", [])

    assert [one.message.partition(",")[0] for one in found] == [
        "the manual speaks of a telnet",
        "the manual speaks of a ssh",
    ]


# Between machines -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "port", "level"),
    [("mqtt", 8883, "violation"), ("ftp", 21, "violation"), ("snmp-v3", 161, "violation"), ("form", 443, "unknown"),
     ("modbus", 502, "violation"), ("coap", 5683, "violation"),
     ("basic", 80, "unknown"), ("rtsp-digest", 554, "unknown")],
)  # fmt: skip
def test_an_undocumented_login_of_machines_refutes_and_one_that_people_may_use_is_for_a_person(
    kind, port, level
):
    service = Service(HOST, port, kind=kind.partition("-")[0], challenges=(Challenge(kind, "", "password"),))
    found = criteria.logins.undocumented(search(service), [], passwords_only=True, between_machines=True)

    assert levels(found) == [(level, "completeness")]
    assert level == "violation" or found[0].cause is Cause.JUDGEMENT
    assert levels(criteria.logins.undocumented(search(service), [])) == [("violation", "completeness")]


MACHINE = {"facts": {"subject": "machine", "interface": "network", "endpoint": "8883/tcp"}}


def test_a_password_that_a_mechanism_between_machines_takes_or_asks_for_is_told():
    access = {"driver": "mqtt", "host": HOST, "port": 8883, "username": "device", "password": "${secret}"}
    entry = entry_of("1-AuthMech", MACHINE)
    broker = Service(HOST, 8883, kind="mqtt", challenges=(MQTT,))

    assert not criteria.machines.logs_in_by_password(entry)
    assert criteria.machines.logs_in_by_password(
        entry_of("1-AuthMech", MACHINE | {"access": access | {"password": "x" * 12}})
    )
    assert levels(criteria.machines.password_accepted(entry)) == [("violation", "behaviour")]
    assert "asks for a password (mqtt CONNECT)" in str(criteria.machines.offered(search(broker), entry))
    assert "only its peer" in str(criteria.machines.offered(search(), entry))
    assert criteria.machines.offered(search(Service(HOST, 8883, kind="mqtt")), entry) == ()


@pytest.mark.parametrize(
    ("facts", "open_"),
    [
        ({"subject": "machine", "interface": "local"}, True),
        ({"subject": "machine", "interface": "network"}, False),
        ({"subject": "user", "interface": "local"}, False),
        ({}, False),
    ],
)
def test_a_login_of_the_device_at_its_peer_is_for_a_person(facts, open_):
    found = criteria.machines.as_client(entry_of("1-AuthMech", {"facts": facts}))

    assert levels(found) == ([("unknown", "behaviour")] if open_ else [])
