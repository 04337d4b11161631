"""A small valid profile to vary: each test says only what is wrong with it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pytest_etsi.profile import Profile, ProfileError, load_profile
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PROFILE = """\
format: 1
name: camera
edition: "1.1.1"
dut: {manufacturer: Example, model: CAM-200, hardware: "2", software: 1.40}
ics: ics.yaml
ixit: ixit.yaml
judgements: judgements.yaml
access:
  network: {hosts: [192.0.2.7]}
"""
ICS = """\
"5.1-1": {support: Y, detail: no password is shared}
"""


def write_profile(
    directory: Path,
    *,
    profile: str = PROFILE,
    extra: str = "",
    ics: str = ICS,
    ixit: str = "",
    judgements: str = "[]\n",
    edition_id: str = "1.1.1",
) -> Path:
    """Write the documents and give the profile's path; tables that `ixit` lacks are written empty after it."""
    profile = profile.replace('"1.1.1"', f'"{edition_id}"')
    (directory / "profile.yaml").write_text(profile + extra)
    (directory / "ics.yaml").write_text(ics)
    (directory / "judgements.yaml").write_text(textwrap.dedent(judgements))
    written = textwrap.dedent(ixit)
    rest = [table for table in edition(edition_id).tables if f'"{table.id}"' not in written]
    empty = "".join(f'"{table.id}": {"{}" if table.single else "[]"}\n' for table in rest)
    (directory / "ixit.yaml").write_text(written + empty)
    return directory / "profile.yaml"


def load(
    directory: Path, *, values: Mapping[str, str] | None = None, environ: Mapping[str, str] | None = None
) -> Profile:
    return load_profile(directory / "profile.yaml", values=values, environ=environ or {})


def problems_of(directory: Path, environ: Mapping[str, str] | None = None) -> list[str]:
    """What makes the profile in a directory unusable, with paths relative to it; empty: nothing."""
    try:
        load(directory, environ=environ)
    except ProfileError as error:
        return [str(problem).replace(f"{directory}/", "") for problem in error.problems]
    return []


def open_problems_of(directory: Path, environ: Mapping[str, str] | None = None) -> list[str]:
    """What could not be understood in a profile that is usable all the same."""
    profile = load(directory, environ=environ)
    return [str(problem).replace(f"{directory}/", "") for problem in profile.open_problems]
