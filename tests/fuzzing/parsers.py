"""Every parser that meets what others have made, called in one way: with bytes; what it may raise is no crash.

Those on a connection are given one on which the bytes come, and which then ends.
"""

from __future__ import annotations

import base64
import contextlib
import datetime
import functools
import gzip
import io
import json
import socket
import struct
import tarfile
import tempfile
import threading
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pytest_etsi import bounds
from pytest_etsi.assessment import journal
from pytest_etsi.assessment.integrity import check_directory
from pytest_etsi.dut.observe.access.openapi_document import Document, OpenApiError
from pytest_etsi.dut.observe.access.refusals import compare_json
from pytest_etsi.dut.reach.auth.taking import json_at
from pytest_etsi.probes import _net, _xml, coap, rtsp, snmp, telnet
from pytest_etsi.probes.capture import NotACaptureError, read_capture
from pytest_etsi.probes.charset import decoded
from pytest_etsi.probes.disclosure import _answers, _model
from pytest_etsi.probes.discovery import _dns, _ssdp
from pytest_etsi.probes.http import _wire, challenges, forms, page, scripts
from pytest_etsi.probes.http.client import _unpack
from pytest_etsi.probes.image import search_image
from pytest_etsi.probes.json_text import read_json
from pytest_etsi.probes.mqtt.session import MqttSession
from pytest_etsi.probes.packages import Marker, NotRead, alterations, read_package
from pytest_etsi.probes.ssh import _exchange
from pytest_etsi.probes.ssh import _wire as ssh_wire
from pytest_etsi.probes.tls import _answer, _certificate, _dtls, _ssl2, client_hello, ssl2_hello
from pytest_etsi.probes.webdocs import Origin, read_document, read_html
from pytest_etsi.probes.webdocs.pdf import read_pdf
from pytest_etsi.profile._yaml import read_yaml
from pytest_etsi.profile.private_key import read_private_key
from pytest_etsi.profile.workbook import WorkbookError, import_workbook
from pytest_etsi.profile.workbook._archive import unpacked
from pytest_etsi.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PARSERS", "Parser"]


@dataclass(frozen=True, slots=True)
class Parser:
    """A parser, and what it is fed with first.

    Attributes:
        read: reads some bytes.
        seeds: small examples that it can read.
        refuses: the exceptions by which it says that it cannot.
        most: bytes that are handed to it at most.
        nested: what opens a level of nesting, and what closes it.
    """

    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    refuses: tuple[type[Exception], ...] = ()
    most: int = 1 << 20
    nested: tuple[bytes, bytes] = (b"[", b"]")


@functools.cache
def _place() -> Path:
    return Path(tempfile.mkdtemp(prefix="etsi-fuzzing-"))


def _file(name: str, data: bytes) -> Path:
    path = _place() / name
    path.write_bytes(data)
    return path


def _connection(data: bytes) -> socket.socket:
    """A connection on which the bytes come, and which then ends."""
    ours, theirs = socket.socketpair()

    def give() -> None:
        with theirs:
            try:
                theirs.sendall(data)
                theirs.shutdown(socket.SHUT_WR)
                while theirs.recv(65536):
                    pass
            except OSError:
                pass

    if len(data) < 50_000:  # as much as the socket holds
        theirs.sendall(data)
        theirs.close()
    else:
        threading.Thread(target=give, daemon=True).start()
    return ours


def _text(data: bytes) -> str:
    return decoded(data)


def _response(data: bytes, kind: str) -> httpx.Response:
    return httpx.Response(200, headers={"content-type": kind}, content=data)


def _http(data: bytes) -> None:
    wire = _wire.Wire(lambda _: None)
    wire.asked(b"GET / HTTP/1.1\r\n\r\n")
    for at in range(0, len(data), 4096):
        wire.feed(data[at : at + 4096])
    wire.end()


def _pages(data: bytes) -> None:
    text = _text(data)
    read_html(text)
    forms.read_forms(text)
    page.parse_page(text)
    scripts.scripts_of(text)
    scripts.login_paths(text)
    scripts.posted_logins(text)


def _document(data: bytes) -> None:
    for url, kind in (
        ("https://m.example/.well-known/security.txt", "text/plain"),
        ("https://m.example/p.md", "text/markdown"),
        ("https://m.example/p", "text/html"),
        ("https://m.example/p", "text/plain"),
    ):
        read_document(Origin(url, status=200, headers=(("content-type", kind),)), data)


