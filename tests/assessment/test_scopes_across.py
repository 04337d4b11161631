"""Scopes that other tables decide: what a mechanism carries, and whose updates the user can configure."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "criteria"))

from documents import ixit_of

from pytest_etsi.assessment import scopes

LINK = {"ID": "ComMech-a"}


def parameter(kind="critical", by="ComMech-a", name="one"):
    written = {} if by is None else {"Communication Mechanisms": by}
    return {"ID": f"SecParam-{name}", "Type": kind, **written}


def data(by="ComMech-a", sensitive=True, name="one"):
    written = {} if by is None else {"Communication Mechanisms": by}
    facts = {} if sensitive is None else {"sensitive": sensitive}
    return {"ID": f"PersData-{name}", "facts": facts, **written}


@pytest.mark.parametrize(
    ("parameters", "logins", "expected"),
    [
        ([parameter()], [], True),
        ([parameter(by="ComMech-b")], [], False),
        ([parameter(by="none")], [], False),
        ([parameter(by=None)], [], None),
        ([parameter(by=None), parameter(name="two")], [], True),
        ([parameter(by=None), parameter(by="none", name="two")], [], None),
        ([parameter("public")], [], False),
        ([parameter("public", by=None)], [], False),
        ([parameter("", by=None)], [], None),
        ([], [], False),
        ([], [{"ID": "AuthMech-web"}], None),
        ([parameter(by="none")], [{"ID": "AuthMech-web"}], False),
    ],
)
def test_a_mechanism_carries_a_critical_parameter(parameters, logins, expected) -> None:
    links = [LINK, {"ID": "ComMech-b"}]
    ixit = ixit_of({"11-ComMech": links, "10-SecParam": parameters, "1-AuthMech": logins})

    assert scopes.carries_critical_parameter.concerns(ixit.com_mech[0], ixit) is expected


@pytest.mark.parametrize(
    ("by", "remote", "expected"),
    [
        ("ComMech-a", True, True),
        ("ComMech-a", False, False),
        ("ComMech-a", None, None),
        ("none", True, False),
        (None, True, None),
        (None, False, False),
    ],
)
def test_a_remote_mechanism_carries_a_critical_parameter(by, remote, expected) -> None:
    link = LINK | {"facts": {} if remote is None else {"remote": remote}}
    ixit = ixit_of({"11-ComMech": [link], "10-SecParam": [parameter(by=by)]})

    assert scopes.carries_critical_parameter_remotely.concerns(ixit.com_mech[0], ixit) is expected


@pytest.mark.parametrize(
    ("carried", "personal", "sensitive"),
    [
        ([data()], True, True),
        ([data(sensitive=False)], True, False),
        ([data(sensitive=None)], True, None),
        ([data(by="none")], False, False),
        ([data(by=None)], None, None),
        ([data(sensitive=False), data(by=None, name="two")], True, None),
        ([], False, False),
    ],
)
def test_a_mechanism_carries_personal_data(carried, personal, sensitive) -> None:
    for peer, expected in (("associated-service", sensitive), ("device", False)):
        link = LINK | {"facts": {"peer": peer}}
        ixit = ixit_of({"11-ComMech": [link], "21-PersData": carried, "1-AuthMech": [{"ID": "AuthMech-web"}]})

        assert scopes.carries_personal_data.concerns(ixit.com_mech[0], ixit) is personal
        assert scopes.carries_sensitive_data_to_service.concerns(ixit.com_mech[0], ixit) is expected


@pytest.mark.parametrize(
    ("facts", "words", "updated", "expected"),
    [
        ({"user_options": ["disable"]}, "", True, True),
        ({}, "", True, None),
        ({"user_options": []}, "", True, False),
        ({"user_options": []}, "Updates can be postponed.", True, None),
        ({}, "", False, False),
    ],
    ids=["some", "unsaid", "none", "none beside words", "no mechanism"],
)
def test_updates_of_a_component_can_be_configured(facts, words, updated, expected) -> None:
    update = {"ID": "UpdMech-a", "Configuration": words, "facts": facts}
    component = {"ID": "SoftComp-os", **({"Update Mechanism": "UpdMech-a"} if updated else {})}
    ixit = ixit_of({"6-SoftComp": [component], "7-UpdMech": [update]})

    assert scopes.component_with_configurable_updates.concerns(ixit.soft_comp[0], ixit) is expected
