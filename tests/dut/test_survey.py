"""A survey of small devices: what is drafted, how it is marked, what is kept, and how far it goes."""

from __future__ import annotations

import hashlib
import http.server
import json
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from pytest_etsi import reveal
from pytest_etsi.dut.reach.documented import documented_ports
from pytest_etsi.dut.reach.services import ServiceSearch
from pytest_etsi.dut.survey import Login, UnreachableError, UnusableCaptureError, survey
from pytest_etsi.dut.survey import documents as documents_module
from pytest_etsi.dut.survey.look import Seen, look
from pytest_etsi.probes.disclosure import DisclosureObservation
from pytest_etsi.probes.disclosure._model import Disclosed
from pytest_etsi.probes.ports import PortScan
from pytest_etsi.probes.services import Challenge, Service
from pytest_etsi.probes.ssh import SshObservation
from pytest_etsi.profile import load_profile
from pytest_etsi.profile.skeleton import Answers
from pytest_etsi.profile.unread import listening
from pytest_etsi.standard import EDITIONS
from pytest_etsi.verdict import Inconclusive
from tests.probes.capture_files import RAW, ipv4, pcap, question, tcp, udp
from tests.probes.hostile_servers import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_etsi.dut.survey import Surveyed
    from pytest_etsi.profile import Profile

HOST = "127.43.0.7"


def answers(**given: Any) -> Answers:
    return Answers("Example", "Cam", "1", "1.0", **({"host": HOST} | given))


class Basic(http.server.BaseHTTPRequestHandler):
    """Asks everybody for HTTP Basic."""

    requests: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        self.requests.append((self.command, self.headers.get("Authorization", "")))
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="home"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_POST = do_OPTIONS = do_GET  # noqa: N815 - as the server looks for them

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def basic() -> Iterator[int]:
    Basic.requests = []
    server = http.server.ThreadingHTTPServer((HOST, 0), Basic)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def written(found: Surveyed, directory: Path, **environ: str) -> Profile:
    for name, content in found.files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(content)
    return load_profile(directory, environ=environ)


@pytest.fixture(scope="module")
def surveyed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Surveyed, Profile, int, list[str]]:
    """A device with one login, surveyed with a credential."""
    directory, words = tmp_path_factory.mktemp("device"), []
    with basic() as port:
        found = survey(
            answers(),
            directory,
            logins=[Login(port, "", "admin", "${env:CAM}")],
            only_ports=str(port),
            secrets=["hunter22hunter"],
            progress=words.append,
        )
    return found, written(found, directory, CAM="hunter22hunter"), port, words


def test_a_login_is_drafted_with_its_evidence_and_how_it_is_exercised(surveyed):
    _, profile, port, _ = surveyed
    (entry,) = profile.ixit.auth_mech

    assert entry.id == f"AuthMech-{port}-basic"
    assert [str(one) for one in entry.facts.endpoint] == [f"{port}/tcp"]
    assert entry.facts.factors == ("password",)
    assert (entry.access.driver, entry.access.url) == ("http-basic", f"http://{HOST}:{port}/")
    assert (entry.access.username, reveal(entry.access.password)) == ("admin", "hunter22hunter")
    assert entry.draft is not None
    assert 'drafted from "survey/01-services.json"' in entry.draft.problem.message


def test_everything_that_is_drafted_is_marked_and_understood(surveyed):
    _, profile, _, _ = surveyed
    entries = [entry for table in profile.ixit if not table.single for entry in table]

    assert {entry.table for entry in entries} == {
        "1-AuthMech",
        "11-SecComMech",
        "13-SoftServ",
        "15-PhyIntf",
        "28-LogIntf",
    }
    assert all(entry.draft is not None for entry in entries)
    assert all(any(one.drafted for one in table.unread) for table in profile.ixit if not table.single)
    assert profile.open_problems == ()
    assert profile.ics.rows == {}


def test_the_service_refers_to_its_login(surveyed):
    _, profile, port, _ = surveyed
    (service,) = profile.ixit.soft_serv

    assert service.refers_to("Authentication Mechanism") == (f"AuthMech-{port}-basic",)
    assert service.facts.network is True


def test_evidence_stands_beside_the_draft_with_its_hashes(surveyed):
    found, *_ = surveyed
    listed = dict(
        reversed(line.split("  ")) for line in found.files["survey/SHA256SUMS"].decode().splitlines()
    )
    files = {
        name: data for name, data in found.files.items() if name.startswith("survey/") and name[-1] != "S"
    }

    assert listed == {
        name.removeprefix("survey/"): hashlib.sha256(data).hexdigest() for name, data in files.items()
    }
    services = json.loads(found.files["survey/01-services.json"])
    assert services["services"][0]["challenges"][0]["kind"] == "basic"


