"""The virtual camera's documents in edition 2.1.1, changed before or after they are migrated; without judgements."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yaml_text import dumped, loaded

from pytest_etsi.profile import load_profile
from pytest_etsi.profile.migration import layout_of, migrate_documents

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = ["write_second_edition"]


def write_second_edition(
    directory: Path,
    change: Callable[[dict[str, Any]], None] = lambda tables: None,
    *,
    then: Callable[[dict[str, Any]], None] = lambda tables: None,
    claimed: Collection[str] = (),
) -> Path:
    """Write the profile, and return its file.

    Args:
        directory: where to.
        change: alters the tables before they are migrated, under their names in the first edition.
        then: alters them afterwards, under their names in the second.
        claimed: recommendations that the camera does not follow, and is said to, so that they are assessed.
    """
    source = load_profile("virtual-camera").path
    profile = loaded(source.read_text(encoding="utf-8"))
    tables: dict[str, Any] = {}
    for file in sorted((source.parent / "ixit").glob("*.yaml")):
        tables |= loaded(file.read_text(encoding="utf-8"))
    change(tables)
    profile |= {"ics": loaded((source.parent / "ics.yaml").read_text(encoding="utf-8")), "ixit": tables}
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder, "profile.yaml")
        first.write_text(dumped(profile | {"judgements": []}), encoding="utf-8")
        added = shutil.copytree(source.parent / "edition-2.1.1", Path(folder, "added"))
        made = migrate_documents(first, "2.1.1", layout_of(first, "2.1.1", directory), additions=added)
    parts = {file: loaded(made.text(file)) for file in made.files}
    ixit = {
        name: table
        for file, part in parts.items()
        if file.parent == made.layout.ixit
        for name, table in part.items()
    }
    then(ixit)
    rows = {name: {"support": "Y", "detail": f"The camera meets {name}."} for name in claimed}
    ics = parts[made.layout.ics] | rows
    written = parts[made.layout.profile] | {"ics": ics, "ixit": ixit, "judgements": []}
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "profile.yaml").write_text(dumped(written), encoding="utf-8")
    return directory / "profile.yaml"
