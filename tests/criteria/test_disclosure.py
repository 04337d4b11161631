"""What a device tells without a login: what it means, and whether it is documented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from documents import profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.criteria._disclosed import classify
from pytest_etsi.probes.disclosure import Disclosed, DisclosureObservation

if TYPE_CHECKING:
    from pytest_etsi.profile import Profile


def item(field: str, text: str, name: str = "", port: int = 443) -> Disclosed:
    return Disclosed("tcp", port, "/", field, name, text)


def seen(*items: Disclosed, gaps: tuple[str, ...] = ()) -> tuple[DisclosureObservation, ...]:
    return (DisclosureObservation("192.0.2.7", items, ("tcp/443 https",), gaps),)


@pytest.fixture
def documents() -> Any:
    """Makes a profile with one interface and one implementation."""

    def make(
        discloses: list[str] | None = None,
        prose: str = "nothing that matters",
        implementation: dict[str, Any] | None = None,
    ) -> Profile:
        facts = {"type": ["network", "logical"], "enabled": True, "endpoint": "443/tcp"}
        interface = {"ID": "Intf-web", "Type": "network", "Disclosed Information": prose}
        reviewed = implementation or {"name": "OpenSSL", "version": "3.0.15"}
        return profile_of(
            {
                "15-Intf": [interface | {"facts": facts | {"discloses": discloses or []}}],
                "12-NetSecImpl": [{"ID": "Impl", "Report": "R1", "facts": reviewed}],
            }
        )

    return make


RELEVANT = [
    ("software-version", item("header", "nginx/1.26.3", "Server")),
    ("software-version", item("banner", "SSH-2.0-OpenSSH_9.2p1 Debian-2")),
    ("software-version", item("banner", "220 (vsFTPd-3.0.3)")),
    ("version-field", item("json", "1.4.2", "firmware")),
    ("software-name-and-version", item("text", "running Linux 5.15.148 on arm")),
    ("private-key", item("text", "-----BEGIN RSA PRIVATE KEY-----")),
    ("web-token", item("script", 'x="eyJhbGciOiJI.eyJzdWIiOiIx.c2ln"')),
    ("cloud-key", item("script", "AKIAIOSFODNN7EXAMPLE")),
    ("secret-field", item("json", "hunter22", "wifi.psk")),
    ("stack-trace", item("text", 'Traceback (most recent call last): File "/srv/a.py", line 3')),
    ("stack-trace", item("text", "at com.example.Main(Main.java:12)")),
    ("directory-listing", item("listing", "Index of /files/ a.txt")),
    ("internal-address", item("header", "192.168.7.9:8081", "X-Backend")),
    ("account", item("json", "alice", "owner")),
]
HARMLESS = [
    item("header", "text/html", "Content-Type"),
    item("header", "https://<device>:8443/a", "Location"),
    item("text", "User name"),
    item("text", "Log in to the camera, please."),
    item("title", "404 Not Found"),
    item("cookie", "session"),
    item("json", "not found", "error"),
    item("certificate", "Example Root CA", "issuer CN"),
    item("script", "body{margin:0 1.5rem}"),
    item("xml", "1", "specVersion.major"),
    item("upnp", "urn:schemas-upnp-org:device:Basic:1", "deviceType"),
    item("upnp", "upnp:rootdevice", "ST"),
    item("xml", "https://<device>:8443/", "presentationURL"),
    item("sdp", "video 0 RTP/AVP 96", "m"),
    item("sdp", "- 0 0 IN IP4 0.0.0.0", "o"),
    item("header", "OPTIONS, DESCRIBE", "Public"),
    item("mdns", "examplecam.local:8443", "SRV"),
    item("mdns", "examplecam.local", "host"),
    item("mdns", "<device>", "A"),
    item("mdns", "fe80::1:2", "AAAA"),
]
UNCLASSIFIED = [
    item("header", "Zorg", "X-Engine"),
    item("text", "unit ab12cd34ef"),
    item("text", "write to admin@example.com"),
    item("json", "AABBCC", "id"),
    item("text", "see /usr/local/etc/app.conf"),
    item("script", 'const password = "hunter22"'),
    item("banner", "SSH-2.0-dropbear"),
    item("cookie", "PHPSESSID"),
    item("title", "OpenWrt LuCI"),
    item("xml", "2", "major"),  # of whose version?
    item("xml", "uuid:4d696e69-444c-164e-9d41-b827eb96c6c2", "UDN"),
    item("xml", "https://elsewhere.example/", "presentationURL"),
    item("sdp", "LIVE555 Streaming", "a"),
    item("mdns", "lamp-b827eb96c6c2.local:80", "SRV"),
    item("mdns", "2001:db8::7", "AAAA"),
]


@pytest.mark.parametrize(("rule", "one"), RELEVANT, ids=lambda value: value if isinstance(value, str) else "")
def test_what_matters_for_security_is_recognised(rule: str, one: Disclosed) -> None:
    found = classify([one])

    assert ("relevant", rule) in {(each.meaning, each.rule) for each in found}


@pytest.mark.parametrize("one", HARMLESS, ids=str)
def test_what_every_device_tells_is_harmless(one: Disclosed) -> None:
    assert [each.meaning for each in classify([one])] == ["harmless"]


@pytest.mark.parametrize("one", UNCLASSIFIED, ids=str)
def test_what_no_rule_knows_is_for_a_person(one: Disclosed) -> None:
    assert {each.meaning for each in classify([one])} == {"unclassified"}


def test_a_protocol_version_is_no_software_version() -> None:
    assert not [each for each in classify([item("banner", "RTSP/1.0 200 OK")]) if each.meaning == "relevant"]


def test_a_serial_number_matters_where_a_password_is_made_from_it() -> None:
    one = item("text", "no. L-77")

    assert classify([one], derived=["serial"], values={"serial": "L-77"})[0].meaning == "relevant"
    assert classify([one], values={"serial": "L-77"})[0].meaning == "unclassified"


def test_every_rule_has_a_reason_and_a_known_class() -> None:
    rules = read_json("disclosure.json")["rules"]

    assert all(rule["reason"] and rule["class"] in {"relevant", "doubt", "harmless"} for rule in rules)
    assert len({rule["name"] for rule in rules}) == len(rules)


def test_an_undocumented_version_refutes(documents: Any) -> None:
    profile = documents(["Server: nginx"])
    found = criteria.disclosure.undeclared(
        profile.ixit.intf[0], profile, seen(item("header", "nginx/1.26.3", "Server"))
    )

    assert "nginx/1.26.3" in str(found.violations)


@pytest.mark.parametrize("stated", ["Server: nginx/1.26.3", "nginx/1.26.3"])
def test_a_documented_version_does_not(documents: Any, stated: str) -> None:
    profile = documents([stated])
    found = criteria.disclosure.undeclared(
        profile.ixit.intf[0], profile, seen(item("header", "nginx/1.26.3", "Server"))
    )

    assert not found.violations
    assert not found.unknowns


@pytest.mark.parametrize("version", ["1.2", "v1.2", "version: 1.2", "firmware version 1.2"])
@pytest.mark.parametrize("shown", ["Lamp v1.2", "Lamp/1.2", "Lamp-1.2"])
def test_a_name_and_a_version_that_are_declared_may_be_shown_as_one_word(
    documents: Any, version: str, shown: str
) -> None:
    profile = documents(["Lamp", version])
    found = criteria.disclosure.undeclared(profile.ixit.intf[0], profile, seen(item("text", shown)))

    assert not found.violations


@pytest.mark.parametrize("stated", [["Lamp"], ["1.2"], ["Lamp", "Server: nginx/1.2"], ["Lamp", "1.2.3"]])
def test_a_name_with_a_version_is_not_declared_by_one_of_them_or_by_the_version_of_another(
    documents: Any, stated: list[str]
) -> None:
    profile = documents(stated)
    found = criteria.disclosure.undeclared(profile.ixit.intf[0], profile, seen(item("text", "Lamp v1.2")))

    assert found.violations


def test_a_longer_version_than_the_documented_one_is_another(documents: Any) -> None:
    profile = documents(["nginx/1.26.3"])
    found = criteria.disclosure.undeclared(
        profile.ixit.intf[0], profile, seen(item("header", "nginx/1.26", "Server"))
    )

    assert found.violations


def test_prose_that_denies_a_disclosure_does_not_document_it(documents: Any) -> None:
    said = "Without login the version nginx/1.26.3 is never shown."
    profile = documents(prose=said)
    found = criteria.disclosure.undeclared(
        profile.ixit.intf[0], profile, seen(item("header", "nginx/1.26.3", "Server"))
    )

    assert found.unknowns


def test_json_is_compared_by_key_and_value(documents: Any) -> None:
    profile = documents(['{"state": "initialized", "mode": {"power": "eco"}}'])
    told = seen(item("json", "initialized", "state"), item("json", "eco", "mode.power"))
    other = seen(item("json", "factory-fresh", "state"))

    assert not criteria.disclosure.undeclared(profile.ixit.intf[0], profile, told).unknowns
    assert criteria.disclosure.undeclared(profile.ixit.intf[0], profile, other).unknowns


def test_what_is_unclassified_and_undocumented_asks_a_person(documents: Any) -> None:
    profile = documents()
    found = criteria.disclosure.undeclared(
        profile.ixit.intf[0], profile, seen(item("header", "Zorg", "X-Engine"))
    )

    assert not found.violations
    assert found.unknowns


def test_a_gap_leaves_the_unit_open(documents: Any) -> None:
    profile = documents()
    gap = seen(item("text", "Log in"), gaps=("tcp/443: requests were not answered",))

    assert criteria.disclosure.undeclared(profile.ixit.intf[0], profile, gap).unknowns
    assert criteria.disclosure.reviewed_version(profile.ixit.net_sec_impl[0], gap).unknowns


def test_what_is_told_at_a_port_that_nobody_documents_is_not_lost(documents: Any) -> None:
    profile = documents()
    found = criteria.disclosure.undeclared(
        profile.ixit.intf[0], profile, seen(item("header", "nginx/1.26.3", "Server", port=8080))
    )

    assert found.violations


def test_what_another_interface_tells_is_asked_there() -> None:
    facts = {"type": ["network", "logical"], "enabled": True}
    stated = {"Type": "network", "Disclosed Information": "nothing"}
    entries = [
        {"ID": f"Intf-{port}", **stated, "facts": facts | {"endpoint": f"{port}/tcp"}} for port in (443, 8080)
    ]
    profile = profile_of({"15-Intf": entries})
    told = seen(item("header", "nginx/1.26.3", "Server", port=8080))

    assert not criteria.disclosure.undeclared(profile.ixit.intf[0], profile, told).violations
    assert criteria.disclosure.undeclared(profile.ixit.intf[1], profile, told).violations


@pytest.mark.parametrize(
    ("shown", "level"),
    [
        ("ExampleCam OpenSSL/3.0.15", None),
        ("ExampleCam OpenSSL/3.0.7", "violation"),
        ("OpenSSL 3.2.1", "violation"),
        ("OpenSSL/3.0.15-1~deb12u1", "unknown"),
        ("OpenSSL/3.0", "unknown"),
        ("OpenSSL 3 users", None),
        ("LibreOpenSSL/1.0", None),
        ("nothing of it", None),
    ],
)
def test_the_shown_version_is_compared_with_the_reviewed_one(
    documents: Any, shown: str, level: str | None
) -> None:
    entry = documents().ixit.net_sec_impl[0]
    found = criteria.disclosure.reviewed_version(entry, seen(item("header", shown, "Server")))

    assert [finding.kind for finding in found] == ([level] if level else [])


def test_without_any_text_of_the_device_no_version_is_compared(documents: Any) -> None:
    assert criteria.disclosure.reviewed_version(documents().ixit.net_sec_impl[0], seen()).unknowns


def test_facts_without_a_version_cannot_be_compared(documents: Any) -> None:
    entry = documents(implementation={"name": "OpenSSL"}).ixit.net_sec_impl[0]

    assert criteria.disclosure.reviewed_version(entry, seen(item("text", "hello"))).unknowns


def test_what_the_console_says_counts_as_well(documents: Any) -> None:
    entry = documents().ixit.net_sec_impl[0]
    lines = [("serial console", "OpenSSL 3.0.7 7 Feb 2023")]

    assert criteria.disclosure.reviewed_version(entry, (), lines).violations
