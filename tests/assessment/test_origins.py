"""What FAILs come from: what says the same, what one look has found, and what is about one undocumented port."""

from __future__ import annotations

import copy
from typing import Any

from pytest_etsi.assessment.origins import with_origins


def violation(
    message: str, *, entry: str = "", field: str = "facts.tls", aspect: str = "channel"
) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": "violation", "aspect": aspect, "message": message}
    if entry:
        found["place"] = {"source": "ixit/01.yaml:7", "entry": entry, "field": field}
    return found


def evaluation(
    entry: str | None, *findings: dict[str, Any], verdict: str = "FAIL", reason: str = ""
) -> dict[str, Any]:
    return {"entry": entry, "verdict": verdict, "reason": reason, "findings": list(findings)}


def group(number: str, *evaluations: dict[str, Any], ics: str = "PASS") -> dict[str, Any]:
    """A group with one unit."""
    return {
        "group": number,
        "verdict": "FAIL",
        "ics": {"verdict": ics, "reason": f"{number} is answered N, which a mandatory provision cannot have"},
        "cases": [{"case": f"{number}-2", "units": [{"unit": "a", "evaluations": list(evaluations)}]}],
    }


def counted(*groups: dict[str, Any]) -> list[tuple[str, int, list[str], int]]:
    """Summary, violations, provisions and number of evaluations of each origin."""
    return [
        (one["summary"], one["violations"], one["provisions"], len(one["evaluations"]))
        for one in with_origins(list(groups))
    ]


def test_what_says_the_same_has_one_origin_wherever_it_was_found():
    web, stream = (
        violation("TLSv1.0 is accepted", entry="A/web"),
        violation("TLSv1.0 is accepted", entry="A/stream"),
    )

    assert counted(group("5.1-3", evaluation("web", web)), group("5.5-1", evaluation("stream", stream))) == [
        ("TLSv1.0 is accepted", 1, ["5.1-3", "5.5-1"], 2)
    ]


def test_what_one_look_has_found_at_one_place_has_one_origin():
    old, older = (
        violation("TLSv1.1 is accepted", entry="A/web"),
        violation("TLSv1.0 is accepted", entry="A/web"),
    )
    alone = evaluation("stream", violation("TLSv1.0 is accepted", entry="A/stream"))

    assert counted(group("5.1-3", evaluation("web", old, older), alone)) == [
        ("TLSv1.1 is accepted", 2, ["5.1-3"], 2)
    ]


def test_findings_of_one_evaluation_at_different_places_or_on_different_questions_are_kept_apart():
    found = evaluation(
        "web",
        violation("TLSv1.0 is accepted", entry="A/web"),
        violation("no lock", entry="A/web", field="facts.brute_force"),
        violation("answers", entry="A/web", aspect="behaviour"),
    )

    assert [one[0] for one in counted(group("5.1-3", found))] == ["TLSv1.0 is accepted", "no lock", "answers"]


def test_a_port_that_no_entry_names_is_one_origin_and_another_port_another():
    login = evaluation(None, violation("tcp/23 on 192.0.2.7 offers a login that 1-AuthMech does not list"))
    open_ = evaluation(None, violation("tcp/23 on 192.0.2.7: telnet answers, and no entry names that port"))
    other = evaluation(None, violation("tcp/2323 on 192.0.2.7: telnet answers, and no entry names that port"))

    assert [
        one[1:] for one in counted(group("5.1-1", login), group("5.6-1", open_), group("5.6-2", other))
    ] == [
        (2, ["5.1-1", "5.6-1"], 2),
        (1, ["5.6-2"], 1),
    ]


def test_a_port_says_nothing_where_an_entry_is_concerned():
    header = violation("tcp/443 tells its version", entry="15-Intf/LAN")
    missing = violation("tcp/443 tells its name", entry="15-Intf/WAN")

    assert len(counted(group("5.6-2", evaluation("LAN", header), evaluation("WAN", missing)))) == 2


def test_no_fail_is_left_out():
    judged = evaluation("web", reason="judged by A. Person: it does not hold")
    passed = evaluation("stream", violation("open", entry="A/stream"), verdict="INCONCLUSIVE")

    assert counted(group("5.1-3", judged, passed), group("5.4-1", ics="FAIL")) == [
        ("judged by A. Person: it does not hold", 1, ["5.1-3"], 1),
        ("5.4-1 is answered N, which a mandatory provision cannot have", 1, ["5.4-1"], 0),
    ]


def test_what_refutes_most_comes_first_and_everything_names_its_origin():
    few = evaluation("web", violation("no lock", entry="A/web"))
    many = [evaluation(name, violation("TLSv1.0", entry=f"A/{name}")) for name in ("web", "stream")]
    groups = [group("5.1-5", few), group("5.1-3", many[0]), group("5.5-1", many[1])]
    before = copy.deepcopy(few["findings"][0])
    finding = few["findings"][0]
    origins = with_origins(groups)

    assert [(one["id"], one["summary"]) for one in origins] == [("F1", "TLSv1.0"), ("F2", "no lock")]
    assert (few["origins"], many[1]["origins"]) == (["F2"], ["F1"])
    assert few["findings"][0] == before | {"origin": "F2"}
    assert finding == before  # the record's own is as it was
    assert with_origins(groups) == origins
