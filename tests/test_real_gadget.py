"""A gadget of nine daemons at the end of a cable, all 65,535 ports scanned: what the wire says against the documents.

The documents describe the good configuration; what is expected of the bad one follows from the difference.
"""

from __future__ import annotations

from functools import partial

import gadget
import pytest
from gadget import (
    BROKER,
    CONSOLE,
    INPUTS,
    MANAGEMENT,
    MEDIA,
    NAME,
    PAGE,
    PORTS,
    SENSOR,
    SSH,
    TOPICS,
    WEB,
    Configuration,
)
from suite_runs import SuiteRun, run_side_by_side, run_suite

from tests.namespaces import needs_namespaces

pytestmark = needs_namespaces

UNITS = ("5.5-1-2", "5.5-2-2", "5.5-4-2/a", "5.5-4-2/b", "5.5-5-2", "5.6-1-2", "5.6-2-2", "5.13-1-2/a")
GOOD = "good"
BAD = "bad"
WORSE = "worse"
CONFIGURATIONS = {
    GOOD: Configuration(),
    BAD: Configuration(
        versions='("MinProtocol" => "TLSv1", "CipherString" => "ALL:@SECLEVEL=0")',
        tag=None,
        listing=True,
        record="fw=2.4.1",
        community="public",
        telnet=True,
        anonymous=True,
    ),
    WORSE: Configuration(
        short_key=True,
        media="gadget 7, firmware 2.4.1",
        resource="firmware-2.4.1",
        open_page=True,
        issue="gadget 7, firmware 2.4.1",
    ),
}
JUDGEMENT = "INCONCLUSIVE judgement"
EXPECTED_OF_GOOD = {
    **{("5.5-1-2/a", name): "PASS" for name in PORTS},
    ("5.5-2-2/a", "Web-server"): "PASS",  # no version is shown
    **{("5.6-1-2/a", name): "PASS" for name in PORTS},
    **{(unit, name): "PASS" for unit in ("5.5-4-2/a", "5.5-4-2/b") for name in (TOPICS, PAGE)},
    ("5.5-5-2/a", PAGE): "PASS",
    ("5.5-5-2/b", None): "PASS",
    ("5.6-1-2/b", None): "PASS",
    ("5.13-1-2/a", INPUTS): "PASS",
    **{("5.6-2-2/a", name): "PASS" for name in PORTS},
    (
        "5.6-2-2/a",
        MEDIA,
    ): JUDGEMENT,  # its status page names its clients, and its description itself, to everybody
}
EXPECTED = {
    GOOD: EXPECTED_OF_GOOD,
    BAD: {
        **EXPECTED_OF_GOOD,
        ("5.5-1-2/a", WEB): "FAIL",  # TLS 1.0 and 1.1, and every suite
        ("5.5-2-2/a", "Web-server"): "FAIL",  # lighttpd shows another version than was reviewed
        ("5.5-4-2/a", TOPICS): "FAIL",  # Mosquitto takes messages from everybody
        ("5.5-5-2/b", None): "FAIL",  # telnet, and MQTT without TLS
        ("5.6-1-2/b", None): "FAIL",  # the same
        ("5.6-2-2/a", WEB): "FAIL",  # a directory listing, and lighttpd's version
        ("5.6-2-2/a", NAME): "FAIL",  # the TXT record names the firmware
        ("5.6-2-2/a", MANAGEMENT): "FAIL",  # the community public reads the description
        ("5.6-2-2/a", BROKER): "FAIL",  # it tells everybody its version
        # No interface names the port of MQTT without TLS, so that what the broker tells there may be of each.
        **{("5.6-2-2/a", name): "FAIL" for name in (SSH, MEDIA, SENSOR, PAGE, CONSOLE)},
    },
    WORSE: {
        **EXPECTED_OF_GOOD,
        ("5.5-1-2/a", SSH): "FAIL",  # a host key that no document names, and of 1024 bits
        ("5.5-5-2/a", PAGE): "FAIL",  # nobody is asked for a password in factory default
        ("5.6-2-2/a", MEDIA): "FAIL",  # minidlna tells the firmware's version
        ("5.6-2-2/a", SENSOR): "FAIL",  # so does a resource that libcoap lists
        ("5.6-2-2/a", CONSOLE): "FAIL",  # and what telnetd says before the login
    },
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SuiteRun]:
    """The units that the wire decides, in each configuration."""
    directories = {name: tmp_path_factory.mktemp(name) for name in CONFIGURATIONS}

    def run(name: str) -> SuiteRun:
        with gadget.running(directories[name] / "gadget", CONFIGURATIONS[name]) as running:
            return run_suite(
                directories[name] / "run",
                running.profile,
                f"--etsi-only={','.join(UNITS)}",
                network=running.net.bench_file,
            )

    return run_side_by_side({name: partial(run, name) for name in CONFIGURATIONS})


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_every_unit_gives_the_verdict_that_follows_from_the_configuration(
    runs: dict[str, SuiteRun], name: str
) -> None:
    found = {
        (unit, one["entry"]): " ".join(filter(None, (one["verdict"], one["cause"])))
        for unit, one in runs[name].evaluations()
        if {unit, unit.rpartition("/")[0]} & set(UNITS)
    }

    assert found == EXPECTED[name], runs[name].output


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("5.5-1-2/a", ["TLSv1.0", "TLSv1.1"]),
        ("5.5-2-2/a", ["lighttpd 1.4.", "1.4.71 was reviewed"]),
        ("5.5-4-2/a", ["PUBLISH gadget/set", "is granted to nobody (PUBACK, delivered)"]),
        ("5.6-1-2/b", ["tcp/1883", "mqtt", "telnet"]),
        ("5.6-2-2/a", ["a listing shows files", "fw=2.4.1", "firmware 2.4.1"]),
    ],
)
def test_the_reason_names_what_is_wrong(runs: dict[str, SuiteRun], unit: str, words: list[str]) -> None:
    _names(runs[BAD], unit, words)


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("5.5-1-2/a", ["the host key (RSA) has 1024 bits"]),
        ("5.5-5-2/a", ["POST", "/cgi-bin/settings", "nobody"]),
        ("5.6-2-2/a", ["firmware 2.4.1", "firmware-2.4.1"]),
    ],
)
def test_the_reason_names_what_else_is_wrong(runs: dict[str, SuiteRun], unit: str, words: list[str]) -> None:
    _names(runs[WORSE], unit, words)


def _names(run: SuiteRun, unit: str, words: list[str]) -> None:
    reasons = "\n".join(run.reasons(unit))

    assert [word for word in words if word not in reasons] == []
