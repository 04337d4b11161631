"""SSH servers that say what they are told to: for settings that no distribution's server has, and for lies."""

from __future__ import annotations

import contextlib
import socket
import threading

HOST = "127.0.0.1"
GEX_256 = "diffie-hellman-group-exchange-sha256"


def text(data):
    return len(data).to_bytes(4) + data


def packet(payload):
    padding = 8 - (len(payload) + 5) % 8 + 8
    return (len(payload) + padding + 1).to_bytes(4) + bytes([padding]) + payload + bytes(padding)


def lists_of(eight):
    return packet(
        bytes([20]) + bytes(16) + b"".join(text(one.encode()) for one in (*eight, "", "")) + bytes(5)
    )


class scripted:  # noqa: N801 - used as a context manager
    """A server that says `first` on every connection, and then hands it to `further`."""

    def __init__(self, first, further=lambda connection: connection.recv(65536)):
        self._first, self._further = first, further

    def __enter__(self):
        self._listener = socket.create_server((HOST, 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self._listener.getsockname()[1]

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                with contextlib.suppress(OSError):
                    connection.sendall(self._first)
                    self._further(connection)

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)


def group_server(sizes, habit, least):
    """Gives numbers of so many bits as primes: it is their size that is looked at.

    Sizes are those of one method, or of each by its name.
    """
    given = sizes if isinstance(sizes, dict) else {GEX_256: sizes}
    lists = (
        ",".join((*given, "curve25519-sha256")),
        "ssh-ed25519",
        *["aes128-ctr"] * 2,
        *["hmac-sha1"] * 2,
        "none",
        "none",
    )

    def further(connection):
        data = b""
        while not _request(data):
            if not (more := connection.recv(65536)):
                return
            data += more
        lower, wanted, upper = _request(data)
        method = next(name for name in _methods(data) if name in given)
        fit = sorted(size for size in given[method] if lower <= size <= upper)
        if lower < least or not fit:
            return
        above = [size for size in fit if size >= wanted]
        bits = fit[-1] if habit == "largest" else (above or fit[-1:])[0]
        prime = (1 << bits) - 1
        connection.sendall(packet(bytes([31]) + text(b"\0" + prime.to_bytes(bits // 8)) + text(b"\2")))
        connection.recv(65536)

    return scripted(b"SSH-2.0-groups\r\n" + lists_of(lists), further)


def _methods(data):
    """The client's key exchange methods (RFC 4253, 7.1), from its identification and first packet."""
    payload = data.partition(b"\n")[2][5:]
    return payload[21 : 21 + int.from_bytes(payload[17:21])].decode().split(",")


def _request(data):
    """The three sizes of a request for a group, once its packet is there (RFC 4419, 3)."""
    _, _, rest = data.partition(b"\n")
    while len(rest) >= 4:
        length = int.from_bytes(rest[:4])
        if len(rest) < 4 + length:
            return None
        payload, rest = rest[5 : 4 + length], rest[4 + length :]
        if payload[0] == 34:
            return [int.from_bytes(payload[at : at + 4]) for at in (1, 5, 9)]
    return None
