"""Refusals under a status of success: what devices write into a JSON answer instead of sending 401 or 403."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_etsi.probes.json_text import read_json

if TYPE_CHECKING:
    import httpx

__all__ = ["compare_json"]

_ERRORS = {"error", "errors", "err", "errcode", "errorcode", "errmsg", "errormessage", "errno", "fault"}
_SUCCESSES = {"success", "ok", "succeeded", "authenticated", "authorized", "authorised", "loggedin"}
_STATES = {"status", "result", "state", "code", "statuscode"}
_NO = {
    "error", "fail", "failed", "failure", "denied", "forbidden", "unauthorized", "unauthorised", "unauthenticated",
    "not authorized", "not authorised", "401", "403",
}  # fmt: skip
_RIGHT = re.compile(
    r"\b(?:log(?:ged)?[ -]?in|log[ -]?on|sign(?:ed)?[ -]?in|un-?auth\w*|auth\w*|credential\w*|password|token|session|"
    r"permission\w*|privileg\w*|forbidden|denied|not allowed|401|403)\b",
    re.IGNORECASE,
)
_REMARKS = {
    "message",
    "msg",
    "detail",
    "details",
    "description",
    "reason",
    "timestamp",
    "path",
    "title",
    "type",
}


def compare_json(answer: httpx.Response, usual: httpx.Response | None) -> str:
    """What a JSON answer is, beside the one that a subject with the right gets.

    Args:
        answer: to whom should not get the function.
        usual: to whom holds the right; None: not known.

    Returns:
        "refusal": it says that a right is missing, and holds nothing of the usual answer; "other": it holds nothing of
        it and does not say why, or speaks of another error, as a function does that was carried out before ("exists
        already"); "": neither, or no JSON objects.
    """
    told = _object(answer)
    if told is None:
        return ""
    known = _object(usual) if usual is not None else None
    if usual is not None and known is None:
        return ""
    kept = set(known or ()) - {
        name for name in known or () if _plain(name) in _REMARKS | _STATES | _SUCCESSES
    }
    if kept & set(told):
        return ""
    if _refuses(told) and not (known is not None and _refuses(known)):
        return "refusal" if _RIGHT.search(answer.text[:2000]) else "other"
    return "other" if kept else ""


def _object(response: httpx.Response) -> dict[str, Any] | None:
    try:
        found = read_json(response.content)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _refuses(told: dict[str, Any]) -> bool:
    """Whether an object says that it is an error, in one of the usual ways."""
    for name, value in told.items():
        plain = _plain(name)
        if plain in _ERRORS and value not in (None, False, 0, "", "0", [], {}):
            return True
        if plain in _SUCCESSES and value in (False, 0, "false", "0"):
            return True
        if plain in _STATES and str(value).strip().lower() in _NO:
            return True
    return False


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
