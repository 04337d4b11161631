"""What the factory gives the virtual camera, and where it listens."""

from __future__ import annotations

import csv
import io
import socket
import sys

import pytest

from pytest_etsi.virtual.device.identity import ALPHABET, BATCH, Factory
from pytest_etsi.virtual.flaws import FLAWS, Flaw, PasswordFlaw, named
from pytest_etsi.virtual.place import Place, PlaceError, pick


def test_the_same_seed_makes_the_same_batch() -> None:
    assert Factory("seed").batch() == Factory("seed").batch()


def test_another_seed_makes_another_batch() -> None:
    assert not {item.password for item in Factory("one").batch()} & {
        item.password for item in Factory("two").batch()
    }


def test_the_camera_is_one_of_the_batch() -> None:
    factory = Factory("seed")

    assert factory.camera in factory.batch()


def test_serial_numbers_and_mac_addresses_count_up() -> None:
    batch = Factory("seed").batch()
    serials = [int(item.serial.removeprefix("EC2-")) for item in batch]
    macs = [int(item.mac.replace(":", ""), 16) for item in batch]

    assert (serials, macs) == (
        list(range(serials[0], serials[0] + BATCH)),
        list(range(macs[0], macs[0] + BATCH)),
    )


@pytest.mark.parametrize("seed", [str(number) for number in range(20)])
def test_mac_addresses_stay_in_the_range_for_documentation(seed: str) -> None:
    assert all(
        item.mac.startswith("00:00:5E:00:53:") and len(item.mac) == 17 for item in Factory(seed).batch()
    )


def test_label_passwords_are_twelve_symbols_of_the_alphabet_and_all_different() -> None:
    passwords = [item.password for item in Factory("seed").batch()]

    assert len(ALPHABET) == len(set(ALPHABET)) == 31
    assert len(set(passwords)) == BATCH
    assert all(len(password) == 12 and set(password) <= set(ALPHABET) for password in passwords)


def test_label_passwords_use_the_alphabet_evenly() -> None:
    text = "".join(item.password for seed in range(40) for item in Factory(str(seed)).batch())
    expected = len(text) / len(ALPHABET)

    chi_squared = sum((text.count(symbol) - expected) ** 2 / expected for symbol in ALPHABET)
    # 30 degrees of freedom: a fair source exceeds 70 in 5 of 100,000 cases; the seeds are fixed, so this is decided.
    assert chi_squared < 70


def test_the_factory_s_list_has_a_line_a_device() -> None:
    factory = Factory("seed")
    rows = list(csv.DictReader(io.StringIO(factory.to_csv())))

    assert [(row["serial"], row["mac"], row["ssid"], row["password"]) for row in rows] == [
        (item.serial, item.mac, item.ssid, item.password) for item in factory.batch()
    ]


def test_flaws_of_the_password_change_nothing_else_about_a_device() -> None:
    flaws = (
        PasswordFlaw.UNIVERSAL_DEFAULT_PASSWORD,
        PasswordFlaw.MAC_DERIVED_PASSWORD,
        PasswordFlaw.SEQUENTIAL_PASSWORDS,
    )
    devices = {
        (item.serial, item.mac, item.ssid)
        for flaw in flaws
        for item in (Factory("seed").camera, Factory("seed", frozenset({flaw})).camera)
    }

    assert len(devices) == 1


def test_flaw_universal_default_password_is_the_same_on_all_devices_of_all_batches() -> None:
    flaws = frozenset({PasswordFlaw.UNIVERSAL_DEFAULT_PASSWORD})

    assert {item.password for seed in "ab" for item in Factory(seed, flaws).batch()} == {"admin12345"}


def test_flaw_mac_derived_password_is_the_mac_address() -> None:
    batch = Factory("seed", frozenset({PasswordFlaw.MAC_DERIVED_PASSWORD})).batch()

    assert [item.password for item in batch] == [item.mac.replace(":", "") for item in batch]


def test_flaw_sequential_passwords_count_up() -> None:
    batch = Factory("seed", frozenset({PasswordFlaw.SEQUENTIAL_PASSWORDS})).batch()
    numbers = [int(item.password.removeprefix("CAMERA")) for item in batch]

    assert numbers == list(range(numbers[0], numbers[0] + BATCH))


def test_every_flaw_has_its_own_name_and_says_what_it_fails() -> None:
    assert len({flaw.label for flaw in FLAWS}) == len(FLAWS)
    assert all(flaw.what and (flaw.fails or flaw.fails_later) for flaw in FLAWS)
    # Of two members of an enumeration with the same value the second would only be another name of the first.
    assert sum(len(family.__members__) for family in {type(flaw) for flaw in FLAWS}) == len(FLAWS)
    assert {type(flaw) for flaw in FLAWS} == set(Flaw.__subclasses__())


def test_an_unknown_flaw_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no-lockout"):
        named("nolockout")


def test_the_base_of_the_block_is_used_by_nothing_and_the_bench_lies_outside() -> None:
    place = Place("127.0.0.1", 20000)
    inside = {place.http, place.https, place.telnet}
    outside = {place.site, place.cloud, place.control}

    assert all(20000 < port <= 20031 for port in inside)
    assert all(port > 20031 for port in outside)
    assert (len(inside), len(outside), place.block) == (3, 3, "20000-20031")


def test_a_picked_place_is_free() -> None:
    assert pick(seed="test").taken() is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has all of 127.0.0.0/8")
def test_different_seeds_get_different_addresses() -> None:
    assert pick(seed="one").host != pick(seed="two").host


def test_a_place_with_a_port_in_use_is_taken() -> None:
    place = pick(seed="test")
    with socket.socket() as other:
        other.bind((place.host, place.https))
        other.listen()

        assert place.taken() == place.https


def test_picking_passes_over_a_port_in_use() -> None:
    place = pick(seed="test")
    with socket.socket() as other:
        other.bind((place.host, place.https))
        other.listen()

        assert pick(place.host, seed="test") != place


def test_picking_gives_up_after_a_bounded_search() -> None:
    place = pick(seed="test")
    with socket.socket() as other:
        other.bind((place.host, place.https))
        other.listen()
        with pytest.raises(PlaceError):
            pick(place.host, place.base)
