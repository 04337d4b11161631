"""The evidence store: observations and documents kept with their hash, so that a verdict can be re-examined.

Every file is created exclusively and never written again, is on disk before its hash is given out, and holds
no
secret: what goes in passes a `Redactor` first. Files are named by unit and entry::

    evidence/5.1-5-2_b/AuthMech-web/01-guesses.json
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

__all__ = ["MASK", "MAX_BYTES", "EvidenceItem", "EvidenceScope", "EvidenceStore", "Redactor", "utc_now"]

MASK = "‹secret›"  # noqa: RUF001 - meant to look unlike anything that a device sends
"""What stands in the place of a secret."""

MAX_BYTES = 64 * 1024 * 1024
"""Largest content that is kept as one item, in bytes."""

_SHORT = 4
"""Secrets below this length, in characters, are masked as whole words only, and not in their encodings."""

_FOLDER = "evidence"
_ACTS_ON_TERMINALS = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Control characters beyond ASCII, and what turns the direction of writing."""

_CAPTURES = {
    b"\xd4\xc3\xb2\xa1": "pcap",
    b"\xa1\xb2\xc3\xd4": "pcap",
    b"\x4d\x3c\xb2\xa1": "pcap",
    b"\xa1\xb2\x3c\x4d": "pcap",
    b"\x0a\x0d\x0d\x0a": "pcapng",
}
"""First bytes of files of captured packets -> how their names end."""


