"""First messages of the protocols that IoT devices speak over UDP: each asks for an answer and changes nothing."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass

__all__ = ["PAYLOADS", "Payload"]


@dataclass(frozen=True, slots=True)
class Payload:
    """One question.

    Attributes:
        name: of the protocol.
        ports: where it is usually spoken.
        data: the datagram.
        answer: bytes that an answer contains; empty: any answer is one.
        at: where they stand in it; None: anywhere.
    """

    name: str
    ports: tuple[int, ...]
    data: bytes
    answer: bytes = b""
    at: int | None = 0

    def fits(self, data: bytes) -> bool:
        """Whether some data have the form of an answer, as far as the protocol gives it one."""
        if not self.answer:
            return False
        return self.answer in data if self.at is None else data.startswith(self.answer, self.at)


def _dns(name: str, kind: int, *, flags: int = 0x0100) -> bytes:
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"
    return struct.pack("!6H", 0x4553, flags, 1, 0, 0, 0) + labels + struct.pack("!2H", kind, 1)


def _dhcp() -> bytes:
    """DHCPINFORM: asks for parameters and takes no address (RFC 2131, 3.4)."""
    head = (
        struct.pack("!4BIHH", 1, 1, 6, 0, 0x45545349, 0, 0)
        + bytes(16)
        + bytes.fromhex("02005e100001")
        + bytes(202)
    )
    return head + bytes.fromhex("63825363") + bytes([53, 1, 8, 55, 2, 1, 3, 255])


def _ssdp(target: bytes) -> bytes:
    head = b'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\n'
    return head + b"ST: " + target + b"\r\n\r\n"


def _ws_discovery() -> bytes:
    return (
        b'<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
        b'xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
        b'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><e:Header>'
        b"<w:MessageID>uuid:45545349-0000-4000-8000-000000000001</w:MessageID>"
        b"<w:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>"
        b"<w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>"
        b"<e:Body><d:Probe/></e:Body></e:Envelope>"
    )


def _sip() -> bytes:
    return (
        b"OPTIONS sip:probe@localhost SIP/2.0\r\nVia: SIP/2.0/UDP localhost;branch=z9hG4bKetsi;rport\r\n"
        b"From: <sip:probe@localhost>;tag=etsi\r\nTo: <sip:probe@localhost>\r\nCall-ID: etsi@localhost\r\n"
        b"CSeq: 1 OPTIONS\r\nMax-Forwards: 0\r\nContent-Length: 0\r\n\r\n"
    )


def _ike() -> bytes:
    """IKEv2 with a version number that nobody has: answered by INVALID_MAJOR_VERSION (RFC 7296, 2.5)."""
    return bytes.fromhex("4554534945545349") + bytes(8) + struct.pack("!4BII", 0, 0x90, 34, 8, 0, 28)


def _quic() -> bytes:
    """A long header with a reserved version: answered by a Version Negotiation packet (RFC 9000, 6.1)."""
    return (b"\xc0\x0a\x0a\x0a\x0a\x08ETSIETSI\x08ITSEITSE").ljust(1200, b"\0")


def _dtls() -> bytes:
    """ClientHello of DTLS 1.2 with usual suites: answered by a HelloVerifyRequest or an alert (RFC 6347)."""
    suites = bytes.fromhex("c02bc02fc00ac009c013c014c0aec0a8009c002f00ff")
    body = b"\xfe\xfd" + bytes(32) + b"\0\0" + struct.pack("!H", len(suites)) + suites + b"\x01\0"
    body += (
        bytes.fromhex("000e")
        + bytes.fromhex("000a00040002 0017".replace(" ", ""))
        + bytes.fromhex("000b00020100")
    )
    message = b"\x01" + len(body).to_bytes(3, "big") + b"\0\0\0\0\0" + len(body).to_bytes(3, "big") + body
    return b"\x16\xfe\xff" + bytes(8) + struct.pack("!H", len(message)) + message


def _snmp(version: int) -> bytes:
    """GetRequest of sysDescr.0 with the community "public" (RFC 3416)."""
    oid = bytes.fromhex("06082b060102010101 00".replace(" ", ""))
    variable = b"\x30" + bytes([len(oid) + 2]) + oid + b"\x05\0"
    request = b"\x02\x01\x07\x02\x01\0\x02\x01\0\x30" + bytes([len(variable)]) + variable
    content = b"\x02\x01" + bytes([version]) + b"\x04\x06public\xa0" + bytes([len(request)]) + request
    return b"\x30" + bytes([len(content)]) + content


def _snmp3() -> bytes:
    """Discovery of the engine (RFC 3414, 4)."""
    return bytes.fromhex(
        "303e020103301102044554534902030 0ffe30401040201030410300e0400020100020100040004000400"
        "30140400 0400a00e020445545349020100020100 3000".replace(" ", "")
    )


def _kasa() -> bytes:
    """System information in TP-Link's autokey obfuscation."""
    key, coded = 171, bytearray()
    for byte in b'{"system":{"get_sysinfo":{}}}':
        key ^= byte
        coded.append(key)
    return bytes(coded)


