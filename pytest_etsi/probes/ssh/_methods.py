"""Which authentication methods an SSH server offers."""

from __future__ import annotations

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.ssh._channel import Refusal
from pytest_etsi.probes.ssh._model import SshAuth
from pytest_etsi.probes.ssh._open import open_channel

__all__ = ["ssh_auth_methods"]


def ssh_auth_methods(
    host: str, port: int = 22, username: str = "root", *, timeout_s: float = bounds.SSH.step_s
) -> SshAuth:
    """Ask an SSH server which authentication methods it offers, without trying a credential.

    Args:
        host: name or address.
        port: TCP port.
        username: user to name.
        timeout_s: seconds for all of it.
    """
    deadline = Deadline(timeout_s)
    try:
        channel, manner = open_channel(host, port, username, deadline)
    except Refusal as refusal:
        return SshAuth(
            host, port, username, error=str(refusal), needs=refusal.needs, duration_s=deadline.elapsed
        )
    try:
        answer = channel.methods(username, deadline)
        banner = channel.banner
    finally:
        channel.close()
    return SshAuth(
        host=host,
        port=port,
        username=username,
        methods=answer.names,
        negotiated=True,
        none_accepted=answer.accepted,
        host_key=channel.host_key,
        fingerprint=channel.fingerprint,
        banner=printable(banner, 400),
        error=f"the server did not name its methods: {answer.error}" if answer.error else "",
        client=manner.client,
        duration_s=deadline.elapsed,
    )
