"""A place of labgrid as its client tells it: acquired and released, and every way in which that fails is the bench's.

The client is a few lines of shell here, which says what labgrid's own says (`test_dut_labgrid.py` has labgrid itself).
"""

from __future__ import annotations

import shlex
import time
from typing import TYPE_CHECKING

import pytest
import yaml
from bench_world import device_of

from pytest_etsi.profile import ProfileError
from pytest_etsi.verdict import Cause, Inconclusive

if TYPE_CHECKING:
    from pathlib import Path

SERIAL = {"host": "127.0.0.1", "port": 1, "protocol": "raw"}
SERVICE = {"address": "127.0.0.1", "username": "root", "password": "planted-1234"}
FREE = "labgrid-client: Error: place lamp is not acquired"


def client(directory: Path, **says: str) -> Path:
    """A client that does for a command what `says` has for it, in shell; anything else succeeds without a word."""
    path = directory / "labgrid-client"
    cases = "\n".join(f"*' {command}'*) {does} ;;" for command, does in says.items())
    path.write_text(
        f'#!/bin/sh\necho "$*" >> {shlex.quote(str(directory / "told"))}\ncase " $*" in\n{cases}\nesac\n'
    )
    path.chmod(0o755)
    return path


def offering(*resources: dict) -> str:
    """The command `env`, for a place with these."""
    told = yaml.safe_dump({"targets": {"lamp": {"resources": list(resources)}}}, sort_keys=False)
    return f"printf 'Selected role main and place lamp from configuration file\n%s' {shlex.quote(told)}"


def told(directory: Path) -> list[str]:
    """What the client was told, without the place."""
    return [line.partition("-p lamp ")[2] for line in (directory / "told").read_text().splitlines()]


def device(directory: Path, *, hosts: tuple[str, ...] = (), **labgrid):
    given = {
        "coordinator": "127.0.0.1:1",
        "place": "lamp",
        "client": str(directory / "labgrid-client"),
        "timeout_s": 5,
    }
    given = {key: value for key, value in (given | labgrid).items() if value is not None}
    bench = {"driver": "far", "kind": "bench"}
    access = {
        "labgrid": given,
        "bench_hosts": list(hosts),
        "bench": {"far": {"kind": "labgrid", "settles_s": 0}},
        "serial": {"url": "labgrid://"},
        "operations": {"power-off": bench | {"action": "off"}, "press": bench | {"action": "press"}},
    }
    return device_of(directory, access)


def refusal(dut, what=lambda dut: dut.operations.run("power-off")) -> str:
    """Why it is the bench's fault."""
    with pytest.raises(Inconclusive) as raised:
        what(dut)
    assert raised.value.cause is Cause.BENCH
    return str(raised.value)


def test_a_place_is_acquired_when_it_is_needed_and_released_at_the_end(tmp_path):
    client(tmp_path, env=offering({"NetworkService": SERVICE}), get="echo power for place lamp is off")
    dut = device(tmp_path)
    before = (tmp_path / "told").exists()
    dut.operations.run("power-off")
    dut.operations.run("power-off")
    dut.close()
    dut.close()

    assert not before
    assert told(tmp_path) == ["acquire", "env", *["power off", "power get"] * 2, "release"]


def test_a_place_that_this_user_holds_already_stays_held(tmp_path):
    client(tmp_path, acquire="echo You have already acquired place lamp.; exit 1", env=offering({"NetworkService": SERVICE}),
           get="echo power for place lamp is off")  # fmt: skip
    dut = device(tmp_path)
    dut.operations.run("power-off")
    dut.close()

    assert "release" not in told(tmp_path)


def test_a_place_is_not_acquired_where_the_profile_says_so(tmp_path):
    client(tmp_path, env=f"echo {FREE} >&2; exit 1")
    dut = device(tmp_path, acquire=False)

    assert "place lamp is not acquired" in refusal(dut)
    assert told(tmp_path) == ["env"]


