"""The ICS: a row per provision, and the manufacturer's statements on the conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.profile._documents import IcsRowDocument
from pytest_etsi.profile._errors import Source, shown
from pytest_etsi.profile._model import Ics, IcsRow
from pytest_etsi.profile._yaml import Mapping, Scalar
from pytest_etsi.standard import EDITIONS, edition

if TYPE_CHECKING:
    from pytest_etsi.profile._document import Document
    from pytest_etsi.standard import Edition

__all__ = ["read_ics"]


def read_ics(documents: list[Document], standard: Edition) -> Ics | None:
    """The ICS; None where there is none. What is wrong with it is noted in its document."""
    rows: dict[str, IcsRow] = {}
    conditions: dict[str, bool] = {}
    places: dict[str, Source] = {}
    source: Source | None = None
    provisions = [provision.id for provision in standard.provisions]
    for document in documents:
        root = document.root
        if root is None or (isinstance(root, Scalar) and root.is_null):
            source = source or Source(document.shown, 1, 1)
            continue
        source = source or document.source(root)
        if not isinstance(root, Mapping):
            document.problem(
                root,
                "ICS",
                "expected a mapping of provisions, got " + ("text" if isinstance(root, Scalar) else "a list"),
            )
            continue
        for key, node in root.items.items():
            place = root.place(key)
            if key == "conditions":
                stated = _conditions(document, node, place, standard)
                conditions |= stated
                if isinstance(node, Mapping):
                    places |= {name: document.source(node.items[name], node.place(name)) for name in stated}
            elif key not in provisions:
                document.problem(place, "ICS", *_unknown(document, key, standard, provisions))
            else:
                row = document.check(IcsRowDocument, node, where=f"ICS {key}", place=place)
                if row is not None:
                    rows[key] = IcsRow(row.support, row.detail, document.source(node, place))
    return Ics(rows, conditions, source, places) if source else None


def _conditions(
    document: Document, node: object, place: tuple[int, int], standard: Edition
) -> dict[str, bool]:
    known = [condition.id for condition in standard.conditions]
    if isinstance(node, Scalar) and node.is_null:
        return {}
    if not isinstance(node, Mapping):
        document.problem(place, "ICS conditions", 'expected a mapping such as {"1": true}')
        return {}
    stated: dict[str, bool] = {}
    for key, value in node.items.items():
        if key not in known:
            document.problem(
                node.place(key),
                "ICS conditions",
                f'edition {standard.id} has no condition "{key}"',
                f"known: {', '.join(known)}",
            )
            continue
        text = document.text(value).lower() if isinstance(value, Scalar) else None
        if text in ("true", "yes", "false", "no"):
            stated[key] = text in ("true", "yes")
        elif not (isinstance(value, Scalar) and value.is_null):
            written = shown(value.text) if isinstance(value, Scalar) else "a list or mapping"
            document.problem(
                node.place(key), f"ICS conditions: {key}", f"expected true or false, got {written}"
            )
    return stated


def _unknown(document: Document, key: str, standard: Edition, provisions: list[str]) -> tuple[str, str]:
    message = f'edition {standard.id} has no provision "{key}"'
    elsewhere = [e for e in EDITIONS if e != standard.id and any(p.id == key for p in edition(e).provisions)]
    if elsewhere:
        return message, f"edition {elsewhere[0]} has it"
    return message, document.hints.near(key, [*provisions, "conditions"])
