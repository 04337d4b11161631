"""Operations by a message to a broker."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

from pytest_etsi.dut.reach.handing_over import fill_in
from pytest_etsi.dut.reach.operations._model import OperationFailedError
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.dut.reach.auth import Device
    from pytest_etsi.dut.reach.operations._model import Came
    from pytest_etsi.probes.mqtt.session import MqttSession
    from pytest_etsi.profile.operations import MqttOperation

__all__ = ["MqttDriver"]


class MqttDriver:
    """Publishes a message, and waits for one where the profile says so."""

    def __init__(self, dut: Device) -> None:
        self._dut = dut

    def run(self, declared: MqttOperation, arguments: Mapping[str, str], came: Came) -> None:
        """See `Driver`.

        Raises:
            OperationFailedError: the broker does not let in, or does not take the message.
        """
        with closing(self._open(declared.login)) as session:
            if session.connection is None:
                raise OperationFailedError(f"the broker does not let in: {session.detail}")
            if declared.listen is not None and session.subscribe(declared.listen) is None:
                raise OperationFailedError(f"the broker does not let {declared.listen!r} be subscribed")
            if declared.topic is not None:
                topic = fill_in(declared.topic, arguments)
                payload = "" if declared.payload is None else fill_in(declared.payload, arguments)
                taken = session.publish(topic, payload.encode())
                came.note(f"a message was published on {topic}", "taken" if taken else "not acknowledged")
                if not taken:
                    raise OperationFailedError(f"the broker did not take the message on {topic}")
            if declared.listen is not None:
                self._listen(session, declared, came)

    def _listen(self, session: MqttSession, declared: MqttOperation, came: Came) -> None:
        def told() -> str | None:
            for _, content in session.messages:
                text = content.decode("utf-8", "replace")
                if declared.expect is None or re.search(declared.expect, text, re.MULTILINE):
                    return text
            return None

        session.listen(declared.timeout_s, until=lambda: told() is not None)
        text = told()
        came.note(f"a message on {declared.listen} was waited for", text or "none came")
        if text is None:
            raise OperationFailedError(f"no such message came on {declared.listen}")
        came.text = text

    def _open(self, login: str) -> MqttSession:
        from pytest_etsi.probes.mqtt.session import MqttSession
        from pytest_etsi.probes.tls import lenient_context

        entry = self._dut.profile.ixit.auth_mech.get(login)
        if entry is None:
            inconclusive(
                f"1-AuthMech has no entry {login}",
                cause=Cause.INFORMATION,
                settle="name an entry of 1-AuthMech as login of the operation",
            )
        host, port = self._dut.network.login_of(entry)
        context = lenient_context() if entry.facts.tls is not None else None
        return MqttSession.open(host, port, *self._dut.credentials(entry), context=context)
