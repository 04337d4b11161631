"""Published documents for tests, made of what a server would have sent."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pytest_etsi.probes.webdocs import Origin, read_document

if TYPE_CHECKING:
    from pytest_etsi.probes.webdocs import WebDocument

__all__ = ["published"]


def published(
    content: str | bytes,
    *,
    url: str = "https://maker.example/manual",
    status: int = 200,
    media_type: str = "text/plain",
    truncated: bool = False,
    **of_origin: Any,
) -> WebDocument:
    """The document that an answer with this content is."""
    data = content.encode() if isinstance(content, str) else content
    origin = Origin(
        url,
        status=status,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        headers=(("content-type", media_type),),
        **of_origin,
    )
    return read_document(origin, data, truncated=truncated)
