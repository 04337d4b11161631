"""Real clients talk to real daemons in a network of their own, and dumpcap records them.

Run as a program inside a new network namespace: `unshare -n python talking_clients.py DIRECTORY`. Writes
DIRECTORY/talk.pcapng. Needs tests/ and tests/probes/ on PYTHONPATH.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

from capture_files import answer, question
from daemons import is_bound, self_signed

PASSWORD = "Gru3n&Blau/7"


def _server(kind: int, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, kind)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made


def _answers_dns(server: socket.socket) -> None:
    while True:
        data, peer = server.recvfrom(512)
        reply = answer("cloud.example", "127.0.0.1", int.from_bytes(data[:2], "big"))
        server.sendto(reply, peer)


def _answers_tls(server: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        plain, _ = server.accept()
        with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as tls:
            tls.recv(100)
            tls.sendall(b"fine")


def _talks_tls(port: int, **settings: object) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2", "http/1.1"])
    for name, value in settings.items():
        setattr(context, name, value)
    with (
        socket.create_connection(("127.0.0.1", port), 5) as plain,
        context.wrap_socket(plain, server_hostname="cloud.example") as tls,
    ):
        tls.sendall(PASSWORD.encode())
        tls.recv(100)


def _run(*command: str, text: str | None = None) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(command, capture_output=True, timeout=5, check=False, input=(text or "").encode())


@contextlib.contextmanager
def _daemon(port: int, *command: str, udp: bool = False):  # type: ignore[no-untyped-def]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(400):
            with contextlib.suppress(OSError):
                if not udp:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                if not udp or is_bound("127.0.0.1", port):
                    break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(5)


def talk(directory: Path) -> None:
    """Let every client speak once."""
    certificate, key = self_signed(directory / "tls", names=("cloud.example",))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["http/1.1"])
    tls = _server(socket.SOCK_STREAM, 8443)
    tls.listen(10)
    threading.Thread(target=_answers_tls, args=(tls, context), daemon=True).start()
    threading.Thread(target=_answers_dns, args=(_server(socket.SOCK_DGRAM, 53),), daemon=True).start()
    (directory / "status").write_text("fine", encoding="ascii")

    asks = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asks.sendto(question("cloud.example", 4711), ("127.0.0.1", 53))
    asks.settimeout(5)
    asks.recv(512)
    asks.sendto(b"\x23" + bytes(47), ("127.0.0.1", 123))
    asks.sendto(b"\0\1\0\0\x21\x12\xa4\x42" + bytes(12), ("127.0.0.1", 3478))

    _talks_tls(8443)
    _talks_tls(8443, maximum_version=ssl.TLSVersion.TLSv1_2)
    # A group of which it sends no share at first, so that the server has it begin again.
    _run("openssl", "s_client", "-connect", "127.0.0.1:8443", "-groups", "secp521r1:x25519", text="Q\n")
    arguments = ("-accept", "8444", "-cert", str(certificate), "-key", str(key), "-quiet")
    with _daemon(8444, "openssl", "s_server", "-dtls", *arguments, udp=True):
        _run(
            "sh",
            "-c",
            "sleep 0.3 | timeout 2 openssl s_client -dtls -connect 127.0.0.1:8444 -servername d.example",
        )
    with _daemon(1883, "mosquitto", "-p", "1883"):
        _run("mosquitto_pub", "-i", "camera-1", "-u", "owner", "-P", PASSWORD, "-t", "a", "-m", "b")
        _run("mosquitto_pub", "-V", "5", "-i", "camera-2", "-t", "a", "-m", "b")
    with _daemon(
        8000, sys.executable, "-m", "http.server", "-d", str(directory), "--bind", "127.0.0.1", "8000"
    ):
        _run("curl", "-s", "-u", f"owner:{PASSWORD}", "http://127.0.0.1:8000/status?full=1")
    with _daemon(5683, "coap-server-notls", "-A", "127.0.0.1", udp=True):
        _run("coap-client-notls", "-B", "1", "coap://127.0.0.1/time")
    _run("curl", "-s", "http://127.0.0.1:9/")


def main(directory: Path) -> None:
    """Record what is said."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    command = ["dumpcap", "-q", "-i", "lo", "-w", str(directory / "talk.pcapng")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as dumpcap:
        assert dumpcap.stderr is not None
        for line in dumpcap.stderr:
            if line.startswith("File:"):
                break
        time.sleep(0.3)
        try:
            talk(directory)
            time.sleep(1.5)  # dumpcap takes packets from the kernel in batches
        finally:
            dumpcap.terminate()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
