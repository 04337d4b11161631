"""Reads a PDF from standard input and writes its lines as JSON: a process of its own, with little memory and time.

The library is written in C++ and is given what strangers have made, so that it has no part in the run that asks.
Nothing of the package is imported here. Arguments: most pages, most characters, most bytes of memory, most seconds.
"""

from __future__ import annotations

import ctypes
import itertools
import json
import sys


def main(most_pages: int, most_text: int, most_memory: int, most_s: int) -> dict[str, object]:
    """What stands in the PDF that comes on standard input."""
    try:
        import resource
    except ImportError:  # no such limits on this system; the time is limited from outside
        pass
    else:
        resource.setrlimit(resource.RLIMIT_DATA, (most_memory, most_memory))
        resource.setrlimit(resource.RLIMIT_CPU, (most_s, most_s + 1))
    import pypdfium2  # type: ignore[import-untyped]

    try:
        pdf = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    except pypdfium2.PdfiumError as error:
        said = str(error).lower()
        return {"error": "encrypted" if "password" in said else "broken"}
    found: list[list[dict[str, object]]] = []
    left, images = most_text, 0
    for number in range(min(len(pdf), most_pages)):
        try:
            page = pdf[number]
            lines = _lines(page, left)
        except pypdfium2.PdfiumError:
            found.append([])
            continue
        if not lines:
            images += 1
        left -= sum(len(str(line["text"])) for line in lines)
        found.append(lines)
        page.close()
        if left <= 0:
            break
    info = pdf.get_metadata_dict()
    return {
        "title": info.get("Title", "")[:300],
        "total": len(pdf),
        "pages": found,
        "empty": images,
        "cut": left <= 0,
    }


def _lines(page: object, most: int) -> list[dict[str, object]]:
    from pypdfium2 import raw

    height = page.get_height()  # type: ignore[attr-defined]
    textpage = page.get_textpage()  # type: ignore[attr-defined]
    text = textpage.get_text_range()[:most]
    lines: list[dict[str, object]] = []
    at = 0
    for line in text.split("\n"):
        start, at = at, at + len(line) + 1
        begin = start + len(line) - len(line.lstrip())
        shown = line.strip()
        if not shown:
            continue
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        raw.FPDFText_GetCharBox(textpage, begin, left, right, bottom, top)
        size = raw.FPDFText_GetFontSize(textpage, begin)
        lines.append(
            {
                "text": shown,
                "size": round(size, 1),
                "y": round(height - bottom.value, 1),
                "height": round(height, 1),
                "cells": _cells(textpage, begin, len(shown), size) if len(lines) < 5000 else [],
            }
        )
    textpage.close()
    # Programs write what stands in one line, and what at its top, in any order.
    return sorted(lines, key=lambda one: float(str(one["y"]))) if _is_one_column(lines) else lines


def _is_one_column(lines: list[dict[str, object]]) -> bool:
    """Whether going down the page is how it is read: hardly any line begins higher than the one before it."""
    heights = [float(str(line["y"])) for line in lines]
    back = sum(1 for one, two in itertools.pairwise(heights) if two < one - 1)
    return back <= 3


def _cells(textpage: object, start: int, count: int, size: float) -> list[str]:
    """The parts of a line that stand apart, as cells of a table do."""
    from pypdfium2 import raw

    number = raw.FPDFText_CountRects(textpage, start, count)
    if not 2 <= number <= 60:
        return []
    boxes = []
    for index in range(number):
        left, top, right, bottom = (ctypes.c_double() for _ in range(4))
        if raw.FPDFText_GetRect(textpage, index, left, top, right, bottom):
            boxes.append([left.value, bottom.value, right.value, top.value])
    boxes.sort()
    groups: list[list[float]] = []
    for box in boxes:
        if groups and box[0] - groups[-1][2] < max(2.0, 1.2 * size):
            one = groups[-1]
            one[1], one[2], one[3] = min(one[1], box[1]), max(one[2], box[2]), max(one[3], box[3])
        else:
            groups.append(box)
    if len(groups) < 2:
        return []
    return [textpage.get_text_bounded(*group).replace("\r\n", " ").strip() for group in groups]  # type: ignore[attr-defined]


if __name__ == "__main__":
    json.dump(main(*map(int, sys.argv[1:5])), sys.stdout, separators=(",", ":"))
