"""The entries of each IXIT table, by the models of their facts and access: in annotations and for the loader.

Named by the tables of edition 1.1.1: an entry of 11-SecComMech is a `ComMechEntry`, of 15-PhyIntf an `IntfEntry`, of
28-LogIntf an `ExtApiEntry`.
"""

from __future__ import annotations

from typing import TypeAlias

from pytest_etsi.profile._model import Entry
from pytest_etsi.profile._types import Strict
from pytest_etsi.profile.facts.authentication import AuthMechAccess, AuthMechFacts
from pytest_etsi.profile.facts.common import (
    AnyInterfaceFacts,
    ConnectingFacts,
    DescribedFacts,
    NoAccess,
    PlaceAccess,
)
from pytest_etsi.profile.facts.communication import ComMechAccess, ComMechFacts, NetSecImplFacts
from pytest_etsi.profile.facts.data import PersDataAccess, PersDataFacts, TelDataFacts
from pytest_etsi.profile.facts.decisions import UserDecAccess, UserDecFacts
from pytest_etsi.profile.facts.deletion import DelFuncAccess, DelFuncFacts
from pytest_etsi.profile.facts.information import UserInfoAccess, UserInfoFacts
from pytest_etsi.profile.facts.inputs import (
    ExtApiAccess,
    ExtApiFacts,
    InpValAccess,
    InpValFacts,
    UserIntfAccess,
    UserIntfFacts,
)
from pytest_etsi.profile.facts.integrity import SecBootAccess, SecBootFacts
from pytest_etsi.profile.facts.interfaces import IntfAccess, IntfFacts, SecDevFacts
from pytest_etsi.profile.facts.outages import ResMechAccess, ResMechFacts
from pytest_etsi.profile.facts.parameters import SecMgmtFacts, SecParamAccess, SecParamFacts
from pytest_etsi.profile.facts.services import SoftServAccess, SoftServFacts
from pytest_etsi.profile.facts.updates import (
    ReplSupAccess,
    ReplSupFacts,
    SoftCompFacts,
    UpdMechAccess,
    UpdMechFacts,
)
from pytest_etsi.profile.facts.vulnerabilities import TimeFrameFacts

__all__ = [
    "AccCtrlEntry",
    "AuthMechEntry",
    "CodeMinEntry",
    "ComMechEntry",
    "ConfEntry",
    "DelFuncEntry",
    "ExtApiEntry",
    "ExtSensEntry",
    "InpValEntry",
    "IntfEntry",
    "NetSecImplEntry",
    "PersDataEntry",
    "PrivlCtrlEntry",
    "ReplSupEntry",
    "ResMechEntry",
    "SecBootEntry",
    "SecDevEntry",
    "SecMgmtEntry",
    "SecParamEntry",
    "SoftCompEntry",
    "SoftServEntry",
    "TelDataEntry",
    "UpdMechEntry",
    "UpdProcEntry",
    "UserDecEntry",
    "UserInfoEntry",
    "UserIntfEntry",
    "VulnMonEntry",
    "VulnTypesEntry",
]

AuthMechEntry: TypeAlias = Entry[AuthMechFacts, AuthMechAccess]
UserInfoEntry: TypeAlias = Entry[UserInfoFacts, UserInfoAccess]
VulnTypesEntry: TypeAlias = Entry[TimeFrameFacts, NoAccess]
ConfEntry: TypeAlias = Entry[DescribedFacts, NoAccess]
VulnMonEntry: TypeAlias = Entry[TimeFrameFacts, NoAccess]
SoftCompEntry: TypeAlias = Entry[SoftCompFacts, NoAccess]
UpdMechEntry: TypeAlias = Entry[UpdMechFacts, UpdMechAccess]
UpdProcEntry: TypeAlias = Entry[TimeFrameFacts, NoAccess]
ReplSupEntry: TypeAlias = Entry[ReplSupFacts, ReplSupAccess]
SecParamEntry: TypeAlias = Entry[SecParamFacts, SecParamAccess]
ComMechEntry: TypeAlias = Entry[ComMechFacts, ComMechAccess]
NetSecImplEntry: TypeAlias = Entry[NetSecImplFacts, NoAccess]
SoftServEntry: TypeAlias = Entry[SoftServFacts, SoftServAccess]
SecMgmtEntry: TypeAlias = Entry[SecMgmtFacts, NoAccess]
IntfEntry: TypeAlias = Entry[IntfFacts, IntfAccess]
CodeMinEntry: TypeAlias = Entry[DescribedFacts, NoAccess]
PrivlCtrlEntry: TypeAlias = Entry[DescribedFacts, NoAccess]
AccCtrlEntry: TypeAlias = Entry[DescribedFacts, NoAccess]
SecDevEntry: TypeAlias = Entry[SecDevFacts, NoAccess]
SecBootEntry: TypeAlias = Entry[SecBootFacts, SecBootAccess]
PersDataEntry: TypeAlias = Entry[PersDataFacts, PersDataAccess]
ExtSensEntry: TypeAlias = Entry[DescribedFacts, NoAccess]
ResMechEntry: TypeAlias = Entry[ResMechFacts, ResMechAccess]
TelDataEntry: TypeAlias = Entry[TelDataFacts, NoAccess]
DelFuncEntry: TypeAlias = Entry[DelFuncFacts, DelFuncAccess]
UserDecEntry: TypeAlias = Entry[UserDecFacts, UserDecAccess]
UserIntfEntry: TypeAlias = Entry[UserIntfFacts, UserIntfAccess]
ExtApiEntry: TypeAlias = Entry[ExtApiFacts, ExtApiAccess]
InpValEntry: TypeAlias = Entry[InpValFacts, InpValAccess]

# Of several tables, for what is asked of all of them alike.
AnyInterfaceEntry: TypeAlias = Entry[AnyInterfaceFacts, Strict]
ConnectingEntry: TypeAlias = Entry[ConnectingFacts, PlaceAccess]
