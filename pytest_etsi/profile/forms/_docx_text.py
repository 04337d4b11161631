"""The text of paragraphs and cells of a Word document, as somebody reads it on paper.

Tracked changes are taken as accepted, and each is told. Tick boxes of all kinds become the signs that show them, links
keep their address, footnotes and comments stand where they were set. What is struck out stays, marked ``~~so~~``, since
it is no answer; what is hidden is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_etsi.profile._errors import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_etsi.profile.forms._blocks import Paper, Spot

__all__ = ["Texts", "containing", "number_of", "tag_of"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_OFF = ("0", "false", "off")
_SYMBOLS = {
    0xFE: "\u2612",
    0xFD: "\u2612",
    0xFC: "\u2713",
    0xFB: "\u2717",
    0xA8: "\u2610",
    0x6F: "\u2610",
    0x78: "\u2612",
}
"""Signs of the fonts Wingdings that stand for boxes, ticked and not."""
_THROUGH = (
    "sdt",
    "sdtContent",
    "ins",
    "moveTo",
    "customXml",
    "smartTag",
    "AlternateContent",
    "Choice",
    "dir",
    "bdo",
)
_GONE = ("del", "moveFrom")


def tag_of(element: Any) -> str:
    """The name of an element without its namespace; "": it is none."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def number_of(element: Any, otherwise: int) -> int:
    """The number that an element holds."""
    value = str(element.get(f"{_W}val", ""))
    return int(value) if value.isdecimal() and len(value) < 6 else otherwise


def containing(parent: Any, note: Callable[[Any], None], *tags: str) -> Iterator[Any]:
    """The paragraphs and tables (or what else is wanted) within an element, through what only wraps them."""
    wanted = tags or ("p", "tbl")
    for element in parent:
        tag = tag_of(element)
        if tag in wanted:
            yield element
        elif tag in _GONE or (tag in ("ins", "moveTo") and len(element)):
            note(element)
            if tag not in _GONE:
                yield from containing(element, note, *tags)
        elif tag in _THROUGH:
            yield from containing(element, note, *tags)


