"""Validation of input: which sources a method covers, and where it works."""

from __future__ import annotations

import pytest
from documents import entry_of, ixit_of

from pytest_etsi.assessment.criteria import validation

PAGE = {"ID": "UserIntf-page", "Description": "Web page"}
API = {"ID": "ExtAPI-rest", "Description": "REST"}
REMOTE = {"ID": "ComMech-cloud", "facts": {"remote": True}}
LOCAL = {"ID": "ComMech-usb", "facts": {"remote": False}}
SOUND = "Length and range of each value are looked at, the rest is turned down."


def levels(found) -> list[str]:
    return [finding.kind for finding in found]


def methods(*sources):
    return [
        {"ID": f"InpVal-{number}", "Description": SOUND, "facts": {"sources": list(names)} if names else {}}
        for number, names in enumerate(sources)
    ]


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({}, 0),
        ({"27-UserIntf": [PAGE]}, 1),
        ({"28-ExtAPI": [API]}, 1),
        ({"11-ComMech": [REMOTE]}, 1),
        ({"11-ComMech": [LOCAL]}, 0),
    ],
)
def test_input_without_any_method_is_refuted_once(tables, expected) -> None:
    assert levels(validation.coverage(ixit_of(tables))) == ["violation"] * expected


ALL = {"27-UserIntf": [PAGE], "28-ExtAPI": [API], "11-ComMech": [REMOTE, LOCAL]}


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([["UserIntf-page", "ExtAPI-rest", "ComMech-cloud"]], []),
        ([["UserIntf-page"], ["ExtAPI-rest", "ComMech-cloud"]], []),
        ([["ExtAPI-rest", "ComMech-cloud"]], ["violation"]),
        ([["UserIntf-page", "ComMech-cloud"]], ["violation"]),
        ([["UserIntf-page", "ExtAPI-rest"]], ["violation"]),
        ([["UserIntf-page", "ExtAPI-rest", "ComMech-cloud", "ComMech-usb"]], []),
        ([["UserIntf-page", "ExtAPI-rest", "ComMech-cloud", "ComMech-other"]], ["violation"]),
        ([["ComMech-usb"]], ["violation"] * 3),
        ([["UserIntf-page"], []], ["note"]),
        ([["ComMech-other"], []], ["violation"]),
        ([[], [], [], []], ["note"] * 3),
    ],
)
def test_every_source_of_input_is_covered_where_all_methods_state_theirs(sources, expected) -> None:
    assert levels(validation.coverage(ixit_of({**ALL, "29-InpVal": methods(*sources)}))) == expected


@pytest.mark.parametrize(
    ("description", "sources", "expected"),
    [
        ("A MAC over each report, inside ComMech-cloud.", ["ComMech-cloud"], ["unknown"]),
        ("A MAC over each report.", ["ComMech-cloud"], ["violation"]),
        ("A MAC over each report, inside ComMech-cloud.", ["UserIntf-page"], ["violation", "violation"]),
    ],
)
def test_what_carries_a_layer_may_be_named_for_both(description, sources, expected) -> None:
    layer = {"ID": "ComMech-sign", "Description": description, "facts": {"remote": True}}
    page = [PAGE] if "UserIntf-page" in sources else []
    tables = {"27-UserIntf": page, "11-ComMech": [REMOTE, layer], "29-InpVal": methods(sources)}

    assert levels(validation.coverage(ixit_of(tables))) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ([], 0),
        (["device"], 0),
        (["service"], 0),
        (["app", "device"], 0),
        (["app", "browser"], 1),
    ],
)
def test_validation_that_whoever_talks_to_the_device_goes_round_is_refuted(where, expected) -> None:
    entry = entry_of("29-InpVal", {"Description": SOUND, "facts": {"where": where}})

    assert levels(validation.effective(entry)) == ["violation"] * expected


@pytest.mark.parametrize(
    ("description", "facts", "expected"),
    [
        (SOUND, {}, []),
        ("Each value is looked at.", {}, ["note"]),
        ("Characters are counted.", {}, ["note"]),
        ("Somebody looks.", {}, ["note"]),
        ("Somebody looks.", {"rejects": ["length"]}, []),
        ("", {}, ["violation"]),
        ("tbd", {}, ["violation"]),
    ],
)
def test_a_method_says_what_it_turns_down(description, facts, expected) -> None:
    entry = entry_of("29-InpVal", {"Description": description, "facts": facts})

    assert levels(validation.effective(entry)) == expected


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        *(
            (f"{word} of each value.", 0)
            for word in ("Length", "Characters", "Bytes", "Size", "KiB", "How long")
        ),
        *((f"Length: {word}.", 0) for word in ("range", "value", "between one and ten", "only digits")),
        ("Length.", 1),
        ("Range.", 1),
        ("Looked at.", 1),
    ],
)
def test_length_and_range_are_noted_where_nothing_speaks_of_them(description, expected) -> None:
    found = validation.effective(entry_of("29-InpVal", {"Description": description}))

    assert levels(found) == ["note"] * expected
