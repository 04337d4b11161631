"""The text of a document without the secrets in it, so that it can be kept and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from pytest_etsi.profile._yaml import Mapping, Node, Scalar, Sequence, read_yaml

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
    # The nodes of a document without a secret are known from when it was read. One with the mask in a place where YAML
    # has no room for it is refused.
    root, problems = read_yaml(masked.encode("utf-8", "surrogatepass"), "")
    if not problems and _is_clean(root, redact):
        return masked
    try:
        said = yaml.load(text, Loader=_LOADER)  # noqa: S506 - as above
        return _ANEW + yaml.safe_dump(redact.builtins(said), allow_unicode=True, sort_keys=False)
    except (yaml.YAMLError, RecursionError, ValueError):
        return masked


def _is_clean(root: Node | None, redact: Redactor) -> bool:
    texts = list(_texts(root))
    together = "\n".join(texts)
    return redact.text(together) == together or all(redact.text(one) == one for one in texts)


def _texts(root: Node | None) -> Iterator[str]:
    waiting = [root]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, Scalar):
            yield one.text
        elif isinstance(one, Mapping | Sequence) and id(one) not in seen:
            # An alias may stand for a part in many places.
            seen.add(id(one))
            if isinstance(one, Mapping):
                yield from one.items
                waiting += one.items.values()
            else:
                waiting += one.items
