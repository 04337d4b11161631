"""Attempts at stored parameters, between their controls; and attempts to change an identity, which is read again."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from bench_world import device_of, server

from pytest_etsi.dut.observe import storage
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_etsi.dut import Dut


class World:
    """A device that says who it is, gives or refuses, and has an identity that may change."""

    def __init__(self) -> None:
        self.statuses = {"/read": 403, "/write": 403, "/allowed": 200, "/fuses": 200}
        self.fuses = "locked"
        self.token = "one"
        self.changes_by = ""

    def answer(self, _method: str, path: str, _body: bytes) -> tuple[int, Any]:
        if path == self.changes_by:
            self.token = "two"
        if path == "/put-back":
            self.token = "one"
        if path == "/id":
            return 200, {"serial": "S1"}
        return self.statuses.get(path, 200), {"fuses": self.fuses, "token": self.token}


@contextmanager
def device(tmp_path: Path, world: World, access: dict[str, Any], permissions: Any = None) -> Iterator[Dut]:
    with server(world.answer) as url:

        def http(path: str, **more: Any) -> dict[str, Any]:
            return {"kind": "http", "method": "GET", "url": url + path, "timeout_s": 1, **more}

        operations = {
            "read": http("/read"),
            "write": http("/write"),
            "allowed": http("/allowed"),
            "fuses": http("/fuses", value={"json": "fuses"}),
            "token": http("/token", value={"json": "token"}),
            "power-cycle": http("/power"),
            "reset": http("/reset"),
            "put-back": http("/put-back"),
            "dead": {**http("/"), "url": "http://127.0.0.1:9/", "timeout_s": 0},
        }
        identity = {"url": f"{url}/id", "fields": {"serial": "serial"}}
        entry = {"ID": "Key", "Description": "d", "Type": "critical", "access": access}
        dut = device_of(
            tmp_path,
            {"identity": identity, "operations": operations},
            ixit={"10-SecParam": [entry]},
            **({} if permissions is None else {"permissions": permissions}),
        )
        yield dut


def entry_of(dut: Dut) -> Any:
    return dut.profile.ixit.sec_param[0]


READS = {"reads": [{"operation": "read", "control": "allowed"}]}


@pytest.mark.parametrize(
    ("status", "control", "succeeded", "gap"),
    [(403, 200, False, False), (200, 200, True, False), (403, 403, False, True), (200, 403, True, False)],
)
def test_a_refusal_counts_where_the_control_was_allowed(
    tmp_path: Path, status: int, control: int, succeeded: bool, gap: bool
) -> None:
    world = World()
    world.statuses |= {"/read": status, "/allowed": control}
    with device(tmp_path, world, READS) as dut:
        (tried,) = dut.storage(entry_of(dut)).tries

    assert (tried.succeeded, bool(tried.gap)) == (succeeded, gap)


def test_silence_is_no_refusal(tmp_path: Path) -> None:
    with device(tmp_path, World(), {"reads": [{"operation": "dead", "control": "allowed"}]}) as dut:
        (tried,) = dut.storage(entry_of(dut)).tries

    assert "nothing answered" in tried.gap


@pytest.mark.parametrize(
    ("fuses", "status", "succeeded", "gap"),
    [("locked", 200, False, False), ("open", 200, True, False), ("locked", 500, False, True)],
)
def test_a_lock_is_asked_for_and_no_answer_is_none(
    tmp_path: Path, fuses: str, status: int, succeeded: bool, gap: bool
) -> None:
    world = World()
    world.fuses, world.statuses["/fuses"] = fuses, status
    with device(tmp_path, world, {"states": [{"value_of": "fuses", "matches": "locked"}]}) as dut:
        (tried,) = dut.storage(entry_of(dut)).tries

    assert (tried.succeeded, bool(tried.gap)) == (succeeded, gap)


def test_nothing_is_done_where_nothing_is_described(tmp_path: Path) -> None:
    with device(tmp_path, World(), {}) as dut:
        assert dut.storage(entry_of(dut)).tries == ()


SAYS = "etsi-file={} user={} is=1 read={} write={} mode=-rw------- owner=0\n"


@pytest.mark.parametrize(
    ("user", "control", "key", "written", "found", "gap"),
    [
        (1000, 1, 0, 0, [False, False], ""),
        (1000, 1, 1, 0, [True, False], ""),
        (1000, 1, 0, 1, [False, True], ""),
        (0, 1, 1, 1, [False], "root"),
        (1000, 0, 0, 0, [False], "either"),
    ],
)
def test_files_are_tried_by_a_session_that_is_not_that_of_root(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    user: int,
    control: int,
    key: int,
    written: int,
    found: list[bool],
    gap: str,
) -> None:
    said = SAYS.format(0, user, control, 0) + SAYS.format(1, user, key, written)
    monkeypatch.setattr(storage, "_asked", lambda *_: said)
    with device(tmp_path, World(), {"files": [{"path": "/data/key"}]}) as dut:
        tries = dut.storage(entry_of(dut)).tries

    assert [one.succeeded for one in tries] == found
    assert gap in tries[0].gap


def test_a_session_that_is_no_shell_shows_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_asked", lambda *_: "login: ")
    with device(tmp_path, World(), {"files": [{"path": "/data/key"}]}) as dut:
        (tried,) = dut.storage(entry_of(dut)).tries

    assert "no command" in tried.gap


IDENTITY = {
    "told_by": "token",
    "writes": [{"operation": "write", "control": "allowed"}],
    "resets": ["power-cycle", "reset"],
}


@pytest.mark.parametrize("changes_by", ["", "/write", "/power", "/reset"])
def test_an_identity_is_read_after_each_attempt_to_change_it(tmp_path: Path, changes_by: str) -> None:
    world = World()
    world.changes_by = changes_by
    with device(tmp_path, world, {**IDENTITY, "put_back": "put-back"}) as dut:
        seen = dut.identity_tampering(entry_of(dut))
        dut.require_whole()

    changed = [f"/{name.removesuffix('-cycle')}" for name, same in seen.kept if not same]
    assert changed == ([changes_by] if changes_by else [])
    assert len(seen.kept) == 3


def test_a_changed_identity_that_nothing_brings_back_leaves_the_device_lost(tmp_path: Path) -> None:
    world = World()
    world.changes_by = "/reset"
    with device(tmp_path, world, IDENTITY) as dut:
        dut.identity_tampering(entry_of(dut))

        with pytest.raises(Inconclusive, match="not brought back"):
            dut.require_whole()


def test_an_attempt_that_changes_the_value_has_succeeded_whatever_was_answered(tmp_path: Path) -> None:
    world = World()
    world.changes_by = "/write"
    with device(tmp_path, world, {**IDENTITY, "put_back": "put-back"}) as dut:
        tries = [*dut.storage(entry_of(dut)).tries, *dut.identity_tampering(entry_of(dut)).tries]

    assert [one.succeeded for one in tries] == [True, True]


def test_an_attempt_that_was_answered_with_success_and_changed_nothing_has_failed(tmp_path: Path) -> None:
    world = World()
    world.statuses["/write"] = 200
    with device(tmp_path, world, IDENTITY) as dut:
        (tried,) = dut.storage(entry_of(dut)).tries

    assert not tried.succeeded


def test_a_reset_without_permission_is_left_out_and_said(tmp_path: Path) -> None:
    with device(tmp_path, World(), IDENTITY, permissions=["outage"]) as dut:
        seen = dut.identity_tampering(entry_of(dut))

    assert [name for name, _ in seen.kept] == ["write", "power-cycle"]
    assert "erase" in seen.gap


def test_an_identity_that_cannot_be_read_shows_nothing(tmp_path: Path) -> None:
    with device(tmp_path, World(), {**IDENTITY, "told_by": "dead"}) as dut:
        assert "gives no value" in dut.identity_tampering(entry_of(dut)).gap
    with device(tmp_path, World(), {}) as dut:
        assert "told_by" in dut.identity_tampering(entry_of(dut)).gap


def test_offers_are_tried_like_reads(tmp_path: Path) -> None:
    world = World()
    world.statuses["/read"] = 200
    with device(tmp_path, world, {"offers": [{"operation": "read", "control": "allowed"}]}) as dut:
        (tried,) = dut.offers(entry_of(dut)).tries

    assert (tried.aim, tried.succeeded) == ("offer", True)
