"""What an SSH server offers: banner and algorithms (raw, RFC 4253), authentication methods, logins."""

from pytest_etsi.probes.ssh._command import CommandOutput, run_command
from pytest_etsi.probes.ssh._enumerate import enumerate_ssh
from pytest_etsi.probes.ssh._login import SshLogin, attempt
from pytest_etsi.probes.ssh._methods import ssh_auth_methods
from pytest_etsi.probes.ssh._model import LEGACY_EXTRA, SshAuth, SshObservation

__all__ = [
    "LEGACY_EXTRA",
    "CommandOutput",
    "SshAuth",
    "SshLogin",
    "SshObservation",
    "attempt",
    "enumerate_ssh",
    "run_command",
    "ssh_auth_methods",
]
