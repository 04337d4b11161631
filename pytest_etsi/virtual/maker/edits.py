"""What the flaws of guidance change in the maker's documents: chapters left out, and passages written otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_etsi.virtual.device.identity import MANUFACTURER
from pytest_etsi.virtual.flaws import GuidanceFlaw

if TYPE_CHECKING:
    from pytest_etsi.virtual.flaws import Flaw
    from pytest_etsi.virtual.maker.documents import Chapter

__all__ = ["edited"]


@dataclass(frozen=True, slots=True)
class _Edit:
    """A change of a chapter.

    Attributes:
        anchor: document and anchor of the chapter.
        old: what stands there; empty: all of it.
        new: what stands there then; with an empty `old`, nothing: the chapter is left out.
        title: its heading then; empty: as before.
    """

    anchor: str
    old: str = ""
    new: str = ""
    title: str = ""


_ONE_SENSOR = (
    "The camera has one sensor for its surroundings: an image sensor behind the front glass, in colour, for visible\n"
    "light. It is there to show you the picture, and it sees everything"
)
_ACCOUNTS = """
Accounts: user names and passwords stay in the camera until you delete the account, to tell you apart and to let you
in. A password cannot be read in the camera.
"""
_NEEDED = """We need this to offer the right updates and to show you whether the camera is online, keep it for
30 days, and"""
_EDITS: dict[GuidanceFlaw, tuple[_Edit, ...]] = {
    GuidanceFlaw.SENSORS_CHAPTER_MISSING: (_Edit("manual/sensors"),),
    GuidanceFlaw.SENSOR_UNTOLD: (
        _Edit(
            "manual/sensors",
            _ONE_SENSOR,
            "The camera shows you the picture. It sees everything",
        ),
        _Edit("manual/sensors", "The sensor works only", "It does so only"),
    ),
    GuidanceFlaw.SENSOR_DENIED: (
        _Edit(
            "manual/sensors",
            _ONE_SENSOR,
            "The camera has no image sensor. It sees everything",
        ),
    ),
    GuidanceFlaw.ERASURE_UNTOLD: (_Edit("manual/erase-service-data"),),
    GuidanceFlaw.DECISION_UNTOLD: (_Edit("manual/service-connector"),),
    GuidanceFlaw.NO_RECOMMENDATION: (
        _Edit(
            "manual/service-connector",
            "Open it only while\n"
            'somebody whom you trust is looking for a fault: press "Open for 15 minutes" on the page "Account".',
            'The page\n"Account" has the button "Open for 15 minutes".',
        ),
    ),
    GuidanceFlaw.WEP_RECOMMENDED: (
        _Edit(
            "manual/first-start",
            "The camera shows no picture and answers",
            "We recommend WEP for your home network, because everything can connect to it. The camera shows no\n"
            "picture and answers",
        ),
    ),
    GuidanceFlaw.CHECK_UNTOLD: (_Edit("manual/setup-check"),),
    GuidanceFlaw.UNLISTED_VOICE_COMMANDS: (
        _Edit(
            "manual/overview",
            "Two things protect your picture.",
            'You can use voice commands as well: say "Camera, to the left" or "Camera, stop".\n\n'
            "Two things protect your picture.",
        ),
    ),
    GuidanceFlaw.NOTICE_IN_GENERAL_WORDS: (
        _Edit(
            "privacy/data",
            new="We treat all that we know of you as sensitive, and keep it safe and secure for you, every day.\n",
        ),
        _Edit("privacy/diagnostics"),
        _Edit(
            "privacy/rights",
            new="Ask us whatever you want to know, by mail to help@example.com. We answer your questions one by one,\n"
            "and help you as soon as you ask us for help.\n",
        ),
    ),
    GuidanceFlaw.ACCOUNTS_UNTOLD: (
        _Edit(
            "privacy/data",
            _ACCOUNTS,
            "",
        ),
        _Edit("privacy/rights", "erases all data of yours in the camera", "erases everything in the camera"),
    ),
    GuidanceFlaw.PURPOSE_UNTOLD: (
        _Edit(
            "privacy/data",
            _NEEDED,
            "We keep it for 30 days, and",
        ),
    ),
    GuidanceFlaw.RECIPIENT_UNTOLD: (
        _Edit(
            "privacy/data",
            "the camera tells our cloud service its serial number",
            "the camera reports its serial number",
        ),
        _Edit("privacy/diagnostics", "a program of our cloud service looks", "a program looks"),
    ),
    GuidanceFlaw.TELEMETRY_UNTOLD: (_Edit("privacy/diagnostics"),),
    GuidanceFlaw.TELEMETRY_SECTION_RENAMED: (
        _Edit("privacy/diagnostics", "If you tick", "If you tick", title="Service reports of the camera"),
    ),
    GuidanceFlaw.TELEMETRY_PURPOSE_UNTOLD: (
        _Edit(
            "privacy/diagnostics",
            new="""
If you tick "I agree that diagnostics are sent" on the page "Account", the camera also sends the number of its starts
and the number of failed logins (a restart count and a failed-login count), together with its serial number.
"""
            f"{MANUFACTURER} alone gets these diagnostics.\n",
        ),
    ),
    GuidanceFlaw.USERS_UNTOLD: (
        _Edit("privacy/data", f"It is neither stored nor sent to\n{MANUFACTURER}.", "It is not stored."),
        _Edit(
            "privacy/data",
            "user names and passwords stay in the camera until you delete the account, to tell",
            "we use user names and passwords to tell",
        ),
        _Edit(
            "privacy/data", ", keep it for\n30 days, and give it to nobody.", ", and keep it for\n30 days."
        ),
        _Edit("privacy/diagnostics", f"{MANUFACTURER} alone uses these", f"{MANUFACTURER} uses these"),
    ),
}


def edited(document: str, chapters: tuple[Chapter, ...], flaws: frozenset[Flaw]) -> tuple[Chapter, ...]:
    """The chapters of a document as the flaws have them.

    Args:
        document: "manual" or "privacy".
        chapters: as they are without flaws.
        flaws: of the camera and its maker.

    Raises:
        LookupError: a chapter no longer has the passage that a flaw changes.
    """
    edits = [edit for flaw in flaws if isinstance(flaw, GuidanceFlaw) for edit in _EDITS.get(flaw, ())]
    for edit in edits:
        chapters = tuple(
            one
            for chapter in chapters
            for one in (
                _changed(chapter, edit) if f"{document}/{chapter.anchor}" == edit.anchor else (chapter,)
            )
        )
    return chapters


def _changed(chapter: Chapter, edit: _Edit) -> tuple[Chapter, ...]:
    if not edit.old:
        return (replace(chapter, body=edit.new),) if edit.new else ()
    if edit.old not in chapter.body:
        raise LookupError(f"the chapter {chapter.title!r} does not say {edit.old!r}")
    body = chapter.body.replace(edit.old, edit.new)
    return (replace(chapter, body=body, title=edit.title or chapter.title),)
