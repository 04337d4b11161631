"""Passwords of 1-AuthMech that 10-SecParam does not have, although each is a critical security parameter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.reading import claims
from pytest_etsi.profile.unread import remembered

if TYPE_CHECKING:
    from pytest_etsi.profile import Ixit
    from pytest_etsi.profile.entries import AuthMechEntry, SecParamEntry

__all__ = ["unlisted_password"]

_PASSWORD = re.compile(
    r"pass-?(?:word|phrase|code)|\bpins?\b|credential|\blog-?ins?\b|authenticat|authentifi|anmeld|zugangsdat"
    r"|passwor|passwör|kennwor|kennwör|mots? de passe|contraseñ|parola|wachtwoord|hasł|senha|palavra-passe|lösenord"
    r"|salasana|adgangskode|heslo|пароль|パスワード|密码|密碼|비밀번호",
    re.IGNORECASE,
)
"""What a parameter is called that a login may rest on; wide, for a parameter that is meant must not be missed."""


@remembered(maxsize=16)
def unlisted_password(ixit: Ixit) -> AuthMechEntry | None:
    """A mechanism with a password, where no parameter of 10-SecParam can be it; None: nothing of the kind is seen."""
    with_password = [entry for entry in ixit.auth_mech if claims.password(entry)]
    names = [entry.id for entry in ixit.auth_mech]
    if not with_password or any(_may_be_one(parameter, names) for parameter in ixit.sec_param):
        return None
    return with_password[0]


def _may_be_one(parameter: SecParamEntry, mechanisms: list[str]) -> bool:
    if "user-authentication" in parameter.facts.purpose:
        return True
    text = " ".join((parameter.id, *(parameter[field] for field in parameter.values if field != "ID")))
    return bool(_PASSWORD.search(text)) or any(name in text for name in mechanisms)
