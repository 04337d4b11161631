"""Which models belong to which table, and the name by which tests ask for a table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.profile.facts import _tables as t
from pytest_etsi.profile.facts._auth_mech import AuthMechAccess, AuthMechFacts

if TYPE_CHECKING:
    from pytest_etsi.profile._types import Strict

__all__ = ["ACCESS", "BASE_NAMES", "FACTS", "argument_name", "models_for"]

FACTS: dict[str, type[Strict]] = {
    "AuthMech": AuthMechFacts,
    "UserInfo": t.UserInfoFacts,
    "VulnTypes": t.TimeFrameFacts,
    "Conf": t.DescribedFacts,
    "VulnMon": t.TimeFrameFacts,
    "SoftComp": t.SoftCompFacts,
    "UpdMech": t.UpdMechFacts,
    "UpdProc": t.TimeFrameFacts,
    "ReplSup": t.ReplSupFacts,
    "SecParam": t.SecParamFacts,
    "ComMech": t.ComMechFacts,
    "NetSecImpl": t.NetSecImplFacts,
    "SoftServ": t.SoftServFacts,
    "SecMgmt": t.SecMgmtFacts,
    "Intf": t.IntfFacts,
    "CodeMin": t.DescribedFacts,
    "PrivlCtrl": t.DescribedFacts,
    "AccCtrl": t.DescribedFacts,
    "SecDev": t.SecDevFacts,
    "SecBoot": t.SecBootFacts,
    "PersData": t.PersDataFacts,
    "ExtSens": t.DescribedFacts,
    "ResMech": t.ResMechFacts,
    "TelData": t.TelDataFacts,
    "DelFunc": t.DelFuncFacts,
    "UserDec": t.UserDecFacts,
    "UserIntf": t.DescribedFacts,
    "ExtAPI": t.ExtApiFacts,
    "InpVal": t.InpValFacts,
}
ACCESS: dict[str, type[Strict]] = {
    "AuthMech": AuthMechAccess,
    "UserInfo": t.UserInfoAccess,
    "UpdMech": t.UpdMechAccess,
    "SecParam": t.SecParamAccess,
    "ComMech": t.ComMechAccess,
    "SoftServ": t.SoftServAccess,
    "Intf": t.IntfAccess,
    "SecBoot": t.SecBootAccess,
    "PersData": t.PersDataAccess,
    "ResMech": t.ResMechAccess,
    "DelFunc": t.DelFuncAccess,
    "UserDec": t.UserDecAccess,
    "UserIntf": t.UserIntfAccess,
    "ExtAPI": t.ExtApiAccess,
    "InpVal": t.InpValAccess,
}
"""Tables that are not here have no access (`NoAccess`)."""

BASE_NAMES: dict[str, str] = {"SecComMech": "ComMech", "PhyIntf": "Intf", "LogIntf": "ExtAPI"}
"""Tables that edition 2.1.1 renamed -> their name in edition 1.1.1."""

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]*")


def _base_name(table: str) -> str:
    name = table.partition("-")[2] or table
    return BASE_NAMES.get(name, name)


def models_for(table: str) -> tuple[type[Strict], type[Strict]]:
    """The models of facts and access of a table of either edition, by id ("1-AuthMech") or name.

    Raises:
        KeyError: there is no such table.
    """
    base = _base_name(table)
    return FACTS[base], ACCESS.get(base, t.NoAccess)


def argument_name(table: str) -> str:
    """The name by which tests ask for an entry of a table, in either edition: "1-AuthMech" -> "auth_mech"."""
    return "_".join(word.lower() for word in _WORDS.findall(_base_name(table)))
