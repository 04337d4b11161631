"""Equipment of the bench: relays, plugs, hubs and hands, behind one protocol.

What a relay says of itself is noted and never believed: whether the device has power is seen at the device. A relay
that contradicts what it was just told, answers nonsense, or does not answer, is a bench that failed.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from pytest_etsi.dut.reach.auth.taking import text_of
from pytest_etsi.dut.reach.handing_over import fill_in, let_out
from pytest_etsi.dut.reach.operations._by_hand import ask_attendant
from pytest_etsi.dut.reach.operations._http import send_once
from pytest_etsi.dut.reach.operations._model import OperationFailedError
from pytest_etsi.dut.reach.operations._programs import run_program
from pytest_etsi.dut.reach.operations._value import pick
from pytest_etsi.probes.observation import printable
from pytest_etsi.profile.bench import (
    HttpEquipment,
    LabgridEquipment,
    ManualEquipment,
    ShellEquipment,
    ShellyEquipment,
    TasmotaEquipment,
)
from pytest_etsi.profile.operations import HttpStep, ValueOf
from pytest_etsi.text import listed
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_etsi.dut.reach.auth import Device
    from pytest_etsi.dut.reach.operations._labgrid import Place
    from pytest_etsi.dut.reach.operations._model import Attendant, Came
    from pytest_etsi.profile.bench import Command, Equipment
    from pytest_etsi.profile.operations import BenchOperation

__all__ = ["Bench", "BenchDriver", "as_http"]

_PAUSE_S = 0.5
_CYCLE = "cycle"
_STATE = "state"


class Bench(Protocol):
    """One piece of equipment."""

    @property
    def actions(self) -> tuple[str, ...]:
        """What it can be told to do."""

    def do(self, action: str, arguments: Mapping[str, str]) -> str:
        """Tell it, and give what it said; an exception means that it failed."""

    def is_on(self) -> bool | None:
        """What it says of itself; None: it says nothing of it. An exception means that it failed."""


class BenchDriver:
    """Tells equipment what to do, and notes what it says of itself until that agrees or its time is up."""

    def __init__(self, dut: Device, attendant: Callable[[], Attendant | None], place: Place) -> None:
        self._dut = dut
        self._attendant = attendant
        self._place = place

    def run(self, declared: BenchOperation, arguments: Mapping[str, str], came: Came) -> None:
        """See `Driver`.

        Raises:
            Inconclusive: there is no such equipment (``bench``).
        """
        access = self._dut.profile.access
        equipment = access.bench.get(declared.driver)
        if equipment is None:
            inconclusive(
                f"an operation needs {declared.action!r} of the bench driver {declared.driver!r}, "
                "which nobody provides",
                cause=Cause.BENCH,
                settle=f"describe the equipment under access.bench.{declared.driver}, or add the operation by the "
                "hook pytest_etsi_operations",
            )
        bench = self._bench(equipment)
        given = {name: str(value) for name, value in fill_in(declared.options, {}).items()} | dict(arguments)
        action = declared.action
        if action == _STATE:
            came.text = {True: "on", False: "off", None: ""}[bench.is_on()]
            came.note(f"{declared.driver} was asked for its state", came.text)
        elif action == _CYCLE and _CYCLE not in bench.actions:
            self._do(bench, declared.driver, "off", given, equipment.settles_s, came)
            time.sleep(access.power.off_s)
            self._do(bench, declared.driver, "on", given, equipment.settles_s, came)
        else:
            self._do(bench, declared.driver, action, given, equipment.settles_s, came)

    def _bench(self, equipment: Equipment) -> Bench:
        if isinstance(equipment, ManualEquipment):
            return _Hand(equipment, self._attendant)
        if isinstance(equipment, ShellEquipment):
            return _Program(equipment)
        if isinstance(equipment, LabgridEquipment):
            return _Far(equipment, self._place)
        return _HttpBench(as_http(equipment), self._dut)

    def _do(
        self, bench: Bench, name: str, action: str, given: Mapping[str, str], settles_s: float, came: Came
    ) -> None:
        if action not in bench.actions:
            raise OperationFailedError(f"{name} cannot {action!r}; it can {listed(bench.actions)}")
        came.text = bench.do(action, given)
        came.note(f"{name} was told {action}", came.text)
        if action not in ("on", "off"):
            return
        until = time.monotonic() + settles_s
        wanted = action == "on"
        while (seen := bench.is_on()) is not None and seen != wanted:
            if time.monotonic() >= until:
                raise OperationFailedError(
                    f"{name} was told {action}, and says for {settles_s:g} s that it is {'on' if seen else 'off'}"
                )
            time.sleep(min(_PAUSE_S, max(0.0, until - time.monotonic())))
        came.note(f"{name} was asked for its state", "says nothing of it" if seen is None else action)


def as_http(equipment: ShellyEquipment | TasmotaEquipment | HttpEquipment) -> HttpEquipment:
    """Relays of known makes as what they are: equipment that is told by HTTP what to do."""
    if isinstance(equipment, HttpEquipment):
        return equipment
    base = equipment.url.rstrip("/")

    def get(path: str) -> HttpStep:
        return HttpStep(method="GET", url=base + path, expect=(200,))

    if isinstance(equipment, TasmotaEquipment):
        user = (
            f"user={quote(equipment.username, safe='')}&password={quote(let_out(equipment.password), safe='')}&"
            if equipment.password is not None
            else ""
        )
        command = f"/cm?{user}cmnd=Power{equipment.channel}"
        return HttpEquipment(
            kind="http",
            actions={"on": get(f"{command}%20On"), "off": get(f"{command}%20Off")},
            state=get(command),
            is_on=ValueOf(pattern=rf'"POWER(?:{equipment.channel})?"\s*:\s*"(ON|OFF)"'),
            settles_s=equipment.settles_s,
            timeout_s=equipment.timeout_s,
        )
    if equipment.generation == 1:
        path, key = f"/relay/{equipment.channel}", "ison"
        on, off, state = get(f"{path}?turn=on"), get(f"{path}?turn=off"), get(path)
    else:
        path, key = f"/rpc/Switch.Set?id={equipment.channel}", "output"
        on, off = get(f"{path}&on=true"), get(f"{path}&on=false")
        state = get(f"/rpc/Switch.GetStatus?id={equipment.channel}")
    return HttpEquipment(
        kind="http",
        actions={"on": on, "off": off},
        state=state,
        is_on=ValueOf(json=key),
        settles_s=equipment.settles_s,
        timeout_s=equipment.timeout_s,
    )


def _says_on(text: str, equipment: HttpEquipment | ShellEquipment, is_on: ValueOf) -> bool:
    said = pick(is_on, text)
    on, off = (re.fullmatch(pattern, said) is not None for pattern in (equipment.on_is, equipment.off_is))
    if on == off:
        raise OperationFailedError(
            f"it says neither that it is on nor that it is off: {printable(said, 200)!r}"
        )
    return on


class _HttpBench:
    def __init__(self, equipment: HttpEquipment, dut: Device) -> None:
        self._equipment = equipment
        self._dut = dut

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(self._equipment.actions)

    def do(self, action: str, arguments: Mapping[str, str]) -> str:
        return self._send(self._equipment.actions[action], arguments)

    def is_on(self) -> bool | None:
        state, is_on = self._equipment.state, self._equipment.is_on
        if state is None or is_on is None:
            return None
        return _says_on(self._send(state, {}), self._equipment, is_on)

    def _send(self, step: HttpStep, arguments: Mapping[str, str]) -> str:
        response = send_once(self._dut, step, arguments, timeout_s=self._equipment.timeout_s)
        text = text_of(response)
        if response.status_code not in step.expect:
            raise OperationFailedError(f"it answered HTTP {response.status_code}: {printable(text, 200)!r}")
        return text


class _Program:
    def __init__(self, equipment: ShellEquipment) -> None:
        self._equipment = equipment

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(self._equipment.actions)

    def do(self, action: str, arguments: Mapping[str, str]) -> str:
        return self._run(self._equipment.actions[action], arguments)

    def is_on(self) -> bool | None:
        state, is_on = self._equipment.state, self._equipment.is_on
        if state is None or is_on is None:
            return None
        return _says_on(self._run(state, {}), self._equipment, is_on)

    def _run(self, command: Command, arguments: Mapping[str, str]) -> str:
        status, text = run_program(
            [command.program, *fill_in(command.arguments, arguments)],
            fill_in(command.env, arguments),
            self._equipment.timeout_s,
        )
        if status != 0:
            raise OperationFailedError(f"its program ended with {status}: {printable(text[-200:], 200)!r}")
        return text


class _Far:
    """The supply of a place of labgrid."""

    actions = ("on", "off")

    def __init__(self, equipment: LabgridEquipment, place: Place) -> None:
        self._name = equipment.name
        self._place = place

    def do(self, action: str, _arguments: Mapping[str, str]) -> str:
        return self._place.power(action, self._name)

    def is_on(self) -> bool | None:
        said = self._place.power("get", self._name).strip()
        state = re.search(r" is (on|off)$", said)
        if state is None:
            raise OperationFailedError(
                f"it says neither that it is on nor that it is off: {printable(said[-200:], 200)!r}"
            )
        return state[1] == "on"


class _Hand:
    def __init__(self, equipment: ManualEquipment, attendant: Callable[[], Attendant | None]) -> None:
        self._equipment = equipment
        self._attendant = attendant

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(self._equipment.actions)

    def do(self, action: str, arguments: Mapping[str, str]) -> str:
        told = ask_attendant(self._attendant(), fill_in(self._equipment.actions[action], arguments))
        if not told.done:
            raise OperationFailedError(f"the person at the bench says that it was not done: {told.answer}")
        return told.answer

    def is_on(self) -> bool | None:
        return None