def test_a_place_that_somebody_else_holds_is_told_by_its_holder_and_not_released(tmp_path):
    client(tmp_path, acquire="echo 'labgrid-client: Error: Place lamp is already acquired by vm/jo.' >&2; exit 1",
           env=f"echo {FREE} >&2; exit 1")  # fmt: skip
    dut = device(tmp_path)
    reason = refusal(dut)
    dut.close()

    assert "already acquired by vm/jo" in reason
    assert "release" not in told(tmp_path)


def test_a_place_with_another_device_is_released_at_once(tmp_path):
    client(tmp_path, env=offering({"NetworkService": SERVICE | {"address": "192.0.2.9"}}))

    assert "its device at 192.0.2.9, the profile at 127.0.0.1" in refusal(device(tmp_path))
    assert told(tmp_path) == ["acquire", "env", "release"]


@pytest.mark.parametrize(
    "says",
    ["echo", "echo 'targets: ['", "echo 'targets: {password: planted-1234}'", "echo 'targets: {}'", "echo 'targets: {a: {resources: 5}}'",
     "echo 'targets: {a: {resources: [5]}}'", "echo 'targets: !!python/object/apply:os.getcwd []'",
     "head -c 3000000 /dev/zero | tr '\\0' x"],
)  # fmt: skip
def test_nonsense_instead_of_resources_is_a_bench_that_failed(tmp_path, says):
    client(tmp_path, env=says)

    reason = refusal(device(tmp_path))

    assert "told the resources of the place in no form" in reason
    assert "planted-1234" not in reason


@pytest.mark.parametrize(
    "says", ["echo", "echo power for place lamp is maybe", "echo power for place lamp is on"]
)
def test_a_supply_that_answers_nonsense_or_the_contrary_is_a_bench_that_failed(tmp_path, says):
    client(tmp_path, env=offering({"NetworkPowerPort": {}}), get=says)

    refusal(device(tmp_path))


def test_a_client_that_hangs_is_ended_in_time(tmp_path):
    client(tmp_path, acquire="sleep 600", env="sleep 600")
    began = time.monotonic()

    assert "did not end within 0.2 s" in refusal(device(tmp_path, timeout_s=0.2))
    assert time.monotonic() - began < 30


def test_the_last_words_of_a_client_that_fell_are_told(tmp_path):
    client(tmp_path, env=offering({"NetworkPowerPort": {}}),
           power="printf 'Traceback (most recent call last):\n  File x\nHTTPError: 500 Server Error\n' >&2; exit 2")  # fmt: skip

    assert "power ended with 2: Traceback (most recent call last):   File x HTTPError: 500" in refusal(
        device(tmp_path)
    )


def test_of_a_long_complaint_of_the_client_the_beginning_is_told(tmp_path):
    client(tmp_path, env=offering({"NetworkPowerPort": {}}),
           power=f"echo 'labgrid-client: Error: remote not found{', NetworkPowerPort' * 40}' >&2; exit 1")  # fmt: skip

    assert "power ended with 1: labgrid-client: Error: remote not found" in refusal(device(tmp_path))


def test_without_a_client_it_is_said_how_to_get_one(tmp_path):
    assert "pip install 'pytest-etsi[labgrid]'" in refusal(device(tmp_path, client="no-such-client"))


def test_what_it_cannot_do_is_told_with_what_it_can(tmp_path):
    assert "it can on and off" in refusal(device(tmp_path), lambda dut: dut.operations.run("press"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("targets: [\n", "env.yaml, line 2: is not YAML"),
        ("- targets\n", "env.yaml, line 1: targets: expected a mapping"),
        ("options: {}\ntargets: [main]\n", "env.yaml, line 2: targets: expected a mapping"),
        ("targets:\n  main: {resources: {RawSerialPort: {port: /dev/null}}}\n", "env.yaml, line 2: targets: none has a Rem"),
        ("targets:\n  main:\n    resources: 5\n", "line 2: targets: none has a Rem"),
        ("", "env.yaml, line 1: targets: expected"),
        ("\x00", "env.yaml cannot be read"),
        ("[" * 5000, "env.yaml"),
    ],
)  # fmt: skip
def test_an_environment_file_that_is_broken_is_told_by_its_line(tmp_path, content, why):
    client(tmp_path)
    (tmp_path / "env.yaml").write_text(content)

    assert why in refusal(device(tmp_path, coordinator=None, place=None, environment="env.yaml"))
    assert not (tmp_path / "told").exists()