def test_no_password_is_sent_and_none_is_written(surveyed):
    found, *_ = surveyed

    assert Basic.requests
    assert {credential for _, credential in Basic.requests} == {""}
    assert {method for method, _ in Basic.requests} <= {"GET", "HEAD", "OPTIONS", "POST"}
    assert not any(b"hunter22hunter" in data for data in found.files.values())
    assert b"${env:CAM}" in found.files["ixit/01-AuthMech.yaml"]


def test_what_was_not_searched_is_an_open_point_of_the_table(surveyed):
    found, _, port, _ = surveyed
    channels = found.files["ixit/11-SecComMech.yaml"].decode()

    assert f"the survey was told to ask {port}" in channels
    assert "no captured traffic was given" in channels
    assert "does not look for these" in found.files["ixit/07-UpdMech.yaml"].decode()
    assert any("no captured traffic" in one for one in found.open)
    assert b"ports: all" in found.files["profile.yaml"]


def test_it_says_what_it_does_and_how_much_it_asked(surveyed):
    found, _, _, words = surveyed

    assert any("TCP ports asked" in one for one in words)
    assert words[-1] == ""
    assert found.questions >= 2


def scan(**given: Any) -> PortScan:
    return PortScan(**({"host": HOST, "address": HOST, "ports_scanned": 9, "open": (), "reset": (), "closed_count": 9,
                        "filtered_count": 0, "complete": True, "duration_s": 0.1} | given))  # fmt: skip


def drafted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seen: Seen, **given: Any
) -> tuple[Surveyed, Profile]:
    """The documents of what is said to be seen."""
    monkeypatch.setattr(documents_module, "look", lambda *_, **__: seen)
    edition = given.pop("edition", "1.1.1")
    found = survey(answers(edition=edition), tmp_path, **given)
    return found, written(found, tmp_path, CAM="x")


def search(*services: Service, **given: Any) -> ServiceSearch:
    return ServiceSearch(services, (scan(**given),), "")


NASTY = 'x\n  - ID: Evil\ndrafted: no\n"1-AuthMech": []\x1b[2J ${env:HOME} ${secret:a} # \u202e {} []: & * ! | > \' " % @ `'


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_a_device_says_cannot_write_documents(tmp_path, monkeypatch, edition):
    service = Service(
        HOST, 80, kind=NASTY, banner=NASTY, product=NASTY, challenges=(Challenge(NASTY, NASTY, "password"),
        Challenge("basic", f"/{NASTY} realm={NASTY!r}", "password")), note=NASTY, complete=False,
    )  # fmt: skip
    told = DisclosureObservation(HOST, (Disclosed("tcp", 80, NASTY, "title", NASTY, NASTY),), (), (NASTY,))
    seen = Seen(search(service), disclosed=(told,), gaps=[NASTY])
    _, profile = drafted(tmp_path, monkeypatch, seen, edition=edition)

    ids = {entry.id for table in profile.ixit if not table.single for entry in table}
    assert profile.open_problems == ()
    assert not any("Evil" in name and "AuthMech" not in name for name in ids)
    assert {"SoftServ-80-tcp"} <= ids
    assert all(entry.draft for table in profile.ixit if not table.single for entry in table)
    assert "${env:HOME}" in profile.ixit.soft_serv[0]["Description"]
    assert "\x1b" not in "".join(path.read_text() for path in tmp_path.rglob("*.yaml"))


def test_a_device_with_any_number_of_services_and_texts_is_drafted_within_bounds(tmp_path, monkeypatch):
    many = [
        Service(
            HOST,
            port,
            kind="http",
            banner="b" * 100_000,
            challenges=(Challenge("basic", "/" + "p" * 5000),) * 50,
        )
        for port in range(1, 2000)
    ]
    items = tuple(Disclosed("tcp", 1, "/", "text", "", f"{number} " + "t" * 4000) for number in range(2000))
    seen = Seen(search(*many), disclosed=(DisclosureObservation(HOST, items, ()),))
    found, profile = drafted(tmp_path, monkeypatch, seen)

    assert len(profile.ixit.auth_mech) == 64
    assert len(profile.ixit.soft_serv) == 128
    assert len(profile.ixit.intf[1].facts.discloses) == 40
    assert sum(len(data) for name, data in found.files.items() if name.startswith("ixit/")) < 2_000_000
    assert any("2000" not in one and "further item" in one for one in found.open)


