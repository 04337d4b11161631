"""Profiles that come with the package: found by name, in a wheel and in a checkout alike."""

from __future__ import annotations

from pathlib import Path

__all__ = ["shipped_directory", "shipped_profiles"]

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped_directory() -> Path | None:
    """The directory of the shipped profiles; None: there is none."""
    for candidate in (_PACKAGE / "device_profiles", _PACKAGE.parent / "device_profiles"):
        if candidate.is_dir():
            return candidate
    return None


def shipped_profiles() -> dict[str, Path]:
    """The shipped profiles: name -> file of the profile."""
    directory = shipped_directory()
    if directory is None:
        return {}
    return {path.parent.name: path for path in sorted(directory.glob("*/profile.yaml"))}
