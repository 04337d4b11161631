"""The page of the package: README.md with links that lead somewhere from an index too, and the project's addresses.

One setting decides, ``repository`` of ``[tool.hatch.metadata.hooks.custom]``: the address of the project's repository,
without a slash at its end.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#|mailto:)([^)\s]+)\)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\((?!https?:)([^)\s]+)\)")


def page_of(readme: str, repository: str) -> str:
    """The README as an index shows it.

    Args:
        readme: as it stands in the project.
        repository: the address of the repository, below which its files are seen.
    """
    files = f"{repository}/blob/main"
    return _PICTURE.sub(rf"![\1]({files}/\2?raw=true)", _LINK.sub(rf"[\1]({files}/\2)", readme))


class Page(MetadataHookInterface):
    """What hatchling asks when it builds the package."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the README and the addresses."""
        repository = str(self.config["repository"])
        files = f"{repository}/blob/main"
        readme = Path(self.root, "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": page_of(readme, repository)}
        metadata["urls"] = {
            "Homepage": repository,
            "Documentation": f"{files}/README.md#read-on",
            "Changelog": f"{files}/CHANGELOG.md",
            "Issues": f"{repository}/issues",
            "Security": f"{files}/SECURITY.md",
        }
