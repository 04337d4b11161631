"""An SSH server by asyncssh, for what no distribution's server does any more: small groups, and questions one by one."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import warnings
from typing import TYPE_CHECKING

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import asyncssh

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "Correct-Horse-7"
KEYS: dict[str, asyncssh.SSHKey] = {}


class Passwords(asyncssh.SSHServer):
    """Takes one password, of any user."""

    def begin_auth(self, username):
        return username != "everybody"

    def password_auth_supported(self):
        return True

    def kbdint_auth_supported(self):
        return False

    def validate_password(self, username, password):
        return password == PASSWORD


class Questions(asyncssh.SSHServer):
    """Asks for the password by keyboard-interactive; users whose name is a number are asked so many questions."""

    def __init__(self):
        self._questions = 1

    def password_auth_supported(self):
        return False

    def kbdint_auth_supported(self):
        return True

    def get_kbdint_challenge(self, username, lang, submethods):
        self._questions = int(username) if username.isdecimal() else 1
        return "", "", "", [("Password: ", False)] * self._questions

    def validate_kbdint_response(self, username, responses):
        return list(responses) == [PASSWORD]


class ChangeIt(Passwords):
    """Wants every password to be changed."""

    def validate_password(self, username, password):
        raise asyncssh.PasswordChangeRequired("Change it.")


def key(kind: str = "ssh-rsa", **options: int) -> asyncssh.SSHKey:
    """A host key, made once."""
    return KEYS.setdefault(f"{kind} {options}", asyncssh.generate_private_key(kind, **options))


@contextlib.contextmanager
def serving(server=Passwords, host_key=None, **options) -> Iterator[int]:
    """The port of a server; options as asyncssh takes them."""
    logging.getLogger("asyncssh").addFilter(lambda record: record.threadName != "old ssh")
    ready = threading.Event()
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]] = []
    connections: list[asyncssh.SSHServerConnection] = []

    def remembering():
        one = server()
        one.connection_made = connections.append
        return one

    async def serve():
        listener = await asyncssh.listen(
            "127.0.0.1", 0, server_factory=remembering, server_host_keys=[host_key or key()], **options
        )
        stopped = asyncio.Event()
        running.append((asyncio.get_running_loop(), stopped, listener.get_port()))
        ready.set()
        await stopped.wait()
        listener.close()
        for connection in connections:
            connection.abort()
        await asyncio.sleep(0)  # connections that were closed are let go in the next round

    # Deprecated algorithms are what it is for; the filters hold in its thread too.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        thread = threading.Thread(target=lambda: asyncio.run(serve()), name="old ssh", daemon=True)
        thread.start()
        assert ready.wait(60)
        loop, stopped, port = running[0]
        try:
            yield port
        finally:
            loop.call_soon_threadsafe(stopped.set)
            thread.join(60)
