"""Published documents as passages: what is text, what surrounds it, where it stands, and in which language."""

from __future__ import annotations

import pytest

from pytest_etsi.probes.webdocs import Hurdle, Kind, language_of
from pytest_etsi.probes.webdocs.html import decoded_address
from pytest_etsi.probes.webdocs.text import joined
from tests.published_pages import published


def page(body, **options):
    return published(f"<!doctype html><html><body>{body}</body></html>", media_type="text/html", **options)


def kinds(document):
    return [(str(one.kind), one.text) for one in document.passages]


@pytest.mark.parametrize(
    ("around", "kind"),
    [
        ("<header>{}</header>", "header"),
        ("<footer>{}</footer>", "footer"),
        ("<nav><ul><li>{}</ul></nav>", "navigation"),
        ("<div role=contentinfo>{}</div>", "footer"),
        ('<div class="site-footer">{}</div>', "footer"),
        ('<div id="onetrust-consent-sdk"><div><p>{}</div></div>', "dialogue"),
        ('<div class="CookieBanner">{}</div>', "dialogue"),
        ("<dialog open>{}</dialog>", "dialogue"),
        ("<div style='display: none'>{}</div>", "hidden"),
        ("<div hidden>{}</div>", "hidden"),
        ("<aside>{}</aside>", "navigation"),
        ("<main><header>{}</header></main>", "main text"),
        ("<article><aside>{}</aside></article>", "main text"),
        ('<div class="cookies"><main>{}</main></div>', "dialogue"),
        ('<div class="page-header-wrapper">{}</div>', "main text"),
        ('<p>We use <a class="cookie-link">{}</a>', "main text"),
    ],
)
def test_what_surrounds_the_text_is_marked_and_not_lost(around, kind):
    document = page(around.format("A sentence.") + "<section><p>The text.</section>")

    assert [one.kind for one in document.passages if "A sentence." in one.text] == [kind]
    assert [one.kind for one in document.passages if one.text == "The text."] == ["main text"]
    assert ("A sentence." in document.own_text) == (kind == "main text")


def test_a_passage_says_where_it_stands():
    document = page("<h1>Policy</h1><p>One.<h2 id=times>Timelines</h2><p>Two.<h2>Other</h2><p>Three.")
    two = next(one for one in document.passages if one.text == "Two.")

    assert two.chapter == ("Policy", "Timelines")
    assert str(two.place) == 'line 4, "Timelines"'
    assert [one.text for one in document.below("times")] == ["Timelines", "Two.", "Other", "Three."]


def test_a_row_has_its_cells_each_with_the_heading_of_its_column():
    document = page(
        "<table><tr><th>Model<th>Updates until<tr><td>A20<td>2031<tr><td><p>A20 <b>Pro</b><td>2033</table>"
        "<table><thead><tr><td>Model<td>End</thead><tr><td>B1<td>2030</table>"
    )
    rows = [one for one in document.passages if one.kind is Kind.TABLE_ROW]

    assert [one.text for one in rows] == [
        "Model | Updates until", "Model: A20; Updates until: 2031", "Model: A20 Pro; Updates until: 2033",
        "Model | End", "Model: B1; End: 2030",
    ]  # fmt: skip
    assert rows[2].cells == (("Model", "A20 Pro"), ("Updates until", "2033"))


def test_a_term_and_its_description_are_one_row():
    document = page("<dl><dt>Support<dd>until 2032<dt>Alone<dt>Colour<dd><p>white</dl>")

    assert kinds(document) == [
        ("table row", "Support: until 2032"), ("main text", "Alone"), ("table row", "Colour: white"),
    ]  # fmt: skip


def test_an_address_that_a_script_protects_is_decoded():
    key = 0x42
    hidden = bytes([key, *(byte ^ key for byte in b"psirt@maker.example")]).hex()
    body = f'<p>Write to <a href="/cdn-cgi/l/email-protection" data-cfemail="{hidden}">[email&#160;protected]</a>.'
    (passage,) = page(body).passages

    assert "mailto:psirt@maker.example" in passage.links
    assert passage.text == "Write to psirt@maker.example ."
    assert decoded_address("zz") == decoded_address("") == decoded_address("0102") == ""


