"""Packages of software: how they are built, and altered ones made of a genuine one.

Nothing of a package is unpacked onto a disk, and none of its names is used as one. Parts are known by where they are in
the file, so that a package of gigabytes is read in pieces.
"""

from __future__ import annotations

from pytest_etsi.probes.packages.alter import Alteration, Marker, Means, alterations, raised
from pytest_etsi.probes.packages.model import NotRead, Package, Part, Span
from pytest_etsi.probes.packages.read import read_package

__all__ = [
    "Alteration",
    "Marker",
    "Means",
    "NotRead",
    "Package",
    "Part",
    "Span",
    "alterations",
    "raised",
    "read_package",
]
