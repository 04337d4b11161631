"""The functional units of scenario 5.1 against OpenSSH, nginx and Mosquitto, configured well and badly.

The documents always describe the good configuration; what is expected of each unit follows from the difference.
"""

from __future__ import annotations

import base64
import re
from functools import partial

import pytest
from real_device import KEY_EXCHANGES, MQTT, SSH, SSH_CIPHERS, SSH_MACS, TLS_12, WEB, Configuration, Device
from suite_runs import SuiteRun, run_side_by_side, run_suite

from pytest_etsi.standard import edition

GOOD = "good"
BAD = "bad"
SUBTLE = "subtle"
OLD = "SSH of twenty years ago"
MUTE = "429 to everything"
NO_LOGIN = "429 to every login"

CONFIGURATIONS = {
    GOOD: Configuration(),
    BAD: Configuration(
        ssh={
            "PasswordAuthentication": "yes",
            "KexAlgorithms": ",".join((*KEY_EXCHANGES, "diffie-hellman-group14-sha1")),
            "Ciphers": ",".join((*SSH_CIPHERS, "aes128-cbc")),
            "MACs": ",".join((*SSH_MACS, "hmac-sha1")),
        },
        throttle="",
        plain_http=True,
        plain_mqtt=True,
    ),
    SUBTLE: Configuration(
        ssh_password_for="maintainer",
        protocols="TLSv1 TLSv1.1 TLSv1.2 TLSv1.3",
        ciphers=":".join((*TLS_12, "ECDHE-ECDSA-AES128-SHA", "@SECLEVEL=0")),
        throttle_key="$connection",
    ),
    OLD: Configuration(
        ssh={"KexAlgorithms": "diffie-hellman-group1-sha1", "Ciphers": "3des-cbc", "MACs": "hmac-md5"}
    ),
    MUTE: Configuration(throttle="return 429;"),
    NO_LOGIN: Configuration(throttle="if ($http_authorization) { return 429; }"),
}
"""All weaknesses of the first bad one show at the first look; those of the second hide behind a good surface."""

JUDGEMENT = "INCONCLUSIVE judgement"
ACCESS = "INCONCLUSIVE access"
INFORMATION = "INCONCLUSIVE information"

EXPECTED_OF_GOOD = {
    ("5.1-1-2/a", None): "PASS",
    ("5.1-1-2/b", None): "NOT APPLICABLE",  # users choose no password here
    ("5.1-1-2/c", WEB): "PASS",
    ("5.1-1-2/c", MQTT): "PASS",
    ("5.1-2-2/a", WEB): "PASS",
    ("5.1-2-2/a", MQTT): "PASS",
    ("5.1-3-2/a", SSH): "PASS",
    ("5.1-3-2/a", WEB): "PASS",
    ("5.1-3-2/a", MQTT): "PASS",
    # No way to change a credential is given to the program.
    **{(f"5.1-4-2/{unit}", entry): ACCESS for unit in "ab" for entry in (SSH, WEB, MQTT)},
    ("5.1-5-2/a", None): "PASS",
    ("5.1-5-2/b", SSH): JUDGEMENT,  # protected by the size of the secret alone
    ("5.1-5-2/b", WEB): "PASS",
    ("5.1-5-2/b", MQTT): JUDGEMENT,
}
EXPECTED = {
    GOOD: EXPECTED_OF_GOOD,
    BAD: {
        **EXPECTED_OF_GOOD,
        ("5.1-1-2/a", None): "FAIL",  # passwords over SSH, and a second MQTT listener
        ("5.1-3-2/a", SSH): "FAIL",
        ("5.1-3-2/a", WEB): "FAIL",
        ("5.1-3-2/a", MQTT): INFORMATION,  # nothing shows whether the plain listener takes the same password
        ("5.1-5-2/a", None): "FAIL",
        ("5.1-5-2/b", WEB): "FAIL",
    },
    SUBTLE: {
        **EXPECTED_OF_GOOD,
        ("5.1-1-2/a", None): "FAIL",
        ("5.1-3-2/a", WEB): "FAIL",
        ("5.1-5-2/a", None): "FAIL",
        ("5.1-5-2/b", WEB): "FAIL",
    },
    # Its methods and its host key are seen all the same: a device is not left open because it is too weak.
    OLD: {**EXPECTED_OF_GOOD, ("5.1-3-2/a", SSH): "FAIL"},
    MUTE: {
        **EXPECTED_OF_GOOD,
        ("5.1-1-2/a", None): INFORMATION,
        ("5.1-1-2/c", WEB): ACCESS,
        ("5.1-2-2/a", WEB): ACCESS,
        ("5.1-3-2/a", WEB): INFORMATION,
        ("5.1-5-2/a", None): INFORMATION,
        ("5.1-5-2/b", WEB): ACCESS,
    },
    NO_LOGIN: {
        **EXPECTED_OF_GOOD,
        ("5.1-1-2/c", WEB): ACCESS,
        ("5.1-2-2/a", WEB): ACCESS,
        ("5.1-5-2/b", WEB): ACCESS,
    },
}
"""Configuration -> unit and entry -> verdict, with the cause of one that is INCONCLUSIVE."""

