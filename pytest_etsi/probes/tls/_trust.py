"""Whether a client that trusts given authorities would accept a server's certificate."""

from __future__ import annotations

import contextlib
import ssl
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline, new_lenient_context, why
from pytest_etsi.probes.tls._ask import StreamEndpoint
from pytest_etsi.probes.tls._hello import server_name_of
from pytest_etsi.probes.tls._model import HelloAnswer, Trust

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.probes.tls._starttls import StartTls

__all__ = ["trusted_by"]


def trusted_by(
    authorities: Path,
    host: str,
    port: int,
    *,
    starttls: StartTls | None = None,
    timeout_s: float = bounds.TRUST.step_s,
) -> Trust:
    """Make a handshake as a client does that trusts the authorities; names are left to who knows them.

    The whole chain that the server sends is looked at: signatures, times of validity, what each certificate may be used
    for. Weak keys and old versions are accepted, since others judge them.

    Args:
        authorities: certificates, PEM; an intermediate authority may be among them.
        host: name or address.
        port: TCP port.
        starttls: protocol that has to be spoken before; None: TLS from the first byte.
        timeout_s: seconds for all of it.
    """
    deadline = Deadline(timeout_s)
    context = new_lenient_context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        context.load_verify_locations(authorities)
    except OSError as error:  # an ssl.SSLError is one
        return Trust(None, f"the authorities cannot be read: {why(error)}")
    connection = StreamEndpoint(host, port, starttls).open(deadline)
    if isinstance(connection, HelloAnswer):
        return Trust(None, connection.detail)
    try:
        with connection, contextlib.ExitStack() as stack:
            connection.settimeout(max(0.001, deadline.left()))
            name = server_name_of(host) or None
            stack.enter_context(context.wrap_socket(connection, server_hostname=name))
    except ssl.SSLCertVerificationError as error:
        return Trust(False, error.verify_message)
    except (OSError, ValueError) as error:
        return Trust(None, why(error))
    return Trust(True, "")
