"""What speaks on a console: told apart by what it says unasked, and by what it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pytest_etsi.probes import prompts
from pytest_etsi.probes.observation import Observation, printable
from pytest_etsi.probes.serial.leaks import without_secrets
from pytest_etsi.probes.serial.speeds import legible

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "KERNEL",
    "LOADER_PROMPT",
    "Kind",
    "Recognised",
    "answer_kind",
    "asks_for_a_name",
    "last_line",
    "loader_message",
    "prompt_of",
    "recognise",
    "shapes",
]

Kind = Literal[
    "boot-loader",
    "kernel-log",
    "login",
    "shell",
    "rtos-shell",
    "at",
    "binary",
    "echo",
    "prompt",
    "log",
    "garbage",
]
"""boot-loader: its messages or prompt; kernel-log: of an operating system; login: asks for a name or password; shell:
runs commands; rtos-shell: the shell of a small system; at: an interpreter of AT commands; binary: no text, but answers;
echo: gives back what is typed and nothing else; prompt: asks for something, of whatever kind; log: text without any of
these; garbage: text at none of the speeds tried."""

_SHOWN = 120

LOADER_PROMPT = re.compile(
    r"(?m)^(?:=>|U-Boot>|[\w/.-]{0,20}u-?boot[\w/.-]{0,20}\s?[>#]|CFE>|RedBoot>|barebox[@:][^\n]{0,40}[$/] ?|grub>"
    r"|MT\d{4,5} ?#|ar\d{4}>|ath>|rtl\w{0,12} ?#|Marvell>>|<RealTek>|RealTek>|hisilicon ?#|rk\w{2,8} ?#|sunxi#|bdinfo>"
    r"|PMON>|YAMON>|lldb>|loader>|\(lk\)|fastboot>|Boot:|boot> ?|BOOT>|Shell>|VxWorks Boot\]:|switch:|rommon \d+ ?>"
    r"|ROM>|bldr>|Zboot>)\s*\Z",
    re.IGNORECASE,
)
"""The prompt of a boot loader, at the end of what was said."""
_LOADER = re.compile(
    r"(?im)^[ \t]*(?:U-Boot (?:SPL |TPL )?\d{4}|barebox \d{4}|CFE version|RedBoot\(tm\)|ets [A-Z][a-z]{2} +\d"
    r"|rst:0x[0-9a-f]+|ESP-ROM:"
    r"|GNU GRUB|PMON\d|Boot ?ROM|DDR Version |\*\*\* Booting (?:MCUboot|Zephyr)|(?:I: )?Starting bootloader"
    r"|Pico bootrom|Hit any key|Hit \w+ key|Autoboot(?:ing)? in|Press [^\n]{0,40} to (?:stop|abort|interrupt|enter)"
    r"|[^\n]{0,60}stop auto-?boot|Uncompressing Linux|Starting kernel|BL[123][12]?: |NOTICE:  BL)"
)
KERNEL = re.compile(
    r"(?m)^(?:\[\s*\d+\.\d{3,6}\] |<\d>\[\s*\d+\.\d+\]|Booting Linux on|[^\n]{0,40}Linux version \d|NetBSD |FreeBSD "
    r"|RTEMS|VxWorks \d|\*\*\* Booting Zephyr|nuttx|NuttShell)",
    re.IGNORECASE,
)
"""A line of an operating system's log."""
_RTOS = re.compile(r"(?m)^(?:uart:~\$|msh ?/?>|finsh ?/?>|>>> ?|> ?|[\w-]{1,16} ?> ?)\s*\Z")
_ENTER = re.compile(r"(?i)press (?:enter|return|\[enter\]|any key) to (?:activate|continue|start|open)")
_AT = re.compile(r"(?m)^(?:OK|ERROR|\+CM[ES] ERROR: [^\n]*)\s*$")
_ESC_OR_KERNEL = re.compile(r"(?m)^(?:<\d>)?\[\s*\d+\.\d{3,6}\] [^\n]*\n?")