FUNCTIONAL = {unit.id for unit in edition("1.1.1").select("5.1") if unit.functional}


@pytest.fixture(scope="module")
def devices(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Device]:
    return {name: Device(tmp_path_factory.mktemp("device")) for name in CONFIGURATIONS}


@pytest.fixture(scope="module")
def runs(devices: dict[str, Device]) -> dict[str, SuiteRun]:
    """Scenario 5.1 on a device in each configuration."""

    def run(name: str) -> SuiteRun:
        with devices[name].running(CONFIGURATIONS[name]) as device:
            return run_suite(device.directory / "run", device.profile, "--etsi-only=5.1")

    # Each mostly waits for the throttle.
    return run_side_by_side({name: partial(run, name) for name in CONFIGURATIONS}, at_once=8)


def _verdicts(run: SuiteRun) -> dict[tuple[str, str | None], str]:
    return {
        (unit, found["entry"]): " ".join(filter(None, (found["verdict"], found["cause"])))
        for unit, found in run.evaluations()
        if unit in FUNCTIONAL
    }


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_every_functional_unit_gives_the_verdict_that_follows_from_the_configuration(
    runs: dict[str, SuiteRun], name: str
) -> None:
    run = runs[name]

    assert _verdicts(run) == EXPECTED[name], run.output


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_no_unit_on_the_documents_alone_is_decided_without_a_person(
    runs: dict[str, SuiteRun], name: str
) -> None:
    conceptual = {
        (found["verdict"], found["cause"])
        for unit, found in runs[name].evaluations()
        if unit not in FUNCTIONAL
    }

    assert conceptual == {("INCONCLUSIVE", "judgement")}


@pytest.mark.parametrize(("name", "status"), [(GOOD, 10), (BAD, 1), (SUBTLE, 1), (MUTE, 10), (NO_LOGIN, 10)])
def test_the_exit_status_says_whether_anything_failed(
    runs: dict[str, SuiteRun], name: str, status: int
) -> None:
    assert runs[name].status == status, runs[name].output


@pytest.mark.parametrize(
    ("name", "unit", "said"),
    [
        (BAD, "5.1-1-2/a", ["tcp/{ssh} ", "ssh-password", "tcp/{mqtt} "]),
        (BAD, "5.1-5-2/a", ["tcp/{ssh} ", "ssh-password", "tcp/{mqtt} "]),
        (BAD, "5.1-3-2/a", ["diffie-hellman-group14-sha1", "aes128-cbc", "hmac-sha1", "tcp/{http} "]),
        (BAD, "5.1-5-2/b", ["nothing locked"]),
        (SUBTLE, "5.1-1-2/a", ["tcp/{ssh} ", "ssh-password offered to user 'maintainer'"]),
        (SUBTLE, "5.1-3-2/a", ["TLSv1.0", "TLSv1.1", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"]),
        (SUBTLE, "5.1-5-2/b", ["over a new connection"]),
    ],
)
def test_the_reason_names_what_is_wrong(
    runs: dict[str, SuiteRun], devices: dict[str, Device], name: str, unit: str, said: list[str]
) -> None:
    reasons = "\n".join(
        found["reason"]
        for id_, found in runs[name].evaluations()
        if (id_, found["verdict"]) == (unit, "FAIL")
    )

    assert [word for word in said if word.format(**devices[name].ports) not in reasons] == [], reasons


def test_a_copy_of_a_login_without_tls_is_not_called_an_undocumented_one(
    runs: dict[str, SuiteRun], devices: dict[str, Device]
) -> None:
    assert f"tcp/{devices[BAD].http} " not in "\n".join(runs[BAD].reasons("5.1-5-2/a"))


def test_the_documents_of_all_configurations_are_the_same_but_for_ports(
    runs: dict[str, SuiteRun], devices: dict[str, Device]
) -> None:
    texts = set()
    for device in devices.values():
        text = (device.profile.parent / "ixit.yaml").read_text()
        for name, port in device.ports.items():
            text = re.sub(rf"\b{port}\b", f"<{name}>", text)
        texts.add(text)

    assert len(texts) == 1


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_no_password_of_the_device_is_written_anywhere(
    runs: dict[str, SuiteRun], devices: dict[str, Device], name: str
) -> None:
    device, run = devices[name], runs[name]
    forms = {password.encode() for password in device.passwords}
    forms |= {base64.b64encode(f"owner:{password}".encode()) for password in device.passwords}
    written = {path: path.read_bytes() for path in (device.directory / "run").rglob("*") if path.is_file()}
    leaking = [path.name for path, content in written.items() if any(form in content for form in forms)]

    assert written
    assert leaking == []
    assert not any(form in run.output.encode() for form in forms)
