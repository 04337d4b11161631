"""The ICS: a row per provision, and the manufacturer's statements on the conditions.

A row that is marked as drafted (`pytest_etsi.profile.drafts`) is a proposal: it claims nothing until somebody has
confirmed it and takes the mark away.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from pytest_etsi.profile._documents import IcsRowDocument, Support
from pytest_etsi.profile._errors import Source, shown
from pytest_etsi.profile._fields import as_text
from pytest_etsi.profile._model import Ics, IcsRow
from pytest_etsi.profile._yaml import Mapping, Scalar
from pytest_etsi.profile.drafts import MARK, mark_of
from pytest_etsi.profile.words import plain
from pytest_etsi.standard import EDITIONS, edition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.profile._document import Document, Place
    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.profile.unread import Unread
    from pytest_etsi.standard import Edition

__all__ = ["read_ics"]

_SUPPORT: dict[Support, re.Pattern[str]] = {
    "Y": re.compile(r"(?:y|yes|ja|oui|si|sim|tak)(?!\w|/)"),
    "N/A": re.compile(r"(?:n ?/ ?a|n\.a\.?|na|not applicable)(?!\w)"),
    "N": re.compile(r"(?:n|no|nein|non|nee|nie|nao)(?!\w|/)"),
}
_APART = re.compile(r"\s*(?:$|[^\w\s/])")
"""What stands behind an answer: the end, or what sets a remark off. "Y/N" is none, and "Y partly" says two things."""


def read_ics(documents: list[Document], standard: Edition) -> Ics | None:
    """The ICS; None where there is none. What is not understood is noted, and is no row."""
    source: Source | None = None
    ics: Ics | None = None
    for document in documents:
        root = document.root
        if root is None or (isinstance(root, Scalar) and root.is_null):
            source = source or Source(document.shown, 1, 1)
            continue
        source = source or document.source(root)
        ics = ics or Ics({}, {}, source)
        if isinstance(root, Mapping):
            _read(document, root, standard, ics)
        else:
            got = "text" if isinstance(root, Scalar) else "a list"
            document.unread(root, "row", "ICS", "", f"expected a mapping of provisions, got {got}")
    return ics or (Ics({}, {}, source) if source else None)


def _read(document: Document, root: Mapping, standard: Edition, ics: Ics) -> None:
    provisions = [provision.id for provision in standard.provisions]
    for key, node in root.items.items():
        place = root.place(key)
        if key == "conditions":
            _conditions(document, node, place, standard, ics)
        elif key not in provisions:
            document.unread(place, "row", "ICS", "", *_unknown(document, key, standard, provisions))
        else:
            _row(document, node, place, key, ics)


def _row(document: Document, node: Node, place: Place, provision: str, ics: Ics) -> None:
    """Take a row; one that is not understood goes among those that are not read."""
    part = f"ICS {provision}"
    if not isinstance(node, Mapping):
        written = as_text(document, node, place, part, "")
        if written.strip():
            row = Mapping(node.line, node.column)
            row.items, row.keys = {"support": node}, {"support": place}
            node = row
        else:
            return
    problems = list(_problems(document, node, place, part))
    if (mark := _mark(document, node, place, part)) is not None:
        ics.unread[provision] = mark
        return
    support, remark = _support(node)
    detail = node.get("detail")
    text = "" if detail is None else as_text(document, detail, node.place("detail"), part, "detail")
    if support is not None and not (problems and detail is None):
        ics.rows[provision] = IcsRow(
            support, "; ".join(filter(None, (remark, text))), document.source(node, place)
        )
    else:
        ics.unread[provision] = problems[0]


def _problems(document: Document, node: Mapping, place: Place, part: str) -> Iterator[Unread]:
    choices = ", ".join(get_args(Support))
    written = node.get("support")
    if written is None:
        message = f"support is missing, expected one of {choices}"
        yield document.unread(place, "row", part, "", message)
    elif _support(node)[0] is None:
        got = shown(written.text) if isinstance(written, Scalar) else "a list or mapping"
        yield document.unread(
            node.place("support"), "row", part, "support", f"expected one of {choices}, got {got}"
        )
    known = list(IcsRowDocument.model_fields)
    for key in node.items:
        if key not in known:
            hint = document.hints.near(key, known, listed=True)
            yield document.unread(node.place(key), "row", part, "", f'unknown key "{key}"', hint)


def _mark(document: Document, node: Mapping, place: Place, part: str) -> Unread | None:
    """That the row is a proposal; None: it is none."""
    if (
        MARK not in node.items
        or (evidence := mark_of(document, node.items[MARK], node.place(MARK), part)) is None
    ):
        return None
    support = node.get("support")
    said = f"support {shown(support.text)}" if isinstance(support, Scalar) else "the row"
    source = f" ({evidence})" if evidence else ""
    message = f"{said} is a proposal{source}, and nobody has confirmed it"
    return document.draft(place, "draft", part, "", message, evidence=evidence)


def _support(node: Mapping) -> tuple[Support | None, str]:
    """The answer of a row and the remark beside it."""
    written = node.get("support")
    if not isinstance(written, Scalar):
        return None, ""
    short = plain(written.text)
    for support, pattern in _SUPPORT.items():
        found = pattern.match(short)
        if found and _APART.match(short, found.end()):
            remark = written.text.strip() if short[found.end() :].strip(" .;,") else ""
            return support, remark
    return None, ""


def _conditions(document: Document, node: object, place: Place, standard: Edition, ics: Ics) -> None:
    known = [condition.id for condition in standard.conditions]
    if isinstance(node, Scalar) and node.is_null:
        return
    if not isinstance(node, Mapping):
        document.unread(place, "row", "ICS conditions", "", 'expected a mapping such as {"1": true}')
        return
    for key, value in node.items.items():
        at = node.place(key)
        if key not in known:
            message = f'edition {standard.id} has no condition "{key}"'
            document.unread(at, "row", "ICS conditions", "", message, f"known: {', '.join(known)}")
            continue
        text = plain(document.text(value)) if isinstance(value, Scalar) else ""
        stated = re.match(r"(?:(true|yes)|(false|no))(?!\w|/)\s*(?:$|[^\w\s/])", text)
        if stated:
            ics.conditions[key] = stated[1] is not None
            ics.condition_sources[key] = document.source(value, at)
        elif not (isinstance(value, Scalar) and value.is_null):
            written = shown(value.text) if isinstance(value, Scalar) else "a list or mapping"
            ics.unread[f"condition {key}"] = document.unread(
                at, "row", "ICS conditions", key, f"expected true or false, got {written}"
            )


def _unknown(document: Document, key: str, standard: Edition, provisions: list[str]) -> tuple[str, str]:
    message = f'edition {standard.id} has no provision "{key}"'
    elsewhere = [e for e in EDITIONS if e != standard.id and any(p.id == key for p in edition(e).provisions)]
    if elsewhere:
        return message, f"edition {elsewhere[0]} has it"
    return message, document.hints.near(key, [*provisions, "conditions"])
