"""With what a run was made: this tool, and the libraries that its observations rest on."""

from __future__ import annotations

import importlib.metadata
import platform
from typing import Any

from pytest_etsi._version import __version__

__all__ = ["tool_identity"]

_LIBRARIES = ("cryptography", "filelock", "httpx", "paramiko", "pydantic", "pyserial", "pytest", "pyyaml")


def tool_identity() -> dict[str, Any]:
    """This tool with the versions of Python and of the libraries that observations rest on."""
    libraries = {}
    for name in _LIBRARIES:
        try:
            libraries[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "name": "pytest-etsi",
        "version": __version__,
        "python": platform.python_version(),
        "platform": platform.system(),
        "libraries": libraries,
    }
