"""Weaknesses that show where users are asked: for their consent, and for their decisions at set-up and upkeep."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw

__all__ = ["ConsentFlaw", "DecisionFlaw"]


class ConsentFlaw(Flaw):
    """Takes consent for granted, or does not let it go."""

    CONSENT_PRESET = (
        "diagnostics are agreed to on a camera that nobody has asked",
        ("5.12-1-2/d", "6-2-2/a"),
    )
    SENT_BEFORE_CONSENT = (
        "diagnostics are sent until the owner has answered",
        ("6-2-2/a",),
    )
    SENT_DESPITE_REFUSAL = (
        "diagnostics are sent once the owner has answered, whatever the answer was",
        ("6-2-2/a", "6-3-2/a"),
    )
    CALLS_DESPITE_REFUSAL = (
        "once the owner has answered, reports go to where diagnostics do whatever the answer was, and none shows",
        ("6-2-2/a", "6-3-2/a"),
    )
    REFUSAL_COSTS_PICTURE = (
        "the programming interface gives no picture to an owner who has refused diagnostics",
        ("6-2-2/a",),
    )
    WITHDRAWAL_IGNORED = (
        "diagnostics go on being sent when the owner has withdrawn the consent",
        ("6-3-2/a",),
    )
    WITHDRAWAL_REFUSED = (
        "the camera does not let the owner take the tick for diagnostics away again",
        ("6-3-2/a",),
    )
    CONSENT_COMES_BACK = (
        "a consent that was withdrawn is back when the camera has started anew",
        ("6-3-2/a",),
    )
    CONSENT_NOT_SHOWN = (
        "the settings tell that diagnostics are not agreed to, also when they are",
        (),
        ("6-3B-2/a",),
    )


class DecisionFlaw(Flaw):
    """Asks its user otherwise than documented, checks its set-up badly, or has more senses than it says."""

    DECISION_MISSING = (
        "the page on which the owner decides lacks the choice whether notices of updates are shown",
        ("5.12-1-2/b", "5.12-1-2/d"),
    )
    DECISION_ADDED = (
        "the page of the first start asks whether the picture may be used to improve the product",
        ("5.12-1-2/d",),
    )
    PASSWORD_PRESET = (
        "the field for the web password is filled in at the first start",
        ("5.12-1-2/d",),
    )
    OPTION_MISSING = (
        "the page on which the owner decides does not offer to postpone updates",
        ("5.12-1-2/d",),
    )
    CHECK_ALWAYS_CONTENT = (
        "the check of the set-up is content with every set-up",
        ("5.12-3-1/c",),
    )
    CHECK_NEVER_CONTENT = (
        "the check of the set-up finds something to see to in every set-up",
        ("5.12-3-1/c",),
        ("5.12-3-2/b", "5.12-3-2/c"),
    )
    MICROPHONE = (
        "the camera hears, and device data tell how loud it is",
        ("5.8-3-1/c",),
    )
