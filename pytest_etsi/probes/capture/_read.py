"""Reads a capture once, packet by packet."""

from __future__ import annotations

import gc
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_etsi.probes.capture._account import Account
from pytest_etsi.probes.capture._connection import Connection
from pytest_etsi.probes.capture._dialogue import Dialogue, End
from pytest_etsi.probes.capture._exchange import Exchange
from pytest_etsi.probes.capture._facts import Facts, address
from pytest_etsi.probes.capture._layers import Carried, Layers
from pytest_etsi.probes.capture._model import CanaryHit, CaptureObservation, Flow
from pytest_etsi.probes.capture._tunnels import UDP_TUNNELS
from pytest_etsi.probes.capture._unpacking import opened_capture
from pytest_etsi.probes.needles import MIN_LENGTH, Needles

if TYPE_CHECKING:
    import mmap
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pytest_etsi.probes.capture._files import CaptureFile
    from pytest_etsi.probes.capture._model import ConnectionAttempt

__all__ = ["read_capture"]

_MOST_FLOWS = 200_000
_TCP, _UDP = 6, 17
_TRANSPORTS = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmp6"}
_PORTS = struct.Struct(">HH").unpack
_IPV4, _IPV6 = b"\x08\x00\x45", b"\x86\xdd\x60"
"""Ethernet type and first byte of the header: IPv4 without options, IPv6."""
_USUAL = struct.Struct(">12x3sxH2xHxB2x12s9xB").unpack_from
"""A frame of Ethernet with IPv4 and TCP: what begins it, length, fragment, protocol, ends and flags."""
_USUAL_IPV6 = struct.Struct(">18xHBx36s9xB").unpack_from
"""The same with IPv6: length, protocol, ends and flags."""
_NOTHING_MORE = 1 << 62
_KINDS: dict[int, type[Dialogue]] = {_TCP: Connection, _UDP: Exchange}


def read_capture(
    path: Path, *, hosts: Iterable[str] = (), canaries: Mapping[str, str] | None = None
) -> CaptureObservation:
    """Read what a capture file shows.

    Args:
        path: pcap or pcapng, as it is or compressed by gzip; it must not become shorter meanwhile.
        hosts: addresses of the device.
        canaries: name -> a known value that is searched in all packets, as it is, in base64, as hex digits, and as
            URLs, JSON and UTF-16 write it.

    Raises:
        OSError: it cannot be read.
        NotACaptureError: it is no capture.
    """
    with opened_capture(path) as file, _no_collection():
        return _Reader(file, Needles(canaries or {})).read(path.name, tuple(hosts))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Put the cyclic garbage collector off: it would go through everything that was found, over and over."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _may_be_tunnel(ports: bytes) -> bool:
    return not UDP_TUNNELS.isdisjoint(_PORTS(ports))


def _addresses(carried: Carried) -> tuple[str, str]:
    return address(carried.source), address(carried.destination)


