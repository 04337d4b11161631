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
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="old ssh", daemon=True)
    thread.start()

    async def start():
        return await asyncssh.listen(
            "127.0.0.1", 0, server_factory=server, server_host_keys=[host_key or key()], **options
        )

    async def stop(listener):
        listener.close()
        await asyncio.sleep(0.05)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.05)

    # Deprecated algorithms are what it is for; the filters hold in its thread too.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        listener = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
        try:
            yield listener.get_port()
        finally:
            asyncio.run_coroutine_threadsafe(stop(listener), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)
            loop.close()
