"""What a device tells without a login, against the documents: by which interface, how much of it, and what is open."""

from __future__ import annotations

import pytest
from documents import profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.probes.disclosure import Disclosed, DisclosureObservation

WEB = {"ID": "Web", "facts": {"type": ["network", "logical"], "enabled": True, "endpoint": "443/tcp"}}
ETHERNET = {"ID": "Ethernet", "facts": {"type": ["network"], "enabled": True}}
SERVER = Disclosed("tcp", 443, "/", "header", "Server", "nginx/1.26.3")


def told(number, field="header", text="", port=443):
    return Disclosed("tcp", port, "/", field, f"X-{number}", text)


def undeclared(items, *, interfaces=(WEB,), name="Web", sources=("tcp/443 https",), more=(), **tables):
    dut = {"manufacturer": "Example", "model": "Lamp", "hardware": "A", "software": "1", "ssid": "LAMP-77AB"}
    profile = profile_of({"15-Intf": list(interfaces), **tables}, dut=dut)
    entry = next(one for one in profile.ixit.intf if one.id == name)
    observed = (DisclosureObservation("192.0.2.7", tuple(items), sources, ()), *more)
    return criteria.disclosure.undeclared(entry, profile, observed)


def kinds(found):
    return [finding.kind for finding in found]


def test_twenty_of_each_kind_are_told_and_none_hides_another():
    names = [told(number, text=f"nginx/1.{number}.0") for number in range(25)]
    names += [told(number, text=f"Zorg{number}") for number in range(25)]

    found = undeclared(names)

    named = [one for one in found if one.message != "and more of the same"]
    assert (kinds(named).count("violation"), kinds(named).count("unknown")) == (20, 20)
    assert len(found) > len(named)


def test_an_address_without_services_hides_none_that_has_some():
    silent = DisclosureObservation("192.0.2.8", (), (), ())

    assert kinds(undeclared([], more=(silent,))) == []
    assert [one.message for one in undeclared([], sources=(), more=(silent,)).unknowns] == [
        "no service was found that could be asked"
    ]


def test_the_name_of_the_network_matters_where_a_password_is_made_from_it():
    generation = {"method": "hash", "inputs": ["ssid"], "length": 8, "alphabet": "hex"}
    login = {"ID": "Login", "facts": {"password": {"origin": "pre-installed", "generation": generation}}}
    item = told(1, "text", "Welcome to LAMP-77AB")

    assert undeclared([item], **{"1-AuthMech": [login]}).violations
    assert not undeclared([item]).violations


@pytest.mark.parametrize(("name", "count"), [("Ethernet", 1), ("Web", 0)])
def test_what_is_told_at_a_port_of_no_interface_is_asked_of_those_that_carry_all_ports(name, count):
    item = told(1, text="nginx/1.26.3", port=8080)

    assert len(undeclared([item], interfaces=(WEB, ETHERNET), name=name).violations) == count


def test_what_is_told_at_the_port_of_an_interface_is_asked_of_it():
    assert len(undeclared([SERVER], interfaces=(WEB, ETHERNET)).violations) == 1
    assert not undeclared([SERVER], interfaces=(WEB, ETHERNET), name="Ethernet").violations


@pytest.mark.parametrize(
    ("item", "stated", "documented"),
    [
        # Of what matters its own part has to be documented, of the rest the whole.
        (told(1, "text", "running Linux 5.15.148 on arm"), "Linux 5.15.148", True),
        (told(1, "text", "running Linux 5.15.148 on arm"), "Linux 5.15.14", False),
        (told(1, text="Zorg engine of the maker"), "Zorg engine of the maker", True),
        (told(1, text="Zorg engine of the maker"), "Zorg", False),
    ],
)
def test_what_is_told_has_to_be_documented(item, stated, documented):
    web = WEB | {"facts": WEB["facts"] | {"discloses": [stated]}}

    found = undeclared([item], interfaces=(web,))

    level = "violation" if "Linux" in item.text else "unknown"
    assert (level not in kinds(found)) == documented


def stated(text, number=1, said=""):
    facts = WEB["facts"] | {"discloses": [text] if text else []}
    return {"ID": f"Web-{number}", "facts": facts, "Disclosed Information": said}


@pytest.mark.parametrize(
    ("field", "shown", "kept"),
    [
        ("title", "404 Not Found", ["note"]),
        ("certificate", "Example Root CA", ["note"]),
        ("text", "User name", []),
        ("header", "text/html", []),
    ],
)
def test_what_is_harmless_is_noted_where_a_device_names_itself(field, shown, kept):
    name = {"certificate": "issuer CN", "header": "Content-Type"}.get(field, "")

    assert kinds(undeclared([Disclosed("tcp", 443, "/", field, name, shown)])) == kept


def test_one_of_the_interfaces_at_a_place_may_declare_or_mention_what_is_told_there():
    other = stated("", 2)
    declares, mentions = stated("nginx/1.26.3"), stated("", said="It may show nginx/1.26.3 one day.")

    assert kinds(undeclared([SERVER], interfaces=(declares, other), name="Web-2")) == []
    assert kinds(undeclared([SERVER], interfaces=(mentions, other), name="Web-2")) == ["unknown"]
    assert kinds(undeclared([SERVER], interfaces=(other,), name="Web-2")) == ["violation"]


@pytest.mark.parametrize(("shown", "kept"), [("abcd", []), ("abc", ["unknown"])])
def test_three_letters_may_stand_in_a_declared_line_by_chance(shown, kept):
    assert (
        kinds(undeclared([told(1, text=shown)], interfaces=(stated(f"{shown} of it"),), name="Web-1")) == kept
    )


@pytest.mark.parametrize(
    ("line", "name"),
    [('[{"state": "eco"}]', "state"), ('{"mode": {"state": "eco"}}', "mode.state"), ('["eco", "high"]', "")],
)
def test_json_may_be_declared_as_it_is_sent(line, name):
    shown = Disclosed("tcp", 443, "/", "json", name, "eco")

    assert kinds(undeclared([shown], interfaces=(stated(line),), name="Web-1")) == []
