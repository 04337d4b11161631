"""A secret in every field that the schema has for one is looked for in everything that runs and commands write."""

from __future__ import annotations

import base64
import contextlib
import copy
import gzip
import io
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from planted_fields import MARK, Planted, planted_documents

from pytest_etsi.cli.main import main
from pytest_etsi.profile import load_profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from plugin_project import Project

REPORTS = (
    "--alluredir=allure", "--html=report.html", "--self-contained-html", "--junitxml=junit.xml",
    "--log-file=run.log", "--log-file-level=DEBUG", "-vv", "-l", "-rA", "--log-cli-level=DEBUG", "-o", "log_cli=true",
)  # fmt: skip

SUITE = """
    import logging
    import warnings

    from planted_secrets import SECRETS

    @unit("5.1-5-2", "b")
    def test_logs_in(auth_mech, etsi_dut):
        etsi_dut.login(auth_mech.id).close()

    @unit("5.1-4-2", "a")
    def test_changes(auth_mech, etsi_dut):
        etsi_dut.credential_change(auth_mech)

    @unit("5.1-1-1", "a")
    def test_tells_all(auth_mech, etsi_evidence, etsi_profile):
        etsi_evidence.add("said", {"answer": SECRETS, "deep": [{one: one.encode().hex()} for one in SECRETS]})
        etsi_evidence.add("raw", " ".join(SECRETS).encode("utf-16"))
        print(SECRETS, auth_mech, etsi_profile)
        logging.getLogger("x").warning("with %s", SECRETS)
        warnings.warn(" ".join(SECRETS), stacklevel=1)
        assert not SECRETS, " ".join(SECRETS)

    @unit("5.1-3-2", "a")
    def test_falls_over(auth_mech, etsi_evidence):
        raise KeyError({"passwords": SECRETS}, auth_mech.access)
"""

OWN = """
import pytest
from planted_secrets import SECRETS

@pytest.fixture
def broken():
    yield
    raise RuntimeError(SECRETS)

@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(name, etsi_dut):
    etsi_dut.operations.run(name)

def test_dict(): raise ValueError({one: [one] for one in SECRETS})
def test_bytes(): raise ValueError(" ".join(SECRETS).encode())
def test_comparison(etsi_profile): assert etsi_profile == SECRETS
def test_clean_up(broken): pass
def test_model(etsi_profile): raise ValueError(etsi_profile.access, [entry.access for table in etsi_profile.ixit for entry in table])
"""


def forms_of(secret: str) -> dict[str, bytes]:
    data = secret.encode()
    once = base64.b64encode(data)
    return {
        "plain": data,
        "UTF-16": secret.encode("utf-16-le"),
        "URL": quote(secret, safe="").encode(),
        "URL, slashes as they are": quote(secret).encode(),
        "HTML": secret.replace("&", "&amp;").encode(),
        "escaped": secret.replace("&", "\\u0026").encode(),
        "hex": data.hex().encode(),
        "base64": once.rstrip(b"="),
        "base64 twice": base64.b64encode(once).rstrip(b"="),
        "its end": data[6:],
    }


def command_line(arguments: list[str]) -> None:
    with contextlib.suppress(SystemExit):
        main(arguments, prog_name="pytest-etsi")


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    data = path.read_bytes()
    yield str(path.name), data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from ((f"{path.name}:{name}", archive.read(name)) for name in archive.namelist())
    if data.startswith(b"\x1f\x8b"):
        yield f"{path.name} unpacked", gzip.decompress(data)


def found(planted: Planted, places: list[tuple[str, bytes]]) -> list[str]:
    """Field, encoding and place of each secret that stands somewhere."""
    return [
        f"{where}: {encoding} of {field}"
        for where, content in places
        for secret, field in planted.secrets.items()
        for encoding, form in forms_of(secret).items()
        if form in content
    ]


def written(project: Project, own: set[Path]) -> list[tuple[str, bytes]]:
    return [
        content
        for path in sorted(project.path.rglob("*"))
        if path.is_file() and path not in own and path.suffix != ".pyc"
        for content in _contents(path)
    ]


