"""A published document as typed data: its passages in order, where it was found, and what stood in the way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pytest_etsi.probes.observation import Observation

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "NO_NETWORK",
    "CertificateCheck",
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
]

NO_NETWORK = "there is no network here, or it resolves no names"
"""How `Origin.error` begins where it was not the server that did not answer."""

_LOST_LETTER = re.compile(r"(?<=\w)[\ufffd\u25a0\ue000-\uf8ff]|[\ufffd\u25a0\ue000-\uf8ff](?=\w)")
"""What stands in a word where a font, or a character set, lacks the letter."""


class Kind(StrEnum):
    """What a passage is in its document; the last ones lie outside of the document's own text."""

    MAIN = "main text"
    HEADING = "heading"
    TABLE_ROW = "table row"
    LIST_STEP = "list step"
    FIELD = "field"
    """A field of a security.txt."""
    HEADER = "header"
    FOOTER = "footer"
    NAVIGATION = "navigation"
    DIALOGUE = "dialogue"
    """A cookie bar, a consent wall, a pop-up."""
    LICENCE = "licence text"
    PICTURE = "words for a picture"
    """What a page says in place of a picture; what the picture shows is not known."""
    HIDDEN = "hidden"
    """In the page, and shown only after something is done, if at all."""


_OWN = frozenset({Kind.MAIN, Kind.HEADING, Kind.TABLE_ROW, Kind.LIST_STEP, Kind.FIELD})


class Hurdle(StrEnum):
    """What keeps a reader from the text."""

    NONE = "none"
    LOGIN = "login"
    """A sign-in or a registration, or a status that asks for credentials or payment."""
    FORM = "form"
    """Data have to be sent before the text is shown."""
    CONSENT = "consent wall"
    """The page is a dialogue that wants an agreement, and the text is not in it."""
    SCRIPT = "script only"
    """The text is made by scripts: nothing was seen, and nothing follows from that."""
    ANOTHER = "not the document"
    """A page of errors, or one that everybody gets who asks for what is not there."""
    GONE = "gone"
    """404, 410, or an address that leads round in a circle."""
    REFUSED = "refused"
    """Any other status: a program may be refused what a reader gets."""
    UNREADABLE = "unreadable"
    """No text that a program can read: pictures, encryption, an unknown form."""
    UNREACHED = "unreached"
    """No answer at all, a certificate that does not hold, or a host that must not be asked."""


@dataclass(frozen=True, slots=True)
class Spot(Observation):
    """Where a passage stands: ``page 3, line 12, "Reporting"``.

    Attributes:
        line: of the text, counted from 1 over the whole document.
        page: of a document with pages, counted from 1; 0: it has none.
        anchor: fragment of its address, the nearest before it; empty: none.
        heading: the nearest heading above it; empty: none.
    """

    line: int
    page: int = 0
    anchor: str = ""
    heading: str = ""

    def __str__(self) -> str:
        parts = [f"page {self.page}"] if self.page else []
        parts.append(f"line {self.line}")
        if self.heading:
            parts.append(f'"{self.heading[:80]}"')
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Passage(Observation):
    """One block of text: a paragraph, a heading, a row of a table, a step of a list.

    Attributes:
        text: in one line, white space squeezed, hyphenation and ligatures undone; of a row its cells, each after the
            heading of its column: ``Model: A20; Updates until: 2031-12``.
        place: where it stands.
        kind: what it is.
        chapter: the headings above it, outermost first.
        cells: of a row, (heading of the column, content); the heading is empty where there is none.
        links: addresses that it leads to, as they are written; ``mailto:`` and ``tel:`` among them.
    """

    text: str
    place: Spot
    kind: Kind = Kind.MAIN
    chapter: tuple[str, ...] = ()
    cells: tuple[tuple[str, str], ...] = ()
    links: tuple[str, ...] = ()

    @property
    def own(self) -> bool:
        """Whether it belongs to the document's own text, and not to what surrounds that."""
        return self.kind in _OWN


@dataclass(frozen=True, slots=True)
class Heading(Observation):
    """A heading: its level (1 to 6), its text, and the text below it up to the next heading of any level."""

    level: int
    text: str
    body: str


@dataclass(frozen=True, slots=True)
class PageForm(Observation):
    """A form of a page, by what it asks of who reads it.

    Attributes:
        fields: how many fields a reader fills in or ticks.
        password: one of them hides what is typed.
        words: its labels and buttons.
        kind: where in the page it stands.
    """

    fields: int
    password: bool = False
    words: str = ""
    kind: Kind = Kind.MAIN


@dataclass(frozen=True, slots=True)
class Hop(Observation):
    """One answer on the way: the address that was asked, its status, and where that led; empty: nowhere."""

    url: str
    status: int
    location: str = ""