def _image(data: bytes) -> None:
    search_image(_file("image", data), {"a secret": "correct-horse"})


def _cpio_seed() -> bytes:
    head = b"070701" + b"".join(b"%08X" % one for one in (1, 0o100644, 0, 0, 1, 0, 4, 0, 0, 0, 0, 2, 0))
    end = b"070701" + b"".join(b"%08X" % one for one in (0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 11, 0))
    return head + b"a\0" + b"text" + end + b"TRAILER!!!\0" + bytes(3)


def _disclosed(data: bytes) -> None:
    for kind in ("text/html", "application/json", "text/xml", "text/plain", ""):
        _answers.read(_model.Collection(("192.0.2.1",)), "/", _response(data, kind))


def _json_answers(data: bytes) -> None:
    answer = _response(data, "application/json")
    json_at(answer, "a.0.b")
    compare_json(answer, _response(b'{"a": 1}', "application/json"))


def _mqtt(data: bytes) -> None:
    for version in (4, 5):
        with _connection(data) as connection:
            session, _ = MqttSession._connect(connection, "a", "b", version, _net.Deadline(2.0))
            if session.connection is not None:
                session.listen(0.2)
            session.close()


def _ssh(data: bytes) -> None:
    with _connection(data) as connection:
        wire = ssh_wire.Wire(connection, _net.Deadline(2.0))
        while True:
            fields = ssh_wire.Fields(wire.packet())
            fields.number()
            fields.string()


def _received(data: bytes) -> None:
    with _connection(data) as connection:
        _net.receive(connection, _net.Deadline(2.0), enough=lambda _: False)


def _capture(data: bytes) -> None:
    read_capture(_file("fuzzed.pcap", data), hosts=("192.0.2.1",), canaries={"one": "canary-12345678"})


def _dtls_records(data: bytes) -> None:
    records = _dtls._Records()
    for at in range(0, len(data), 1400):
        if not records.take(data[at : at + 1400]):
            return
        records.answer(flight=True)


def _tls(data: bytes) -> None:
    _answer.parse(data, flight=True)
    _answer.parse(data, flight=False)
    _answer.server_hello(data)
    _ssl2._read(data, "closed")
    with contextlib.suppress(ValueError):
        ssl2_hello.parse_ssl2_hello(data)


def _record(data: bytes) -> None:
    path = _file("record.jsonl", data)
    check_directory(path.parent)
    journal.read_chain(path)


def _workbook(data: bytes) -> None:
    with tempfile.TemporaryDirectory(dir=_place()) as into:
        import_workbook(_file("fuzzed.xlsx", data), Path(into) / "profile")


def _redactor(data: bytes) -> None:
    redact = Redactor(["pl4nted&Secret/77", "s3cret"])
    assert "pl4nted&Secret/77" not in redact.text(data.decode("latin-1"))
    redact.bytes(data)


def _certificate_seed() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "camera")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
        .not_valid_after(datetime.datetime(2036, 1, 1, tzinfo=datetime.UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("camera.local")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.DER)


def _key_seed() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )


def _workbook_seed() -> bytes:
    import openpyxl

    book, made = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["ID", "Description"])
    sheet.append(["AuthMech-web", "login"])
    book.save(made)
    return made.getvalue()


def _zip_seed() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return made.getvalue()


def _capture_seed() -> bytes:
    packet = bytes.fromhex("ffffffffffff0200000000010800") + bytes.fromhex(
        "4500002c000040004011b6c3c0000201c000020210921092001800006865792d63616e6172792d3132"
    )
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    return head + struct.pack("<IIII", 1, 0, len(packet), len(packet)) + packet


def _named(*labels: bytes) -> bytes:
    return b"".join(bytes([len(one)]) + one for one in labels) + b"\0"


_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj "
    b"4 0 obj<</Length 40>>stream\nBT /F 12 Tf 20 100 Td (A sentence.) Tj ET\nendstream endobj "
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
_DNS_ANSWER = (
    struct.pack("!6H", 0, 0x8400, 0, 1, 0, 0)
    + _named(b"cam", b"_http", b"_tcp", b"local")
    + struct.pack("!HHIH", 16, 1, 120, 6)
    + b"\x05a=b c"
)
_OPENAPI = json.dumps(
    {
        "openapi": "3.1.0",
        "paths": {
            "/a/{x}": {
                "get": {"parameters": [{"$ref": "#/components/parameters/x"}], "security": [{"a": []}]}
            }
        },
        "components": {"parameters": {"x": {"name": "x", "in": "path", "schema": {"type": "integer"}}}},
    }
).encode()
_HELLO = bytes.fromhex("160303003a020000360303") + bytes(32) + bytes.fromhex("00c02f00000e") + bytes(14)
_RECORD = b'{"record": "run", "version": 1, "hash": "0"}\n'


