"""Published documents: fetched within bounds, and read as passages with their place; HTML, PDF, text, security.txt.

    fetch_document(client, url)   an address, as a `WebDocument`
    read_document(origin, bytes)  bytes that were obtained otherwise: a file, a copy that was kept
    typed_text(where, text)       what somebody has read off the device or its packaging

What surrounds a document's own text (header, footer, navigation, cookie bars) is marked by its kind and not lost.
"""

from __future__ import annotations

from pytest_etsi.probes.webdocs.fetching import Fetched, fetch, fetch_document
from pytest_etsi.probes.webdocs.html import read_html
from pytest_etsi.probes.webdocs.language import LANGUAGES, language_of
from pytest_etsi.probes.webdocs.model import (
    NO_NETWORK,
    CertificateCheck,
    Heading,
    Hop,
    Hurdle,
    Kind,
    Origin,
    PageForm,
    Passage,
    SecurityTxt,
    Spot,
    WebDocument,
)
from pytest_etsi.probes.webdocs.reading import read_document, typed_text

__all__ = [
    "LANGUAGES",
    "NO_NETWORK",
    "CertificateCheck",
    "Fetched",
    "Heading",
    "Hop",
    "Hurdle",
    "Kind",
    "Origin",
    "PageForm",
    "Passage",
    "SecurityTxt",
    "Spot",
    "WebDocument",
    "fetch",
    "fetch_document",
    "language_of",
    "read_document",
    "read_html",
    "typed_text",
]
