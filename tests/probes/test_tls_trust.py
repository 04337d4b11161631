"""Whether a client that trusts given authorities accepts what a real server shows."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pytest_etsi.probes.tls import trusted_by

HOST = "127.81.9.1"
NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


class Authority:
    """Signs certificates, its own to begin with."""

    def __init__(self, name, by=None, begins=NOW - DAY, ends=NOW + DAY):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = (by or self).sign(self, ca=True, begins=begins, ends=ends)

    def sign(self, whom, *, ca, begins=NOW - DAY, ends=NOW + DAY):
        return (
            x509.CertificateBuilder()
            .subject_name(whom.name)
            .issuer_name(self.name)
            .public_key(whom.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .sign(self.key, hashes.SHA256())
        )


class Leaf:
    """A key for a server, which an authority signs."""

    def __init__(self, name="camera"):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def pem(*certificates):
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


@pytest.fixture
def served(tmp_path):
    """A function that serves a chain in a handshake each, and gives the port."""
    listeners = []

    def serve(leaf, *chain):
        path = tmp_path / "server.pem"
        path.write_bytes(
            pem(*chain)
            + leaf.key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        listener = socket.create_server((HOST, 0))
        listeners.append(listener)

        def answer():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                try:
                    context.wrap_socket(connection, server_side=True).close()
                except OSError:
                    connection.close()

        threading.Thread(target=answer, daemon=True).start()
        return listener.getsockname()[1]

    yield serve
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@pytest.fixture
def root():
    return Authority("root")


@pytest.fixture
def trusts(tmp_path):
    """A function that writes the authorities that a client trusts."""

    def write(*authorities):
        path = tmp_path / "ca.pem"
        path.write_bytes(pem(*(one.certificate for one in authorities)))
        return path

    return write


def test_chain_to_a_trusted_authority_is_accepted(served, trusts, root):
    between, leaf = Authority("between", by=root), Leaf()
    port = served(leaf, between.sign(leaf, ca=False), between.certificate)

    assert trusted_by(trusts(root), HOST, port).trusted is True
    assert trusted_by(trusts(between), HOST, port).trusted is True


def test_another_authority_of_the_same_name_is_refused(served, trusts, root):
    leaf = Leaf()
    port = served(leaf, Authority("root").sign(leaf, ca=False))

    told = trusted_by(trusts(root), HOST, port)

    assert told.trusted is False
    assert told.reason


def test_chain_with_a_certificate_left_out_is_refused(served, trusts, root):
    between, leaf = Authority("between", by=root), Leaf()
    port = served(leaf, between.sign(leaf, ca=False))

    assert trusted_by(trusts(root), HOST, port).trusted is False


@pytest.mark.parametrize("times", [{"ends": NOW - DAY / 2}, {"begins": NOW + DAY / 2}])
def test_authority_in_between_that_is_out_of_time_is_refused(served, trusts, root, times):
    between, leaf = Authority("between", by=root, **times), Leaf()
    port = served(leaf, between.sign(leaf, ca=False), between.certificate)

    assert trusted_by(trusts(root), HOST, port).trusted is False


def test_server_that_is_gone_and_authorities_that_cannot_be_read_tell_nothing(served, trusts, root, tmp_path):
    leaf = Leaf()
    port = served(leaf, root.sign(leaf, ca=False))
    empty = tmp_path / "empty.pem"
    empty.write_text("")

    assert trusted_by(trusts(root), "127.81.9.2", port).trusted is None
    assert trusted_by(empty, HOST, port).trusted is None
    assert trusted_by(tmp_path / "none.pem", HOST, port).trusted is None
