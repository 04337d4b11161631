"""The documents of the virtual camera in a folder of a test, to be changed there."""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["CAMERA", "camera_in"]

CAMERA = Path(__file__).parents[1] / "device_profiles" / "virtual-camera"


def camera_in(folder: Path) -> Path:
    """Copy the documents into `folder`, which it gives: without what the other edition adds, and without times."""
    ignored = shutil.ignore_patterns("edition-*")
    copied = shutil.copytree(
        CAMERA, folder, dirs_exist_ok=True, ignore=ignored, copy_function=shutil.copyfile
    )
    return Path(copied)
