"""A login by password whose password no parameter is: what may carry it, and the conditions about parameters, stay open."""

from __future__ import annotations

import pytest
from assessment_documents import documents, load

from pytest_etsi import criteria, scopes
from pytest_etsi.assessment.reading.conditions import condition_holds
from pytest_etsi.assessment.reading.passwords import unlisted_password

KEY = {"ID": "SecParam-Tls", "Type": "critical", "Description": "Private key of the web server."}
TOKEN_LOGIN = {"ID": "AuthMech-api", "facts": {"factors": ["token"], "interface": "network"}}


def profile_of(tmp_path, parameters, logins=None, edition_id="1.1.1"):
    content = documents(edition_id)
    later = edition_id == "2.1.1"
    travels = "Secure Communication Mechanisms" if later else "Communication Mechanisms"
    mechanism = "SecComMech-1" if later else "ComMech-1"
    content["ixit"]["11-SecComMech" if later else "11-ComMech"] = [
        {"ID": mechanism, "Description": "The web page."}
    ]
    content["ixit"]["10-SecParam"] = [{travels: []} | one for one in parameters]
    if logins is not None:
        content["ixit"]["1-AuthMech"] = logins
    return load(tmp_path, content)


@pytest.mark.parametrize(
    ("parameters", "unlisted"),
    [
        ([], True),
        ([KEY], True),
        ([KEY | {"facts": {"purpose": ["service-communication"]}}], True),
        ([KEY, {"ID": "SecParam-1", "Description": "Password of the owner."}], False),
        ([{"ID": "SecParam-1", "Description": "Kennwort des Besitzers"}], False),
        ([{"ID": "SecParam-1", "Description": "Hash du mot de passe"}], False),
        ([{"ID": "SecParam-1", "Description": "管理者パスワード"}], False),
        ([{"ID": "SecParam-1", "Description": "The secret of AuthMech-web."}], False),
        ([KEY | {"facts": {"purpose": ["user-authentication"]}}], False),
    ],
)
def test_a_password_is_unlisted_where_no_parameter_can_be_it(tmp_path, parameters, unlisted):
    ixit = profile_of(tmp_path, parameters).ixit
    mechanism = ixit.com_mech[0]
    found = criteria.communication.unlisted(mechanism, ixit)

    assert (unlisted_password(ixit) is not None) == unlisted
    assert scopes.carries_critical_parameter.concerns(mechanism, ixit) is (None if unlisted else False)
    assert [finding.kind for finding in found] == (["unknown"] if unlisted else [])
    assert all("AuthMech-web" in str(finding) and "10-SecParam" in finding.message for finding in found)


def test_what_carries_a_listed_parameter_is_concerned_by_that_and_no_finding_is_needed(tmp_path):
    ixit = profile_of(tmp_path, [KEY | {"Communication Mechanisms": ["ComMech-1"]}]).ixit
    mechanism = ixit.com_mech[0]

    assert scopes.carries_critical_parameter.concerns(mechanism, ixit) is True
    assert list(criteria.communication.unlisted(mechanism, ixit)) == []


@pytest.mark.parametrize("logins", [[], [TOKEN_LOGIN]])
def test_without_a_login_by_password_none_is_unlisted(tmp_path, logins):
    assert unlisted_password(profile_of(tmp_path, [KEY], logins).ixit) is None


@pytest.mark.parametrize(
    ("logins", "holds"),
    [(None, {"16": True, "o": None, "k": None}), ([], {"16": False, "o": False, "k": False})],
)
def test_conditions_about_parameters_know_of_the_password(tmp_path, logins, holds):
    profile = profile_of(tmp_path, [], logins, "2.1.1")

    assert {name: condition_holds(profile, name).holds for name in holds} == holds


def test_a_reason_names_the_login_and_the_table_that_lacks_its_password(tmp_path):
    reason = condition_holds(profile_of(tmp_path, [], None, "2.1.1"), "o").reason

    assert "10-SecParam lacks the password of 1-AuthMech/AuthMech-web" in reason