def test_steps_of_a_list_are_whole_and_lists_of_points_are_not_steps():
    document = page("<ol><li>Open.<p>Wait.<li>Press.</ol><ul><li>a<li>b</ul>")

    assert kinds(document) == [
        ("list step", "Open. Wait."), ("list step", "Press."), ("main text", "a"), ("main text", "b"),
    ]  # fmt: skip


def test_elements_that_nobody_closes_do_not_move_what_follows():
    document = page("<table>" + "<tr><td>a<td>b" * 400 + "</table><footer>end</footer><p>after")

    assert kinds(document)[-2:] == [("footer", "end"), ("main text", "after")]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["an acknow-", "ledgement"], "an acknowledgement"),
        (["the Wi-", "Fi key"], "the Wi-Fi key"),
        (["we con\ufb01rm the \ufb01rst"], "we confirm the first"),
        (["a fi rst confi guration"], "a first configuration"),
        (["switch it off again"], "switch it off again"),
        (["a wifi network, a wi-fi network"], "a wifi network, a wi-fi network"),
        (["acknow\u0002", "ledge"], "acknowledge"),
        (["in\u00a03\u00a0days\u200b"], "in 3 days"),
    ],
)
def test_lines_are_read_as_they_are_meant(lines, text):
    assert joined(lines) == text


def test_plain_text_has_paragraphs_headings_and_entries():
    document = published(
        "POLICY\n\nWe answer\nin 3 days.\n\n- one\n- two\n\nContact\n=======\nWrite to a@b.example.\n"
    )

    assert kinds(document) == [
        ("heading", "POLICY"), ("main text", "We answer in 3 days."), ("main text", "- one"), ("main text", "- two"),
        ("heading", "Contact"), ("main text", "Write to a@b.example."),
    ]  # fmt: skip
    assert document.passages[-1].links == ("mailto:a@b.example",)


def test_markdown_is_read_as_the_page_that_it_becomes():
    document = published(
        "# A\n\n1. b\n\n| c | d |\n|---|---|\n| 1 | 2 |\n", url="https://m.example/SECURITY.md"
    )

    assert kinds(document) == [
        ("heading", "A"), ("list step", "b"), ("table row", "c | d"), ("table row", "c: 1; d: 2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "odd", "contact", "signed"),
    [
        ("Contact: mailto:a@m.example\nExpires: 2031-01-01T00:00:00Z\n", (), ("mailto:a@m.example",), False),
        ("\ufeffCONTACT:a@m.example\r\n# Expires: x\r\n", ("no Expires",), ("mailto:a@m.example",), False),
        (
            (
                "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nContact: https://m.example/r\nExpires: z\n"
                "-----BEGIN PGP SIGNATURE-----\n\nContact: evil\n-----END PGP SIGNATURE-----\n"
            ),
            (),
            ("https://m.example/r",),
            True,
        ),
        ("Expires: a\nexpires: b\n", ("no Contact", "more than one Expires"), (), False),
    ],
)
def test_a_security_txt_is_read_as_people_write_it(text, odd, contact, signed):
    read = published(text, url="https://m.example/.well-known/security.txt").security_txt

    assert (read.odd, read.contact, read.signed) == (odd, contact, signed)


def test_a_start_page_at_its_address_is_no_security_txt():
    document = published(
        "<html><body>Contact: us</body></html>",
        url="https://m.example/.well-known/security.txt",
        media_type="text/html",
    )

    assert document.security_txt is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We confirm the receipt of your report within three days and keep you informed.", "en"),
        ("Wir bestätigen den Eingang Ihrer Meldung innerhalb von drei Tagen und informieren Sie.", "de"),
        ("Nous accusons réception de votre signalement dans les trois jours et vous tenons informé.", "fr"),
        (
            "Confirmamos la recepción de su informe en un plazo de tres días y le informamos de los avances.",
            "es",
        ),
        (
            "Confermiamo la ricezione della segnalazione entro tre giorni e la teniamo informata con gli sviluppi.",
            "it",
        ),
        ("Wij bevestigen de ontvangst van uw melding binnen drie dagen en houden u op de hoogte.", "nl"),
        (
            "Potwierdzamy otrzymanie zgłoszenia w ciągu trzech dni i informujemy o tym, jak się sprawa ma.",
            "pl",
        ),
        ("Vahvistamme ilmoituksen vastaanoton kolmen päivän kuluessa ja kerromme kun se on korjattu.", "fi"),
        ("Vi bekräftar att vi har fått din rapport inom tre dagar och håller dig informerad om den.", "sv"),
        ("ExampleCam 2 4K HDMI", ""),
        ("", ""),
    ],
)
def test_the_language_is_told_by_its_words(text, language):
    assert language_of(text) == language
    assert page(f"<p>{text}").language == language