@dataclass(frozen=True, slots=True)
class CertificateCheck(Observation):
    """Whether the server's certificate held.

    Attributes:
        checked: it was looked at: the address is one of HTTPS.
        valid: a client that checks accepts it.
        problem: why not, in a phrase: "it has expired".
        not_after: until when it is valid, ISO 8601; empty: not known.
        sha256: of it, hex; empty: not known.
    """

    checked: bool = False
    valid: bool = False
    problem: str = ""
    not_after: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Origin(Observation):
    """How a document was obtained.

    Attributes:
        url: where it was asked for; a file or a place on the device where it is no page.
        hops: the answers on the way, the last one that of the document.
        status: HTTP status; 200 of a file that is there; 0: there was no answer.
        certificate: of the last server that was asked.
        fetched: when, ISO 8601, UTC.
        sha256: of the bytes as received, hex; empty: none were.
        size: of them.
        headers: of the last answer.
        kept: it was not asked for now, and was kept at `fetched`.
        error: why there was no answer; empty: there was one.
        circle: the redirects lead round in a circle, or on without end.
        cookies: a server on the way wanted to set some; none is ever sent back.
        refused_host: a host that the way leads to and that must not be asked.
    """

    url: str
    hops: tuple[Hop, ...] = ()
    status: int = 0
    certificate: CertificateCheck = CertificateCheck()
    fetched: str = ""
    sha256: str = ""
    size: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    kept: bool = False
    error: str = ""
    circle: bool = False
    cookies: bool = False
    refused_host: str = ""

    @property
    def final_url(self) -> str:
        """Where the document was found after redirects."""
        return self.hops[-1].url if self.hops else self.url

    @property
    def without_network(self) -> bool:
        """Whether it was not asked for because this machine reaches nobody."""
        return self.error.startswith(NO_NETWORK)


@dataclass(frozen=True, slots=True)
class SecurityTxt(Observation):
    """What a security.txt says (RFC 9116).

    Attributes:
        contact: how to report, in order; ``mailto:`` is put before an address that lacks it.
        expires: the text of the field; empty: it is missing.
        policy: addresses of policies.
        encryption: addresses of keys.
        preferred_languages: in which reports are read.
        canonical: addresses of this file.
        signed: it is signed in clear; the signature is not checked.
        odd: what breaks the RFC, in phrases.
    """

    contact: tuple[str, ...] = ()
    expires: str = ""
    policy: tuple[str, ...] = ()
    encryption: tuple[str, ...] = ()
    preferred_languages: tuple[str, ...] = ()
    canonical: tuple[str, ...] = ()
    signed: bool = False
    odd: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WebDocument(Observation):
    """A document as it was published.

    Attributes:
        origin: how it was obtained.
        passages: all of its text, in order, what surrounds it included.
        title: title of the page or file.
        language: two letters (ISO 639-1), as it is said or as its words tell; empty: neither.
        media_type: "text/html", ...
        pages: of a document with pages; 0: it has none.
        hurdle: what keeps a reader, or this program, from the text.
        shown_by: what shows that hurdle, in a phrase.
        forms: the forms of the page.
        security_txt: where it is one.
        truncated: it is longer than what is read.
        readable: its text could be read.
        note: why it could not, or could not be fetched.
    """

    origin: Origin
    passages: tuple[Passage, ...] = ()
    title: str = ""
    language: str = ""
    media_type: str = ""
    pages: int = 0
    hurdle: Hurdle = Hurdle.NONE
    shown_by: str = ""
    forms: tuple[PageForm, ...] = ()
    security_txt: SecurityTxt | None = None
    truncated: bool = False
    readable: bool = False
    note: str = ""

    @property
    def url(self) -> str:
        """Where it was asked for."""
        return self.origin.url

    @property
    def status(self) -> int:
        """HTTP status; 0: there was no answer."""
        return self.origin.status

    @property
    def available(self) -> bool:
        """Whether the server gave the document."""
        return 200 <= self.origin.status < 300

    @property
    def sha256(self) -> str:
        """Of the bytes as received, hex."""
        return self.origin.sha256

    @property
    def own(self) -> tuple[Passage, ...]:
        """The passages of the document's own text: without header, footer, navigation, dialogues, licences."""
        return tuple(passage for passage in self.passages if passage.own)

    @property
    def outside(self) -> tuple[Passage, ...]:
        """The passages that surround its own text, or are hidden."""
        return tuple(passage for passage in self.passages if not passage.own)

    @property
    def text(self) -> str:
        """Everything that a reader sees, a line per passage."""
        return "\n".join(passage.text for passage in self.passages)

    @property
    def own_text(self) -> str:
        """The document's own text, a line per passage."""
        return "\n".join(passage.text for passage in self.own)

    @property
    def whole(self) -> bool:
        """Whether all of its text was read, each letter of it: what is not in it was not said."""
        seen = self.available and self.readable and not self.truncated and self.hurdle is Hurdle.NONE
        return seen and not _LOST_LETTER.search(self.own_text)

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Its headings with what stands below them."""
        found: list[Heading] = []
        below: list[str] = []
        for passage in reversed(self.passages):
            if passage.kind is Kind.HEADING:
                found.append(
                    Heading(min(6, len(passage.chapter) + 1), passage.text, "\n".join(reversed(below)))
                )
                below = []
            else:
                below.append(passage.text)
        return tuple(reversed(found))

    @property
    def steps(self) -> tuple[str, ...]:
        """Steps of numbered lists, and paragraphs that begin with a number."""
        return tuple(passage.text for passage in self.passages if passage.kind is Kind.LIST_STEP)

    def section(self, words: str) -> Heading | None:
        """The first heading that matches a regular expression, whatever its case."""
        wanted = re.compile(words, re.IGNORECASE)
        return next((heading for heading in self.headings if wanted.search(heading.text)), None)

    def on_pages(self, pages: Iterable[int]) -> tuple[Passage, ...]:
        """The passages on these pages, counted from 1."""
        wanted = frozenset(pages)
        return tuple(passage for passage in self.passages if passage.place.page in wanted)

    def below(self, anchor: str) -> tuple[Passage, ...]:
        """The passages from an anchor of the page to the next one; empty: it has no such anchor."""
        return tuple(passage for passage in self.passages if passage.place.anchor == anchor)
