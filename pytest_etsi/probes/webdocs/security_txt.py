"""security.txt (RFC 9116), as people write it: names in any case, any line ends, a signature around it."""

from __future__ import annotations

import re

from pytest_etsi.probes.webdocs.model import Kind, Passage, SecurityTxt, Spot
from pytest_etsi.probes.webdocs.text import squeezed

__all__ = ["MOST_LINES", "is_security_txt", "read_security_txt"]

_FIELD = re.compile(r"\s{0,20}([A-Za-z][A-Za-z-]{1,40})\s{0,20}:[ \t]{0,20}(\S.*)")
_ADDRESS = re.compile(r"[^\s@:]{1,64}@[^\s@:]{1,200}\.[^\s@:]{2,}")
_BEGIN, _END = "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----"
_KNOWN = frozenset({"contact", "expires", "policy", "encryption", "preferred-languages", "canonical"})
MOST_LINES = 2000


def is_security_txt(url: str, text: str) -> bool:
    """Whether a text at an address is meant to be one: by its name, and a field that only it has."""
    name = url.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2].lower()
    if name != "security.txt" or "<html" in text[:2000].lower():
        return False
    lines = text.lstrip("\ufeff").splitlines()[:200]
    return any((found := _FIELD.match(line)) and found[1].lower() in _KNOWN for line in lines)


def read_security_txt(text: str) -> tuple[SecurityTxt, tuple[Passage, ...]]:
    """Its fields, and each of them as a passage; comments and the armour of a signature are no text of it."""
    signed, lines = _unwrapped(text.lstrip("\ufeff").splitlines()[:MOST_LINES])
    values: dict[str, list[str]] = {}
    passages = []
    for number, line in lines:
        found = _FIELD.match(line)
        if line.lstrip().startswith("#") or not found:
            continue
        name, value = found[1].lower(), squeezed(found[2])[:2000]
        if name == "contact":
            value = _contact(value)
        values.setdefault(name, []).append(value)
        links = (value,) if ":" in value and name != "expires" else ()
        passages.append(
            Passage(f"{found[1]}: {value}", Spot(number), Kind.FIELD, cells=((name, value),), links=links)
        )
    odd = []
    if "contact" not in values:
        odd.append("no Contact")
    if len(values.get("expires", ())) != 1:
        odd.append("no Expires" if "expires" not in values else "more than one Expires")
    read = SecurityTxt(
        contact=tuple(values.get("contact", ())),
        expires=next(iter(values.get("expires", ())), ""),
        policy=tuple(values.get("policy", ())),
        encryption=tuple(values.get("encryption", ())),
        preferred_languages=tuple(
            part.strip().lower() for one in values.get("preferred-languages", ()) for part in one.split(",")
        ),
        canonical=tuple(values.get("canonical", ())),
        signed=signed,
        odd=tuple(odd),
    )
    return read, tuple(passages)


def _contact(value: str) -> str:
    """With the scheme that an address has to have (RFC 9116, 2.5.3) and that people leave out."""
    if _ADDRESS.fullmatch(value):
        return f"mailto:{value}"
    if re.fullmatch(r"\+?[\d ()/-]{6,30}", value):
        return f"tel:{value.replace(' ', '')}"
    return f"https://{value}" if re.fullmatch(r"(?:www\.)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?", value) else value


def _unwrapped(lines: list[str]) -> tuple[bool, list[tuple[int, str]]]:
    """Whether it is signed in clear (RFC 4880, 7), and the lines that are, with their numbers."""
    counted = list(enumerate(lines, 1))
    if not any(line.strip() == _BEGIN for line in lines):
        return False, counted
    begin = next(number for number, line in counted if line.strip() == _BEGIN)
    body = next((number for number, line in counted if number > begin and not line.strip()), begin)
    end = next((number for number, line in counted if line.strip() == _END), len(lines) + 1)
    return True, [(number, line.removeprefix("- ")) for number, line in counted if body < number < end]
