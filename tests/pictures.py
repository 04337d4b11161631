"""Pictures of the forms of report, for docs/reports.md and README.md.

    python tests/pictures.py [NAME ...]    # docs/pictures/, docs/test-report.png and docs/terminal-summary.svg

It takes two minutes, whatever is kept of them. Pages are shown by Chromium, what a command prints as a terminal of 80
columns would, the summary as one of 110, and of a PDF some pages. How our verdicts look in the pages of others is for
`pictures_of_others.py`.
"""

# ruff: noqa: T201 - a command

from __future__ import annotations

import html
import io
import os
import re
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
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
MADE = DOCS / "pictures"
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


def wanted(name: str) -> bool:
    """Whether it is asked for."""
    return name in sys.argv[1:] or not sys.argv[1:]


def keep(name: str, picture: Image.Image | bytes, place: Path = MADE, colours: int = COLOURS) -> None:
    """A picture, with few colours."""
    if not wanted(name):
        return
    image = Image.open(io.BytesIO(picture)) if isinstance(picture, bytes) else picture
    path = place / f"{name}.png"
    image.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size // 1024} KB")


def pages(pdf: Path, *numbers: int, scale: float = 1.2) -> Image.Image:
    """Pages of a PDF, side by side."""
    opened = pypdfium2.PdfDocument(pdf)
    shown = [opened[number - 1].render(scale=scale).to_pil() for number in numbers]
    whole = Image.new("RGB", (sum(one.width for one in shown), shown[0].height))
    for at, one in enumerate(shown):
        whole.paste(one, (at * shown[0].width, 0))
    return whole


def page_with(pdf: Path, text: str) -> int:
    """The number of the last page on which this stands."""
    opened = pypdfium2.PdfDocument(pdf)
    return max(at for at, one in enumerate(opened, start=1) if text in one.get_textpage().get_text_range())


def summarised(place: Path) -> None:
    """The summary of a run on the terminal, as a drawing that needs no font of others."""
    if not wanted("terminal-summary"):
        return
    command = [
        str(Path(sys.executable).with_name("pytest")),
        "--etsi-profile=virtual-camera",
        "--etsi-only=5.1",
    ]
    command += [
        "--etsi-flaw=lockout-per-connection",
        "-p",
        "no:schemathesis",
        "-q",
        "--color=yes",
        "-c",
        os.devnull,
    ]
    environment = {**os.environ, "COLUMNS": "110"}
    done = subprocess.run(
        [*command, f"--rootdir={place}"],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    first = next(at for at, line in enumerate(lines) if "evaluation of 1 provision fails from" in line)
    last = next(at for at, line in enumerate(lines) if "Record:" in line)
    console = Console(record=True, width=110, file=io.StringIO())
    console.print(Text.from_ansi("\n".join(lines[first : last + 2])))
    form = re.sub(r"@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    form = form.replace("Fira Code", '"DejaVu Sans Mono", Menlo, Consolas')
    title = "The terminal summary of pytest-etsi"
    drawn = console.export_svg(title=title, code_format=form, unique_id="t")
    (DOCS / "terminal-summary.svg").write_text(drawn, encoding="utf-8")
    print("terminal-summary.svg")


class Camera:
    """Takes pictures of pages."""

    def __init__(self, browser: Browser, place: Path) -> None:
        self._browser, self._place = browser, place

    def page(
        self,
        name: str,
        page: Path,
        anchor: str = "",
        height: int = 900,
        before: str = "",
        kept: Path = MADE,
    ) -> None:
        """A page, from the element with this id on; `before` is run first."""
        self._browser.size(1000, height)
        self._browser.open("about:blank")
        self._browser.open(page.as_uri())
        self._browser.ask("document.documentElement.style.scrollbarWidth = 'none'")
        if before:
            self._browser.ask(before)
        if anchor:
            self._browser.ask(f"document.getElementById({anchor!r}).scrollIntoView()")
        keep(name, self._browser.picture(), kept)

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
            camera.page("test-report", report("old", "html"), height=1750, kept=DOCS)
            pdf = place / "declaration.pdf"
            told(f"pytest-etsi report etsi-results --format declaration --pdf -o {pdf}", place)
            keep("pdf", pages(pdf, 1))
            pdf = place / "report.pdf"
            told(f"pytest-etsi report old --pdf -o {pdf}", place)
            both = pages(pdf, page_with(pdf, "P: PASS, F: FAIL"), page_with(pdf, "Test case 5.1-5-2"))
            keep("pdf-report", both, colours=128)
            summarised(place)


if __name__ == "__main__":
    main()
