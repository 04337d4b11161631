"""The values of a profile that must not be shown, wherever they came from: file, environment or virtual device."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["confidential"]

_HEADER = re.compile(r"authorization|token|cookie|secret|password|api-?key", re.IGNORECASE)
_SCHEME = re.compile(r"(?:Basic|Bearer|Digest|Token)\s+", re.IGNORECASE)


def confidential(model: object) -> Iterator[str]:
    """Values of fields that are left out of `repr`, of headers that carry a credential, and of what is nested."""
    if isinstance(model, BaseModel):
        for name, info in type(model).model_fields.items():
            value = getattr(model, name)
            if not info.repr and isinstance(value, str):
                yield value
            elif not info.repr and isinstance(value, dict):
                for header, content in value.items():
                    if _HEADER.search(str(header)):
                        yield _SCHEME.sub("", str(content), count=1)
            else:
                yield from confidential(value)
    elif isinstance(model, dict):
        for value in model.values():
            yield from confidential(value)
    elif isinstance(model, list | tuple):
        for value in model:
            yield from confidential(value)