def utc_now() -> str:
    """The time now in UTC, to the millisecond: ``2026-11-20T20:45:50.123Z``."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Redactor:
    """Masks secrets in whatever is about to be kept or shown.

    A value is masked as it is and in the encodings in which it travels: URL-encoded, JSON- and HTML-escaped,
    as hexadecimal digits, and in base64 at any alignment (so also within ``user:password`` of an
    Authorization header).

    Args:
        values: the secrets; empty ones are ignored.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values: set[str] = set()
        self._text: re.Pattern[str] | None = None
        self._bytes: re.Pattern[bytes] | None = None
        self.add(*values)

    def add(self, *values: str) -> None:
        """Mask these from now on too, e.g. a password that the run itself has made up."""
        new = {value for value in values if value.strip()} - self._values
        if new:
            self._values |= new
            self._text = self._bytes = None

    def text(self, text: str) -> str:
        """`text` with every secret masked."""
        if not self._values:
            return text
        if self._text is None:
            self._text = re.compile("|".join(_patterns(self._values)))
        return self._text.sub(MASK, text)

    def bytes(self, data: bytes) -> bytes:
        """`data` with every secret masked, in UTF-8 and in the encodings of `text`."""
        if not self._values:
            return data
        if self._bytes is None:
            # Latin-1 maps each byte to one character, so that patterns made for text can be used on bytes.
            self._bytes = re.compile("|".join(_patterns(self._values, utf8=True)).encode("latin-1"))
        if data[:4] in _CAPTURES:
            # Lengths stand in front of packets, so that one more or less would damage all that follow.
            return self._bytes.sub(lambda match: b"*" * len(match[0]), data)
        return self._bytes.sub(MASK.encode(), data)

    def builtins(self, value: Any) -> Any:
        """`value`, made of dicts, lists, strings and numbers, with every secret masked in keys and values."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int | float):
            return MASK if str(value) in self._values else value
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.builtins(item) for key, item in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
            return [self.builtins(item) for item in value]
        raise TypeError(f"expected values that JSON has, got {type(value).__name__}")


def _patterns(values: Iterable[str], *, utf8: bool = False) -> list[str]:
    """Regular expressions for every form of the values, those that match most first.

    With `utf8`, for bytes: each character stands for one byte.
    """
    forms: dict[str, int] = {}
    for value in values:
        data = value.encode("utf-8", "surrogatepass")
        plain = {value} if len(value) < _SHORT else _escaped(value)
        if utf8:
            plain = {form.encode("utf-8", "surrogatepass").decode("latin-1") for form in plain}
        if len(value) < _SHORT:
            forms.update({rf"(?<![0-9A-Za-z]){re.escape(form)}(?![0-9A-Za-z])": len(form) for form in plain})
            continue
        forms.update({re.escape(form): len(form) for form in plain})
        digits = [f"{byte:02x}" for byte in data]
        forms["(?i:" + "[:. -]?".join(digits) + ")"] = 2 * len(data)
        forms["(?i:" + "".join(rf"\\x{pair}" for pair in digits) + ")"] = 4 * len(data)
        forms.update({form: 2 * len(data) for form in _base64(data)})
    return sorted(forms, key=lambda form: (-forms[form], form))


def _escaped(value: str) -> set[str]:
    """`value` as it is and as texts of various kinds write it."""
    kept = ("", "/", "/:", "!*'()~", "!*'()~/:@$,;+=")
    quoted = {quote(value, safe=safe, errors="surrogatepass") for safe in kept}
    quoted |= {quote_plus(value, errors="surrogatepass")}
    quoted |= {re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), form) for form in quoted}
    literal = {value, repr(value)[1:-1]}
    for _ in range(2):  # also JSON within JSON
        literal |= {
            json.dumps(form, ensure_ascii=ascii_)[1:-1] for form in literal for ascii_ in (True, False)
        }
    markup = {
        html.escape(value),
        html.escape(value, quote=False),
        html.escape(value).replace("&#x27;", "&#39;"),
    }
    return quoted | literal | markup | {form.replace("/", "\\/") for form in literal}


def _base64(data: bytes) -> Iterable[str]:
    """The characters that `data` gives in base64 at each of the three alignments.

    At the edges a character also depends on a neighbour; one more on each side is masked with it.
    """
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + data).decode()
        start = -(-offset * 8 // 6)
        inner = whole[start : (offset + len(data)) * 8 // 6]
        sign = "[A-Za-z0-9+/_-]"
        before = f"{sign}?" if offset else ""
        after = f"{sign}?={{0,2}}" if (offset + len(data)) % 3 else ""
        core = "".join(f"[{char}{'-' if char == '+' else '_'}]" if char in "+/" else char for char in inner)
        yield before + core + after


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One piece of evidence.

    Attributes:
        file: path below the directory of the results, with slashes.
        sha256: hash of the file's content, hexadecimal.
        size: of the content, in bytes.
        created: when, in UTC.
    """

    file: str
    sha256: str
    size: int
    created: str

    def to_json(self) -> dict[str, str | int]:
        """The item as it stands in the record."""
        return {"file": self.file, "sha256": self.sha256, "size": self.size, "created": self.created}


