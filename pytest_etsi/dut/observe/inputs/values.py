"""Unexpected values for an input: of another type, length, range or encoding, and such as other programs act on."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.profile.facts import InputAccess

__all__ = ["MARK", "Probe", "nested", "probes_for"]

MARK = "etsi7x"
"""A word that no device says by itself."""
PRODUCT = "1801050143"
"""Of 30011 and 60013: below 2^31 for small shells, and too long to stand in an answer by chance."""
_LENGTHS = (257, 1025, 4097, 16_385, 65_537)
_LEVELS = 1000


@dataclass(frozen=True, slots=True)
class Probe:
    """One unexpected value.

    Attributes:
        what: in words.
        value: what is put in the place of the input; None: the whole body is `raw`.
        illegal: it lies outside of what the documents allow, so that taking it over is wrong.
        shows: a text that shows in an answer only if some program has acted on the value.
        raw: a body as it is.
    """

    what: str
    value: Any
    illegal: bool = False
    shows: str = ""
    raw: bytes | None = None


def probes_for(given: InputAccess, seed: int) -> Iterator[Probe]:
    """The values to try, harmless ones first; the same for the same seed.

    Args:
        given: what the documents say of the input.
        seed: of what is made up at random.
    """
    yield from _types(given)
    yield from _ranges(given)
    yield from _injections(given)
    yield from _encodings(given)
    yield from _random(given, seed)
    yield from _lengths(given)
    if given.request.json_body is not None:
        yield Probe("JSON that ends early", None, raw=b'{"a": ')
        yield Probe("a list in place of an object", None, raw=b"[]")
        yield Probe(f"JSON of {_LEVELS} levels", None, raw=nested(_LEVELS))


def nested(levels: int) -> bytes:
    """A list in a list in a list, so many levels deep."""
    return b"[" * levels + b"]" * levels


def _types(given: InputAccess) -> Iterator[Probe]:
    if given.type == "boolean":
        wrong: tuple[Any, ...] = ("yes", 2, None, [True])
    elif given.type in ("integer", "number"):
        wrong = ("seven", None, [7], {"a": 7}, True)
    else:
        wrong = (7, True, None, ["a"], {"a": "b"})
    if given.request.json_body is not None:
        for value in wrong:
            yield Probe(f"{type(value).__name__} in place of {given.type}", value, illegal=True)


def _ranges(given: InputAccess) -> Iterator[Probe]:
    if given.type in ("integer", "number"):
        if given.minimum is not None:
            yield Probe("less than the least", int(given.minimum) - 1, illegal=True)
        if given.maximum is not None:
            yield Probe("more than the most", int(given.maximum) + 1, illegal=True)
        for value in (-1, 2**31, 2**63, -(2**63) - 1, 1e308):
            illegal = (given.minimum is not None and value < given.minimum) or (
                given.maximum is not None and value > given.maximum
            )
            yield Probe(f"the number {value:g}", value, illegal=illegal)
        return
    for text in given.invalid:
        yield Probe(f"{text[:40]!r}, which the documents exclude", text, illegal=True)
    if given.type == "text":
        yield Probe("an empty text", "", illegal=(given.min_length or 0) > 0)


def _lengths(given: InputAccess) -> Iterator[Probe]:
    if given.type != "text":
        return
    if given.max_length is not None:
        yield Probe(f"{given.max_length + 1} characters", "a" * (given.max_length + 1), illegal=True)
    for length in _LENGTHS:
        if given.max_length is None or length > given.max_length:
            yield Probe(f"{length} characters", "a" * length, illegal=given.max_length is not None)


def _injections(given: InputAccess) -> Iterator[Probe]:
    if given.type not in ("text", "any"):
        return
    for what, value, shows in (
        ("markup", f"<{MARK}>", f"<{MARK}>"),
        ("markup in a quoted place", f"\"><{MARK}>'", f"<{MARK}>"),
        ("a template", "{{30011*60013}}", PRODUCT),
        ("a template of another kind", "${30011*60013}", PRODUCT),
        ("arithmetic of a shell", f"{MARK}$((30011*60013))", f"{MARK}{PRODUCT}"),
        ("a command of a shell", f"; echo {MARK}$((30011*60013))", f"{MARK}{PRODUCT}"),
        ("a command in backquotes", "`expr 30011 \\* 60013`", PRODUCT),
        ("a path upwards", "../../../../../../etc/passwd", "root:"),
        ("an encoded path upwards", "..%2f..%2f..%2f..%2fetc%2fpasswd", "root:"),
        ("an apostrophe", "a'b", ""),
        ("a condition of a database", "a' OR '1'='1", ""),
        ("an entity of XML", f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "{MARK}">]><a>&b;</a>', ""),
        ("a new header line", f"a\r\nX-{MARK}: 1", f"x-{MARK}"),
        ("a new header line, encoded", f"a%0d%0aX-{MARK}: 1", f"x-{MARK}"),
        ("a format of C", "%n%n%s%s%x", ""),
        ("a formula", "=1+1+cmd|' /C calc'!A0", ""),
    ):
        yield Probe(what, value, shows=shows)


def _encodings(given: InputAccess) -> Iterator[Probe]:
    if given.type == "text":
        for what, value in (
            ("a zero character", "a\0b"),
            ("a lone surrogate", "\ud800"),
            ("letters from right to left", "a\u202eb"),
            ("combined characters", "a" + "\u0301" * 40),
            ("an emoji", "\U0001f4f7"),
        ):
            yield Probe(what, value)


def _random(given: InputAccess, seed: int) -> Iterator[Probe]:
    """Printable noise, reproducible by its seed."""
    if given.type != "text":
        return
    noise = random.Random(seed)  # noqa: S311 - it has to be the same again
    for number in range(8):
        length = noise.randint(1, 60)
        value = "".join(
            chr(noise.choice((noise.randint(32, 126), noise.randint(0xA1, 0x2FF)))) for _ in range(length)
        )
        yield Probe(f"noise {number} of seed {seed}", value)