class _Reader:
    def __init__(self, file: CaptureFile, needles: Needles) -> None:
        self._file = file
        self._account = Account()
        self._facts = Facts(needles, self._account)
        self._layers = Layers(self._account)
        self._tcp: dict[bytes, End] = {}
        self._udp: dict[bytes, End] = {}
        self._tunnels: dict[bytes, End] = {}
        self._rest: dict[bytes, End] = {}
        self._flows: list[Flow] = []
        self._attempts: list[ConnectionAttempt] = []
        self._hosts: frozenset[str] = frozenset()
        self._dialogues = 0
        self._refused = False

    def read(self, name: str, hosts: tuple[str, ...]) -> CaptureObservation:
        self._hosts = frozenset(hosts)
        hits = self._facts.needles.in_file(self._file)
        count, first, last = self._packets(hits)
        for halves in (self._tcp, self._udp, self._tunnels, self._rest):
            for dialogue in [half.dialogue for half in halves.values() if half.forward]:
                self._close(dialogue)
            halves.clear()
        self._note_what_is_missing()
        gaps = self._account.gaps()
        facts = self._facts
        return CaptureObservation(
            file=name,
            packets=count,
            first_s=first / 1e9,
            last_s=last / 1e9,
            hosts=hosts,
            complete=not gaps,
            missing=tuple(gaps),
            unread=dict(sorted(self._account.unread.items())),
            flows=tuple(sorted(self._flows, key=lambda flow: flow.first_s)),
            names={key: tuple(names) for key, names in sorted(facts.names.items())},
            client_hellos=tuple(facts.client_hellos),
            server_hellos=tuple(facts.server_hellos),
            attempts=tuple(sorted(self._attempts, key=lambda one: one.at_s)),
            dns=tuple(facts.dns),
            dhcp=tuple(facts.dhcp),
            http=tuple(facts.http),
            mqtt=tuple(facts.mqtt),
            requests=tuple(facts.requests),
            canaries=facts.needles.names,
            canary_hits=tuple(facts.hits),
            concerns=gaps,
        )

    def _note_what_is_missing(self) -> None:
        file, needles, lacking = self._file, self._facts.needles, self._account.lacking
        if file.damage:
            lacking(f"the file is damaged or cut off: {file.damage}")
        if file.packing:
            lacking(f"the file could not be unpacked whole: {file.packing}")
        lacking("{} packets were recorded in part only (snap length)", count=file.cut)
        lacking("the recorder has lost {} packets", count=file.dropped)
        lacking("fragments of {} datagrams are missing", count=self._layers.incomplete)
        if self._refused:
            lacking(f"there are more than {_MOST_FLOWS} flows; later ones were left out")
        if self._facts.full or needles.full:
            lacking("there are more facts of one kind than are kept")
        if needles.short:
            lacking(
                f"shorter than {MIN_LENGTH} bytes and therefore not searched: {', '.join(needles.short)}",
                "values",
            )

    def _packets(self, hits: list[tuple[int, int, str, str]]) -> tuple[int, int, int]:
        """Read all packets; gives their number and the times of the first and last one in ns.

        This is where nearly all time goes: the usual packets are told by their bytes at fixed places, everything else
        is taken apart layer by layer.
        """
        data, facts, tcp, udp = self._file.data, self._facts, self._tcp, self._udp
        usual, usual_ipv6 = _USUAL, _USUAL_IPV6
        hits.append((_NOTHING_MORE, _NOTHING_MORE, "", ""))
        hit, next_hit = 0, hits[0][0]
        count = first = last = 0
        for at, size, time, link in self._file.packets():
            count += 1
            end = at + size
            if time:
                last = time
                first = first or time
            if next_hit < end:
                facts.packet = count
                hit = self._hits(hits, hit, at, end, time, link)
                next_hit = hits[hit][0]
            half = None
            if link == 1 and size >= 54:
                begin, length, fragment, protocol, key, flags = usual(data, at)
                if begin == _IPV4:
                    if 40 <= length <= size - 14 and not fragment & 0x3FFF:
                        base = at + 34
                        if protocol == _TCP:
                            half = tcp.get(key) or self._half(tcp, key, protocol, time)
                        elif protocol == _UDP:
                            half = udp.get(key) or self._half(udp, key, protocol, time)
                elif begin == _IPV6 and size >= 74:
                    length, protocol, key, flags = usual_ipv6(data, at)
                    length += 40
                    if 60 <= length <= size - 14:
                        base = at + 54
                        if protocol == _TCP:
                            half = tcp.get(key) or self._half(tcp, key, protocol, time)
                        elif protocol == _UDP:
                            half = udp.get(key) or self._half(udp, key, protocol, time)
            if half is None:
                facts.packet = count
                self._slowly(at, end, time, link)
                continue
            half.packets += 1
            half.octets += length
            half.last = time
            if protocol == _TCP:
                if half.wants or flags & 6:
                    facts.packet = count
                    self._segment(half, data, base, at + 14 + length, flags, time)
            elif half.wants:
                facts.packet = count
                half.dialogue.datagram(half, data[base + 8 : at + 14 + length], time)
        if self._file.damage:  # where the packets end is not known, but what lies there may have been sent
            facts.packet = 0
            self._hits(hits, hit, 0, len(data), last, -1)
        return count, first, last

    # Everything that is not usual ---------------------------------------------------------------------------

    def _slowly(self, at: int, end: int, time: int, link: int) -> None:
        """The first packet of a flow, and packets of unusual form."""
        for carried in self._layers.carried(self._file.data, at, end, link):
            self._take(carried, time)

    def _take(self, carried: Carried, time: int) -> None:
        """Count what an IP datagram carries to its flow, and look into it."""
        data, start, protocol = carried.data, carried.at, carried.protocol
        if protocol in {_TCP, _UDP}:
            if start + (20 if protocol == _TCP else 8) > carried.end:
                self._account.unread_packet("damaged")
                return
            ports = data[start : start + 4]
            halves = self._tcp if protocol == _TCP else self._tunnels if _may_be_tunnel(ports) else self._udp
        else:
            halves, ports = self._rest, protocol.to_bytes(4, "big")
        key = carried.source + carried.destination + ports
        half = halves.get(key) or self._half(halves, key, protocol, time)
        if half is None:
            return
        half.packets += 1
        half.octets += carried.octets
        half.last = time
        if carried.joined:
            self._reassembled(half, data, time)
        if protocol == _TCP:
            self._segment(half, data, start, carried.end, data[start + 13], time)
        elif protocol == _UDP and half.wants:
            half.dialogue.datagram(half, data[start + 8 : carried.end], time)

    def _reassembled(self, half: End, data: bytes, time: int) -> None:
        """Known values in a datagram that came in fragments."""
        for found in self._facts.needles.inside(data):
            half.dialogue.hit(half, found, -1, time)

    def _half(self, halves: dict[bytes, End], key: bytes, protocol: int, time: int) -> End | None:
        """Begin a flow; `key`: both addresses of the same length, then four bytes, which are ports if it has any."""
        if halves is self._udp and _may_be_tunnel(key[-4:]):
            return None  # every packet of it is taken apart
        if self._dialogues >= _MOST_FLOWS:
            self._refused = True
            return None
        self._dialogues += 1
        size = (len(key) - 4) // 2
        source, target, ports = key[:size], key[size:-4], key[-4:]
        if halves is self._rest:
            mine = other = 0
            back = target + source + ports
        else:
            mine, other = _PORTS(ports)
            back = target + source + ports[2:] + ports[:2]
        dialogue = _KINDS.get(protocol, Dialogue)(
            _TRANSPORTS.get(protocol) or f"ip-{protocol}",
            (address(source), mine),
            (address(target), other),
            time,
            self._facts,
            (key, back),
        )
        if back != key:
            halves[back] = dialogue.back
        halves[key] = dialogue.forward
        return dialogue.forward

    def _segment(self, half: End, data: mmap.mmap | bytes, at: int, end: int, flags: int, time: int) -> None:
        sequence = int.from_bytes(data[at + 4 : at + 8], "big")
        dialogue = half.dialogue
        if flags & 2:
            half = self._synchronize(half, sequence, flags, time, end - at)
            sequence = (sequence + 1) & 0xFFFF_FFFF  # where what it carries belongs
        elif flags & 4 and dialogue.outcome == "silent" and not half.forward:
            dialogue.outcome = "refused"
        if half.wants:
            start = at + (data[at + 12] >> 4) * 4
            if at + 20 <= start <= end:
                if start < end:
                    half.dialogue.segment(half, sequence, data[start:end], time)
            else:
                self._account.unread_packet("damaged")

    def _synchronize(self, half: End, sequence: int, flags: int, time: int, length: int) -> End:
        """Take a SYN, of a length in bytes; gives the end that it belongs to, which may be one of a new connection."""
        dialogue = half.dialogue
        if flags & 0x10:
            half.begin(sequence)
            dialogue.outcome = "accepted"
            if dialogue.synchronized < 0:
                dialogue.reversed = half.forward
        elif dialogue.synchronized < 0 and half.forward and half.packets == 1:
            dialogue.synchronized, dialogue.reversed = sequence, False
            half.begin(sequence)
        elif dialogue.synchronized != sequence:
            return self._anew(half, sequence, time, length)
        return half

    def _anew(self, half: End, sequence: int, time: int, length: int) -> End:
        """A new connection between the same ports: the former one is closed."""
        former = half.dialogue
        octets = length + (20 if len(half.key) == 12 else 40)
        half.packets -= 1
        half.octets -= octets
        made = former.again(time, half)
        self._close(former)
        self._tcp[made.forward.key], self._tcp[made.back.key] = made.forward, made.back
        made.synchronized, made.reversed = sequence, False
        made.forward.begin(sequence)
        made.forward.packets, made.forward.octets, made.forward.last = 1, octets, time
        return made.forward

    def _close(self, dialogue: Dialogue) -> None:
        self._flows.append(dialogue.flow())
        if (attempt := dialogue.attempt()) is not None:
            self._attempts.append(attempt)
        dialogue.release()

    def _hits(
        self, hits: list[tuple[int, int, str, str]], number: int, at: int, end: int, time: int, link: int
    ) -> int:
        """Note the known values in a packet; gives the number of the first one behind it."""
        while hits[number][0] < end:
            begin, stop, name, coding = hits[number]
            number += 1
            if begin < at or stop > end:
                continue  # beside the packets, or half in the next one's header: by chance
            told = Layers(Account(), joins=False).carried(self._file.data, at, end, link) if link >= 0 else []
            transport, source, destination, port = "", "", "", 0
            if told:
                # What a tunnel holds is said by its ends as well, of which one may be the device.
                of_device = [one for one in told if not self._hosts.isdisjoint(_addresses(one))]
                carried = (of_device or told)[-1]
                source, destination = _addresses(carried)
                transport = _TRANSPORTS.get(carried.protocol) or f"ip-{carried.protocol}"
                if carried.protocol in {_TCP, _UDP} and carried.at + 4 <= carried.end:
                    port = self._port(carried)
            self._facts.keep(
                self._facts.hits,
                CanaryHit(
                    name, coding, self._facts.packet, begin, transport, source, destination, port, time / 1e9
                ),
            )
        return number

    def _port(self, carried: Carried) -> int:
        """The server's port."""
        source, target = struct.unpack_from(">HH", carried.data, carried.at)
        halves = self._tcp if carried.protocol == _TCP else self._udp
        half = halves.get(carried.source + carried.destination + carried.data[carried.at : carried.at + 4])
        return half.dialogue.server_port if half is not None else min(source, target)
