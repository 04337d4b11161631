"""The user's documents: device profile, ICS, IXIT and judgements, read and validated.

`load_profile` gives a `Profile` or raises `ProfileError` with every problem that was found, each with its
place. The typed facts of the IXIT tables are in `pytest_etsi.profile.facts`, the ways to reach the device in
`pytest_etsi.profile.access`.
"""

from pytest_etsi.profile._documents import CATALOGUES, DutIdentity, Laboratory
from pytest_etsi.profile._errors import Problem, ProfileError, Source
from pytest_etsi.profile._handed import Handed, reveal
from pytest_etsi.profile._load import load_profile
from pytest_etsi.profile._model import Entry, EntryAnswer, External, Ics, IcsRow, IxitTable, Judgement
from pytest_etsi.profile._profile import Profile
from pytest_etsi.profile._shipped import shipped_profiles
from pytest_etsi.profile._tables import Ixit
from pytest_etsi.profile._types import Endpoint
from pytest_etsi.profile.places import Place

__all__ = [
    "CATALOGUES",
    "DutIdentity",
    "Endpoint",
    "Entry",
    "EntryAnswer",
    "External",
    "Handed",
    "Ics",
    "IcsRow",
    "Ixit",
    "IxitTable",
    "Judgement",
    "Laboratory",
    "Place",
    "Problem",
    "Profile",
    "ProfileError",
    "Source",
    "load_profile",
    "reveal",
    "shipped_profiles",
]
