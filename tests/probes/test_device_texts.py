"""Bytes of a device become text by a list, and what is made to be slow is read once from beginning to end."""

from __future__ import annotations

import httpx
import pytest

from pytest_etsi.probes.charset import charset_of, decoded, encoding_for
from pytest_etsi.probes.disclosure import collect, from_response
from pytest_etsi.probes.http import visits
from pytest_etsi.probes.http.challenges import parse_www_authenticate
from pytest_etsi.probes.http.client import bounded_client
from pytest_etsi.probes.http.logins import explore
from pytest_etsi.probes.http.markup import MarkupReader
from pytest_etsi.probes.http.page import parse_page
from pytest_etsi.probes.services import Service
from pytest_etsi.probes.webdocs import fetch_document, read_html

from scripted_web import HOST, site  # isort: skip


@pytest.fixture(autouse=True)
def _without_patience(monkeypatch):
    """A server of these tests does not recover while it is waited for."""
    monkeypatch.setattr(visits, "_PAUSES_S", (0.01, 0.01, 0.01))


NO_TEXTS = (
    "zlib",
    "bz2",
    "hex",
    "base64",
    "rot13",
    "undefined",
    "idna",
    "punycode",
    "unicode_escape",
    "no-such",
)


@pytest.mark.parametrize("name", NO_TEXTS)
def test_a_character_set_that_is_none_of_texts_is_passed_over(name):
    assert decoded("Gerät".encode(), name) == "Gerät"
    assert decoded("Gerät".encode("latin-1"), name) == "Gerät"


@pytest.mark.parametrize(
    "name",
    ["UTF-8", "utf-16", "iso-8859-1", "ISO-8859-15", "windows-1252", "koi8-r", "Shift_JIS", "EUC-JP", "GB2312", "GBK",
     "gb18030", "Big5", "euc-kr", "TIS-620", "us-ascii", "ISO-2022-JP", "macintosh"],
)  # fmt: skip
def test_character_sets_of_texts_are_known_by_the_names_of_the_web(name):
    assert encoding_for(b"\xff\xfe", name) not in {"utf-8", "iso8859-1"} or name in {"UTF-8", "iso-8859-1"}


WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
PAGE = '<title>ExampleCam</title><form><input type="password" name="p"></form>'


@pytest.mark.parametrize("name", WIDE)
@pytest.mark.parametrize("really", ["utf-8", *WIDE])
def test_wide_characters_are_read_as_wide_as_they_are(name, really):
    """A decoder that misses its byte order mark raises; one for wide characters makes of others what nobody wrote."""
    content = PAGE.encode(really)
    response = httpx.Response(200, content=content)
    response.encoding = encoding_for(content, name)

    assert response.text.lstrip("\ufeff") == decoded(content, name).lstrip("\ufeff")
    if really in ("utf-8", name, f"{name}-le", f"{name}-be"):
        assert response.text.lstrip("\ufeff") == PAGE


@pytest.mark.parametrize("really", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_characters_that_nothing_declares_hide_no_login(really):
    content = PAGE.encode(really)

    assert encoding_for(content).startswith(really[:6])
    assert decoded(content).lstrip("\ufeff") == PAGE


def test_a_byte_order_mark_counts_before_what_is_declared():
    assert encoding_for(PAGE.encode("utf-16"), "utf-8") == "utf-16"
    assert encoding_for(PAGE.encode(), "iso-8859-15") == "iso8859-15"


@pytest.mark.parametrize("name", WIDE)
def test_no_client_stumbles_over_wide_characters_that_are_none(name):
    said = {"Content-Type": f"text/html; charset={name}"}
    with site(lambda *_: (200, said, PAGE)) as server, bounded_client([HOST]) as client:
        assert client.get(server.url).text == PAGE


def test_a_text_that_is_cut_within_a_character_is_still_utf_8():
    assert encoding_for("Gerät".encode()[:-2]) == "utf-8"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("text/html; charset=zlib", "zlib"),
        ('text/html;charset = "ISO-8859-1"', "ISO-8859-1"),
        ("text/html; charset*=hex''x", ""),
        ("text/html", ""),
        ("", ""),
    ],
)
def test_what_a_content_type_says_is_read(header, said):
    assert charset_of(header) == said


