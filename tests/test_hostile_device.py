"""A whole assessment of devices that behave as none should: it ends, says why, and passes nothing on their word."""

from __future__ import annotations

import contextlib
import re
import sys
from functools import partial
from pathlib import Path

import pytest
from real_device import Configuration, Device
from suite_runs import SuiteRun, run_side_by_side, run_suite

from pytest_etsi.standard import edition

sys.path.insert(0, str(Path(__file__).with_name("probes")))

from hostile_servers import BEHAVIOURS, serve  # isort: skip
from hostile_web import WEB  # isort: skip

ALL = {**BEHAVIOURS, **WEB}
DEVICES = {
    "mute": {"https": "accepts and never speaks"},
    "dripping": {"ssh": "drips an SSH banner", "http": "drips HTTP headers"},
    "flooding": {"ssh": "sends lines for ever", "https": "alternates TLS alerts for ever"},
    "lying": {
        "ssh": "sends an SSH packet of 4 GB",
        "https": "lies about the length of a ServerHello",
        "http": "sends a bomb in a bomb",
        "mqtt": "sends an endless CONNACK",
    },
    "erratic": {
        "ssh": "sends terminal escapes in an SSH banner",
        "https": "resets at once",
        "http": "answers anything",
        "mqtt": "echoes",
    },
}
"""A device and what listens on its ports."""

PARTS = ("5.1-3", "5.5-1", "5.6-1", "5.6-2")
FUNCTIONAL = {unit.id for part in PARTS for unit in edition("1.1.1").select(part) if unit.functional}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SuiteRun]:
    """Documents of a good device, and a hostile one in its place."""
    devices = {name: Device(tmp_path_factory.mktemp("device")) for name in DEVICES}

    def run(name: str) -> SuiteRun:
        device = devices[name]
        with device.running(Configuration()):
            pass
        with contextlib.ExitStack() as stack:
            for port, behaviour in DEVICES[name].items():
                stack.enter_context(serve(ALL[behaviour], port=device.ports[port]))
            return run_suite(device.directory / "run", device.profile, f"--etsi-only={','.join(PARTS)}", "-v")

    return run_side_by_side({name: partial(run, name) for name in DEVICES})


@pytest.mark.parametrize("name", DEVICES)
def test_the_assessment_goes_on_to_its_end_and_passes_nothing_on_the_device(
    runs: dict[str, SuiteRun], name: str
) -> None:
    run = runs[name]
    found = [(unit, one) for unit, one in run.evaluations() if unit in FUNCTIONAL]

    assert {unit for unit, _ in found} == FUNCTIONAL, run.output
    assert run.status in {1, 10}, (
        run.output
    )  # tests failed, or units are inconclusive; never an internal error
    assert "INTERNALERROR" not in run.output
    assert {unit for unit, one in found if one["verdict"] == "PASS"} == set(), run.output
    assert all(one["reason"] for _, one in found if one["verdict"] != "NOT APPLICABLE")
    assert all(one["cause"] for _, one in found if one["verdict"] == "INCONCLUSIVE")
    assert not re.search(r"[\x00-\x08\x0b-\x1a\x7f-\x9f\u202a-\u202e]", run.output)
