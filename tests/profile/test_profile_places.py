"""Where an entry answers: one reading of URL, port, endpoint, driver and protocol."""

from __future__ import annotations

import pytest

from pytest_etsi.profile._tables import models_for
from pytest_etsi.profile.places import Place, place_of_url, places_of, usual


def _places(table: str, facts: dict[str, object], access: dict[str, object] | None = None) -> list[Place]:
    facts_model, access_model = models_for(table)
    return list(places_of(facts_model.model_validate(facts), access_model.model_validate(access or {})))


def _where(table: str, facts: dict[str, object], access: dict[str, object] | None = None) -> list[str]:
    return [str(place) for place in _places(table, facts, access)]


def test_an_entry_that_says_nothing_is_nowhere() -> None:
    assert _where("1-AuthMech", {}) == []
    assert _where("24-TelData", {}) == []


def test_an_endpoint_says_port_transport_and_host() -> None:
    assert _places("1-AuthMech", {"endpoint": ["[2001:db8::7]:161/udp"]}) == [
        Place(161, "udp", "2001:db8::7")
    ]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://192.0.2.7/login", Place(443, "tcp", "192.0.2.7", "https", "/login")),
        ("http://192.0.2.7", Place(80, "tcp", "192.0.2.7", "http", "/")),
        ("https://[2001:db8::7]:8443/x?y=1", Place(8443, "tcp", "2001:db8::7", "https", "/x")),
        ("coap://lamp/", Place(5683, "udp", "lamp", "coap", "/")),
        ("odd://lamp:99/", Place(99, None, "lamp", "odd", "/")),
    ],
)
def test_a_url_leads_to_the_usual_port_of_its_scheme_unless_it_names_one(url: str, expected: Place) -> None:
    assert place_of_url(url) == expected


def test_a_url_of_an_unknown_scheme_without_a_port_leads_nowhere() -> None:
    with pytest.raises(ValueError, match="names no port"):
        place_of_url("odd://lamp/")


@pytest.mark.parametrize(
    ("driver", "facts", "expected"),
    [
        ("ssh", {}, "tcp/22"),
        ("telnet", {}, "tcp/23"),
        ("mqtt", {}, "tcp/1883"),
        ("mqtt", {"tls": {}}, "tcp/8883"),
        ("rtsp", {}, "tcp/554"),
        ("rtsp", {"tls": {}}, "tcp/322"),
    ],
)
def test_a_login_that_names_no_port_is_met_at_the_usual_one(
    driver: str, facts: dict[str, object], expected: str
) -> None:
    assert _where("1-AuthMech", facts, {"driver": driver}) == [expected]


def test_a_login_that_names_another_port_is_not_met_at_the_usual_one() -> None:
    assert _where("1-AuthMech", {}, {"driver": "ssh", "port": 2222}) == ["tcp/2222"]
    assert _where("1-AuthMech", {"endpoint": "2222/tcp"}, {"driver": "ssh"}) == ["tcp/2222"]
    assert _where("1-AuthMech", {"endpoint": "22/udp"}, {"driver": "ssh"}) == ["udp/22"]


def test_a_login_by_ssh_is_met_at_the_port_of_ssh_without_a_driver_too() -> None:
    assert _where("1-AuthMech", {"ssh": {}}) == ["tcp/22"]
    assert _where("11-ComMech", {"ssh": {}}) == []


def test_a_program_logs_in_by_ssh_where_ssh_is_and_by_the_web_where_the_url_leads() -> None:
    url = "https://192.0.2.7/"

    assert _where("1-AuthMech", {}, {"driver": "ssh", "url": url}) == ["tcp/22", "tcp/443"]
    assert _where("1-AuthMech", {"endpoint": "22/tcp"}, {"driver": "https-form", "url": url}) == [
        "tcp/443",
        "tcp/22",
    ]


def test_of_several_endpoints_the_usual_one_of_the_driver_comes_first() -> None:
    listed = {"endpoint": ["8022/tcp", "22/tcp"]}

    assert _where("1-AuthMech", listed, {"driver": "ssh"}) == ["tcp/22", "tcp/8022"]
    assert _where("1-AuthMech", listed) == ["tcp/8022", "tcp/22"]


@pytest.mark.parametrize("driver", ["https-form", "http-json", "http-basic", "of-the-project", None])
def test_a_web_login_or_an_unknown_one_without_an_address_is_nowhere(driver: str | None) -> None:
    assert _where("1-AuthMech", {}, {"driver": driver}) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"protocol": "https"}, "tcp/7000"),
        ({"protocol": "MQTT 3.1.1"}, "tcp/7000"),
        ({"protocol": "coap"}, "udp/7000"),
        ({"protocol": "CoAP over TCP"}, "tcp/7000"),
        ({"protocol": "HTTP/3"}, "udp/7000"),
        ({"protocol": "DTLS"}, "udp/7000"),
        ({"ssh": {}}, "tcp/7000"),
        ({"endpoint": "7000/udp"}, "udp/7000"),
        ({"endpoint": "7000/udp", "protocol": "https"}, "udp/7000"),
        ({}, "port 7000"),
        ({"protocol": "our own"}, "port 7000"),
        ({"protocol": "tcp and udp"}, "port 7000"),
        ({"protocol": "http, coap"}, "port 7000"),
        ({"tls": {}}, "port 7000"),
    ],
)
def test_the_transport_of_a_bare_port_is_what_the_facts_decide_or_open(
    facts: dict[str, object], expected: str
) -> None:
    assert set(_where("11-ComMech", facts, {"port": 7000})) == {expected}


def test_the_driver_decides_the_transport_of_its_port() -> None:
    assert _where("1-AuthMech", {}, {"driver": "http-basic", "port": 8080}) == ["tcp/8080"]
    assert _where("1-AuthMech", {}, {"driver": "of-the-project", "port": 8080}) == ["port 8080"]


def test_a_protocol_without_a_port_places_nothing() -> None:
    assert _where("11-ComMech", {"protocol": "https", "direction": "incoming"}) == []


@pytest.mark.parametrize(("direction", "count"), [("outgoing", 0), ("incoming", 2), ("both", 2), (None, 2)])
def test_what_a_mechanism_calls_is_no_place_of_the_device(direction: str | None, count: int) -> None:
    access = {"url": "https://cloud.example/", "host": "cloud.example", "port": 8883}

    assert len(_places("11-ComMech", {"direction": direction}, access)) == count
    assert "udp/9" in _where("11-ComMech", {"direction": direction, "endpoint": "9/udp"}, access)


def test_what_is_within_tls_has_a_usual_port_of_its_own_where_there_is_one() -> None:
    assert usual("mqtt", secure=True) == (8883, "tcp")
    assert usual("telnet", secure=True) == (23, "tcp")
    assert usual("https", secure=True) == (443, "tcp")
    assert usual("ble") is None
