"""README.md as the page of the package: every link leads somewhere, with an address of the project and without."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from hatchling.metadata.core import ProjectMetadata
from hatchling.plugin.manager import PluginManager
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

ROOT = Path(__file__).parents[1]
FILES = "https://example.com/pytest-etsi/blob/main"


def _build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _links(page: str) -> Iterator[str]:
    for token in MarkdownIt().parse(page):
        for inline in token.children or ():
            found = inline.attrGet("href") or inline.attrGet("src")
            if found:
                yield str(found)


README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_without_an_address_no_link_is_left_that_leads_nowhere_and_its_words_stay() -> None:
    page = _build().page_of(README, "")

    relative = [link for link in _links(page) if not link.startswith(("https://", "#"))]
    assert relative == []
    assert "- Your own device, step by step: a complete example" in page
    assert "Licence: Apache-2.0." in page


def test_with_an_address_each_link_leads_to_a_file_of_the_project() -> None:
    page = _build().page_of(README, FILES)

    ours = [link.removeprefix(f"{FILES}/") for link in _links(page) if link.startswith(FILES)]
    assert len(ours) == len([link for link in _links(README) if not link.startswith("https://")]) > 20
    assert [
        link for link in ours if not (ROOT / link.removesuffix("?raw=true").partition("#")[0]).exists()
    ] == []
    assert "docs/terminal-summary.svg?raw=true" in ours


def test_the_package_has_that_page() -> None:
    metadata = ProjectMetadata(str(ROOT), PluginManager())

    assert metadata.core.readme == _build().page_of(
        README, metadata.hatch.metadata.hook_config["custom"]["files"]
    )
