"""What a page holds that matters for logging in: forms, links, scripts, redirects."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pytest_etsi.probes.http.markup import MarkupReader

__all__ = ["Page", "parse_page"]

_SCRIPT_REDIRECT = re.compile(
    r"""(?i)location(?:\.href|\.replace|\.assign)?\s{0,9}[=(]\s{0,9}["']([^"'\n]{1,200})["']"""
)
_FEW_WORDS = 40
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
    takes_files: bool = False
    redirects: list[str] = field(default_factory=list)
    inline: str = ""
    base: str = ""
    words: int = 0
    fields: int = 0

    @property
    def drawn_by_scripts(self) -> bool:
        """Whether what a reader sees is mostly made by scripts: what stands in the page does not show it."""
        if self.redirects or not (self.scripts or self.inline.strip()):
            return False
        routes = any(link.startswith(("#/", "#!")) for link in self.links)
        return routes or (self.words <= _FEW_WORDS and not self.fields)


class _PageReader(MarkupReader):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._form: tuple[str, str] | None = None
        self._passwords: list[str] = []
        self._inline: list[str] = []
        self._hidden: set[str] = set()
        self._seen: set[tuple[int, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in reversed(attrs)}
        page = self.page
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
        elif tag == "base" and values.get("href"):
            page.base = page.base or values["href"]
        elif tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            target = re.search(r"(?i)url\s{0,9}=\s{0,9}['\"]?([^'\";]+)", values.get("content", "")[:1000])
            if target:
                self._keep(page.redirects, target[1].strip())
        elif tag in {"a", "area"} and values.get("href"):
            self._keep(page.links, values["href"])
        elif tag in {"frame", "iframe"} and values.get("src"):
            self._keep(page.redirects, values["src"])

    def _keep(self, kept: list[str], address: str) -> None:
        if len(kept) < _MOST and (id(kept), address) not in self._seen:
            self._seen.add((id(kept), address))
            kept.append(address)

    def _field(self, values: dict[str, str]) -> None:
        kind = values.get("type", "").strip().lower()
        self.page.fields += kind != "hidden"
        self.page.takes_files |= kind == "file"
        if kind != "password":
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
        self._form = None
        self._passwords = []


def parse_page(text: str) -> Page:
    """Find forms, links, scripts and redirects in a page, however broken it is."""
    reader = _PageReader()
    reader.read(text)
    return reader.page