def _ntp() -> bytes:
    return b"\x23" + bytes(39) + b"ETSIETSI"


def _mqtt_sn() -> bytes:
    """SEARCHGW (MQTT-SN 1.2, 5.4.2)."""
    return b"\x03\x01\x00"


PAYLOADS: tuple[Payload, ...] = (
    Payload("dns", (53,), _dns("version.bind", 16)[:-2] + b"\0\x03", b"\x07version\x04bind", None),
    Payload("mdns", (5353,), _dns("_services._dns-sd._udp.local", 12, flags=0), b"_dns-sd", None),
    Payload("llmnr", (5355,), _dns("etsi-probe", 1, flags=0), b"etsi-probe", None),
    Payload("dhcp", (67,), _dhcp()),
    Payload("tftp", (69,), b"\0\x01etsi-probe\0octet\0", b"\0\x05"),
    Payload("kerberos", (88,), bytes.fromhex("6a16a103020105a20302010aa40a3008a006030400000000")),
    Payload("ntp", (123,), _ntp()),
    Payload(
        "netbios", (137,), struct.pack("!6H", 0x4553, 0, 1, 0, 0, 0) + b" CK" + b"A" * 30 + b"\0\0!\0\x01"
    ),
    Payload("snmp-v1", (161,), _snmp(0)),
    Payload("snmp-v2c", (161,), _snmp(1)),
    Payload("snmp-v3", (161,), _snmp3()),
    Payload("quic", (443,), _quic()),
    Payload("ike", (500, 4500), _ike()),
    Payload("rip", (520,), b"\x01\x02\0\0\0\0\0\0" + bytes(12) + b"\0\0\0\x10"),
    Payload("ipmi", (623,), bytes.fromhex("0600ff07000000000000000000092018c88100388e04b5")),
    Payload("rtp", (5004, 6970), b"\x80\x80" + bytes(10)),
    Payload("rtcp", (5005, 6971), b"\x80\xc9\0\x01\0\0\0\x01"),
    Payload("ssdp", (1900,), _ssdp(b"ssdp:all"), b"HTTP/1."),
    Payload("ssdp-root", (1900,), _ssdp(b"upnp:rootdevice"), b"HTTP/1."),
    Payload("mqtt-sn", (1883, 10000), _mqtt_sn()),
    Payload("espota", (3232, 8266), b"0 0 0 00000000000000000000000000000000\n"),
    Payload(
        "stun", (3478, 19302), struct.pack("!HHI", 1, 0, 0x2112A442) + b"ETSI-stun-id", b"\x21\x12\xa4\x42", 4
    ),
    Payload("ws-discovery", (3702,), _ws_discovery(), b"Envelope", None),
    Payload("sip", (5060,), _sip(), b"SIP/2.0"),
    Payload("matter", (5540,), b"\0\0\0\0\x01\0\0\0" + b"\x05\x20\0\0\0\0" + bytes(8)),
    Payload("coap", (5683,), b"\x44\x01\x45\x53ETSI\xbb.well-known\x04core", b"ETSI", 4),
    Payload("coaps", (5684,), _dtls(), b"\xfe", 1),
    Payload("tuya", (6666, 6667, 7000), bytes.fromhex("000055aa000000000000001200000008b8e97cd60000aa55")),
    Payload("kasa", (9999,), _kasa()),
    Payload("bacnet", (47808,), bytes.fromhex("810a001101040005010c0c023fffff194b")),
    Payload("miio", (54321,), bytes.fromhex("21310020") + b"\xff" * 28, b"\x21\x31"),
    Payload(
        "lifx",
        (56700,),
        struct.pack("<HHI", 36, 0x3400, 0x45545349) + bytes(14) + b"\x01\0" + bytes(8) + b"\x02\0\0\0",
    ),
    Payload("wiz", (38899,), json.dumps({"method": "getPilot", "params": {}}).encode()),
    Payload("gamespy", (27910,), b"\xff\xff\xff\xffstatus\n"),
    Payload("empty lines", (), b"\r\n\r\n"),
)
"""In the order in which a port is asked that may belong to any of them."""