class EvidenceStore:
    """Where the evidence of one run is kept.

    Args:
        directory: directory of the results; files go below its ``evidence/``.
        redact: masks the secrets of the run.
        now: gives the time in UTC.
    """

    def __init__(
        self, directory: Path, redact: Redactor | None = None, *, now: Callable[[], str] = utc_now
    ) -> None:
        self.directory = Path(directory)
        self.redact = redact if redact is not None else Redactor()
        self._now = now
        self._lock = threading.Lock()

    def scope(self, unit: str, entry: str | None = None) -> EvidenceScope:
        """The evidence of one evaluation: of a unit, "5.1-5-2/b", for an entry of its IXIT table or once."""
        folder = f"{_FOLDER}/{_unique(unit.replace('/', '_'))}"
        return EvidenceScope(self, f"{folder}/{_unique(entry)}" if entry else folder)

    def add(self, folder: str, name: str, content: Any, suffix: str | None = None) -> EvidenceItem:
        """Keep `content` in a new file below `folder`; see `EvidenceScope.add`."""
        data, usual = self._data(content)
        label = _slug(self.redact.text(name))
        if len(data) > MAX_BYTES:
            raise ValueError(f"evidence {label!r} has {len(data):,} bytes; at most {MAX_BYTES:,} are kept")
        ending = (suffix if suffix is not None else usual).lstrip(".")
        with self._lock:
            place = self.directory / folder
            place.mkdir(parents=True, exist_ok=True)
            file = _create(place, label, _slug(ending) if ending else "", data)
        return EvidenceItem(f"{folder}/{file}", hashlib.sha256(data).hexdigest(), len(data), self._now())

    def _data(self, content: Any) -> tuple[bytes, str]:
        if isinstance(content, bytes | bytearray | memoryview):
            data = bytes(content)
            return self.redact.bytes(data), _CAPTURES.get(data[:4], "bin")
        if isinstance(content, str):
            return self.redact.text(content).encode("utf-8", "backslashreplace"), "txt"
        to_json = getattr(content, "to_json", None)
        plain = self.redact.builtins(to_json() if callable(to_json) else content)
        text = json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=True) + "\n"
        # JSON itself escapes only the control characters below the space; whoever prints the file has a terminal.
        text = _ACTS_ON_TERMINALS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
        return text.encode("utf-8", "backslashreplace"), "json"

    def set_aside(self, keep: Iterable[str]) -> list[str]:
        """Move every file that is not one of `keep` to ``evidence/interrupted/``; gives the new paths.

        So that evaluations that a crash has cut short, and that are done again, find their names free.
        """
        root = self.directory / _FOLDER
        kept, moved = set(keep), []
        aside = root / "interrupted"
        files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_relative_to(aside))
        left = [path for path in files if path.relative_to(self.directory).as_posix() not in kept]
        if not left:
            return []
        number = 1 + sum(1 for _ in aside.iterdir()) if aside.is_dir() else 1
        for path in left:
            target = aside / str(number) / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
            moved.append(target.relative_to(self.directory).as_posix())
        return moved


class EvidenceScope:
    """The evidence of one evaluation; what was added is in `items`, in order, and what it comes to in `in_short`."""

    def __init__(self, store: EvidenceStore, folder: str) -> None:
        self._store = store
        self.folder = folder
        self.items: list[EvidenceItem] = []
        self.in_short = ""

    def summary(self, text: str) -> None:
        """Say in one sentence what a PASS rests on: what was searched or compared; it becomes the reason."""
        self.in_short = text

    def add(self, name: str, content: Any, suffix: str | None = None) -> EvidenceItem:
        """Keep `content` under the next number and a name derived from `name`.

        Args:
            name: says what it is, "port scan".
            content: bytes, text, builtins that JSON has, or an object whose ``to_json()`` gives such.
            suffix: of the file; default: bin, txt or json, by the kind of content.

        Raises:
            ValueError: `content` is larger than `MAX_BYTES`.
            TypeError: `content` is none of the above.
            OSError: it could not be written.
        """
        item = self._store.add(self.folder, name, content, suffix)
        self.items.append(item)
        return item

    def cite(self, item: EvidenceItem) -> None:
        """Use an item that another evaluation has kept, e.g. a scan that serves several units."""
        if item not in self.items:
            self.items.append(item)


def _slug(text: str) -> str:
    """`text` as part of a file name."""
    return re.sub(r"[^A-Za-z0-9._+-]+", "-", text).strip(".-")[:64] or "item"


def _unique(text: str) -> str:
    """The same, and different for different texts."""
    slug = _slug(text)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return slug if slug == text else f"{slug}-{digest[:8]}"


def _create(place: Path, label: str, ending: str, data: bytes) -> str:
    """Write `data` to a file of `place` that did not exist, with the next number; gives its name."""
    used = [int(match[1]) for path in place.iterdir() if (match := re.match(r"(\d+)-", path.name))]
    number = max(used, default=0)
    while True:
        number += 1
        name = f"{number:02d}-{label}" + (f".{ending}" if ending else "")
        try:
            handle = os.open(place / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            continue
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return name