SSH = SshObservation(
    HOST, 22, banner="SSH-2.0-dropbear_2022.83", kex=("curve25519-sha256", "diffie-hellman-group1-sha1"),
    host_keys=("ssh-rsa",), ciphers_c2s=("aes128-ctr",), ciphers_s2c=("3des-cbc",), macs_c2s=("hmac-sha2-256",),
    shown_key="ssh-rsa", shown_key_bits=1024, shown_key_sha256="ab" * 32, complete=True,
)  # fmt: skip


def test_settings_of_ssh_and_its_host_key_are_drafted(tmp_path, monkeypatch):
    service = Service(
        HOST, 22, kind="ssh",
        challenges=(Challenge("ssh-password", "", "password"), Challenge("ssh-publickey", "", "key")),
    )  # fmt: skip
    _, profile = drafted(tmp_path, monkeypatch, Seen(search(service), ssh={(HOST, "tcp", 22): SSH}))
    (login,), (channel,), (key,) = profile.ixit.auth_mech, profile.ixit.com_mech, profile.ixit.sec_param

    assert (login.access.driver, login.access.port, login.facts.factors) == ("ssh", 22, ("key", "password"))
    assert channel.facts.ssh.kex == SSH.kex
    assert channel.facts.ssh.ciphers == ("aes128-ctr", "3des-cbc")
    assert channel.facts.ssh.min_rsa_bits == 1024
    assert "ab" * 32 in key["Description"]


def test_several_addresses_of_a_device_give_each_service_once(tmp_path, monkeypatch):
    both = [
        Service(host, 80, kind="http", challenges=(Challenge("basic", "/ realm='x'"),))
        for host in (HOST, "::1")
    ]
    _, profile = drafted(tmp_path, monkeypatch, Seen(search(*both)))

    assert len(profile.ixit.soft_serv) == len(profile.ixit.auth_mech) == 1


def test_a_credential_for_no_login_or_for_one_of_several_is_for_none(tmp_path, monkeypatch):
    asking = (
        Challenge("basic", "/a realm='x'", "password"),
        Challenge("form", "POST /login with p", "password"),
    )
    given = [
        Login(80, "", "u", "${env:CAM}"),
        Login(81, "", "u", "${env:CAM}"),
        Login(80, "form", "v", "${env:CAM}"),
    ]
    seen = Seen(search(Service(HOST, 80, kind="http", challenges=asking)))
    found, profile = drafted(tmp_path, monkeypatch, seen, logins=given)

    assert {one.id: one.access.username for one in profile.ixit.auth_mech} == {
        "AuthMech-80-basic": None,
        "AuthMech-80-form": "v",
    }
    assert any("80/basic, 80/form" in one for one in found.open)
    assert any("no login was seen for which the credential for port 81" in one for one in found.open)


def test_secrets_of_the_secrets_file_are_named_and_the_file_is_asked_for(tmp_path, monkeypatch):
    seen = Seen(search(Service(HOST, 80, kind="http", challenges=(Challenge("basic", "/", "password"),))))
    monkeypatch.setattr(documents_module, "look", lambda *_, **__: seen)
    (tmp_path / "secrets.yaml").write_text("cam: s3cretvalue\n")
    given = Login.parse("80=admin:${secret:cam}")
    found = survey(answers(), tmp_path, logins=[given])

    assert survey(answers(), tmp_path / "elsewhere", logins=[given]).lacking == "secrets.yaml"
    assert found.lacking == ""
    assert reveal(written(found, tmp_path).ixit.auth_mech[0].access.password) == "s3cretvalue"


@pytest.mark.parametrize(
    "text", ["80=admin:hunter2", "80", "0=a:${env:X}", "80=a:${env:X} and more", "80=a:x${env:X}"]
)
def test_a_password_itself_is_not_taken_and_not_repeated(text):
    with pytest.raises(ValueError, match="placeholder") as caught:
        Login.parse(text)

    assert "hunter2" not in str(caught.value)


def test_a_device_that_gives_no_answer_is_no_device_without_services(tmp_path, monkeypatch):
    silent = search(closed_count=0, filtered_count=9, complete=False, error="no answer from any port")

    with pytest.raises(UnreachableError, match=rf"no answer at all from {HOST}: no answer from any port"):
        drafted(tmp_path, monkeypatch, Seen(silent))
    assert list(tmp_path.iterdir()) == []