@pytest.fixture
def planted(project: Project) -> Planted:
    """A project with a secret in each field."""
    planted, access, tables = planted_documents()
    passphrase = next(secret for secret, field in planted.secrets.items() if field.endswith(".passphrase"))
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )
    (project.path / "key.pem").write_bytes(key)
    dut = {"manufacturer": "Example", "model": "Cam", "hardware": "B", "software": "1.4.2", "serial": "a"}
    project.profile(access=access, ixit=tables, dut=dut, permissions=["change-credentials", "outage"])
    project.pytester.makepyfile(planted_secrets=f"SECRETS = {list(planted.secrets)!r}")
    project.suite(test_one=SUITE)
    project.pytester.makepyfile(test_own=OWN.replace("OPERATIONS", repr(list(access["operations"]))))
    return planted


def test_every_field_that_holds_a_secret_is_known_to_the_redactor(project: Project, planted: Planted) -> None:
    known = set(load_profile(project.path / "camera.yaml").redactions)

    assert {field for secret, field in planted.secrets.items() if secret not in known} == set()
    assert len(planted.secrets) > 80


def test_no_secret_of_any_field_is_found_in_what_a_run_writes(project: Project, planted: Planted) -> None:
    own = set(project.path.rglob("*"))
    result = project.run(*REPORTS)
    shown = (result.stdout.str() + result.stderr.str()).encode()

    outcomes = result.parseoutcomes()
    assert outcomes["failed"] >= 15
    assert outcomes["errors"] >= 1
    assert (project.path / "run.log").stat().st_size
    assert found(planted, [*written(project, own), ("terminal", shown)]) == []


def test_no_secret_of_any_field_is_found_in_what_a_command_writes(
    project: Project, planted: Planted, capfd: pytest.CaptureFixture[str]
) -> None:
    own = set(project.path.rglob("*"))
    profile = str(project.path / "camera.yaml")
    for command in (
        ["validate", profile], ["plan", profile], ["ixit", "export", profile, str(project.path / "ixit.xlsx")],
        ["verify", str(project.path)], ["catalogue", "5.1-1"],
    ):  # fmt: skip
        command_line(command)
    told = project.run("--etsi-plan", "-q")
    shown = "".join((*capfd.readouterr(), told.stdout.str(), told.stderr.str())).encode()

    assert (project.path / "ixit.xlsx").exists()
    assert found(planted, [*written(project, own), ("terminal", shown)]) == []


def _broken(value: Any, how: Any) -> Iterator[Any]:
    """The document with one of its secrets in another form each time."""
    if isinstance(value, str) and MARK in value:
        yield how(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            for changed in _broken(item, how):
                yield {**value, key: changed}
    elif isinstance(value, list):
        for number, item in enumerate(value):
            for changed in _broken(item, how):
                yield [*value[:number], changed, *value[number + 1 :]]


HOW = {
    "a list": lambda secret: [secret, {"x": secret}],
    "no address": lambda secret: secret.replace("http", "htp"),
    "a mapping": lambda secret: {secret: secret},
}


@pytest.mark.parametrize("how", HOW)
def test_a_document_that_is_wrong_at_any_secret_does_not_tell_it(
    project: Project, planted: Planted, how: str, capfd: pytest.CaptureFixture[str]
) -> None:
    _, access, tables = planted_documents()
    # All at once: every problem is told.
    wrong = list(_broken(copy.deepcopy(access), HOW[how]))
    for number, one in enumerate(wrong[:: max(1, len(wrong) // 6)]):
        project.profile(f"wrong-{number}", access=one, ixit={})
        command_line(["validate", str(project.path / f"wrong-{number}.yaml")])
    for table, content in tables.items():
        entries = [next(_broken(entry, HOW[how]), entry) for entry in content]
        project.profile("wrong", ixit={table: entries}, access=access)
        command_line(["validate", str(project.path / "wrong.yaml")])
    shown = "".join(capfd.readouterr()).encode()

    assert b"expected" in shown
    assert found(planted, [("terminal", shown)]) == []
