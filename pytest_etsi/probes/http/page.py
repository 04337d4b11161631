"""What a page holds that matters for logging in: forms, links, scripts, redirects."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pytest_etsi.probes.http.markup import MarkupReader

__all__ = ["Page", "links_of_header", "parse_page", "refresh_target"]

_SCRIPT_REDIRECT = re.compile(
    r"""(?i)(?:location(?:\.href|\.replace|\.assign)?|window\.open)\s{0,9}[=(]\s{0,9}["']([^"'\n]{1,200})["']"""
)
_ACTS = re.compile(
    r"(?i)re-?boot|re-?start|re-?set|shut-?down|power|delete|erase|format|update|upgrade|log-?out|log-?off"
)
"""Words of an address that a button is not pressed for: it may do something."""
_LINKS_OF_SCRIPTS = frozenset(
    {"data-href", "data-link", "data-location", "hx-get", "data-hx-get", "ng-href", "routerlink", "up-href"}
)
"""Attributes that hold an address to which a script of the page leads."""
_ADDRESS = re.compile(r"(?:https?:/|(?![A-Za-z]+:))[\w./?][^\s{}<>\"'#]*")
_PAGES = frozenset(
    {"next", "prev", "start", "first", "index", "contents", "home", "up", "help", "login", "canonical"}
)
"""Relations of a link that is in no text of the page, by which it leads to another one."""
_LINK_HEADER = re.compile(r"<([^<>\s]{1,300})>([^<]{0,300})")
_NO_PAGES = re.compile(
    r"""(?i)\brel\s?=\s?"?(?:stylesheet|icon|shortcut|apple-touch|preconnect|dns-prefetch|preload|manifest)"""
)
_CLEAR = re.compile(
    r"(?i)(?:.*[_.\-\[:]|admin|user|login|web|my|old|sys)?(?:passw(?:or)?d?|passwort|pass(?:phrase)?|pwd?|psw|passcode|"
    r"pin(?:code)?|kennwort|contrase(?:ñ|n)a|clave|senha|mot_?de_?passe|mdp|has[lł]o|heslo|wachtwoord|parola|[sş]ifre)"
    r"[\d\]]*"
)
_BUTTONS = frozenset({"submit", "button", "image", "reset"})
_FIELDS_OF_A_LOGIN = 3
_FEW_WORDS = 40
_ONLY_REDIRECTS = 400
"""Characters of a script that does no more than lead to another page."""
_MOST = 500
"""Different links, scripts, redirects or forms of a page that are kept, of each."""


@dataclass(slots=True)
class Page:
    """What a page holds that matters for logging in.

    Attributes:
        links: where it leads, as written, each once.
        scripts: scripts that it loads, at once or when they are needed.
        forms: (action, method, names of password fields) of each form with a password field.
        loose_password: there is a password field outside of any form.
        clear_password: names of fields that show what is typed, and are called as those of a password; of forms
            that are sent, and hold little else.
        takes_files: there is a field for a file.
        redirects: targets of meta refresh and of scripted redirects.
        inline: text of inline scripts.
        base: address that links are relative to, when the page names one.
        words: number of words that a reader sees without running a script.
        fields: number of fields that a reader could fill in.
    """

    links: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    forms: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    loose_password: bool = False
    clear_password: list[str] = field(default_factory=list)
    takes_files: bool = False
    redirects: list[str] = field(default_factory=list)
    inline: str = ""
    base: str = ""
    words: int = 0
    fields: int = 0

    @property
    def drawn_by_scripts(self) -> bool:
        """Whether what a reader sees is mostly made by scripts: what stands in the page does not show it."""
        inline = self.inline.strip()
        if not (self.scripts or inline):
            return False
        if self.redirects and not self.scripts and len(inline) <= _ONLY_REDIRECTS:
            return False
        routes = any(link.startswith(("#/", "#!")) for link in self.links)
        return routes or (self.words <= _FEW_WORDS and not self.fields)


