"""Placeholders in documents: ``${env:NAME}``, ``${secret:NAME}``, ``${virtual:KEY}``; ``$${`` is ``${``.

``${public:TEXT}`` is TEXT, and says that it is no secret where a value would otherwise be taken for one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.text import did_you_mean, near

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Filled", "Filler", "Nominal"]

_PLACEHOLDER = re.compile(r"\$\$\{|\$\{([^{}]*)\}?")
_KINDS = ("env", "secret", "virtual", "public")
_NOMINAL_PORTS = frozenset(
    {
        "cloud", "control", "http", "https", "mdns", "mqtt", "port", "push", "rtsps", "site", "ssdp", "ssh", "telnet",
    }
)  # fmt: skip
_NOMINAL = {
    "host": "127.0.0.1",
    "block": "1-32",
    "mac": "02:00:00:00:00:00",
    "console": "loop://",
}


class OfVirtual(str):
    """Text with a value of the virtual device, which is another one at its next start."""

    __slots__ = ()


class Nominal(OfVirtual):
    """Text that stands at a nominal value because the virtual device is not running."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its placeholders filled in.

    Attributes:
        text: the result.
        origin: what was filled in, "env:NAME, secret:NAME"; "file": nothing.
        problems: what is wrong, each with a hint.
    """

    text: str
    origin: str
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Filler:
    """Fills in placeholders and remembers which values must not be shown.

    Attributes:
        environ: environment variables.
        values: key -> value of the virtual device; empty: it is not running, and nominal values are used.
        secrets: name -> value of the secrets file; None: the profile names none.
        redactions: the values to hide, in the order met.
        public: what was marked as no secret.
        nominal: whether a nominal value was used.
    """

    environ: Mapping[str, str]
    values: Mapping[str, str]
    secrets: Mapping[str, str] | None = None
    redactions: dict[str, None] = field(default_factory=dict)
    public: set[str] = field(default_factory=set)
    nominal: bool = False
    _known: dict[str, Filled] = field(default_factory=dict)

    def fill(self, text: str) -> Filled:
        """`text` with its placeholders filled in."""
        if "${" not in text:
            return Filled(text, "file")
        if (known := self._known.get(text)) is not None:
            return known
        origins: dict[str, None] = {}
        problems: list[tuple[str, str]] = []
        virtual = False

        def replace(match: re.Match[str]) -> str:
            nonlocal virtual
            whole = match[0]
            if whole == "$${":
                return "${"
            kind, colon, name = (match[1] or "").partition(":")
            if not whole.endswith("}") or kind not in _KINDS or not colon or not name:
                meant = near(kind, _KINDS)
                hint = f"did you mean ${{{meant[0]}:...}}?" if meant else "write $${ for the text ${"
                problems.append(
                    (f'"{whole}" is no placeholder, expected ${{env:NAME}} or ${{secret:NAME}}', hint)
                )
                return whole
            if kind == "public":
                self.public.add(name.strip())
                return name
            value, problem = self._value(kind, name)
            if problem is not None:
                problems.append(problem)
                return whole
            origins[f"{kind}:{name}"] = None
            virtual = virtual or kind == "virtual"
            if kind != "virtual" and value:
                self.redactions[value] = None
            return value

        filled = _PLACEHOLDER.sub(replace, text)
        if virtual:
            self.nominal = self.nominal or not self.values
            filled = OfVirtual(filled) if self.values else Nominal(filled)
        made = Filled(filled, ", ".join(origins) or "file", tuple(problems))
        if not problems:  # those may go: the secrets are read after the name of their file
            self._known[text] = made
        return made

    def _value(self, kind: str, name: str) -> tuple[str, tuple[str, str] | None]:
        if kind == "env":
            if name in self.environ:
                return self.environ[name], None
            return "", (f"the environment variable {name} is not set", f"set {name}, or use a secrets file")
        if kind == "secret":
            if self.secrets is None:
                return "", (f'no secrets file for "{name}"', "name one in the profile, secrets: secrets.yaml")
            if name in self.secrets:
                return self.secrets[name], None
            return "", (f'the secrets file has no "{name}"', did_you_mean(name, self.secrets))
        if not self.values:
            return nominal_value(name), None
        if name in self.values:
            return self.values[name], None
        return "", (f'the virtual device has no value "{name}"', did_you_mean(name, self.values))


def nominal_value(key: str) -> str:
    """A stand-in of the right kind for a value that a running virtual device would give."""
    if key in _NOMINAL:
        return _NOMINAL[key]
    if key in _NOMINAL_PORTS or key.endswith("_port"):
        return "1"
    if key.endswith("_url"):
        return "https://127.0.0.1:1"
    return key
