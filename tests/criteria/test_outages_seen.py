"""Outages as they were seen: what refutes, what leaves open, and that an outage that was not seen shows nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from documents import ixit_of

from pytest_etsi.assessment.criteria import outages
from pytest_etsi.dut.observe.isolation import IsolationObservation
from pytest_etsi.dut.observe.outages.model import Delivered, FunctionTry, OutageObservation, WaySeen
from pytest_etsi.dut.observe.replacement import Replacement
from pytest_etsi.verdict import Cause

PICTURE = tuple(FunctionTry("picture", phase, works=True) for phase in ("before", "during", "after"))
SOUND = WaySeen(
    "net", "link-down", "network", took_place=True, functions=PICTURE, recovered_s=2.0, alive=True, restarted=False,
    event=Delivered(1, 1),
)  # fmt: skip
POWER = replace(SOUND, entry="supply", cut="power-off", kind="power", restarted=None, event=None)
EFFECTS = ["local-function", "reconnects", "keeps-state", "delivers-events"]
ACCESS = {"recovered": [{"identity": True}], "state": [], "events": "e"}


def mechanisms(**changes):
    network = {
        "ID": "net",
        "Description": "Everything local goes on.",
        "Type": "network connectivity",
        "facts": {"covers": ["network"], "effects": ["local-function", "reconnects", "delivers-events"]},
        "access": {
            "outages": [{"cut": "link-down", "restore": "link-up", "functions": ["picture"], "event": "e"}],
            "recovered": [{"identity": True}],
            "events": "e",
        },
    }
    supply = {
        "ID": "supply",
        "Description": "State is stored.",
        "Type": "power outage",
        "facts": {"covers": ["power"], "effects": ["reconnects"]},
        "access": {"outages": [{"cut": "power-off"}], "recovered": [{"identity": True}]},
    }
    return ixit_of({"23-ResMech": [network | changes, supply]})


@pytest.fixture(autouse=True)
def _operations(monkeypatch):
    """Documents that name operations without a profile that has them are all that is needed here."""
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)


def kinds(found):
    return {finding.kind for finding in found}


def network(way=SOUND, *, whole=False, **changes):
    judge = outages.whole if whole else outages.mechanisms
    return judge(mechanisms(**changes), OutageObservation((way,)), "network")


def power(way=POWER, *, whole=False):
    judge = outages.whole if whole else outages.mechanisms
    return judge(mechanisms(), OutageObservation((way,)), "power")


@pytest.mark.parametrize("whole", [False, True])
def test_a_mechanism_that_acts_as_described_leaves_nothing(whole):
    assert (network(whole=whole), power(whole=whole)) == ((), ())


def functions(**works):
    return tuple(
        FunctionTry("picture", phase, works.get(phase, True)) for phase in ("before", "during", "after")
    )


BROKEN = {
    "a function that stops": replace(SOUND, functions=functions(during=False)),
    "a function that does not come back": replace(SOUND, functions=functions(after=False)),
    "a restart": replace(SOUND, restarted=True),
    "another state": replace(SOUND, changed=("read-settings gave 'a' before and 'b' after",)),
    "an event that is lost": replace(SOUND, event=Delivered(1, 0)),
    "an event twice": replace(SOUND, event=Delivered(1, 2)),
    "an event at another time": replace(SOUND, event=Delivered(1, 1, times=0)),
    "no way back, but for a start": replace(SOUND, recovered_s=None, mended=True),
}


@pytest.mark.parametrize("way", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("whole", [False, True])
def test_what_was_seen_to_go_wrong_refutes(way, whole):
    assert "violation" in kinds(network(way, whole=whole))


@pytest.mark.parametrize("way", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("whole", [False, True])
def test_without_the_outage_nothing_refutes_and_nothing_holds(way, whole):
    assert kinds(network(replace(way, took_place=False), whole=whole)) == {"unknown"}


OPEN = {
    "no way back": replace(SOUND, recovered_s=None, alive=True),
    "nobody answered for a function": replace(
        SOUND, functions=(*PICTURE[:2], FunctionTry("picture", "after", works=False, answered=False))
    ),
    "an event that got through": replace(SOUND, event=Delivered(1, 1, early=True)),
    "events that cannot be told": replace(SOUND, event=Delivered(1, None)),
    "a gap": replace(SOUND, gaps=("the relay hangs",)),
}


@pytest.mark.parametrize("way", OPEN.values(), ids=OPEN)
def test_what_may_be_the_bench_leaves_open(way):
    found = network(way)

    assert kinds(found) == {"unknown"}
    assert {finding.cause for finding in found} == {Cause.BENCH}


def test_a_device_that_has_power_and_does_not_come_back_refutes_and_silence_does_not():
    gone = replace(POWER, recovered_s=None)

    assert kinds(power(gone)) == {"violation"}
    assert kinds(power(replace(gone, alive=False))) == {"unknown"}


@pytest.mark.parametrize("port", ["+8080", "-443"])
def test_other_ports_refute_that_it_comes_back_as_it_was_and_nothing_else(port):
    way = replace(POWER, ports=(port,))

    assert kinds(power(way)) == set()
    assert kinds(power(way, whole=True)) == {"violation"}


def test_a_service_that_has_another_free_port_at_each_start_is_for_a_person():
    way = replace(POWER, ports=("+49153", "-49152"))

    assert kinds(power(way, whole=True)) == {"unknown"}
    assert kinds(power(replace(way, ports=("+49153",)), whole=True)) == {"violation"}


@pytest.mark.parametrize(
    ("ports", "kind", "words"),
    [
        (("+32768", "-32769"), "unknown", "TCP ports 32768, 32769 are others"),
        (("+32767", "-32768"), "violation", "TCP port 32767 is open after power-off, and was not before"),
        (("-443",), "violation", "TCP port 443 is closed after power-off, and was open before"),
    ],
)
def test_only_ports_that_the_system_gives_out_may_be_others_after_a_start(ports, kind, words):
    found = power(replace(POWER, ports=ports), whole=True)

    assert kinds(found) == {kind}
    assert words in str(found)


def test_ports_without_the_outage_show_nothing():
    assert kinds(power(replace(POWER, took_place=False, ports=("+8080",)), whole=True)) == {"unknown"}


@pytest.mark.parametrize("judge", [outages.mechanisms, outages.whole])
def test_an_outage_that_nobody_says_how_to_cause_leaves_it_open(judge):
    found = judge(mechanisms(), OutageObservation((SOUND,), ("net does not say how",)), "network")

    assert [(one.kind, one.cause, one.message) for one in found] == [
        ("unknown", Cause.INFORMATION, "net does not say how")
    ]


def test_an_event_that_is_lost_refutes_only_a_mechanism_that_claims_to_deliver_it():
    facts = {"covers": ["network"], "effects": ["local-function", "reconnects"]}

    assert network(replace(SOUND, event=Delivered(1, 0)), facts=facts) == ()


def test_an_event_that_arrives_with_its_own_time_leaves_nothing():
    assert network(replace(SOUND, event=Delivered(1, 1, times=1))) == ()


def test_one_of_two_ways_shows_what_works_meanwhile_and_what_is_delivered():
    cut = {"cut": "link-down", "restore": "link-up"}
    ways = {
        "outages": [cut | {"functions": ["picture"], "event": "e"}, cut],
        "recovered": [{"identity": True}],
    }
    seen = OutageObservation((SOUND, replace(SOUND, event=None)))

    assert outages.mechanisms(mechanisms(access=ways | {"events": "e"}), seen, "network") == ()


def test_that_nothing_was_tried_on_site_leaves_it_open():
    way = replace(SOUND, functions=tuple(one for one in PICTURE if one.phase != "during"))

    assert "unknown" in kinds(network(way, whole=True))


@pytest.mark.parametrize(
    "changes",
    [
        {"facts": {"covers": ["network"]}},
        {"facts": {"covers": ["network"], "effects": ["keeps-state"]}},
        {"facts": {"covers": ["power"]}},
        {"Description": "A battery takes over, and the mobile network."},
    ],
)
def test_what_was_not_looked_at_is_never_passed_over(changes):
    assert "unknown" in kinds(network(**changes))


def test_the_record_says_what_worked_meanwhile_and_how_long_the_way_back_took():
    ways = (SOUND, replace(SOUND, functions=functions(during=False), recovered_s=None))

    assert outages.examined(OutageObservation()) == "nothing"
    assert outages.examined(OutageObservation(ways)) == (
        "link-down: picture meanwhile, as before after 2.0 s; link-down: nothing meanwhile, as before after ? s"
    )
    assert outages.tried_on(PICTURE[:1]) == "functions that were tried and work: picture"
    assert outages.tried_on((FunctionTry("picture", "before", works=False),)) == "no function was tried"


# isolation and replacement


def repl_sup(**changes):
    record = {
        "Isolation": "Pull the cable.",
        "Hardware Replacement": "Put another one there.",
        "facts": {"isolation": "network"},
        "access": {"functions": ["picture"], "isolation": {"cut": "link-down", "restore": "link-up"}},
    }
    return ixit_of({"9-ReplSup": record | changes}).repl_sup


ISOLATED = IsolationObservation(
    functions=PICTURE[:1],
    in_operation=(("it is online", True),),
    isolated=replace(SOUND, functions=PICTURE[1:]),
)


SOUND_WITHOUT_TRIES = replace(SOUND, functions=())


@pytest.mark.parametrize("judge", [outages.in_operation, outages.isolated, outages.keeps_functions])
def test_a_product_that_is_isolated_as_described_leaves_nothing(judge):
    assert judge(repl_sup(), ISOLATED) == ()


def test_a_product_that_is_not_in_operation_refutes_that_it_is():
    for seen in (
        replace(ISOLATED, functions=(FunctionTry("picture", "before", works=False),)),
        replace(ISOLATED, in_operation=(("it is online", False),)),
    ):
        assert kinds(outages.in_operation(repl_sup(), seen)) == {"violation"}


def test_a_function_that_nobody_answered_in_operation_may_have_failed_by_the_bench():
    silent = FunctionTry("picture", "before", works=False, answered=False, detail="no route")
    (found,) = outages.in_operation(repl_sup(), replace(ISOLATED, functions=(silent,)))

    assert (found.kind, found.cause) == ("unknown", Cause.BENCH)
    assert "picture does not work in operation: no route; nothing answered" in found.message


def test_another_way_out_refutes_the_isolation_and_leaves_its_functions_open():
    seen = replace(ISOLATED, isolated=replace(SOUND, took_place=False), way_out="it still tells its service")

    assert kinds(outages.isolated(repl_sup(), seen)) == {"violation"}
    assert kinds(outages.keeps_functions(repl_sup(), seen)) == {"unknown"}


@pytest.mark.parametrize(
    "seen",
    [
        replace(ISOLATED, isolated=None),
        replace(ISOLATED, isolated=replace(SOUND, took_place=False)),
        replace(ISOLATED, isolated=None, open=("the switch hangs",)),
    ],
)
def test_an_isolation_that_was_not_seen_leaves_both_open(seen):
    assert kinds(outages.isolated(repl_sup(), seen)) == {"unknown"}
    assert kinds(outages.keeps_functions(repl_sup(), seen)) == {"unknown"}


def test_why_an_isolation_was_not_seen_is_told():
    silent = outages.isolated(repl_sup(), replace(ISOLATED, isolated=None))
    passed = outages.isolated(repl_sup(), replace(ISOLATED, isolated=None, passed=("a ping came back",)))
    gap = outages.isolated(repl_sup(), replace(ISOLATED, open=("the switch hangs",)))

    assert [one.message for one in silent] == ["that the product is isolated did not show"]
    assert [one.message for one in passed] == ["that the product is isolated did not show; a ping came back"]
    assert [(one.message, one.cause) for one in gap] == [("the switch hangs", Cause.BENCH)]


@pytest.mark.parametrize(
    ("judge", "access", "seen", "words"),
    [
        (outages.in_operation, {}, replace(ISOLATED, functions=()), "which functions are its main ones"),
        (outages.isolated, {"functions": ["picture"]}, ISOLATED, "how the product is isolated"),
        (outages.keeps_functions, {"functions": ["picture"]}, ISOLATED, "how the product is isolated"),
        (
            outages.keeps_functions,
            {"functions": ["picture"], "isolation": {"cut": "link-down", "restore": "link-up"}},
            replace(ISOLATED, isolated=SOUND_WITHOUT_TRIES),
            "which functions need no connection",
        ),
    ],
)
def test_what_the_documents_do_not_say_how_to_see_is_open(judge, access, seen, words):
    (found,) = judge(repl_sup(access=access), seen)

    assert (found.kind, found.cause) == ("unknown", Cause.ACCESS)
    assert words in found.message


def test_a_function_that_is_lost_in_isolation_refutes_where_it_works_again():
    lost = (FunctionTry("picture", "during", works=False), FunctionTry("picture", "after", works=True))
    gone = (FunctionTry("picture", "during", works=False), FunctionTry("picture", "after", works=False))

    for tried, kind in ((lost, "violation"), (gone, "unknown")):
        seen = replace(ISOLATED, isolated=replace(SOUND, functions=tried))
        assert kinds(outages.keeps_functions(repl_sup(), seen)) == {kind}


def test_a_device_off_its_network_keeps_its_functions_and_a_closed_environment_is_read_in_two_ways():
    lost = (FunctionTry("picture", "during", works=False), FunctionTry("picture", "after", works=True))
    closed = repl_sup(facts={"isolation": "closed-environment"})

    assert outages.off_the_network(repl_sup(), ISOLATED) == ()
    assert kinds(
        outages.off_the_network(repl_sup(), replace(ISOLATED, isolated=replace(SOUND, functions=lost)))
    ) == {"violation"}
    (found,) = outages.off_the_network(closed, ISOLATED)
    assert (found.kind, found.cause) == ("unknown", "judgement")
    assert "by the unit alone" in found.message
    assert "by edition 1.1.1" in found.message


def test_a_closed_environment_is_for_a_person():
    assert kinds(outages.keeps_functions(repl_sup(facts={"isolation": "closed-environment"}), ISOLATED)) == {
        "unknown"
    }


NEW = Replacement(tried=True, done=True, connected=(("it is online", True),), functions=PICTURE[2:])


def test_hardware_that_is_replaced_as_described_leaves_nothing():
    assert (outages.replaced(repl_sup(), NEW), outages.regained(repl_sup(), NEW)) == ((), ())


@pytest.mark.parametrize(
    ("seen", "replaced", "regained"),
    [
        (Replacement(tried=False), {"unknown"}, {"unknown"}),
        (Replacement(tried=True, detail="the hand is away"), {"unknown"}, {"unknown"}),
        (Replacement(tried=True, answered=True, detail="refused"), {"violation"}, {"unknown"}),
        (replace(NEW, connected=(("it is online", False),)), set(), {"violation"}),
        (replace(NEW, connected=()), set(), {"unknown"}),
        (replace(NEW, functions=()), set(), {"unknown"}),
        (replace(NEW, functions=(FunctionTry("picture", "after", works=False),)), set(), {"violation"}),
        (
            replace(NEW, functions=(FunctionTry("picture", "after", works=False, answered=False),)),
            set(),
            {"unknown"},
        ),
    ],
)
def test_what_comes_of_the_replacement(seen, replaced, regained):
    assert kinds(outages.replaced(repl_sup(), seen)) == replaced
    assert kinds(outages.regained(repl_sup(), seen)) == regained


@pytest.mark.parametrize(
    ("seen", "cause"),
    [(Replacement(tried=False), Cause.ACCESS), (Replacement(tried=True, answered=True), Cause.BENCH)],
)
def test_what_new_hardware_regains_is_open_for_the_reason_that_there_is_none(seen, cause):
    assert [one.cause for one in outages.regained(repl_sup(), seen)] == [cause]


def test_a_violation_names_the_field_that_it_is_about_where_there_is_one():
    (lost,) = outages.regained(repl_sup(), replace(NEW, connected=(("it is online", False),)))
    (off,) = outages.in_operation(repl_sup(), replace(ISOLATED, in_operation=(("it is online", False),)))
    (stopped,) = network(replace(SOUND, restarted=True))

    assert "Hardware Replacement" in str(lost.place)
    assert "Description" in str(stopped.place)
    assert "Description" not in str(off.place)