def test_a_device_that_refuses_everything_has_drafts_of_nothing(tmp_path, monkeypatch):
    _, profile = drafted(tmp_path, monkeypatch, Seen(search()))

    assert len(profile.ixit.auth_mech) == 0
    assert profile.ixit.auth_mech.unread[0].drafted


def test_whom_the_device_calls_is_drafted_from_a_capture(tmp_path):
    capture = tmp_path / "evening.pcap"
    packets = [
        ipv4(udp(question("api.example"), target=53), source=HOST, target="10.0.0.1"),
        ipv4(tcp(b"", 1, 2, target=8883), 6, source=HOST, target="192.0.2.9"),
        ipv4(tcp(b"", 1, 2, source=50_000, target=80), 6, source="192.0.2.9", target=HOST),
    ]
    pcap(capture, packets, link=RAW)
    listener = socket.create_server((HOST, 0))
    with listener:
        free = listener.getsockname()[1]
    found = survey(answers(), tmp_path / "cam", captures=[capture], only_ports=str(free))
    profile = written(found, tmp_path / "cam")
    outgoing = [one for one in profile.ixit.com_mech if one.facts.direction == "outgoing"]

    assert {peer for one in outgoing for peer in one.facts.peers} == {"10.0.0.1:53", "192.0.2.9:8883"}
    assert all(one.draft.problem.message.count("capture-evening") for one in outgoing)
    assert [one.file for one in profile.access.captures] == [tmp_path / "cam" / ".." / "evening.pcap"]


def test_a_file_that_is_no_capture_is_said_before_the_device_is_asked(tmp_path, monkeypatch):
    (tmp_path / "notes.pcap").write_text("no packets")
    monkeypatch.setattr(
        "pytest_etsi.dut.reach.network.search_services", lambda *_, **__: pytest.fail("was asked")
    )

    with pytest.raises(UnusableCaptureError, match=r"notes\.pcap"):
        survey(answers(), tmp_path / "cam", captures=[tmp_path / "notes.pcap"])


def flood(connection: socket.socket) -> None:
    """Talk without an end."""
    for _ in range(2000):
        connection.sendall(b"A" * 65_536)


def test_a_server_that_floods_is_drafted_within_bounds(tmp_path):
    with serve(flood, host=HOST) as port:
        found = survey(answers(), tmp_path, only_ports=str(port))
    written(found, tmp_path)

    assert sum(map(len, found.files.values())) < 3_000_000


class Slow:
    """A device all of whose endpoints speak TLS, and whose clock goes on by a minute for each."""

    def __init__(self) -> None:
        self.now, self.asked = 0.0, 0
        self.network = self

    def captures(self) -> tuple[()]:
        return ()

    def services_so_far(self) -> ServiceSearch:
        return search(*(Service(HOST, port, kind="https", tls=True) for port in range(1, 60)))

    def tls(self, host: str, port: int, service: Service) -> None:
        self.now, self.asked = self.now + 60, self.asked + 1
        raise Inconclusive("its time was up", cause="bench", settle="")

    def disclosures(self) -> tuple[()]:
        return ()


def test_endpoints_are_asked_for_their_settings_for_a_time_only_and_the_rest_is_open():
    device = Slow()
    seen = look(device, progress=lambda _: None, asking_s=600, clock=lambda: device.now)

    assert device.asked == 11
    assert sum("the time of the survey was up" in gap for gap in seen.gaps) == 48


def test_what_was_not_recognised_is_given_no_name_that_would_account_for_it(tmp_path, monkeypatch):
    odd = "\\x13BitTorrent\u00e4\\x00"
    told = DisclosureObservation(HOST, (Disclosed("tcp", 51413, "", "banner", "", odd),), ())
    seen = Seen(search(Service(HOST, 51413, banner=odd)), disclosed=(told,))
    _, profile = drafted(tmp_path, monkeypatch, seen)

    assert "BitTorrent" not in (tmp_path / "ixit" / "13-SoftServ.yaml").read_text()
    assert profile.ixit.intf[1].facts.discloses == ()
    assert profile.ixit.soft_serv[0].facts.protocol is None
    assert profile.ixit.com_mech[0].facts.protocol is None


def test_drafts_that_only_say_where_to_look_as_well_are_not_told(tmp_path, monkeypatch):
    _, profile = drafted(tmp_path, monkeypatch, Seen(search(Service(HOST, 80, kind="http"))))
    heard = []
    with listening(heard.append):
        found = documented_ports(profile)

    assert found.tcp == (80,)
    assert heard == []
