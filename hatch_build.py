"""The page of the package: README.md with links that lead somewhere from an index too, and the project's addresses.

One setting decides, ``files`` of ``[tool.hatch.metadata.hooks.custom]``: the address below which the files of this
project are seen, without a slash at its end. While it is empty, what links to a file of the project is its words alone.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_PICTURE = re.compile(r"^!\[[^\]]*\]\((?!https?:)[^)]*\)\n+", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#|mailto:)([^)\s]+)\)")


def page_of(readme: str, files: str) -> str:
    """The README as an index shows it.

    Args:
        readme: as it stands in the project.
        files: the address below which its files are seen; empty: there is none.
    """
    if not files:
        return _LINK.sub(r"\1", _PICTURE.sub("", readme))
    linked = _LINK.sub(rf"[\1]({files}/\2)", readme)
    return re.sub(r"!\[([^\]]*)\]\((?!https?:)([^)\s]+)\)", rf"![\1]({files}/\2?raw=true)", linked)


class Page(MetadataHookInterface):
    """What hatchling asks when it builds the package."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the README and, where there are any, the addresses."""
        files = str(self.config.get("files", ""))
        readme = Path(self.root, "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": page_of(readme, files)}
        if files:
            metadata["urls"] = {
                "Source": files,
                "Documentation": f"{files}/docs/own-device.md",
                "Changelog": f"{files}/CHANGELOG.md",
                "Security": f"{files}/SECURITY.md",
            }
