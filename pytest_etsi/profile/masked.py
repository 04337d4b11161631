"""The text of a document without the secrets in it, so that it can be kept and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.redaction import Redactor

__all__ = ["masked_document"]

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Every value as text."""
_ANEW = "# Written anew from what the document says: a secret stood in it in another form.\n"


def masked_document(text: str, redact: Redactor) -> str:
    """The text without secrets, line for line; where YAML writes one in another form, only what the document says.

    Args:
        text: of a document of a profile, which was read within bounds before.
        redact: knows the secrets.
    """
    masked = redact.text(text)
    try:
        if _is_clean(yaml.load(masked, Loader=_LOADER), redact):  # noqa: S506 - it makes texts, lists and mappings
            return masked
    except (yaml.YAMLError, RecursionError, ValueError):
        pass  # the mask in a place where YAML has no room for it
    try:
        said = yaml.load(text, Loader=_LOADER)  # noqa: S506 - as above
        return _ANEW + yaml.safe_dump(redact.builtins(said), allow_unicode=True, sort_keys=False)
    except (yaml.YAMLError, RecursionError, ValueError):
        return masked


def _is_clean(said: Any, redact: Redactor) -> bool:
    texts = list(_texts(said))
    together = "\n".join(texts)
    return redact.text(together) == together or all(redact.text(one) == one for one in texts)


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict | list) and id(one) not in seen:
            # An alias may stand for a part in many places, or for one that holds itself.
            seen.add(id(one))
            waiting += [*one, *one.values()] if isinstance(one, dict) else one