@dataclass(frozen=True, slots=True)
class Recognised(Observation):
    """Something that was recognised.

    Attributes:
        kind: what it is.
        said: the words by which it shows, without secrets and safe to show.
    """

    kind: Kind
    said: str


def recognise(text: str) -> tuple[Recognised, ...]:
    """What speaks in a text that came unasked, one each kind; none for silence."""
    found: list[Recognised] = []

    def add(kind: Kind, said: str) -> None:
        if all(one.kind != kind for one in found):
            found.append(Recognised(kind, shown(said)))

    if match := _LOADER.search(text):
        add("boot-loader", _line_at(text, match.start()))
    if match := LOADER_PROMPT.search(text):
        add("boot-loader", match.group())
    if match := KERNEL.search(text):
        add("kernel-log", _line_at(text, match.start()))
    without = _ESC_OR_KERNEL.sub("", text)
    if asks_for_a_name(without):
        add("login", last_line(without))
    elif not LOADER_PROMPT.search(text):
        if match := _ENTER.search(text):
            add("prompt", match.group())
        elif prompt_of(without):
            add("prompt", last_line(without))
    if not found and text.strip():
        add("log" if legible(text.encode()) is not False else "garbage", text.strip()[:_SHOWN])
    return tuple(found)


def answer_kind(question: str, answer: str, *, marker: bool = False) -> Kind:
    """What an answer shows that was given to a question and would not have come without it.

    Args:
        question: what was typed.
        answer: what came, without the echo and without what comes unasked.
        marker: a marker came back as only somebody who acts on it gives it back.
    """
    if marker:
        return "shell"
    if LOADER_PROMPT.search(answer):
        return "boot-loader"
    if asks_for_a_name(answer):
        return "login"
    if question.strip().upper().startswith("AT") and _AT.search(answer):
        return "at"
    if _RTOS.search(answer):
        return "rtos-shell"
    if prompt_of(answer):
        return "prompt"
    return "log" if legible(answer.encode()) is not False else "binary"


def asks_for_a_name(text: str) -> bool:
    """Whether a text ends in the prompt of a login, for a name or a password."""
    end = text.encode()
    return prompts.ends_in(prompts.LOGIN_PROMPT, end) or prompts.ends_in(prompts.PASSWORD_PROMPT, end)


def loader_message(text: str) -> int:
    """Where a boot loader begins to speak in a text; -1: nowhere."""
    match = _LOADER.search(text)
    return match.start() if match else -1


def prompt_of(text: str) -> str:
    """The prompt in which a text ends; empty: it does not end in one."""
    line = last_line(text)
    if text.endswith("\n") or not line.strip():
        return ""
    end = text.encode()
    if (
        LOADER_PROMPT.search(text)
        or prompts.ends_in(prompts.SHELL_PROMPT, end)
        or prompts.ends_in(prompts.UNKNOWN_PROMPT, end)
        or prompts.BARE_PROMPT.fullmatch(line.strip().encode())
    ):
        return line.strip()
    return ""


def last_line(text: str) -> str:
    """The last line, whether or not it has ended."""
    return text.rstrip("\n").rpartition("\n")[2]


def shapes(text: str) -> set[str]:
    """The lines of a text without what changes from one time to the next: numbers, and the blanks around."""
    return {
        shape
        for line in set(text.split("\n"))
        if (shape := re.sub(r"(?i)0x[0-9a-f]+|\d+", "0", " ".join(line.split())))
    }


def shown(text: str) -> str:
    """A text as it may stand in evidence."""
    return printable(without_secrets(" ".join(text.split())), _SHOWN)


def _line_at(text: str, position: int) -> str:
    end = text.find("\n", position)
    return text[position : end if end >= 0 else len(text)]


def kinds(found: Iterable[Recognised]) -> set[Kind]:
    """The kinds among what was recognised."""
    return {one.kind for one in found}