def _openapi(data: bytes) -> None:
    opened = Document(_file("openapi.yaml", data))
    for one in opened.operations:
        for part in one.parameters:
            opened.resolved(part)


def _package(data: bytes) -> None:
    opened = read_package(_file("package", data))
    for one in alterations(opened, "1.4.3", Marker("../marker", b"x")):
        with contextlib.suppress(NotRead):
            one.write(_place() / "altered")


def _packages() -> tuple[bytes, ...]:
    """A tar, a zip, a cpio archive, and images that begin like RAUC's, MCUboot's and ESP-IDF's."""
    archive, packed = io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar, zipfile.ZipFile(packed, "w") as made:
        for name, content in (
            ("m.json", b'{"version": "1.4.3"}'),
            ("m.json.sig", bytes(64)),
            ("image", b"abc"),
        ):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
            made.writestr(name, content)
    cpio = b"070701" + b"0" * 48 + b"00000001" + b"0" * 32 + b"00000002" + b"0" * 8 + b"a\0x\0\0\0"
    cpio += b"070701" + b"0" * 80 + b"0000000B" + b"0" * 8 + b"TRAILER!!!\0"
    boot = struct.pack("<IIHHIIQI", 0x96F3B83D, 0, 32, 0, 8, 0, 1, 0) + bytes(8)
    boot += struct.pack("<HHHH", 0x6907, 40, 0x10, 32) + bytes(32)
    esp = b"\xe9\1" + bytes(21) + b"\1" + struct.pack("<II", 0, 4) + bytes(12) + bytes(32)
    rauc = b"hsqs" + bytes(100) + b"\x30\2ab" + struct.pack(">Q", 4)
    return archive.getvalue(), packed.getvalue(), cpio, boot, esp, rauc