@pytest.mark.parametrize("name", NO_TEXTS)
def test_no_reader_of_pages_stumbles_over_such_a_character_set(name):
    said = {"Content-Type": f"text/html; charset={name}"}
    page = '<title>ExampleCam</title><form><input type="password" name="p"></form>'
    with site(lambda _, path: (200 if path == "/" else 404, said, page if path == "/" else "no")) as server:
        with bounded_client([HOST]) as client:
            assert client.get(server.url).text == page
            assert fetch_document(client, server.url).title == "ExampleCam"
        assert {one.kind for one in explore(server.url).challenges} == {"form"}
        told = collect(HOST, [Service(HOST, server.port, kind="http")])

    assert "ExampleCam" in {item.text for item in told.items}
    assert from_response(httpx.Response(200, headers=said, content=page.encode()), own=(), port=80)


def test_a_challenge_of_any_length_is_read_once():
    assert len(parse_www_authenticate(["a" * 2_000_000])) == 1
    assert len(parse_www_authenticate(["a@" * 1_000_000])) <= 16 * 1024
    assert parse_www_authenticate(["Basic realm=x, " + "b" * 20_000])[0] == ("basic", {"realm": "x"})


class _Tags(MarkupReader):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, attrs))

    def handle_endtag(self, tag):
        self.seen.append((f"/{tag}", []))

    def handle_data(self, data):
        self.seen.append(("", data))

    def handle_comment(self, data):
        self.seen.append(("!", data))


def tags(text):
    reader = _Tags()
    reader.read(text)
    return reader.seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("<A Href=x>y</A >", [("a", [("href", "x")]), ("", "y"), ("/a", [])]),
        (
            "<input type = 'password' required/>",
            [("input", [("type", "password"), ("required", None)]), ("/input", [])],
        ),
        ('<a title="a > b">', [("a", [("title", "a > b")])]),
        ("<p>a &lt; b &amp; c", [("p", []), ("", "a < b & c")]),
        (
            "<script>if (a < b) '<p>'</script>x",
            [("script", []), ("", "if (a < b) '<p>'"), ("/script", []), ("", "x")],
        ),
        ("<!-- a --><!doctype html><?php x ?>y", [("!", " a "), ("", "y")]),
        ("<!-->x", [("!", ""), ("", "x")]),
        ("1 < 2", [("", "1 "), ("", "<"), ("", " 2")]),
        ('<input type="password', [("input", [("type", '"password')])]),
        ("<input type=password", [("input", [("type", "password")])]),
        ("<script>open", [("script", []), ("", "open")]),
        ("<!-- open", [("!", " open")]),
        ("</", []),
        ("<p", [("p", [])]),
        ("<", [("", "<")]),
        ("&#" + "9" * 5000 + ";", [("", "&#" + "9" * 5000 + ";")]),
    ],
)
def test_markup_is_read_as_browsers_read_it(text, seen):
    assert tags(text) == seen


SLOW = [
    "<a ",
    "<a",
    '<a b="',
    "<a b='",
    "<!--",
    "<!",
    "<?",
    "</a ",
    "</",
    "<script>",
    "<style>x</",
    "<a =",
    "&#",
    "<![CDATA[",
]


@pytest.mark.parametrize("piece", SLOW)
def test_a_page_of_pieces_that_never_close_is_read_once(piece):
    """Readers that begin again at each piece need hours for this."""
    page = piece * (1_000_000 // len(piece))

    tags(page)
    parse_page(page[:250_000])
    read_html(page[:250_000])


def test_comments_before_a_page_are_passed_over_one_after_the_other():
    text = "<!---->" * 280 + "no page"
    with (
        site(lambda _, path: (200, {"Content-Type": "text/plain"}, text)) as server,
        bounded_client([HOST]) as client,
    ):
        assert fetch_document(client, server.url).text == text
