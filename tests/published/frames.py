"""What surrounds a document where it is published, as shops, content systems and office programs make it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from tests.published.pdf_files import laid_out, lines_of, pictures, printed
from tests.published_pages import published

if TYPE_CHECKING:
    from pytest_etsi.probes.webdocs import WebDocument

__all__ = ["framed"]

_COOKIES = (
    '<div id="CybotCookiebotDialog" role="dialog" aria-modal="true"><h2>This website uses cookies</h2><p>We use cookies to '
    "personalise content and ads, and to analyse our traffic within the last 30 days. You consent to our cookies if you "
    "continue to use our website.</p><button>Deny</button><button>Allow all</button></div>"
)
_LINKS = '<nav class="main-nav"><ul><li><a href="/">Home</a><li><a href="/shop">Shop</a><li><a href="/help">Help</a></ul></nav>'


def _html(text: str) -> str:
    return MarkdownIt("commonmark").enable("table").render(text)


def _page(body: str, *, language: str, title: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>{head}'
        f"<script>window.dataLayer=[];</script></head><body>{body}<script src='/theme.js'></script></body></html>"
    )


def _wordpress(body: str) -> str:
    return (
        f'<div id="page" class="site"><a class="skip-link" href="#content">Skip to content</a><header id="masthead" '
        f'class="site-header">{_LINKS}</header><div id="content"><article class="page type-page"><div class="entry-content">'
        f'{body}</div></article><aside class="widget-area"><h2>Recent posts</h2><p>Our office is closed for two weeks.</p>'
        '</aside></div><footer class="site-footer"><p>© 2026. Proudly powered by WordPress.</p></footer></div>'
        '<div id="cookie-notice" class="cookie-notice">We use cookies. <button>Ok</button></div>'
    )


def _shop(body: str) -> str:
    return (
        '<div class="announcement-bar"><p>Free delivery in 2 to 4 working days. Our service team answers within 24 hours.</p>'
        f'</div><header class="header" role="banner">{_LINKS}<a href="/cart">Cart</a></header>'
        f'<main id="MainContent" role="main"><div class="page-width"><div class="rte">{body}</div></div></main>'
        '<footer class="footer"><div><h2>Newsletter</h2><form><input type="email" name="contact[email]"><button>Subscribe'
        "</button></form></div><p>info@shop.example, +44 20 5550 1000. We reply to every message within one working day and "
        "keep you informed about your order every day. 30 days to return.</p></footer>"
        '<div class="shopify-pc__banner__dialog" role="alertdialog"><p>We use cookies.</p><button>Accept</button></div>'
    )


def _help_center(body: str) -> str:
    return (
        f'<header class="header">{_LINKS}<form role="search"><input type="search"></form></header><main role="main">'
        '<nav class="sub-nav"><ol class="breadcrumbs"><li>Help<li>Security</ol></nav><section class="article-body">'
        f'{body}</section><div class="article-votes">Was this article helpful? <button>Yes</button></div><section class='
        '"related-articles"><h3>Related articles</h3><ul><li><a href="/a">Resetting</a></ul></section></main>'
        '<footer class="footer"><p>We usually answer tickets in 2 days.</p></footer>'
    )


def _typo3(body: str) -> str:
    return (
        f'<div class="page-wrapper"><div class="topbar">Hotline Mo-Fr 8-17 Uhr</div>{_LINKS}<div class="breadcrumb">Start / '
        f'Service</div><div id="c1204" class="frame frame-default ce-bodytext">{body}</div><footer id="page-footer"><p>Impressum'
        " Datenschutz. Lieferung innerhalb von 3 Werktagen.</p></footer></div>"
        '<div class="usercentrics-root"><p>Wir verwenden Cookies.</p><button>Alle akzeptieren</button></div>'
    )


def _drupal(body: str) -> str:
    return (
        f'<div class="dialog-off-canvas-main-canvas"><header role="banner" class="region-header">{_LINKS}</header>'
        f'<main role="main"><div class="region region-content"><article class="node node--type-page">{body}</article></div>'
        '</main><footer role="contentinfo"><p>Contact. Legal.</p></footer></div>'
    )


def _old(body: str) -> str:
    return (
        '<table width="100%" border="0"><tr><td colspan="2">Maker</td></tr><tr><td width="150"><a href="/">Start</a></td></tr>'
        f"</table>{body}<hr><p align=center><font size=1>Last changed 03/2026</font></p>"
    )


_FRAMES = {
    "wordpress": _wordpress, "shop": _shop, "help-center": _help_center, "typo3": _typo3, "drupal": _drupal, "old": _old,
    "bare": lambda body: f"<h3>Maker</h3>{_COOKIES}{body}",
}  # fmt: skip


def framed(
    text: str, frame: str, *, language: str = "en", url: str = "https://maker.example/page"
) -> WebDocument:
    """The document that somebody finds who looks for `text` where it is published in this way."""
    match frame:
        case "markdown":
            return published(text, url=f"{url}/SECURITY.md", media_type="text/markdown")
        case "pdf":
            return published(laid_out(*_parts(text), running="Document 1.2 - public"), url=f"{url}.pdf")
        case "encrypted":
            return published(laid_out(*_parts(text), password="secret"), url=f"{url}.pdf")
        case "pdf-lines":
            return published(lines_of(text.strip(), size_of_first=16), url=f"{url}.pdf")
        case "scan":
            return published(pictures(text.strip()), url=f"{url}.pdf")
        case "definition":
            rows = (line.split(": ", 1) for line in text.strip().splitlines())
            body = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows)
            return _published(_shop(f"<dl>{body}</dl>"), language, url)
        case "html":
            return published(text, url=url, media_type="text/html; charset=utf-8")
        case "plain":
            return published(text, url=f"{url}.txt")
        case "security.txt":
            return published(text, url="https://maker.example/.well-known/security.txt")
        case "printed":
            return published(printed(text), url=f"{url}.pdf")
        case "login":
            form = '<form action="/session"><input name="email"><input type="password" name="p"><button>Login</button></form>'
            return _published(_wordpress(_html(text) + form), language, url)
        case "wall":
            wall = (
                '<main><div class="consent-layer"><h1>Your privacy</h1><p>To continue to this website, please accept that we '
                "and our 812 partners store information on your device.</p><button>Accept and continue</button></div></main>"
            )
            return _published(wall, language, url)
        case "script":
            return _published(f"<div id='root'><p>{text.strip()}</p></div>", language, url)
        case _:
            return _published(_FRAMES.get(frame, _shop)(_html(text)), language, url)


def _published(body: str, language: str, url: str) -> WebDocument:
    return published(
        _page(body, language=language, title="Maker"), url=url, media_type="text/html; charset=utf-8"
    )


def _parts(text: str) -> list[str | list[list[str]]]:
    """Paragraphs, headings and tables of Markdown, for a program that lays out pages."""
    found: list[str | list[list[str]]] = []
    for block in text.strip().split("\n\n"):
        if block.lstrip().startswith("|"):
            rows = [
                [cell.strip() for cell in line.strip().strip("|").split("|")] for line in block.splitlines()
            ]
            found.append([row for row in rows if not all(set(cell) <= {"-"} for cell in row)])
        elif block.startswith("## "):
            found.append(block[1:])
        else:
            found.append(" ".join(block.split()))
    return found
