"""Which part of an HTML page an element is: by its name, its role, and the words of its class and id."""

from __future__ import annotations

import re

from pytest_etsi.probes.webdocs.model import Kind

__all__ = ["NONE_INSIDE", "is_content", "is_struck", "kind_of"]

NONE_INSIDE = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
"""Elements without an end tag."""

_BY_NAME = {"nav": Kind.NAVIGATION, "header": Kind.HEADER, "footer": Kind.FOOTER, "dialog": Kind.DIALOGUE}
_BY_ROLE = {
    "navigation": Kind.NAVIGATION, "banner": Kind.HEADER, "contentinfo": Kind.FOOTER, "dialog": Kind.DIALOGUE,
    "alertdialog": Kind.DIALOGUE, "search": Kind.NAVIGATION, "menu": Kind.NAVIGATION, "menubar": Kind.NAVIGATION,
    "complementary": Kind.NAVIGATION,
}  # fmt: skip
_WORDS = re.compile(r"[a-z]+|[A-Z][a-z]*")
_COOKIES = frozenset({
    "cookie", "cookies", "cookiebar", "cookiebanner", "cookieconsent", "consent", "gdpr", "cmp", "onetrust",
    "usercentrics", "cookiebot", "didomi", "truste", "trustarc", "klaro", "borlabs", "ccpa", "cookielaw",
    "privacybanner", "cybotcookiebot",
})  # fmt: skip
_POP_UPS = frozenset({"modal", "popup", "lightbox", "newsletterpopup", "chatbot", "chatwidget", "toast"})
_NAVIGATION = frozenset({
    "nav", "navbar", "navigation", "menu", "submenu", "megamenu", "breadcrumb", "breadcrumbs", "sidebar", "sidenav",
    "pagination", "pager", "skiplink", "skiplinks", "topnav", "localnav",
})  # fmt: skip
_FOOTER = frozenset({"footer", "siteinfo", "colophon", "pagefooter", "sitefooter", "footerarea", "subfooter"})
_HEADER = frozenset(
    {"topbar", "masthead", "siteheader", "sitebanner", "announcementbar", "pageheaderbar", "usp"}
)
_HEADERS_BEGIN = frozenset({"site", "global", "shop", "main", "top"})
_LICENCES = frozenset({"licenses", "licences", "licence", "license", "oss", "lizenzen"})
_HIDDEN = re.compile(r"(?i)\bdisplay\s{0,5}:\s{0,5}none\b|\bvisibility\s{0,5}:\s{0,5}hidden\b")


_STRUCK = frozenset({"s", "del", "strike"})
_STRUCK_BY_STYLE = re.compile(r"(?i)\btext-decoration(?:-line)?\s{0,5}:[^;]{0,40}\bline-through\b")


def is_struck(tag: str, values: dict[str, str]) -> bool:
    """Whether an element is struck through: what stands in it was said once, and is said no more."""
    return tag in _STRUCK or _STRUCK_BY_STYLE.search(values.get("style", "")[:500]) is not None


def is_content(tag: str, values: dict[str, str]) -> bool:
    """Whether an element is where the page says that its content is."""
    return tag in {"main", "article"} or values.get("role", "").strip().lower() in {"main", "article"}


def kind_of(tag: str, values: dict[str, str], *, inside_content: bool) -> Kind | None:
    """What an element makes of the text in it; None: nothing that is said.

    Args:
        tag: its name.
        values: its attributes.
        inside_content: it lies in the page's content, where a header belongs to the text.
    """
    names = _named(values)
    if names & _COOKIES and tag not in {"a", "li", "html", "body", "main", "article"}:
        return Kind.DIALOGUE
    if "hidden" in values or _HIDDEN.search(values.get("style", "")[:500]):
        return Kind.HIDDEN
    role = values.get("role", "").strip().lower()
    found = _BY_ROLE.get(role) or _BY_NAME.get(tag)
    if values.get("aria-modal", "").lower() == "true":
        found = Kind.DIALOGUE
    if found is None and tag not in {"html", "body", "main", "article", "a", "button"}:
        found = _by_words(names)
    if found is None and tag == "aside" and not inside_content:
        return Kind.NAVIGATION
    if inside_content and found is Kind.HEADER:
        return None
    return found


def _by_words(names: frozenset[str]) -> Kind | None:
    if names & _POP_UPS:
        return Kind.DIALOGUE
    if names & _FOOTER:
        return Kind.FOOTER
    if names & _NAVIGATION and not names & {"content", "body", "main"}:
        return Kind.NAVIGATION
    if names & _HEADER or ("header" in names and names & _HEADERS_BEGIN):
        return Kind.HEADER
    if names & _LICENCES:
        return Kind.LICENCE
    return None


def _named(values: dict[str, str]) -> frozenset[str]:
    """The words of class and id: apart, and those of one name together ("cookie-bar": cookie, bar, cookiebar)."""
    found: set[str] = set()
    for name in f"{values.get('class', '')} {values.get('id', '')}"[:400].split():
        words = [word.lower() for word in _WORDS.findall(name)]
        found.update(words)
        found.add("".join(words))
    return frozenset(found)
