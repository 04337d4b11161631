"""Which text the bytes of a device are: character sets come from a list, whatever a header says.

Python's codecs know more than texts: ``zlib``, ``hex`` or ``idna`` as a declared character set would unpack, fail or
raise what nobody expects.
"""

from __future__ import annotations

import codecs
import re

__all__ = ["charset_of", "decoded", "encoding_for"]

_TEXTS = frozenset({
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "ascii",
    *(f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
    *(f"cp{page}" for page in (437, 850, 852, 866, 874, 932, 949, 950, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257)),
    "cp1258", "koi8-r", "koi8-u", "mac-roman", "gb2312", "gbk", "gb18030", "big5", "big5hkscs", "shift_jis", "euc_jp",
    "iso2022_jp", "euc_kr", "tis-620",
})  # fmt: skip
_MARKS = {
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
}
_DECLARED = re.compile(r"(?i)\bcharset\s*=\s*[\"']?\s*([a-z0-9._:-]{1,40})")


def charset_of(content_type: str) -> str:
    """The character set that a Content-Type names, as it is written; empty: none."""
    found = _DECLARED.search(content_type[:500])
    return found[1] if found else ""


def encoding_for(content: bytes, *declared: str) -> str:
    """The encoding to read `content` in, of which Python has a decoder of texts.

    Args:
        content: the bytes, also cut ones.
        declared: character sets that are said, the one that counts most first; what is none is passed over.

    Returns:
        That of a byte order mark of wide characters, as browsers have it; else the first declared one; else UTF-8 where
        the bytes are that, else ISO 8859-1, which any bytes are. Markup of which every other byte is zero is UTF-16.
    """
    for wide in ("utf-32", "utf-16"):  # in this order: a mark of the first begins with one of the second
        if content.startswith(_MARKS[wide]):
            return wide
    for name in declared:
        try:
            known = codecs.lookup(name).name if name else ""
        except (LookupError, ValueError):
            continue
        if known in _TEXTS and (known := _width_shown(known, content)):
            return known
    for end, start in (("le", b"<\0"), ("be", b"\0<")):
        if content.startswith(start):
            return f"utf-16-{end}"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content)  # not final: a cut character is no error
    except UnicodeDecodeError:
        return "iso8859-1"
    return "utf-8"


def _width_shown(known: str, content: bytes) -> str:
    """The encoding where its characters are as wide as the bytes show; empty: they are not.

    A decoder of "utf-16" or "utf-32" raises where there is no byte order mark. What a device has written of markup is
    every other byte zero then, which also shows the order; where none is, another encoding was meant.
    """
    family = known[:6]
    if family not in _MARKS:
        return known
    if content.startswith(_MARKS[family]):
        return known
    head = content[:256]
    zeros = head[::2].count(0), head[1::2].count(0)
    if not any(zeros):
        return ""
    if known != family:
        return known
    big = head.startswith(b"\0\0") if family == "utf-32" else zeros[0] > zeros[1]
    return f"{family}-{'be' if big else 'le'}"


def decoded(content: bytes, *declared: str) -> str:
    """`content` as text by `encoding_for`; what is no character in it is replaced."""
    return content.decode(encoding_for(content, *declared), "replace")
