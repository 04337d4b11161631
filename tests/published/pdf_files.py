"""PDF files of several producers, made when they are asked for."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from pytest_etsi.report.pdf import pdf_of

__all__ = ["laid_out", "lines_of", "pictures", "printed"]


def laid_out(
    *parts: str | list[list[str]], running: str = "", password: str = "", owner: str = "", gap: int = 8
) -> bytes:
    """A PDF by a layout program: "# " begins a heading, a list of lists is a table, all else are paragraphs.

    Args:
        parts: what stands in it, in order.
        running: title at the top of each page, with the page's number at its foot.
        password: needed to open it.
        owner: a password that only who changes it needs.
        gap: points between two parts.
    """
    styles = getSampleStyleSheet()
    story: list[Any] = []
    for part in parts:
        if isinstance(part, list):
            story.append(Table(part))
        elif part.startswith("# "):
            story.append(Paragraph(part[2:], styles["Heading1"]))
        else:
            story.append(Paragraph(part, styles["Normal"]))
        story.append(Spacer(1, gap))

    def decorate(canvas: Canvas, document: Any) -> None:
        if running:
            canvas.setFont("Helvetica", 8)
            canvas.drawString(60, 815, running)
            canvas.drawString(280, 24, f"Page {document.page}")

    made = io.BytesIO()
    encrypt = StandardEncryption(password, ownerPassword=owner or "owner") if password or owner else None
    SimpleDocTemplate(made, pagesize=A4, encrypt=encrypt, invariant=1).build(
        story, onFirstPage=decorate, onLaterPages=decorate
    )
    return made.getvalue()


def lines_of(*pages: str, size: int = 11, size_of_first: int = 0, leading: float = 1.3) -> bytes:
    """A PDF by a program that places line after line, as word processors export them; hyphens are where lines end."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4, invariant=1)
    for page in pages:
        height = 780.0
        for number, line in enumerate(page.split("\n")):
            own = size_of_first if number == 0 and size_of_first else size
            canvas.setFont("Times-Roman", own)
            if line:
                canvas.drawString(70, height, line)
            height -= own * leading
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def printed(page: str) -> bytes:
    """A PDF made of a web page."""
    return pdf_of(page)


@cache
def pictures(text: str = "We confirm reports within 3 days.", pages: int = 2) -> bytes:
    """A PDF as a scanner makes it: a picture of text on each page, and no text."""
    picture = Image.new("L", (600, 200), 255)
    ImageDraw.Draw(picture).text((20, 80), text, fill=0)
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4, invariant=1)
    for _ in range(pages):
        canvas.drawImage(ImageReader(picture), 50, 500, 400, 130)
        canvas.showPage()
    canvas.save()
    return made.getvalue()
