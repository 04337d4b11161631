"""A page as PDF, with page numbers, by WeasyPrint: nothing is fetched for it, and nothing runs in it."""

from __future__ import annotations

import logging

__all__ = ["MOST_EVALUATIONS", "PdfError", "pdf_of"]

MOST_EVALUATIONS = 3000
"""Laying a page out takes some 50 ms and half a megabyte an evaluation; a browser prints what is larger."""


class PdfError(RuntimeError):
    """No PDF can be made; the message says what to do."""


def pdf_of(page: str) -> bytes:
    """The page as it prints.

    Args:
        page: HTML that needs nothing beside it.

    Raises:
        PdfError: the engine is not there, or what it needs of the system is not.
    """
    try:
        import weasyprint  # type: ignore[import-untyped]
        from weasyprint.urls import URLFetcher  # type: ignore[import-untyped]
    except ImportError:
        raise PdfError("a PDF needs a further library: pip install pytest-etsi[pdf]") from None
    except OSError as error:
        raise PdfError(
            f"a PDF needs Pango (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0): {error}"
        ) from None
    logger = logging.getLogger("weasyprint")
    before = logger.level
    # What is said of style that only browsers know is of no use to anybody.
    logger.setLevel(logging.CRITICAL)
    try:
        nothing = URLFetcher(allowed_protocols=())
        made: bytes = weasyprint.HTML(string=page, url_fetcher=nothing).write_pdf()
    finally:
        logger.setLevel(before)
    return made
