"""What the manufacturer's texts for users leave out, or advise wrongly."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw

__all__ = ["GuidanceFlaw"]


class GuidanceFlaw(Flaw):
    """Manual and privacy notice that do not say what the IXIT lists."""

    SENSORS_CHAPTER_MISSING = (
        "the manual has no chapter on what the camera sees",
        ("5.8-3-1/a", "5.8-3-1/b"),
    )
    SENSOR_UNTOLD = (
        "the manual's chapter on what the camera sees does not mention the image sensor",
        ("5.8-3-1/b",),
    )
    SENSOR_DENIED = (
        "the manual says that the camera has no image sensor",
        ("5.8-3-1/b",),
    )
    ERASURE_UNTOLD = (
        "the manual does not tell how the service data are erased",
        ("5.11-3-1/b",),
    )
    DECISION_UNTOLD = (
        "the manual does not mention the service connector, on which the owner decides",
        ("5.12-2-1/b", "5.12-2-1/c"),
    )
    NO_RECOMMENDATION = (
        "the manual tells how the service connector is opened, and not whether one should",
        ("5.12-2-1/c",),
    )
    WEP_RECOMMENDED = (
        "the manual recommends WEP for the network in which the camera is started",
        ("5.12-2-1/c",),
    )
    CHECK_UNTOLD = (
        "the manual does not tell how the set-up is checked",
        ("5.12-3-1/b",),
    )
    UNLISTED_VOICE_COMMANDS = (
        "the manual tells users to speak to the camera, and the IXIT knows of no such interface",
        ("5.13-1-2/b",),
    )
    PRIVACY_NOTICE_GONE = (
        "the address of the privacy notice leads to no page",
        ("6-1-2/a", "6-5-2/a"),
    )
    NOTICE_IN_GENERAL_WORDS = (
        "the privacy notice names no kind of data",
        ("6-1-2/a", "6-1-2/b", "6-1-2/c", "6-1-2/d", "6-5-2/a", "6-5-2/b", "6-5-2/c", "6-5-2/d"),
    )
    ACCOUNTS_UNTOLD = (
        "the privacy notice does not mention the accounts",
        ("6-1-2/b",),
    )
    PURPOSE_UNTOLD = (
        "the privacy notice does not tell what the service data are for",
        ("6-1-2/b",),
    )
    RECIPIENT_UNTOLD = (
        "the privacy notice does not mention the cloud service, to which data go",
        ("6-1-2/b",),
    )
    TELEMETRY_UNTOLD = (
        "the privacy notice does not mention the diagnostics",
        ("6-5-2/a", "6-5-2/b", "6-5-2/c"),
    )
    TELEMETRY_SECTION_RENAMED = (
        "the section on diagnostics has another title than the documents state",
        ("6-5-2/a",),
    )
    TELEMETRY_PURPOSE_UNTOLD = (
        "the privacy notice does not tell what the diagnostics are for",
        ("6-1-2/b", "6-5-2/b"),
    )
    USERS_UNTOLD = (
        "the privacy notice does not tell to whom data go, nor that nobody gets them",
        ("6-1-2/d", "6-5-2/d"),
    )
