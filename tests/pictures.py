"""Pictures of the forms of report, for docs/reports.md: `python tests/pictures.py` makes docs/pictures/ anew, in a minute.

Pages are shown by Chromium, what a command prints as a terminal of 80 columns would, and of a PDF its first page.
"""

# ruff: noqa: T201 - a command

from __future__ import annotations

import html
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import pypdfium2
from browser import Browser
from camera_run import camera_run, evaluations_of
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from passed_run import passed_run, rewrite
from PIL import Image

ROOT = Path(__file__).parents[1]
MADE = ROOT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
COLOURS = 32
"""So few are enough for pages of text, and a quarter of the bytes."""


def told(command: str, place: Path) -> str:
    """A command of ours and what it prints."""
    program, *arguments = command.split()
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}
    path = Path(sys.executable).with_name(program)
    done = subprocess.run(
        [str(path), *arguments], cwd=place, env=environment, capture_output=True, text=True, check=False
    )
    return f"$ {command}\n{done.stdout}{done.stderr}"


def keep(name: str, picture: bytes) -> None:
    """A picture, with few colours."""
    MADE.mkdir(exist_ok=True)
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(MADE / f"{name}.png", optimize=True)
    print(f"{name}.png: {(MADE / f'{name}.png').stat().st_size // 1024} KB")


class Camera:
    """Takes pictures of pages."""

    def __init__(self, browser: Browser, place: Path) -> None:
        self._browser, self._place = browser, place

    def page(self, name: str, page: Path, anchor: str = "", height: int = 900, before: str = "") -> None:
        """A page, from the element with this id on; `before` is run first."""
        self._browser.size(1000, height)
        self._browser.open("about:blank")
        self._browser.open(page.as_uri())
        self._browser.ask("document.documentElement.style.scrollbarWidth = 'none'")
        if before:
            self._browser.ask(before)
        if anchor:
            self._browser.ask(f"document.getElementById({anchor!r}).scrollIntoView()")
        keep(name, self._browser.picture())

    def text(self, name: str, *texts: str) -> None:
        """What commands have printed."""
        text = "\n".join(texts).rstrip()
        page = self._place / f"{name}-text.html"
        style = "margin:0;padding:12px;color:#e8e8e8;font:14px/1.4 monospace;white-space:pre-wrap;width:84ch"
        page.write_text(
            f"<!doctype html><meta charset=utf-8><body style='margin:0;background:#1d1f24'><pre style='{style}'>"
            f"{html.escape(text)}</pre>",
            encoding="utf-8",
        )
        self._browser.size(760, 40)
        self._browser.open(page.as_uri())
        self._browser.size(760, int(self._browser.ask("document.documentElement.scrollHeight")))
        keep(name, self._browser.picture())


def reviewed(results: dict[str, Any], records: list[dict[str, Any]]) -> None:
    """A second person has reviewed the judgements."""
    for one in [*(one for _, one in evaluations_of(results)), *records]:
        if one.get("judgement"):
            one["judgement"] |= {"reviewed_by": "B. Head", "reviewed_on": "2026-11-29"}


def signed(place: Path) -> str:
    """Signing an archive, and checking it where it was unpacked."""
    key = Ed25519PrivateKey.generate()
    (place / "laboratory.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    (place / "laboratory.pub.pem").write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    first = told("pytest-etsi archive etsi-results --sign laboratory.pem", place)
    (place / "received").mkdir()
    with tarfile.open(place / "etsi-results.tar.gz") as archive:
        archive.extractall(place / "received", filter="data")
    unpack = "$ tar -xzf etsi-results.tar.gz -C received\n"
    return (
        f"{first}{unpack}{told('pytest-etsi verify received/etsi-results --key laboratory.pub.pem', place)}"
    )


_SENSOR = "pytest --etsi-profile=constrained-sensor -p no:schemathesis -c /dev/null --rootdir=."


def merged(place: Path) -> str:
    """Two partial runs of a sensor, put together."""
    told(f"{_SENSOR} --etsi-only=5.1,5.3-1 --etsi-output=monday", place)
    told(f"{_SENSOR} --etsi-only=5.3 --etsi-output=tuesday", place)
    return told("pytest-etsi merge monday tuesday --output etsi-merged", place)


def conflicting(place: Path) -> tuple[str, str]:
    """Two partial runs of a sensor that do not agree, since one was permitted more; and what settles it."""
    told(f"{_SENSOR} --etsi-only=5.9-2-2/a --etsi-output=first", place)
    told(f"{_SENSOR} --etsi-only=5.9-2 --etsi-allow=outage --etsi-output=second", place)
    command = "pytest-etsi merge first second --output whole"
    return told(command, place), told(f"{command} --prefer second", place)


def main() -> None:
    """Make all of them."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        failed, passed = place / "old", place / "etsi-results"
        failed.mkdir()
        passed.mkdir()
        camera_run(failed)
        rewrite(passed_run(passed), reviewed)

        def report(results: str, form: str, *more: str) -> Path:
            out = place / f"{results}-{form}-{len(more)}.html"
            told(f"pytest-etsi report {results} --format {form} -o {out} {' '.join(more)}", place)
            return out

        with Browser(CHROMIUM, place / "browser") as browser:
            camera = Camera(browser, place)
            camera.page("gaps", report("old", "gaps-html"))
            camera.page("views", report("old", "html", "--view", "psti", "--view", "cls"), "views")
            camera.page("declaration", report("etsi-results", "declaration", "--view", "psti"), height=1300)
            unfold = (
                "const one = document.getElementById('p-5.1-1'); one.open = true;"
                "one.querySelectorAll('details').forEach((one) => one.open = true)"
            )
            camera.page("four-eyes", report("etsi-results", "html"), "p-5.1-1", before=unfold)
            compared = place / "compared.html"
            text = told("pytest-etsi compare etsi-results old --format html", place)
            compared.write_text(text.partition("\n")[2], encoding="utf-8")
            camera.page("compare", compared)
            camera.text("missing", told("pytest-etsi report old --format declaration", place))
            camera.text("signature", signed(place))
            camera.text("merge", merged(place))
            camera.text("conflict", *conflicting(place))
            pdf = place / "declaration.pdf"
            told(f"pytest-etsi report etsi-results --format declaration --pdf -o {pdf}", place)
            made = io.BytesIO()
            pypdfium2.PdfDocument(pdf)[0].render(scale=1.2).to_pil().save(made, "PNG")
            keep("pdf", made.getvalue())


if __name__ == "__main__":
    main()