class _PageReader(MarkupReader):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._form: tuple[str, str] | None = None
        self._passwords: list[str] = []
        self._filled: list[str] = []
        self._inline: list[str] = []
        self._hidden: set[str] = set()
        self._seen: set[tuple[int, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in reversed(attrs)}
        page = self.page
        for name, value in values.items():
            if value and name.startswith("on"):
                if "prompt" in value:
                    self._inline.append(f"\n{value[:1000]}\n")
                for target in _SCRIPT_REDIRECT.findall(value[:1000]):
                    self._press(target)
            elif name in _LINKS_OF_SCRIPTS and _ADDRESS.fullmatch(value[:300]):
                self._press(value)
        if values.get("formaction"):
            self._press(values["formaction"])
        if tag in {"script", "style", "noscript", "title", "template"}:
            self._hidden.add(tag)
        if tag == "form":
            self._close_form()
            self._form = (values.get("action", ""), values.get("method", "get").lower())
        elif tag in {"input", "select", "textarea"}:
            self._field(values)
        elif tag == "script" and values.get("src"):
            self._keep(page.scripts, values["src"])
        elif tag == "link" and values.get("href"):
            rel = set(values.get("rel", "").lower().split())
            if "modulepreload" in rel or ({"preload", "prefetch"} & rel and values.get("as", "") == "script"):
                self._keep(page.scripts, values["href"])
            elif rel & _PAGES:
                self._press(values["href"])
        elif tag == "base" and values.get("href"):
            page.base = page.base or values["href"]
        elif tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            if target := refresh_target(values.get("content", "")):
                self._keep(page.redirects, target)
        elif tag in {"a", "area"} and (address := values.get("href") or values.get("xlink:href")):
            self._keep(page.links, address)
        elif tag in {"frame", "iframe", "embed", "object"} and (
            address := values.get("src") or values.get("data")
        ):
            self._keep(page.redirects, address)

    def _press(self, address: str) -> None:
        """Where a button leads is a link, unless it may do something there."""
        if not _ACTS.search(address):
            self._keep(self.page.links, address)

    def _keep(self, kept: list[str], address: str) -> None:
        if len(kept) < _MOST and (id(kept), address) not in self._seen:
            self._seen.add((id(kept), address))
            kept.append(address)

    def _field(self, values: dict[str, str]) -> None:
        kind = values.get("type", "").strip().lower()
        self.page.fields += kind != "hidden"
        self.page.takes_files |= kind == "file"
        if kind not in _BUTTONS | {"hidden"}:
            self._filled.append(values.get("name") or values.get("id") or "")
        if kind != "password" and values.get("autocomplete", "").strip().lower() != "current-password":
            return
        if self._form is None:
            self.page.loose_password = True
        else:
            self._passwords.append(values.get("name") or values.get("id") or "")

    def handle_endtag(self, tag: str) -> None:
        self._hidden.discard(tag)
        if tag == "form":
            self._close_form()

    def handle_data(self, data: str) -> None:
        if "script" in self._hidden:
            self._inline.append(data)
        elif not self._hidden:
            self.page.words += len(data.split())

    def read(self, text: str) -> None:
        super().read(text)
        self._close_form()
        self.page.inline = "".join(self._inline)
        self.page.redirects.extend(_SCRIPT_REDIRECT.findall(self.page.inline))

    def _close_form(self) -> None:
        if self._form is not None and self._passwords and len(self.page.forms) < _MOST:
            self.page.forms.append((*self._form, tuple(self._passwords)))
        elif self._form is not None:
            action, method = self._form
            if method == "get" and action and not self._filled:
                self._press(action)
            elif len(self._filled) <= _FIELDS_OF_A_LOGIN:
                for name in filter(_CLEAR.fullmatch, self._filled):
                    self._keep(self.page.clear_password, name)
        self._form = None
        self._passwords = []
        self._filled = []


def refresh_target(text: str) -> str:
    """Where a Refresh, in a header or in a page, leads to; empty: to the same page."""
    found = re.search(r"(?i)url\s{0,9}=\s{0,9}['\"]?([^'\";]+)", text[:1000])
    return found[1].strip() if found else ""


def links_of_header(text: str) -> list[str]:
    """Where the header Link (RFC 8288) leads: pages and modules of scripts, twenty at most."""
    found = (
        address
        for address, said in _LINK_HEADER.findall(text[:8000])
        if not _ACTS.search(address)
        and (not _NO_PAGES.search(said) or re.search(r"(?i)\bas\s?=\s?\W?script", said))
    )
    return list(dict.fromkeys(found))[:20]


def parse_page(text: str) -> Page:
    """Find forms, links, scripts and redirects in a page, however broken it is."""
    reader = _PageReader()
    reader.read(text)
    return reader.page
