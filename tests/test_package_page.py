"""README.md as the page of the package: every link leads somewhere."""

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
REPOSITORY = "https://example.com/pytest-etsi"


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


def test_each_link_leads_to_a_file_of_the_project() -> None:
    page = _build().page_of(README, REPOSITORY)

    files = f"{REPOSITORY}/blob/main/"
    ours = [link.removeprefix(files) for link in _links(page) if link.startswith(files)]
    assert len(ours) == len([link for link in _links(README) if not link.startswith("https://")]) > 20
    assert [
        link for link in ours if not (ROOT / link.removesuffix("?raw=true").partition("#")[0]).exists()
    ] == []
    assert "docs/terminal-summary.svg?raw=true" in ours
    assert [link for link in _links(page) if not link.startswith("https://")] == []


def test_the_package_has_that_page_and_addresses_that_lead_to_the_project() -> None:
    metadata = ProjectMetadata(str(ROOT), PluginManager())

    repository = metadata.hatch.metadata.hook_config["custom"]["repository"]
    assert metadata.core.readme == _build().page_of(README, repository)
    addresses = metadata.core.urls
    assert {"Homepage", "Documentation", "Changelog", "Issues", "Security"} <= set(addresses)
    assert all(address.startswith(repository) for address in addresses.values())
    files = f"{repository}/blob/main/"
    named = [address.removeprefix(files) for address in addresses.values() if address.startswith(files)]
    assert {"README.md#read-on", "CHANGELOG.md", "SECURITY.md"} == set(named)
    assert [name for name in named if not (ROOT / name.partition("#")[0]).is_file()] == []
    assert "\n## Read on\n" in README
    security = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert f"{repository}/security/advisories/new" in security
