"""Operations by a command over SSH."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.dut.reach.auth.keys import private_key_of
from pytest_etsi.dut.reach.handing_over import fill_in
from pytest_etsi.dut.reach.operations._model import OtherwiseError
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.dut.reach.auth import Device
    from pytest_etsi.dut.reach.operations._model import Came
    from pytest_etsi.profile.operations import SshOperation

__all__ = ["SshDriver"]


class SshDriver:
    """Runs a command in a session of an entry of 1-AuthMech."""

    def __init__(self, dut: Device) -> None:
        self._dut = dut

    def run(self, declared: SshOperation, arguments: Mapping[str, str], came: Came) -> None:
        """See `Driver`.

        Raises:
            Inconclusive: 1-AuthMech has no such entry (``information``).
            OtherwiseError: the command ended with a status that is no success.
        """
        from pytest_etsi.probes.ssh import run_command

        entry = self._dut.profile.ixit.auth_mech.get(declared.login)
        if entry is None:
            inconclusive(
                f"1-AuthMech has no entry {declared.login}",
                cause=Cause.INFORMATION,
                settle="name an entry of 1-AuthMech as login of the operation",
            )
        host, port = self._dut.network.login_of(entry)
        key = None if declared.second else private_key_of(entry.access)
        username, credential = (
            self._dut.second_credentials(entry) if declared.second else self._dut.credentials(entry)
        )
        seen = run_command(
            self._dut.network.host(host),
            port,
            username,
            fill_in(declared.command, arguments),
            password=None if key else credential,
            key=key.text if key else None,
            timeout_s=declared.timeout_s,
        )
        came.text = seen.output
        came.note(f"a command in a session of {declared.login}", f"status {seen.status}: {seen.output}")
        if seen.status not in declared.expect:
            raise OtherwiseError(
                f"the command ended with {seen.status}, expected {' or '.join(map(str, declared.expect))}"
            )