PARSERS: dict[str, Parser] = {
    "capture": Parser(_capture, (_capture_seed(),), (NotACaptureError,), most=8 << 20),
    "certificate": Parser(
        _certificate.certificate_facts, (_certificate_seed(),), (ValueError,), most=bounds.CERTIFICATE.most
    ),
    "challenges": Parser(
        lambda data: challenges.parse_www_authenticate([data.decode("latin-1")]),
        (b'Digest realm="a, b", nonce="x", Basic realm=c',),
        most=16 * 1024,
    ),
    "charset": Parser(lambda data: decoded(data, data[:20].decode("latin-1")), (b"utf-8 \xff\xfea\0",)),
    "client hello": Parser(client_hello.read_client_hello, (_HELLO,), (ValueError,), most=64 * 1024),
    "coap": Parser(
        lambda data: coap.parse_answer(data, 1, b"t"), (b"\x61\x45\0\1t\xc0\xff</a>",), most=bounds.COAP.most
    ),
    "coding": Parser(
        lambda data: _unpack(data, "gzip, deflate", 100_000), (b"\x1f\x8b\x08\0", b"\x78\x9c\3\0")
    ),
    "disclosure": Parser(
        _disclosed, (b"<html><!-- v1 --><p>a</html>", b'{"a": {"b": "1.2"}}'), most=bounds.DISCLOSURE.most
    ),
    "document": Parser(
        _document,
        (
            b"<html lang=de><main><h1>A</h1><table><tr><th>B<td>1</table><dl><dt>c<dd>d</dl></main><footer>e",
            b"Contact: a@m.example\nExpires: 2030-01-01T00:00:00Z\n",
            b"# A\n\n1. b\n\n| c | d |\n|---|---|\n| 1 | 2 |\n",
        ),
        nested=(b"<div>", b"</div>"),
        most=bounds.DOCUMENT_TEXT.most,
    ),
    "pdf": Parser(read_pdf, (_PDF,), most=bounds.PDF.most, nested=(b"<<", b">>")),
    "dns": Parser(_dns.parse, (_DNS_ANSWER,), most=bounds.DNS.most),
    "dtls": Parser(
        _dtls_records, (b"\x16\xfe\xfd" + bytes(8) + b"\0\x20" + b"\2" + bytes(31),), most=bounds.DTLS.most
    ),
    "html": Parser(
        _pages,
        (
            b"<html><form action=/l><input type=password name=p><ol><li>1</ol><script>fetch('/login')</script>",
        ),
        nested=(b"<div>", b"</div>"),
        most=bounds.HTML.most,
    ),
    "http": Parser(
        _http,
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",),
        most=bounds.HTTP.most,
    ),
    "json": Parser(read_json, (b'{"a": [1, "b", null, {}]}',), (ValueError,), most=bounds.JSON.most + 1),
    "firmware image": Parser(
        _image,
        (
            _cpio_seed(),
            gzip.compress(_cpio_seed()),
            b"hsqs" + bytes(92),
            bytes(1024) + b"\0" * 56 + b"\x53\xef" + bytes(2000),
        ),
        most=1 << 20,
    ),
    "json of answers": Parser(_json_answers, (b'{"a": [{"b": "1"}], "error": "no"}',), most=bounds.HTTP.most),
    "mqtt": Parser(
        _mqtt, (b"\x20\2\0\0\x30\x08\0\3a/bxyz\x90\3\0\1\0", b"\x20\3\0\0\0"), most=bounds.MQTT_MESSAGE.most
    ),
    "openapi": Parser(
        _openapi,
        (_OPENAPI, b"openapi: 3.0.0\npaths: {/a: {get: {}}}\n"),
        (OpenApiError,),
        most=bounds.OPENAPI.most + 1,
    ),
    "private key": Parser(
        lambda data: read_private_key(_file("key", data), None),
        (_key_seed(),),
        (ValueError,),
        most=bounds.PRIVATE_KEY.most + 1,
    ),
    "reading a connection": Parser(_received, (b"220 hello\r\n",), most=4 * bounds.CONNECTION.most),
    "record": Parser(_record, (_RECORD,), (ValueError, OSError), most=8 << 20),
    "redaction": Parser(
        _redactor, (b"x pl4nted%26Secret/77 &amp; \\u0026 " + base64.b64encode(b"s3cret"),), most=64 * 1024
    ),
    "package": Parser(_package, _packages(), most=8 << 20),
    "rtsp": Parser(
        lambda data: rtsp._credentials(data, "rtsp://h/", "u", "p"),
        (b'RTSP/1.0 401 no\r\nWWW-Authenticate: Digest realm="a", nonce="b"\r\n\r\n',),
        most=bounds.RTSP.most,
    ),
    "snmp": Parser(
        lambda data: (snmp._description(data), snmp._engine_id(data)),
        (snmp._get_request(), snmp._discovery()),
        most=bounds.SNMP.most,
    ),
    "ssdp": Parser(
        _ssdp.parse_ssdp, (b"HTTP/1.1 200 OK\r\nST: a\r\nLOCATION: http://h/\r\n\r\n",), most=bounds.SSDP.most
    ),
    "ssh": Parser(
        _ssh,
        (b"SSH-2.0-x\r\n" + ssh_wire.packet(b"\x14" + bytes(16) + ssh_wire.string(b"a,b") * 10 + bytes(5)),),
        (ssh_wire.Broken,),
        most=bounds.SSH.most,
    ),
    "ssh host key": Parser(
        _exchange.host_key,
        (ssh_wire.string(b"ssh-ed25519") + ssh_wire.string(bytes(32)),),
        (ssh_wire.Broken, ValueError),
        most=bounds.SSH.most,
    ),
    "telnet": Parser(
        telnet.strip_commands, (b"\xff\xfd\x18login: \xff\xfa\x18\1\xff\xf0",), most=bounds.TELNET.most
    ),
    "tls": Parser(_tls, (_HELLO,), most=bounds.TLS.most),
    "workbook": Parser(_workbook, (_workbook_seed(),), (WorkbookError,), most=8 << 20),
    "workbook archive": Parser(unpacked, (_zip_seed(),), most=8 << 20),
    "xml": Parser(
        lambda data: (list(_xml.told(data)), list(_xml.tags(data)), list(_xml.elements(data))),
        (b'<?xml version="1.0"?><a b="c"><d>e</d><!-- f --></a>',),
        (_xml.XmlError,),
        nested=(b"<a>", b"</a>"),
        most=bounds.HTTP.most,
    ),
    "yaml": Parser(
        lambda data: read_yaml(data, "fuzzed.yaml"),
        (b"a: &x [1, {b: c}]\nd: *x\ne: |\n  f\n",),
        most=bounds.YAML.most + 1,
    ),
}
"""Name -> the parser."""
