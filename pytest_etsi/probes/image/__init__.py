"""A firmware image, or the file system of one, searched for secrets that are the same in every device.

Nothing is ever unpacked to a name: what is inside is read as a stream, so that paths that lead out, and links that go
round, lead nowhere. What could not be read is told, and makes the search incomplete.
"""

from __future__ import annotations

from pytest_etsi.probes.image._model import ImageObservation, InImage, NotRead
from pytest_etsi.probes.image.search import search_image

__all__ = ["ImageObservation", "InImage", "NotRead", "search_image"]
