"""Deletion functions on a small scripted device: what is put there, sought on every way, and taken away again."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from bench_world import device_of, server

from pytest_etsi.dut.core import Core
from pytest_etsi.dut.observe.erasing.ways import Ways
from pytest_etsi.dut.reach.operations import OtherwiseError
from pytest_etsi.profile.facts import Request
from pytest_etsi.verdict import Cause, Inconclusive


class World:
    """A device with settings and a list of guests, and its service.

    Args:
        keeps: what a deletion leaves: "settings", "guests".
        later: it deletes only when it is used the next time.
        refuses: what it does not do.
        others: it deletes the data of others, too.
        returns: what was deleted is back when the device is used.
        short: a short press deletes as well, and a deletion that fails is told as one that did not.
        hides: ways that show nothing but a page for the first start once something was deleted, whatever there is.
    """

    def __init__(
        self, *, keeps=(), later=False, refuses=(), others=False, returns=False, short=False, hides=()
    ):
        self.kept = {"settings": "", "guests": ""}
        self.keeps, self.later, self.refuses, self.others = keeps, later, refuses, others
        self.returns, self.short, self.hides = returns, short, hides
        self.deleted = False
        self.due = False
        self.neighbour, self.cut = "theirs", False
        self.serial, self.does = "S1", []

    def operations(self):
        names = ("create", "erase", "press", "tidy", "use", "cut", "mend", "again")
        doing = {name: lambda _, name=name, **given: self._do(name, **given) for name in names}
        reads = {name: lambda _, name=name: self._read(name) for name in self.kept}
        return {**doing, **reads, "neighbour": self._others}

    def _read(self, name):
        return "Welcome" if self.deleted and name in self.hides else json.dumps({"is": self.kept[name]})

    def _do(self, name, marker=""):
        self.does.append(name)
        if name in self.refuses:
            raise OSError("not possible")
        if name == "create":
            self.kept = dict.fromkeys(self.kept, f"<{marker.upper()}>")
        elif name == "erase":
            if self.cut:
                return "erased" if self.short else ""
            self.due, self.was = True, dict(self.kept)
            self.neighbour = "" if self.others else self.neighbour
            self._delete(now=not self.later)
            return "erased"
        elif name == "press" and self.short:
            self._delete(now=True)
        elif name == "use":
            self._delete(now=self.due)
            if self.returns:
                self.kept = self.was
        elif name == "tidy":
            self.kept = dict.fromkeys(self.kept, "")
        elif name in ("cut", "mend"):
            self.cut = name == "cut"
        return None

    def _delete(self, *, now):
        if now:
            self.deleted = True
            self.kept = {name: value if name in self.keeps else "" for name, value in self.kept.items()}

    def _others(self, _):
        return self.neighbour


ACCESS = {
    "operation": "erase", "create": ["create"], "reads": ["settings", "guests"], "seen_within_s": 0.2,
    "tells": "erased", "uses": ["use"], "keeps": ["neighbour"], "tidy": "tidy",
}  # fmt: skip


@pytest.fixture
def observed(tmp_path, monkeypatch):
    """Carries out a deletion function of a world; names of operations are those that the project adds."""
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)
    monkeypatch.setattr("pytest_etsi.dut.observe.erasing.observe._RESTARTS_WITHIN_S", 0.2)

    def observe(world, *, target="service", facts=None, permissions=("erase",), **changes):
        given = {key: value for key, value in (ACCESS | changes).items() if value is not None}
        entry = {"ID": "del", "facts": facts or {}, "access": given}
        with server(lambda *_: (200, {"serial": world.serial})) as url:
            dut = device_of(
                tmp_path,
                {"identity": {"url": url, "fields": {"serial": "serial"}}},
                ixit={"25-DelFunc": [entry]},
                operations=world.operations(),
                permissions=permissions,
            )
            return dut.erasing(next(iter(dut.profile.ixit.del_func)), target)

    return observe


def test_data_are_put_there_seen_deleted_sought_and_taken_away(observed):
    world = World()
    seen = observed(world)

    assert seen.gaps == ()
    assert (seen.created, seen.ways, seen.carried_out) == (True, ("settings", "guests"), True)
    assert (seen.found("at once"), seen.found("later"), seen.changed) == ((), (), ())
    assert seen.told == (("it says 'erased'", True),)
    assert world.does == ["create", "erase", "use", "tidy"]


@pytest.mark.parametrize("keeps", [(), ("guests",)])
def test_a_way_that_shows_nothing_any_more_was_not_searched(observed, keeps):
    seen = observed(World(keeps=keeps, hides=("guests",)), target="device")

    assert seen.found("later") == ()
    assert seen.blind == (("guests", "what was put there anew does not show on it"),)


def test_ways_into_the_device_are_seen_to_work_afterwards_and_what_shows_it_is_taken_away(observed):
    world = World()
    seen = observed(world, target="device")

    assert seen.blind == ()
    assert world.does == ["create", "erase", "use", "create", "tidy", "tidy"]


def test_where_nothing_can_be_put_there_anew_no_way_was_seen_to_work(observed):
    world = World()
    world.refuses = _After(world, "erase", "create")
    seen = observed(world, target="device")

    assert [way for way, _ in seen.blind] == ["settings", "guests"]
    assert all(why.startswith("no data could be put there anew: create") for _, why in seen.blind)


class _After:
    """What a world refuses once it has done something."""

    def __init__(self, world, done, refused):
        self._world, self._done, self._refused = world, done, refused

    def __contains__(self, name):
        return name == self._refused and self._done in self._world.does


@pytest.mark.parametrize("kept", ["settings", "guests"])
def test_what_is_kept_is_found_on_its_way_whatever_its_letters(observed, kept):
    assert [one.way for one in observed(World(keeps=(kept,))).found("later")] == [kept]


def test_what_is_deleted_later_is_found_at_once_and_not_at_the_end(observed):
    seen = observed(World(later=True))

    assert (len(seen.found("at once")), seen.found("later")) == (2, ())


def test_what_comes_back_when_the_device_is_used_is_found(observed):
    seen = observed(World(returns=True))

    assert (seen.found("at once"), len(seen.found("later"))) == ((), 2)


def test_data_of_somebody_else_that_are_gone_are_told(observed):
    assert observed(World(others=True)).changed == ("neighbour gives another value than before",)


def test_data_that_never_showed_leave_the_search_undone(observed):
    world = World(refuses=("create",))
    seen = observed(world)

    assert (seen.created, seen.carried_out) == (False, False)
    assert world.does == ["create", "tidy"]
    assert "no data could be put there" in seen.gaps[0]


def test_a_way_that_never_showed_them_is_told_and_the_others_are_sought(observed):
    world = World()
    hidden = world.operations() | {"guests": lambda _: "nobody"}
    world.operations = lambda: hidden
    seen = observed(world)

    assert seen.ways == ("settings",)
    assert not seen.created
    assert seen.gaps == ("what was put there never showed on guests",)


def test_a_function_that_must_not_be_started_so_is_caught_and_then_tried_anew(observed):
    world = World(short=True)
    seen = observed(world, not_by=["press"])

    assert seen.early == ("press",)
    assert world.does[:4] == ["create", "press", "create", "erase"]


def test_another_user_who_can_delete_the_data_is_caught_and_then_it_is_tried_anew(observed):
    world = World(short=True)
    seen = observed(world, not_by_others=["press"])

    assert seen.others == (("press", True, ""),)
    assert world.does[:4] == ["create", "press", "create", "erase"]


def test_another_user_who_deletes_a_part_of_the_data_is_caught(observed):
    world = World(short=True, keeps=("settings",))
    seen = observed(world, not_by_others=["press"])

    assert seen.others == (("press", True, ""),)
    assert world.does[:5] == ["create", "press", "tidy", "create", "erase"]
    assert seen.created


def test_another_user_who_is_refused_leaves_the_data(observed):
    world = World()
    seen = observed(world, not_by_others=["press"])

    assert (seen.others, seen.carried_out) == ((("press", False, ""),), True)
    assert world.does[:3] == ["create", "press", "erase"]


def test_another_user_whose_try_did_not_come_about_shows_nothing(observed):
    seen = observed(World(refuses=("press",)), not_by_others=["press"])

    assert [one[:2] for one in seen.others] == [("press", None)]
    assert (seen.carried_out, seen.gaps) == (True, ())


def test_a_confirmation_of_a_failure_is_false(observed):
    seen = observed(World(short=True), fail="cut", mend="mend")

    assert (seen.provoked, seen.told_falsely) == (True, ("it says 'erased'",))


def test_a_failure_that_is_told_as_one_is_no_confirmation(observed):
    seen = observed(World(), fail="cut", mend="mend")

    assert (seen.provoked, seen.told_falsely, seen.carried_out) == (True, (), True)


def test_the_marker_is_taken_away_when_the_deletion_cannot_be_carried_out(observed):
    world = World(refuses=("erase",))
    seen = observed(world)

    assert (seen.carried_out, world.does[-1]) == (False, "tidy")


def test_nothing_is_touched_without_an_operation_for_it(observed):
    world = World()
    seen = observed(world, operation="no-such")

    assert (world.does, seen.cause) == ([], Cause.ACCESS)
    assert "no-such" in seen.gaps[0]


@pytest.mark.parametrize(("said", "found"), [("user {marker} removed", True), ("booting", False)])
def test_the_serial_console_is_listened_to_as_well(said, found):
    console = SimpleNamespace(
        mark=lambda: 3, text=lambda since: said.format(marker="etsi0123456789ab")[since - 3 :]
    )
    profile = SimpleNamespace(access=SimpleNamespace(serial=object()))
    ways = Ways(SimpleNamespace(profile=profile, console=console), "etsi0123456789ab", (), documented=False)
    (look,) = ways.heard(ways.mark(), "later")

    assert (look.found, look.readable, look.declared) == (found, True, False)


# What could not be done, or looked at -----------------------------------------------------------------------


def test_without_permission_nothing_is_erased(observed):
    world = World()
    seen = observed(world, permissions=())

    assert (world.does, seen.cause, seen.gaps) == (
        [],
        Cause.PERMISSION,
        ("no data of the user may be erased",),
    )


def refusing(world, name):
    """An operation that is refused by who answers."""

    def refuses(_, **__):
        world.does.append(name)
        raise OtherwiseError("403 instead of 200")

    return world.operations() | {name: refuses}


def test_another_user_who_is_refused_by_an_answer_leaves_the_data(observed):
    world = World()
    operations = refusing(world, "press")
    world.operations = lambda: operations
    ((name, gone, detail),) = observed(world, not_by_others=["press"]).others

    assert (name, gone) == ("press", False)
    assert "403 instead of 200" in detail


@pytest.mark.parametrize("changes", [{"not_by": ["press"]}, {"not_by_others": ["press"]}])
def test_data_that_cannot_be_read_on_one_way_are_neither_gone_nor_left(observed, changes):
    world = World()
    operations = world.operations()
    read, pressed = operations["guests"], "press"

    def guests(dut):
        if pressed in world.does:
            raise OSError("no answer")
        return read(dut)

    def press(_, **__):
        world.does.append(pressed)
        world.kept["settings"] = world.kept["settings"] if "not_by_others" in changes else ""

    world.operations = lambda: operations | {"guests": guests, "press": press}
    seen = observed(world, **changes)

    assert seen.early == ()
    assert [gone for _, gone, _ in seen.others] == ([None] if "not_by_others" in changes else [])
    assert ("after press the data could not be read" in seen.gaps) is ("not_by" in changes)


def test_what_cannot_be_used_afterwards_ends_the_search_with_its_reason(observed):
    seen = observed(World(refuses=("use",)))

    assert seen.at("later") == ()
    assert [gap for gap in seen.gaps if "not possible" in gap]


@pytest.mark.parametrize("answers", [True, False])
def test_a_marker_that_cannot_be_taken_away_is_told(observed, answers):
    def hangs(_, **__):
        raise Inconclusive("not possible", cause=Cause.BENCH)

    world = World(refuses=("tidy",))
    operations = world.operations() | ({} if answers else {"tidy": hangs})
    world.operations = lambda: operations
    (gap,) = observed(world).gaps

    assert "may be left behind: tidy: " in gap
    assert "not possible" in gap


@pytest.mark.parametrize("value", [None, "theirs"])
def test_what_somebody_else_has_is_compared_only_where_it_was_read(observed, value):
    world = World()
    operations = world.operations() | {"neighbour": lambda _: value}
    world.operations = lambda: operations

    assert observed(world).gaps == (() if value else ("neighbour gave no value before the deletion",))


def test_a_failure_that_cannot_be_undone_loses_the_device(observed, monkeypatch):
    lost = []
    monkeypatch.setattr(Core, "is_lost", lambda _, reason, *__, **___: lost.append(reason))
    seen = observed(World(refuses=("mend",)), fail="cut", mend="mend")

    assert len(lost) == 1
    assert lost[0] in seen.gaps
    assert not seen.carried_out


def test_a_device_is_put_into_use_again_after_the_deletion_and_no_more_often_than_it_has_to(observed):
    world = World()
    observed(world, again="again")

    assert world.does == ["create", "erase", "again", "use", "tidy"]


def test_a_device_that_is_another_one_afterwards_is_put_into_use_and_lost(observed, monkeypatch):
    lost = []
    monkeypatch.setattr(Core, "is_lost", lambda _, reason, *__, **___: lost.append(reason))
    for name in ("_ITSELF_S", "_ITSELF_WITHIN_S"):
        monkeypatch.setattr(f"pytest_etsi.dut.observe.erasing.observe.{name}", 0.0)
    world = World()
    operations = world.operations()

    def use(dut):
        operations["use"](dut)
        world.serial = "S2"

    world.operations = lambda: operations | {"use": use}
    observed(world, again="again")

    assert world.does == ["create", "erase", "again", "use", "again", "tidy"]
    assert lost == ["it did not come back after a deletion of user data"]


# One way in, and another ------------------------------------------------------------------------------------

MARKER = "etsi0123456789ab"


@pytest.fixture
def ways(monkeypatch):
    """The ways of a device of which operations and requests are scripted."""

    def make(operations, answers=()):
        scripted = dict(operations)
        asked = []

        def attempt(name):
            asked.append(name)
            result = scripted[name]
            if isinstance(result, Exception):
                raise result
            return result

        answers = list(answers)

        def as_login(*_):
            asked.append("request")
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr("pytest_etsi.dut.observe.erasing.ways._logins", lambda *_: ("web",))
        monkeypatch.setattr("pytest_etsi.dut.observe.erasing.ways.as_login", as_login)
        monkeypatch.setattr("pytest_etsi.dut.observe.erasing.ways.text_of", lambda answer: answer)
        requests = tuple(Request(url=f"http://192.0.2.7/{n}", login="web") for n in range(len(answers)))
        monkeypatch.setattr(Ways, "_documented", lambda _: iter(requests))
        dut = SimpleNamespace(operations=SimpleNamespace(attempt=attempt))
        return Ways(dut, MARKER, tuple(scripted), documented=True), asked

    return make


def result(value, *, done=True, detail=""):
    return SimpleNamespace(value=value, done=done, detail=detail)


CLOSED = Inconclusive("the login does not let in", cause=Cause.ACCESS)


def test_a_login_that_does_not_let_in_is_not_tried_again_in_the_same_look(ways):
    made, asked = ways({"a": CLOSED, "b": result(MARKER)}, [(None, None)])
    looks = made.look("later")

    assert asked == ["a"]
    assert [(one.found, one.readable, one.detail) for one in looks] == [(False, False, CLOSED.reason)] * 3
    assert [one.declared for one in looks] == [True, True, False]


@pytest.mark.parametrize(
    ("told", "found", "readable", "detail"),
    [
        (result(f"<{MARKER}>"), True, True, ""),
        (result("<nobody>"), False, True, ""),
        (result(""), False, False, "it gives no value"),
        (result(MARKER, done=False, detail="500"), False, False, "500"),
    ],
)
def test_what_an_operation_gives_is_searched(ways, told, found, readable, detail):
    made, _ = ways({"a": told})
    (look,) = made.look("later", declared_only=True)

    assert (look.found, look.readable, look.detail) == (found, readable, detail)


@pytest.mark.parametrize(
    ("granted", "answer", "found", "readable"),
    [(True, MARKER, True, True), (True, "nobody", False, True), (False, MARKER, False, False), (False, None, False, False)],
)  # fmt: skip
def test_what_a_request_gives_is_searched_where_it_is_granted(ways, granted, answer, found, readable):
    tried = SimpleNamespace(granted=granted, status="HTTP 200" if granted else "HTTP 403")
    made, _ = ways({}, [(tried, answer)])
    (look,) = made.look("later")

    assert (look.found, look.readable, look.declared) == (found, readable, False)
    assert look.detail == ("" if readable else "HTTP 403")


def test_a_request_without_an_answer_shuts_the_others_of_its_login(ways):
    made, asked = ways({}, [CLOSED, (None, None)])
    looks = made.look("later")

    assert asked == ["request"]
    assert [(one.found, one.readable, one.declared) for one in looks] == [(False, False, False)] * 2


def test_a_console_that_cannot_be_read_shows_nothing():
    def text(_):
        raise Inconclusive("it is closed", cause=Cause.BENCH)

    profile = SimpleNamespace(access=SimpleNamespace(serial=object()))
    dut = SimpleNamespace(profile=profile, console=SimpleNamespace(mark=lambda: 3, text=text))
    (look,) = Ways(dut, MARKER, (), documented=False).heard(3, "later")

    assert (look.found, look.readable, look.detail, look.declared) == (False, False, "it is closed", False)
