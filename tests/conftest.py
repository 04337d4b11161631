"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# In CI the same examples every time: what a search finds anew belongs to whoever is at the keyboard. No deadlines, since
# a machine that is busy is no defect.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("local", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")
