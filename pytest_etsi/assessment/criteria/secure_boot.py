"""Whether altered software is started, and the alert on it (5.7-1-2 a, 5.7-2-2 a)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings, place
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.observe.altered_boot import AlteredBoot, AlteredStart
    from pytest_etsi.profile.entries import SecBootEntry

__all__ = ["alerts", "verifies"]

_ASPECT = "behaviour"
_LOGS = "look at the logs of the start and at the state of the fuses, and judge; or describe how software is altered"


def verifies(entry: SecBootEntry, seen: AlteredBoot) -> Findings:
    """Whether software that was altered is not started (5.7-1-2 a).

    Args:
        entry: of 20-SecBoot.
        seen: starts of altered software, between those of the genuine one.

    Returns:
        Violations: software that is shown to be altered is shown to have started. Unknown: the genuine software does
        not start by the same way, nothing shows that something else was written, or that the device started anew.
    """
    found = [*_open_points(entry, seen)]
    for one in seen.starts:
        found += _of_start(entry, one)
    return Findings(found, _told(seen))


def alerts(entry: SecBootEntry, seen: AlteredBoot) -> Findings:
    """Whether the alert comes when altered software was found (5.7-2-2 a).

    Returns:
        Violations: none comes after a detection that is shown, while what would show it is shown to work. Unknown:
        nothing was detected, nothing says how a program notices the alert, or what would show it may be broken.
    """
    found = [*_open_points(entry, seen)]
    if not seen.looked_for:
        found.append(
            _open(
                entry,
                "neither access.alerted nor access.alert_pattern says by what a program notices the alert",
                Cause.JUDGEMENT,
                "see and record the alert, with a photo, and judge whether it is as declared",
            )
        )
    if seen.alert_before:
        found.append(
            _open(
                entry,
                f"the alert showed before anything was altered ({seen.looked_for}), so that it tells nothing",
                Cause.BENCH,
                "let access.alerted succeed while the alert is there, and only then",
            )
        )
    detected = [one for one in seen.starts if not one.started or one.alert_after_s is not None]
    if seen.starts and not detected:
        found.append(
            _open(
                entry,
                "altered software was started, so that nothing was detected of which an alert could tell",
                Cause.BENCH,
                "bring a detection about",
            )
        )
    if seen.looked_for and not seen.alert_before:
        for one in detected:
            found += _of_alert(entry, seen, one)
    return Findings(found, f"{_told(seen)}; looked for {seen.looked_for or 'nothing'}")


def _open_points(entry: SecBootEntry, seen: AlteredBoot) -> Iterator[Finding]:
    for gap in seen.gaps:
        yield _open(entry, gap, Cause.PERMISSION if "permission" in gap else Cause.ACCESS, _LOGS)
    if not seen.gaps and not seen.starts:
        yield _open(entry, "no altered software was started", Cause.BENCH, _LOGS)
    if seen.starts and not seen.back:
        yield _open(
            entry,
            "the genuine software did not start again afterwards, so that the silence before it shows nothing",
            Cause.BENCH,
            "bring the device back, and see why it did not start",
        )


def _of_start(entry: SecBootEntry, one: AlteredStart) -> Iterator[Finding]:
    if one.written is False:
        yield _open(
            entry,
            f"{one.operation} has altered nothing: what the device starts from is the same",
            Cause.BENCH,
            "let it write what it says",
        )
    elif one.started and one.written and one.anew:
        yield Finding(
            "violation",
            _ASPECT,
            f"altered software is started: after {one.operation} the device answers as itself, and {one.anew[0]}",
            expected="a device that does not start it",
            found=f"it answered {one.waited_s:g} s after its start at the latest",
            place=place(entry),
            evidence="altered-boot",
        )
    elif one.started and not one.anew:
        yield _open(
            entry,
            f"after {one.operation} the device answers, and nothing shows that it had started anew",
            Cause.BENCH,
            "let the operation switch it off and on, and give access.identity a login",
        )
    elif one.started:
        yield _open(
            entry,
            f"after {one.operation} the device starts, and nothing shows that its software was altered",
            Cause.ACCESS,
            "name under access.written an operation that reads back what lies there",
        )
    elif one.written is None and one.alert_after_s is None:
        yield _open(
            entry,
            f"after {one.operation} the device did not start, and nothing shows that it found altered software rather "
            "than none at all",
            Cause.ACCESS,
            "name under access.written an operation that reads back what lies there, or access.alerted",
        )


def _of_alert(entry: SecBootEntry, seen: AlteredBoot, one: AlteredStart) -> Iterator[Finding]:
    if one.alert_after_s is not None:
        return
    said = f"no alert came within {one.waited_s:g} s after {one.operation} ({seen.looked_for})"
    if seen.sensor and one.written and seen.back:
        yield Finding(
            "violation",
            _ASPECT,
            said,
            expected=entry["User Notification"],
            found="no alert",
            place=place(entry, "User Notification"),
            evidence="altered-boot",
        )
        return
    why = (
        "nothing shows that the sensor works (access.sound)"
        if not seen.sensor
        else "nothing shows that altered software lay there (access.written)"
    )
    yield _open(entry, f"{said}; {why}", Cause.ACCESS, "make it known, or look by hand")


def _told(seen: AlteredBoot) -> str:
    if seen.genuine_s is None:
        return "no altered software was started"
    starts = ", ".join(
        f"{one.operation}: {'started' if one.started else 'not started'}"
        + (f", alert after {one.alert_after_s:g} s" if one.alert_after_s is not None else "")
        for one in seen.starts
    )
    return f"the genuine software, written by the same way, starts in {seen.genuine_s:.1f} s; {starts}"


def _open(entry: SecBootEntry, message: str, cause: Cause, settle: str) -> Finding:
    return Finding(
        "unknown", _ASPECT, message, place=place(entry), evidence="altered-boot", cause=cause, settle=settle
    )
