"""What was fetched of published documents, kept so that a later run can read it again without any network.

One pair of files an address, in the directory of the results, where runs leave it: how it was obtained, as JSON, and
the bytes. Both are written whole or not at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pytest_etsi import bounds
from pytest_etsi.probes.json_text import read_json

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.probes.webdocs import Fetched

__all__ = ["FOLDER", "Shelf"]

FOLDER = "published"
"""Its name in the directory of the results."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where fetched documents are kept.

    Attributes:
        directory: of the files; made when something is kept. None: nothing is kept.
        offline: read only what is kept, and ask nobody.
    """

    directory: Path | None = None
    offline: bool = False

    def keep(self, fetched: Fetched) -> None:
        """Keep what an address gave, in place of what it gave before; where there was no answer, that stays."""
        if self.directory is None or fetched.origin.status == 0:
            return
        with contextlib.suppress(OSError):  # a full disk does not change what was seen
            self.directory.mkdir(parents=True, exist_ok=True)
            described = fetched.origin.to_json() | {
                "truncated": fetched.truncated,
                "problem": fetched.problem,
            }
            _write(self.directory / f"{_name(fetched.origin.url)}.bin", fetched.content)
            text = json.dumps(described, indent=1, ensure_ascii=False)
            _write(
                self.directory / f"{_name(fetched.origin.url)}.json", text.encode("utf-8", "backslashreplace")
            )

    def find(self, url: str) -> Fetched | None:
        """What is kept of an address; None: nothing, or what is there is not what was written."""
        from pytest_etsi.probes.webdocs import Fetched

        if self.directory is None:
            return None
        try:
            described = read_json((self.directory / f"{_name(url)}.json").read_bytes()[: bounds.JSON.most])
            content = (self.directory / f"{_name(url)}.bin").read_bytes()
            origin = replace(_origin(described), kept=True)
            truncated, problem = bool(described["truncated"]), str(described["problem"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if origin.url != url or hashlib.sha256(content).hexdigest() != origin.sha256:
            return None
        return Fetched(origin, content, truncated=truncated, problem=problem)


def _name(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _write(path: Path, content: bytes) -> None:
    descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(made, path)  # noqa: PTH105 - both are text here
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(made)  # noqa: PTH108
        raise


def _origin(described: Any) -> Any:
    from pytest_etsi.probes.webdocs import CertificateCheck, Hop, Origin

    return Origin(
        url=str(described["url"]),
        hops=tuple(
            Hop(str(one["url"]), int(one["status"]), str(one["location"])) for one in described["hops"]
        ),
        status=int(described["status"]),
        certificate=CertificateCheck(**described["certificate"]),
        fetched=str(described["fetched"]),
        sha256=str(described["sha256"]),
        size=int(described["size"]),
        headers=tuple((str(name), str(value)) for name, value in described["headers"]),
        circle=bool(described["circle"]),
        cookies=bool(described["cookies"]),
        refused_host=str(described["refused_host"]),
    )
