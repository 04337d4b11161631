"""Typed facts and access of the IXIT entries, a module a subject.

Facts are claims that a program can compare with the device; access says how a program exercises the entry. Everything
is optional: what is left out is not claimed. `pytest_etsi.profile.entries` says which belong to which table.
"""

from __future__ import annotations

from pytest_etsi.profile.facts import (
    authentication,
    brute_force,
    common,
    communication,
    data,
    decisions,
    deletion,
    information,
    inputs,
    integrity,
    interfaces,
    logging_in,
    outages,
    parameters,
    protection,
    services,
    updates,
    vulnerabilities,
)
from pytest_etsi.profile.facts._names import argument_name
from pytest_etsi.profile.facts.authentication import *
from pytest_etsi.profile.facts.brute_force import *
from pytest_etsi.profile.facts.common import *
from pytest_etsi.profile.facts.communication import *
from pytest_etsi.profile.facts.data import *
from pytest_etsi.profile.facts.decisions import *
from pytest_etsi.profile.facts.deletion import *
from pytest_etsi.profile.facts.information import *
from pytest_etsi.profile.facts.inputs import *
from pytest_etsi.profile.facts.integrity import *
from pytest_etsi.profile.facts.interfaces import *
from pytest_etsi.profile.facts.logging_in import *
from pytest_etsi.profile.facts.outages import *
from pytest_etsi.profile.facts.parameters import *
from pytest_etsi.profile.facts.protection import *
from pytest_etsi.profile.facts.services import *
from pytest_etsi.profile.facts.updates import *
from pytest_etsi.profile.facts.vulnerabilities import *

__all__ = ["argument_name"]
__all__ += authentication.__all__
__all__ += brute_force.__all__
__all__ += common.__all__
__all__ += communication.__all__
__all__ += data.__all__
__all__ += decisions.__all__
__all__ += deletion.__all__
__all__ += information.__all__
__all__ += inputs.__all__
__all__ += integrity.__all__
__all__ += interfaces.__all__
__all__ += logging_in.__all__
__all__ += outages.__all__
__all__ += parameters.__all__
__all__ += protection.__all__
__all__ += services.__all__
__all__ += updates.__all__
__all__ += vulnerabilities.__all__
