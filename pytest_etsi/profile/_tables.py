"""The IXIT: its tables by their names, and the models of facts and access that belong to each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, get_args, overload

from pytest_etsi.profile import entries
from pytest_etsi.profile._model import AccessT, FactsT, unknown
from pytest_etsi.profile.facts import argument_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Self

    from pytest_etsi.profile._model import Entry, IxitTable
    from pytest_etsi.profile._types import Strict

__all__ = ["Ixit", "models_for"]


class _Named(Generic[FactsT, AccessT]):
    """A table among the attributes of the IXIT."""

    def __init__(self, entry: type[Entry[FactsT, AccessT]]) -> None:
        self.models: tuple[type[Strict], type[Strict]] = get_args(entry)
        self._name = ""

    def __set_name__(self, owner: type[Ixit], name: str) -> None:
        self._name = name

    def _of(self, ixit: Ixit) -> IxitTable[FactsT, AccessT]:
        try:
            table: IxitTable[Any, Any] = ixit.table(self._name)
        except KeyError as error:
            raise AttributeError(self._name) from error
        return table


class _Table(_Named[FactsT, AccessT]):
    """A list of entries."""

    @overload
    def __get__(self, ixit: None, owner: type[Ixit]) -> Self: ...
    @overload
    def __get__(self, ixit: Ixit, owner: type[Ixit]) -> IxitTable[FactsT, AccessT]: ...
    def __get__(self, ixit: Ixit | None, owner: type[Ixit]) -> Self | IxitTable[FactsT, AccessT]:
        return self if ixit is None else self._of(ixit)


class _Record(_Named[FactsT, AccessT]):
    """A single record."""

    @overload
    def __get__(self, ixit: None, owner: type[Ixit]) -> Self: ...
    @overload
    def __get__(self, ixit: Ixit, owner: type[Ixit]) -> Entry[FactsT, AccessT]: ...
    def __get__(self, ixit: Ixit | None, owner: type[Ixit]) -> Self | Entry[FactsT, AccessT]:
        return self if ixit is None else self._of(ixit)[0]


@dataclass(frozen=True, slots=True, eq=False)
class Ixit:
    """The 29 IXIT tables; also as attributes: ``ixit.auth_mech``, and ``ixit.user_info`` for a single record.

    A table has the same attribute in both editions: ``ixit.com_mech`` is 11-ComMech or 11-SecComMech.

    Attributes:
        tables: table id -> table, in the edition's order.
    """

    tables: Mapping[str, IxitTable] = field(repr=False)
    _by_argument: Mapping[str, IxitTable] = field(repr=False)

    auth_mech = _Table(entries.AuthMechEntry)
    user_info = _Record(entries.UserInfoEntry)
    vuln_types = _Table(entries.VulnTypesEntry)
    conf = _Record(entries.ConfEntry)
    vuln_mon = _Table(entries.VulnMonEntry)
    soft_comp = _Table(entries.SoftCompEntry)
    upd_mech = _Table(entries.UpdMechEntry)
    upd_proc = _Table(entries.UpdProcEntry)
    repl_sup = _Record(entries.ReplSupEntry)
    sec_param = _Table(entries.SecParamEntry)
    com_mech = _Table(entries.ComMechEntry)
    net_sec_impl = _Table(entries.NetSecImplEntry)
    soft_serv = _Table(entries.SoftServEntry)
    sec_mgmt = _Table(entries.SecMgmtEntry)
    intf = _Table(entries.IntfEntry)
    code_min = _Table(entries.CodeMinEntry)
    privl_ctrl = _Table(entries.PrivlCtrlEntry)
    acc_ctrl = _Table(entries.AccCtrlEntry)
    sec_dev = _Table(entries.SecDevEntry)
    sec_boot = _Table(entries.SecBootEntry)
    pers_data = _Table(entries.PersDataEntry)
    ext_sens = _Table(entries.ExtSensEntry)
    res_mech = _Table(entries.ResMechEntry)
    tel_data = _Table(entries.TelDataEntry)
    del_func = _Table(entries.DelFuncEntry)
    user_dec = _Table(entries.UserDecEntry)
    user_intf = _Table(entries.UserIntfEntry)
    ext_api = _Table(entries.ExtApiEntry)
    inp_val = _Table(entries.InpValEntry)

    def table(self, id: str) -> IxitTable:  # noqa: A002 - the pro forma's word
        """The table of that id ("1-AuthMech"), name ("AuthMech") or argument name ("auth_mech").

        Raises:
            KeyError: there is none.
        """
        # An empty table is false, so that `or` would pass over it.
        found = self.tables.get(id)
        if found is None:
            found = self._by_argument.get(id)
        if found is None:
            found = next((table for table in self.tables.values() if table.name == id), None)
        if found is None:
            raise KeyError(
                unknown("no IXIT table", id, [*self.tables, *(t.name for t in self.tables.values())])
            )
        return found

    if not TYPE_CHECKING:  # a wrong name is an error of the type checker, and at run time one that helps

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            raise AttributeError(unknown("no IXIT table", name, self._by_argument))

    def __iter__(self) -> Iterator[IxitTable]:
        return iter(self.tables.values())

    def __len__(self) -> int:
        return len(self.tables)


def models_for(table: str) -> tuple[type[Strict], type[Strict]]:
    """The models of facts and access of a table of either edition, by id ("1-AuthMech") or name.

    Raises:
        KeyError: there is no such table.
    """
    named: _Named[Any, Any] = vars(Ixit)[argument_name(table)]
    return named.models
