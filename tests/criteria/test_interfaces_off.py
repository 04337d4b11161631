"""Whether interfaces are off where nothing needs them (5.6-1-1, 5.6-3-1 c, 5.6-4-1)."""

from __future__ import annotations

import pytest
from documents import entry_of

from pytest_etsi import criteria


def interface(status="", protection="", **facts):
    return entry_of("15-Intf", {"Status": status, "Protection": protection, "facts": facts})


def kinds(found):
    return [finding.kind for finding in found]


@pytest.mark.parametrize(
    ("status", "facts", "expected"),
    [
        ("disabled but for maintenance", {"default": "disabled"}, []),
        ("disabled for good", {"default": "permanently-disabled"}, []),
        ("Enabled for an hour after a press", {"default": "disabled"}, ["unknown"]),
        ("", {"default": "enabled"}, ["violation"]),
        ("", {"enabled": True}, ["violation"]),
        ("", {"default": "disabled", "enabled": True}, ["violation"]),
        ("disabled while it is not needed", {}, ["unknown"]),
    ],
)
def test_an_interface_for_some_times_is_off_at_all_others(status, facts, expected):
    assert kinds(criteria.interfaces.intermittent_is_off(interface(status, **facts))) == expected


@pytest.mark.parametrize(
    ("status", "facts", "by_default", "for_good"),
    [
        ("disabled, fuses are blown", {"default": "permanently-disabled"}, [], []),
        ("disabled until a key is given", {"default": "disabled"}, [], ["violation"]),
        ("enabled", {"default": "enabled"}, ["violation"], ["violation"]),
        ("enabled", {"enabled": True}, ["violation"], ["violation"]),
        ("Enabled.", {}, ["violation"], ["violation"]),
        ("disabled until a key is given", {}, ["unknown"], ["unknown"]),
    ],
)
def test_a_debug_interface_is_off_by_default_or_for_good(status, facts, by_default, for_good):
    entry = interface(status, **facts)

    assert kinds(criteria.interfaces.debug_off(entry, permanently=False)) == by_default
    assert kinds(criteria.interfaces.debug_off(entry, permanently=True)) == for_good


@pytest.mark.parametrize(
    ("facts", "said"), [({"enabled": True}, "is enabled"), ({"default": "enabled"}, "is enabled")]
)
def test_what_a_debug_interface_is_instead_is_said(facts, said):
    (finding,) = criteria.interfaces.debug_off(interface("enabled", **facts), permanently=True)

    assert finding.message.endswith(said)
    assert finding.expected == "permanently disabled"


@pytest.mark.parametrize(
    ("protection", "expected"),
    [
        ("", ["violation"]),
        ("The casing and glue.", ["violation"]),
        ("no header fitted", ["violation"]),
        ("The casing, and a fuse that the firmware sets.", []),
        ("A setting of the boot loader.", []),
    ],
)
def test_mechanical_means_are_no_way_to_disable_in_software(protection, expected):
    found = criteria.interfaces.debug_is_disabled_in_software(interface(protection=protection))

    assert kinds(found) == expected
