"""The standard as data: test groups, cases and units, provisions, IXIT tables, of both editions.

Ids, statuses, conditions, names of tables and fields are those of TS 103 701 and EN 303 645; every sentence
is our own. An edition is read from the package's data files when it is first asked for. ::

    >>> from pytest_etsi.standard import edition
    >>> edition("1.1.1").unit("5.1-5-2/b").automation
    'network'
"""

from pytest_etsi.standard._load import EDITIONS, edition
from pytest_etsi.standard._model import (
    Case,
    Combine,
    Condition,
    Edition,
    Field,
    Group,
    Origin,
    Provision,
    Table,
    Unit,
    UnknownIdError,
)

__all__ = [
    "EDITIONS",
    "Case",
    "Combine",
    "Condition",
    "Edition",
    "Field",
    "Group",
    "Origin",
    "Provision",
    "Table",
    "Unit",
    "UnknownIdError",
    "edition",
]