TEXT = "We confirm the receipt of your report within three days. " * 12


@pytest.mark.parametrize(
    ("body", "hurdle"),
    [
        (f"<div class=cookie-bar>We use cookies. <button>Accept</button></div><p>{TEXT}", Hurdle.NONE),
        (f"<noscript>Please enable JavaScript.</noscript><p>{TEXT}<script>x()</script>", Hurdle.NONE),
        ("<div id=root></div><script src=app.js></script>", Hurdle.SCRIPT),
        (
            (
                "<main><div class=consent-wall><h2>Before you continue</h2><p>To read this page you have to accept our "
                "cookies and those of our partners.</p><button>Accept all</button></div></main><script src=x.js></script>"
            ),
            Hurdle.CONSENT,
        ),
        (
            "<div class=cookie-banner>We use cookies. Accept</div><div id=app></div><script src=a.js></script>",
            Hurdle.SCRIPT,
        ),
        ("<h1>Sign in</h1><form><input name=u><input type=password name=p></form>", Hurdle.LOGIN),
        (f"<header><form><input type=password></form></header><p>{TEXT}", Hurdle.NONE),
        (
            "<h1>Policy</h1><form><label>E-mail</label><input type=email><button>and get access</button></form>",
            Hurdle.FORM,
        ),
        (
            "<h1>Ask us</h1><form><input type=email><textarea></textarea><button>Send</button></form>",
            Hurdle.NONE,
        ),
        ("<h1>We could not find that page</h1><p>Try the search.", Hurdle.ANOTHER),
        ("<h1>Seite nicht gefunden</h1>", Hurdle.ANOTHER),
    ],
)
def test_what_keeps_a_reader_from_the_text_is_told_by_what_the_page_shows(body, hurdle):
    assert page(body, url="https://m.example/policy").hurdle is hurdle


@pytest.mark.parametrize(
    ("status", "hurdle"),
    [
        (401, Hurdle.LOGIN),
        (402, Hurdle.LOGIN),
        (403, Hurdle.REFUSED),
        (404, Hurdle.GONE),
        (410, Hurdle.GONE),
        (503, Hurdle.REFUSED),
    ],
)
def test_a_status_tells_some_of_it(status, hurdle):
    assert page("<p>no", status=status).hurdle is hurdle


_PARAGRAPH = b"The camera has a lens. " * 50
LONG = {
    "a page": ("text/html", b"<p>" + _PARAGRAPH, 2_000_000),
    "a table of many columns": ("text/html", b"<td>lens</td>", 41 * 13),
    "a page of many paragraphs": ("text/html", b"<p>lens", 20_000 * 7),
    "plain text": ("text/plain", _PARAGRAPH + b"\n\n", 2_000_000),
    "plain text of many lines": ("text/plain", b"a\n", 100_002),
    "Markdown": ("text/markdown", _PARAGRAPH + b"\n\n", 500_000),
}


@pytest.mark.parametrize("form", LONG)
def test_of_what_is_longer_than_is_read_nothing_is_taken_for_unsaid(form):
    media_type, part, most = LONG[form]
    head = b"<html lang=en><body><table><tr>" if form == "a table of many columns" else b""

    def read(times):
        return published(head + part * times, media_type=media_type)

    assert read(most // len(part) - 1).whole
    assert not read(most // len(part) + 1).whole


def test_a_security_txt_without_end_is_not_whole():
    line = "Contact: mailto:security@maker.example\n"
    url = "https://maker.example/.well-known/security.txt"

    assert published(line * 1000, url=url, media_type="text/plain").whole
    assert not published(line * 2001, url=url, media_type="text/plain").whole