class Texts:
    """Reads texts of one document.

    Attributes:
        part: of the package, which knows what links lead to.
        paper: where goes what has to be told.
    """

    def __init__(self, part: Any, paper: Paper) -> None:
        self.part, self.paper = part, paper
        self._notes = {kind: dict(self._read_notes(kind)) for kind in ("footnote", "endnote", "comment")}

    def child(self, element: Any, name: str) -> Any:
        """A child of an element; None: it has none of the name."""
        return element.find(f"{_W}{name}")

    def value(self, element: Any) -> str:
        """The value that an element holds."""
        return str(element.get(f"{_W}val", ""))

    def cell(self, element: Any, spot: Spot) -> str:
        """The text of a cell: a line a paragraph; a table within it a line a row."""
        lines: list[str] = []
        for block in containing(element, lambda _: self._tell(spot, "a tracked change of paragraphs")):
            if tag_of(block) == "p":
                lines.append(self.paragraph(block, spot))
            else:
                for row in containing(block, lambda _: None, "tr"):
                    cells = containing(row, lambda _: None, "tc")
                    lines.append(" | ".join(self.cell(one, spot) for one in cells))
        return "\n".join(lines).strip()

    def paragraph(self, element: Any, spot: Spot) -> str:
        """The text of a paragraph, behind a mark where it is an item of a list."""
        parts: list[str] = []
        self._inline(element, parts, spot)
        text = "".join(parts).replace("\xa0", " ")
        properties = self.child(element, "pPr")
        is_item = properties is not None and self.child(properties, "numPr") is not None
        return f"- {text}" if is_item and text.strip() else text

    def _tell(self, spot: Spot, message: str) -> None:
        self.paper.told.append(spot.problem(message))

    def _inline(self, element: Any, into: list[str], spot: Spot) -> None:
        for child in element:
            tag = tag_of(child)
            if tag == "r":
                self._run(child, into, spot)
            elif tag == "hyperlink":
                self._link(child, into, spot)
            elif tag in _GONE:
                gone = "".join(one.text or "" for one in child.iter(f"{_W}delText", f"{_W}t"))
                self._tell(spot, f"a tracked change: {shown(gone)} was deleted, and is not taken")
            elif tag in ("ins", "moveTo"):
                there = len(into)
                self._inline(child, into, spot)
                self._tell(
                    spot, f"a tracked change: {shown(''.join(into[there:]))} was inserted, and is taken"
                )
            elif tag == "sdt":
                self._control(child, into, spot)
            elif tag in ("oMath", "oMathPara"):
                self._formula(child, into)
            elif tag in _THROUGH or tag == "fldSimple":
                self._inline(child, into, spot)

    def _control(self, element: Any, into: list[str], spot: Spot) -> None:
        """A content control; what only invites to write something is no answer."""
        properties = self.child(element, "sdtPr")
        if properties is not None and self.child(properties, "showingPlcHdr") is not None:
            return
        content = self.child(element, "sdtContent")
        if content is not None:
            self._inline(content, into, spot)

    def _link(self, element: Any, into: list[str], spot: Spot) -> None:
        there = len(into)
        self._inline(element, into, spot)
        target = ""
        if name := element.get(f"{_R}id"):
            found = self.part.rels.get(name)
            target = str(found.target_ref) if found is not None and found.is_external else ""
        if target and target.removeprefix("mailto:").rstrip("/") not in "".join(into[there:]):
            into.append(f" ({target})")

    def _run(self, run: Any, into: list[str], spot: Spot) -> None:
        properties = self.child(run, "rPr")
        there = len(into)
        for child in run:
            self._piece(child, into, spot)
        if properties is None or there == len(into):
            return
        text = "".join(into[there:])
        if self._is_on(properties, "vanish"):
            del into[there:]
            if text.strip():
                self._tell(spot, f"hidden text, which is not taken: {shown(text)}")
        elif text.strip() and (self._is_on(properties, "strike") or self._is_on(properties, "dstrike")):
            into[there:] = [f"~~{text}~~"]
        elif text[:1].isdigit() and self._is_raised(properties) and there and into[there - 1][-1:].isalnum():
            into[there:] = [f"^{text}"]

    def _is_on(self, properties: Any, name: str) -> bool:
        found = self.child(properties, name)
        return found is not None and self.value(found).lower() not in _OFF

    def _is_raised(self, properties: Any) -> bool:
        found = self.child(properties, "vertAlign")
        return found is not None and self.value(found) == "superscript"

    def _piece(self, child: Any, into: list[str], spot: Spot) -> None:
        tag = tag_of(child)
        if tag == "t":
            into.append(child.text or "")
        elif tag == "tab":
            into.append(" ")
        elif tag == "cr" or (tag == "br" and child.get(f"{_W}type", "textWrapping") == "textWrapping"):
            into.append("\n")
        elif tag == "noBreakHyphen":
            into.append("-")
        elif tag == "sym":
            into.append(_symbol(child))
        elif tag == "fldChar":
            into.append(self._field(child))
        elif tag in ("footnoteReference", "endnoteReference"):
            note = self._notes[tag.removesuffix("Reference")].get(child.get(f"{_W}id", ""), "")
            into.append(f" ({note})" if note else "")
        elif tag == "commentReference":
            comment = self._notes["comment"].get(child.get(f"{_W}id", ""), "")
            self._tell(spot, f"a comment, which is not taken: {shown(comment)}")
        elif tag in ("drawing", "pict", "object"):
            self._drawn(child, into, spot)
        elif tag in ("AlternateContent", "Choice"):
            choices = (
                [one for one in child if tag_of(one) == "Choice"] if tag == "AlternateContent" else child
            )
            for one in list(choices)[:1] if tag == "AlternateContent" else choices:
                self._piece(one, into, spot)

    def _field(self, element: Any) -> str:
        """A form field of older documents: a tick box, or one of several."""
        data = self.child(element, "ffData")
        if data is None:
            return ""
        box = self.child(data, "checkBox")
        if box is not None:
            state = self.child(box, "checked")
            state = self.child(box, "default") if state is None else state
            ticked = state is not None and self.value(state).lower() not in _OFF
            return "\u2612" if ticked else "\u2610"
        several = self.child(data, "ddList")
        if several is not None:
            chosen = self.child(several, "result")
            index = 0 if chosen is None else number_of(chosen, 0)
            entries = several.findall(f"{_W}listEntry")
            return self.value(entries[index]) if index < len(entries) else ""
        return ""

    def _drawn(self, element: Any, into: list[str], spot: Spot) -> None:
        boxes = list(element.iter(f"{_W}txbxContent"))
        if boxes:
            into.append(f"\n{self.cell(boxes[0], spot)}\n")
            return
        into.append("[picture]")
        self._tell(spot, "a picture or an embedded object, which is not read")

    def _formula(self, element: Any, into: list[str]) -> None:
        for one in element.iter():
            if tag_of(one) == "sup":
                into.append("^")
            elif tag_of(one) == "t":
                into.append(one.text or "")

    def _read_notes(self, kind: str) -> Iterator[tuple[str, str]]:
        from docx.oxml import parse_xml

        for relation in self.part.rels.values():
            if relation.is_external or not str(relation.reltype).endswith(f"/{kind}s"):
                continue
            for note in parse_xml(relation.target_part.blob).iter(f"{_W}{kind}"):
                text = " ".join("".join(one.text or "" for one in note.iter(f"{_W}t")).split())
                yield note.get(f"{_W}id", ""), text


def _symbol(element: Any) -> str:
    code = str(element.get(f"{_W}char", ""))
    try:
        number = int(code, 16)
    except ValueError:
        return "\ufffd"
    if "dings" in str(element.get(f"{_W}font", "")).lower():
        return _SYMBOLS.get(number & 0xFF, "\u2022")
    private = 0xE000 <= number <= 0xF8FF
    return chr(number) if number < 0x110000 and not private and not 0xD800 <= number < 0xE000 else "\ufffd"
