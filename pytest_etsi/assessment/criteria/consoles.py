"""Debug consoles: whether a serial interface is disabled on the device (5.6-4-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria.interfaces import is_enabled, says_disabled
from pytest_etsi.assessment.findings import Finding, Findings, note, place
from pytest_etsi.dut.observe.consoles import value_of
from pytest_etsi.probes.serial.leaks import AND
from pytest_etsi.probes.serial.speeds import USUAL
from pytest_etsi.probes.serial.stimuli import BOOT_KEYS, BOOT_WORDS, DISTURBING, ENTERS
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_etsi.dut.observe.consoles import ConsoleSight
    from pytest_etsi.probes.serial.leaks import Leak
    from pytest_etsi.probes.serial.observation import ConsoleObservation
    from pytest_etsi.probes.serial.recognise import Recognised
    from pytest_etsi.profile.entries import IntfEntry, SecParamEntry

__all__ = ["as_documented", "disabled", "discloses", "not_for_debugging"]

_TAKES_ORDERS = {"shell", "rtos-shell", "boot-loader", "at", "binary"}
"""What nobody can call disabled, whatever the documents say of it."""
_CERTAIN = {"private key", "password hash", "known secret"}
"""Secrets that their grammar, or the profile, proves to be some."""
_NO_SIGN = {"echo", "garbage"}
_ASPECT = "behaviour"


def disabled(entry: IntfEntry, sight: ConsoleSight, *, or_guarded: bool = False) -> Findings:
    """Whether a debug interface is disabled on the device (5.6-4-2 a), or asks for authentication (5.6-4A-2 a).

    Args:
        entry: of 15-Intf (15-PhyIntf).
        sight: what was seen of its console.
        or_guarded: that it asks who is there will do, too; a person judges whether it asks well.

    Returns:
        Violations: it answers, its boot loader takes orders, or it tells a secret without being asked. Unknown: it
        speaks without being asked, which shows that it is not off, and a person judges; or it was silent, and what was
        tried does not suffice to call silence disabled.
    """
    seen = sight.seen
    if seen is None:
        settle = _MEND if sight.cause is Cause.BENCH else _WIRE
        return Findings((_open(entry, f"its console was not looked at: {sight.why}", sight.cause, settle),))
    found = [*_refuted(entry, seen, or_guarded=or_guarded), *_spoken(entry, seen)]
    if not any(one.kind == "violation" for one in found):
        found += _lacking(entry, seen)
    return Findings(found, f"its console: {seen.told()}; nothing came back and nothing was said")


def as_documented(entry: IntfEntry, sight: ConsoleSight) -> Findings:
    """Whether a serial interface is on or off as its status says (5.6-3-2 c of edition 2.1.1)."""
    enabled = is_enabled(entry)
    if enabled is None:
        gap = "the documents do not say whether it is enabled (facts.enabled)"
        return Findings((_open(entry, gap, Cause.INFORMATION, "state facts.enabled"),))
    if not enabled or sight.seen is None:
        return disabled(entry, sight)
    seen = sight.seen
    if any(one.kind not in _NO_SIGN for one in (*seen.answers, *seen.unprompted)):
        return Findings((), f"its console: {seen.told()}; it is documented as enabled")
    message = "it is documented as enabled, and nothing was seen of it"
    return Findings((_open(entry, message, Cause.BENCH, _WIRE),))


def not_for_debugging(sights: Iterable[tuple[IntfEntry, ConsoleSight]]) -> Findings:
    """What refutes that no interface beside the documented ones can be used for debugging (5.6-4-2 b).

    Args:
        sights: accessible interfaces that are not documented as debug interfaces, with what was seen of each.
    """
    found: list[Finding] = []
    for entry, sight in sights:
        if sight.seen is None:
            found.append(note(entry, None, f"its line was not looked at: {sight.why}", aspect=_ASPECT))
            continue
        found += [one for one in _refuted(entry, sight.seen) if one.kind == "violation"]
        found += [
            note(entry, None, f"says without being asked {one.said!r} ({one.kind})", aspect=_ASPECT)
            for one in sight.seen.unprompted
        ]
    return Findings(found)


def discloses(entry: SecParamEntry, leaks: Iterable[Leak]) -> Findings:
    """Whether the consoles have told the known value of a parameter without being asked (5.4-1-2 a, 5.4-3-2 a).

    Args:
        entry: of 10-SecParam.
        leaks: secrets that stood in what the consoles said.

    Returns:
        Violations: its value (`access.canary`). Nothing found is no proof that it is kept.
    """
    return Findings(
        Finding(
            "violation",
            _ASPECT,
            f"its value was told on the serial console, unasked: line {leak.line}, fingerprint {leak.fingerprint}",
            expected="a value that no log shows",
            place=place(entry),
            evidence="console-survey",
        )
        for leak in leaks
        if leak.kind == "known secret" and value_of(str(entry)) in leak.about.split(AND)
    )


_MEND = "mend the bench, and survey the console again"
_WIRE = "wire the interface to a serial adapter and give its URL under access.serial, or record what was seen by hand"


def _refuted(entry: IntfEntry, seen: ConsoleObservation, *, or_guarded: bool = False) -> Iterator[Finding]:
    if (stopped := seen.open_loader) is not None:
        keys = f" by one of {', '.join(stopped.keys)}" if stopped.keys else ""
        yield _violation(
            entry,
            f"its boot loader is stopped{keys} and takes orders: {stopped.stopped}",
            expected="a boot loader that nobody can stop",
        )
    off = says_disabled(entry)
    for one in seen.answers:
        said = f"answers to what is typed: {_named(one)}"
        if one.kind in _TAKES_ORDERS or (off and not (or_guarded and one.kind == "login")):
            documented = ", and is documented as disabled" if off else ""
            yield _violation(entry, f"{said}{documented}", expected="an interface that is off")
        else:
            yield _open(
                entry,
                f"{said}; the documents {'also' if off else 'do not'} say that it is disabled",
                Cause.JUDGEMENT,
                "judge whether what answers keeps out those who do not know its password",
            )
    for leak in seen.leaks:
        if leak.kind in _CERTAIN:
            yield _violation(
                entry, f"tells a secret without being asked: {leak}", expected="no secret on the console"
            )


def _spoken(entry: IntfEntry, seen: ConsoleObservation) -> Iterator[Finding]:
    for one in seen.unprompted:
        if one.kind not in _NO_SIGN:
            yield _open(
                entry,
                f"speaks without being asked, so that it is not off: {_named(one)}",
                Cause.JUDGEMENT,
                "judge whether what it says is debugging, and how far the interface is disabled",
            )
        elif one.kind == "echo":
            yield _open(
                entry,
                f"gives back what is typed and says nothing of its own: {one.said}",
                Cause.BENCH,
                "see that the adapter's wires for sending and receiving do not touch, and look by hand",
            )
        else:
            yield _open(
                entry,
                f"sends {one.said}",
                Cause.BENCH,
                "give its speed under access.serial.baudrate or speeds, with an adapter that can set it",
            )
    yield from (_maybe_secret(entry, leak) for leak in seen.leaks if leak.kind not in _CERTAIN)
    if seen.greeting:
        yield note(
            entry, None, f"the server in between says, and not the device: {seen.greeting!r}", aspect=_ASPECT
        )


def _maybe_secret(entry: IntfEntry, leak: Leak) -> Finding:
    return _open(
        entry, f"says what looks like a secret: {leak}", Cause.JUDGEMENT, "judge whether it is one that works"
    )


def _lacking(entry: IntfEntry, seen: ConsoleObservation) -> Iterator[Finding]:
    """What silence lacks to show that the interface is disabled."""
    for trouble in seen.troubles:
        yield _open(entry, f"the bench: {trouble}", Cause.BENCH, _MEND)
    if seen.harm:
        yield _open(
            entry,
            f"the survey has disturbed the device: {seen.harm}",
            Cause.BENCH,
            "see that the device is as it was, and survey it with what it bears",
        )
    if seen.health.startswith("not"):
        yield _open(
            entry, f"after the survey the device is {seen.health}", Cause.BENCH, "bring the device back"
        )
    if seen.started is None:
        yield _open(
            entry,
            "silence shows nothing, since the device was not seen to be off and to start meanwhile",
            Cause.ACCESS if not seen.restarts else Cause.BENCH,
            "describe access.operations.power-off and power-on (or power-cycle) and access.identity, permit outage, "
            "and let them cut the supply",
        )
    if seen.silent and not seen.emulated and not seen.wired:
        yield _open(
            entry,
            "silence shows nothing, since nothing shows that the wires reach the device: the line never said anything",
            Cause.BENCH,
            "measure at the end of the adapter's wire for receiving that it has the device's voltage while the device "
            "is on and none while it is off, and that the other wire and ground are on their pins; then say so under "
            "access.serial.wired",
        )
    if seen.listened_s < seen.boot_s:
        yield _open(
            entry,
            f"it was listened to for {seen.listened_s:.1f} s, less than a start takes ({seen.boot_s:g} s)",
            Cause.BENCH,
            "let the survey run to its end",
        )
    yield from _not_sent(entry, seen)
    for gap in seen.gaps:
        yield _open(entry, f"not all was tried: {gap}", Cause.BENCH, "make it possible, or look by hand")


def _not_sent(entry: IntfEntry, seen: ConsoleObservation) -> Iterator[Finding]:
    sent = {one.stimulus for one in seen.stimuli}
    if missing := [one.name for one in ENTERS if one.name not in sent]:
        yield _open(entry, f"not sent: {', '.join(missing)}", Cause.BENCH, "let the survey run to its end")
    if not seen.emulated and (left := [speed for speed in USUAL if speed not in seen.speeds_tried]):
        yield _open(
            entry,
            f"nothing was sent at {', '.join(map(str, left))} baud",
            Cause.BENCH,
            "take an adapter that can set them, by a device file or rfc2217://",
        )
    keys = {key for one in seen.loader for key in one.keys}
    wanted = [one.name for one in (*BOOT_KEYS, *BOOT_WORDS) if one.data]
    wanted += [one.name for one in DISTURBING if one.data and one.name not in wanted]
    if missing := [name for name in wanted if name not in keys | sent]:
        yield _open(
            entry,
            f"not sent to the running device and its boot loader: {', '.join(missing)}",
            Cause.BENCH if seen.permitted else Cause.PERMISSION,
            "permit console, by which keys at the boot loader, Ctrl-C and BREAK may be sent",
        )


def _named(one: Recognised) -> str:
    return f"{one.kind.replace('-', ' ')}: {one.said!r}"


def _violation(entry: IntfEntry, message: str, *, expected: str) -> Finding:
    return Finding(
        "violation", _ASPECT, message, expected=expected, place=place(entry), evidence="console-survey"
    )


def _open(entry: IntfEntry, message: str, cause: Cause, settle: str) -> Finding:
    return Finding(
        "unknown",
        _ASPECT,
        message,
        place=place(entry),
        evidence="console-survey",
        cause=cause,
        settle=settle,
    )
