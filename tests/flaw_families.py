"""What the flaw matrix looks at in each edition: units that a program decides, families of them, and what flaws leave open.

What is said of edition 1.1.1 is carried over by the catalogue; written out is what only the later edition has.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pytest_etsi.assessment.suite import by_unit, load_units
from pytest_etsi.standard import edition
from pytest_etsi.standard.crosswalk import crosswalk
from pytest_etsi.virtual.flaws import EDITIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

__all__ = ["LATER", "Matrix", "is_of", "later", "matrix"]

_FIRST, LATER = EDITIONS

_STEPS = {
    "5.11-1-2/a", "5.11-2-2/a", "5.11-3-1/a", "5.11-4-1/a", "5.12-1-2/a", "5.12-2-1/a", "5.12-3-1/a",
}  # fmt: skip
"""Units that carry something out for the units behind them, which fail where it cannot be done as documented."""
_TELLING = (
    "undocumented-login", "login-in-spanish", "ftp-login", "second-realm", "certificate-for-another-name",
    "obsolete-tls-for-a-name", "debug-port", "tcp-beside-udp", "tftp-server", "udp-discovery",
)  # fmt: skip
_NO_POLICY = (
    "policy-behind-login", "policy-behind-consent", "policy-behind-form", "policy-gone", "policy-in-a-circle",
    "policy-is-start-page",
)  # fmt: skip
_OF_SUPPORT = {"5.3-13-2/c", "5.3-14-2/c", "5.3-14-2/d", "5.3-14-2/e"}
_LEFT_OPEN: dict[str, set[str]] = {
    "password-change-refused": {"5.1-4-2/b"},
    "plain-http-login": {"5.6-2-2/a"},
    "universal-default-password": {"5.1-4-2/a", "5.1-4-2/b", "5.1-5-2/b"},
    "reflected-markup": {"5.6-2-2/a"},
    "stack-trace-page": {"5.5-4-2/a"},
    "policy-about-others": {"5.2-1-2/a"},
    "second-way-out": {"5.3-15-2/c", "5.9-1-2/a", "5.9-2-2/a"},
    "shown-offline": {
        "5.3-15-2/b",
        "5.3-15-2/c",
        "5.9-1-2/a",
        "5.9-1-2/b",
        "5.9-2-2/a",
        "5.9-2-2/b",
    },
    "spare-refuses-setup": {"5.3-15-2/e"},
    "altered-starts": {"5.7-2-2/a", "5.7-2-2/b"},
    "no-alert": {"5.7-2-2/b"},
    "decision-missing": {"5.12-1-2/a"},
    "erasure-asks-more": {"5.11-2-2/c", "5.11-4-1/a"},
    "privacy-notice-gone": {"6-1-2/b", "6-5-2/b", "6-5-2/c"},
    "telemetry-untold": {"6-1-2/b"},
    "support-of-another": {"5.3-14-2/d"},
    **{key: {"5.2-1-2/b"} for key in _NO_POLICY},
    **dict.fromkeys(("support-behind-login", "support-gone"), _OF_SUPPORT),
    **{
        key: {"5.2-1-2/b", "5.3-13-2/a", "5.3-14-2/a", *_OF_SUPPORT}
        for key in ("certificate-over", "certificate-of-another")
    },
    "automatic-does-nothing": {"5.3-1-2/a", "5.3-2-2/b"},
    "designation-missing": {"5.3-16-2/b"},
    **{key: {"5.6-2-2/a"} for key in _TELLING},
}
"""Units that a flaw leaves INCONCLUSIVE: the effect of a change that the device did not make cannot be judged, what an
undocumented page, realm or certificate tells is for a person to classify, a camera that has a way past its network cannot
be cut off, software that is started as if nothing were wrong, and a camera that does not tell of it, bring no detection
about, one that its service shows as away does not come back there, of a page behind a hurdle nothing is read, a password that
is too common for the camera to take it back, once the stream's was changed, is no longer there for the recorder's login,
which shares it. Where no update is installed, nothing shows what the camera refuses. Whether a page on what others promise
is a policy at all is for a person to say, and so is whether a plan to replace another model is one for this."""

_ANSWERS_ALL = {"5.1-1-2/a", "5.1-3-2/a", "5.1-5-2/a", "5.5-4-2/c"}
_ELSEWHERE: dict[str, set[str]] = {
    **dict.fromkeys(("debug-port", "tcp-beside-udp"), _ANSWERS_ALL),
    **{key: {"5.3-1-2/a", "5.3-2-2/b"} for key in ("cloud-certificate-unchecked", "report-in-clear")},
}
"""Units beyond a flaw's own families that it leaves INCONCLUSIVE, which a run that looks at all units shows: behind a path of
a server that answers every path alike there may be a login."""
_AFTER_OTHERS: dict[str, set[str]] = {"port-opens-with-power": {"5.5-5-2/b", "5.13-1-2/c"}}
"""Units that a flaw fails instead of its own in a run that looks at all of them: others have cut the power before, so that
the port is there at the first look of the unit on outages, and is found by those that look for ports."""


_APART: dict[str, set[str]] = {
    "justifications": {"4"},
    "passwords": {"5.1-1", "5.1-2"},
    "protection of logins": {"5.1-3"},
    "changes of passwords": {"5.1-4"},
    "guessing": {"5.1-5"},
    "implementations": {"5.5-2-2/a"},
    "access": {"5.5-4-2/a", "5.5-4-2/b"},
    "peers": {"5.5-1-2/a", "5.5-4-2/c", "5.5-6-2/a", "5.5-7-2/a", "5.8-1-2/a", "5.8-2-2/a"},
    "states": {"5.5-5-2/a", "5.5-5-2/b", "5.13-1-2/c"},
    "watching": {"5.9-3-2/a"},
    "outages": {"5.9-1-2/a", "5.9-1-2/b", "5.9-2-2/a", "5.9-2-2/b"},
    "isolation": {"5.3-15-2/a", "5.3-15-2/b", "5.3-15-2/c"},
    "replacement": {"5.3-15-2/d", "5.3-15-2/e"},
    "updates": {"5.3-1-2", "5.3-2-2/b"},
    "update settings": {"5.3-6-2"},
    "boot": {"5.7-2-2/b"},
    "altered software": {"5.7-1-2/a", "5.7-2-2/a"},
    "storage": {"5.4-1-2/a", "5.4-3-2/a"},
    "exposure": {"5.6-3-2/a", "5.6-3-2/c", "5.6-3-2/d"},
    "console": {"5.6-4-2/a"},
    "inputs": {"5.13-1-2/a"},
    "decisions": {"5.12-1-2/a", "5.12-1-2/d", "5.12-2-1/a"},
    "set-up check": {"5.12-3-1/a", "5.12-3-1/c"},
    "consent": {"6-2-2/a", "6-3-2/a"},
    "publications": {"5.2-1-2", "5.3-13-2", "5.3-14-2", "5.3-16-2"},
    "erasing": {"5.11-1-2", "5.11-2-2", "5.11-3-1/a", "5.11-4-1/a"},
    "texts": {
        *("5.8-3-1/a", "5.11-3-1/b", "5.12-2-1/b", "6-1-2/a", "6-1-2/b", "6-5-2/a", "6-5-2/b", "6-5-2/c"),
    },
}

_ADDED = {
    "update settings": {"5.3-4A-2", "5.3-4B-2"},
    "set-up check": {"5.12-3-2"},
    "consent": {"6-3B-2/a"},
    "erasing": {"5.11-1-2/d", "5.11-4-1/a", "6-6-2/a"},
}
"""Family -> what the later edition adds to it."""
_ALSO_LEFT_OPEN = {
    # A person says whether machines use such a login.
    **{
        key: {"5.1-2A-2/a"}
        for key in ("undocumented-login", "login-in-spanish", "second-login-form", "second-realm")
    },
    # A server that answers every path alike may have a login behind one of them.
    **{key: {"5.1-2A-2/a"} for key in ("debug-port", "tcp-beside-udp")},
    # Without the sign of consent nothing shows that it would be found.
    "consent-not-shown": {"6-2-2/a", "6-3A-2/a"},
    # It asks who is there; whether it asks well is for a person.
    "uart-login": {"5.6-4A-2/a"},
}
_STEPS_ADDED = {"5.11-4-1/a", "5.12-3-2/a", "6-6-2/a"}
_FOR_A_PERSON = {"5.1-3-2/a", "5.6-3-2/c", "5.6-4A-2/a"}
"""Units of the later edition that are open for some entries of the sound camera: a login as a client shows at its peer only,
and whether the button is on and the test points are off a person sees."""
_NOT_FOLLOWED = {"5.3-4B-2/a", "5.3-4B-2/b", "5.3-4B-2/c", "5.6-4B-2/a"}
"""Of recommendations of the later edition that the camera does not follow: `tests/criteria/` refutes them."""
_UNDERSTOOD = {"5.12-1-2/c"}
"""A question is understood or not by a person."""
_NOT_MORE = {"5.3-2-2/a", "5.6-4-2/b", "5.6-4A-2/b"}
"""What a program lists of attacks refutes nothing; and the camera has no other serial line than the documented one:
`tests/criteria/` refutes that it is the only one for debugging."""
_NEVER_REFUTED = {"5.6-1-2/b", "5.13-1B-2/b", "6-7-2/b"}
"""A person finds a further interface, and raw values are refuted by captures alone, of which the camera brings none:
`tests/criteria/` refutes both. That a manual names a network refutes nothing."""
_AT_A_PEER = {"5.1-2A-2/b"}
"""The camera lets no machine in: what it shows as a client is for its peer."""


@dataclass(frozen=True)
class Matrix:
    """An edition's side of it.

    Attributes:
        decided: functional units that a program decides.
        reserved: units that a program tries and may refute, and a person confirms: a run looks at those that its flaw
            fails.
        families: units, cases or groups that are looked at together, since what they cost is the same: searching, logging in, standing in
            for the device's peers, resetting it, watching it for long, sending it hundreds of messages.
        left_open: flaw -> units that it leaves INCONCLUSIVE.
        left_open_elsewhere: flaw -> units beyond its families that it leaves INCONCLUSIVE.
        fails_after_others: flaw -> units that it fails where others have been looked at before its own.
        steps: units that carry something out for the units behind them.
        open: units that are INCONCLUSIVE for some entries without any flaw.
        unseeded: units that no flaw can fail on this camera.
    """

    edition: str
    profile: str
    decided: frozenset[str]
    reserved: frozenset[str]
    families: Mapping[str, frozenset[str]]
    left_open: Mapping[str, frozenset[str]]
    left_open_elsewhere: Mapping[str, frozenset[str]]
    fails_after_others: Mapping[str, frozenset[str]]
    steps: frozenset[str]
    open: frozenset[str]
    unseeded: frozenset[str]


def is_of(name: str, one: str) -> bool:
    """Whether a unit is one, or belongs to a case or group."""
    return name == one or name.startswith((f"{one}-", f"{one}/"))


def later(names: Iterable[str]) -> set[str]:
    """What became of units, cases or groups of edition 1.1.1: units of the later one."""
    ways = crosswalk(_FIRST, LATER)
    names = tuple(names)
    return {
        row.new
        for unit in edition(_FIRST).units
        if any(is_of(unit.id, one) for one in names)
        for row in ways.became(unit.id)
    }


def _looked_at(names: Iterable[str], decided: Collection[str]) -> set[str]:
    """What became of a family: of a whole group its units on paper, too."""
    whole = {group.id for group in edition(_FIRST).groups} | set(edition(_FIRST).scenarios)
    return {unit for name in names for unit in later([name]) if name in whole or unit in decided}


@cache
def matrix(name: str) -> Matrix:
    """That of an edition."""
    functions = by_unit(load_units(), name)
    functional = {unit.id for unit in edition(name).units if unit.functional and unit.id in functions}
    decided = frozenset(unit for unit in functional if not functions[unit].by_hand)
    reserved = frozenset(unit for unit, function in functions.items() if function.reserved)
    elsewhere, after_others = _ELSEWHERE, _AFTER_OTHERS
    if name == _FIRST:
        apart, left, steps = _APART, _LEFT_OPEN, _STEPS
        opened, unseeded = set[str](), _UNDERSTOOD | _NOT_MORE
    else:
        apart = {
            family: _looked_at(units, decided) | _ADDED.get(family, set()) for family, units in _APART.items()
        }
        left = {
            label: later(_LEFT_OPEN.get(label, ())) | _ALSO_LEFT_OPEN.get(label, set())
            for label in {**_LEFT_OPEN, **_ALSO_LEFT_OPEN}
        }
        elsewhere = {label: later(units) for label, units in _ELSEWHERE.items()}
        after_others = {label: later(units) for label, units in _AFTER_OTHERS.items()}
        steps = later(_STEPS) & decided | _STEPS_ADDED
        opened, unseeded = (
            _FOR_A_PERSON,
            _UNDERSTOOD | _NOT_MORE | _NOT_FOLLOWED | _AT_A_PEER | _NEVER_REFUTED,
        )
    rest = {
        unit for unit in decided if not any(is_of(unit, one) for units in apart.values() for one in units)
    }
    return Matrix(
        edition=name,
        profile="virtual-camera" if name == _FIRST else f"virtual-camera-{name}",
        decided=decided,
        reserved=reserved,
        families={family: frozenset(units) for family, units in {**apart, "search": rest}.items()},
        left_open={label: frozenset(units) - reserved for label, units in left.items()},
        left_open_elsewhere={label: frozenset(units) - reserved for label, units in elsewhere.items()},
        fails_after_others={label: frozenset(units) for label, units in after_others.items()},
        steps=frozenset(steps),
        open=frozenset(opened),
        unseeded=frozenset(unseeded),
    )