@pytest.mark.parametrize(
    "resources",
    ["{RemotePlace: {name: lamp}}", "[{RemotePlace: {name: lamp}}]", "[{cls: RemotePlace, name: lamp}]"],
)
def test_an_environment_file_may_write_its_place_as_labgrid_lets_it(tmp_path, resources):
    client(tmp_path, env=offering({"NetworkService": SERVICE}), get="echo power for place lamp is off")
    (tmp_path / "env.yaml").write_text(
        f"targets:\n  main: {{resources: {resources}}}\nimages: !template $X\n"
    )
    dut = device(tmp_path, coordinator=None, place=None, environment="env.yaml")

    assert dut.operations.run("power-off").done


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        ([], "no console"),
        ([{"NetworkService": SERVICE}], "no console"),
        ([{"NetworkSerialPort": SERIAL}, {"NetworkSerialPort": SERIAL | {"name": "b"}}], "2 consoles"),
        ([{"NetworkSerialPort": SERIAL | {"port": "x"}}], "port x"),
        ([{"NetworkSerialPort": SERIAL | {"host": ["a"]}}], "a host, a number"),
        ([{"NetworkSerialPort": SERIAL | {"protocol": "telnet"}}], "protocol telnet"),
        (
            [{"NetworkSerialPort": SERIAL | {"host": "192.0.2.9"}}],
            "192.0.2.9:1, which the profile does not name",
        ),
        ([{"NetworkSerialPort": SERIAL}], "Connection refused"),
    ],
)
def test_a_console_that_the_place_does_not_offer_is_the_benchs_matter(tmp_path, resources, why):
    client(tmp_path, env=offering(*resources))

    assert why in refusal(device(tmp_path), lambda dut: dut.console)


@pytest.mark.parametrize(
    ("serial", "hosts", "url"),
    [
        (SERIAL | {"host": "192.0.2.9"}, ("192.0.2.9",), "socket://192.0.2.9:1"),
        (SERIAL | {"host": "bench.example", "protocol": "rfc2217"}, ("Bench.Example:1",), "rfc2217://bench.example:1"),
        (SERIAL | {"host": "2001:db8::9"}, ("2001:db8::9",), "socket://[2001:db8::9]:1"),
    ],
)  # fmt: skip
def test_the_console_of_a_place_is_where_its_exporter_offers_it(tmp_path, serial, hosts, url):
    client(
        tmp_path,
        env=offering({"NetworkSerialPort": serial}, {"NetworkSerialPort": SERIAL | {"name": "other"}}),
    )

    assert device(tmp_path, hosts=hosts).operations.place.console("NetworkSerialPort") == url


@pytest.mark.parametrize(
    ("labgrid", "why"),
    [
        ({"place": None}, "coordinator and place are needed, or environment"),
        ({"coordinator": "not a host"}, "expected host or host:port"),
        ({"place": "lamp*"}, "expected the whole name of a place"),
        ({"environment": "none.yaml"}, "none.yaml"),
    ],
)
def test_what_does_not_name_a_place_is_a_problem_of_the_profile(tmp_path, labgrid, why):
    with pytest.raises(ProfileError, match=why) as raised:
        device(tmp_path, **labgrid)
    assert "lamp.yaml:" in str(raised.value)


def test_equipment_and_consoles_of_labgrid_need_a_place(tmp_path):
    for access in ({"bench": {"far": {"kind": "labgrid"}}}, {"serial": {"url": "labgrid://"}}):
        with pytest.raises(ProfileError, match="needs labgrid"):
            device_of(tmp_path, access)
