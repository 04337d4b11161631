"""The examples of the documentation work as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from forked_commands import forked_commands
from forks import run_forked
from suite_runs import ALONE, OURS

from pytest_etsi.assessment.operations import missing_operations, named_operations
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import load_profile
from pytest_etsi.profile.skeleton import Answers, skeleton
from pytest_etsi.report.operations import table
from pytest_etsi.standard import edition
from pytest_etsi.unit import NEEDS
from tests.daemons import free_port, program

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = Path(__file__).parents[2] / "docs" / "own-tests.md"
DEVICE_PAGE = PAGE.with_name("own-device.md")


def _examples() -> Iterable[tuple[str, str]]:
    """Python blocks of the page: file name, content."""
    for number, block in enumerate(
        re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL), start=1
    ):
        name = "conftest.py" if block.startswith("# conftest.py") else f"test_example_{number}.py"
        yield name, block


def test_examples_for_own_tests_run_on_the_virtual_camera(pytester: pytest.Pytester) -> None:
    examples = dict(_examples())
    for name, content in examples.items():
        pytester.path.joinpath(name).write_text(content, encoding="utf-8")
    expected = sum(len(re.findall(r"^def test_", content, re.MULTILINE)) for content in examples.values())
    status, output = run_forked(
        "pytest",
        [*OURS, "--etsi-profile=virtual-camera", "--etsi-suite=off"],
        directory=pytester.path,
        environment=os.environ | ALONE,
        timeout=300,
    )

    assert expected >= 11
    assert status == 0, output
    assert pytest.RunResult(status, output.splitlines(), [], 0).parseoutcomes() == {"passed": expected}


def _files_and_commands() -> Iterable[tuple[str, str]]:
    """Blocks of the page in their order: ("file", name + newline + content) or ("run", commands)."""
    for kind, block in re.findall(
        r"```(python|yaml|console)\n(.*?)```", DEVICE_PAGE.read_text("utf-8"), re.DOTALL
    ):
        yield ("run", block) if kind == "console" else ("file", block.removeprefix("# "))


def test_the_judgement_of_the_worked_example_is_bound_to_its_documents(tmp_path: Path) -> None:
    answers = Answers("Example Devices", "Thermo 1", "A", "2.0.1", host="127.0.0.1")
    files = {f"thermo/{name}": content for name, content in skeleton(answers).items()}
    for kind, block in _files_and_commands():
        name, _, content = block.partition("\n")
        if kind == "file":
            files[name] = content
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    (tmp_path / "device.pem").write_text("")
    plan = make_plan(load_profile(str(tmp_path / "thermo")), load_units(), only=("5.1-5-1",))

    assert [item["judgement"]["state"] for item in plan.to_json()["evaluations"]] == ["valid"]


def test_the_worked_example_ends_as_the_page_says(tmp_path: Path) -> None:
    port = str(free_port())
    program("openssl")
    commands = []
    for kind, block in _files_and_commands():
        lines = block.replace("8443", port)
        if kind == "file":
            name, _, content = lines.partition("\n")
            commands.append(f"cat > {name} <<'END OF FILE'\n{content}END OF FILE\n")
        else:
            # A person is slower than the device; the exit status of each run is printed for the comparison.
            lines = re.sub(r"&$", "& sleep 2", lines, flags=re.MULTILINE)
            commands.append(re.sub(r"^(pytest .*)$", r"\1; echo status $?", lines, flags=re.MULTILINE))
    # The entry reads differently with another port; a judgement is bound to what it was made on.
    find = "import json,sys; print(json.load(sys.stdin)['evaluations'][0]['judgement']['fingerprint'])"
    judged = next(i for i, text in enumerate(commands) if "thermo/judgements.yaml" in text)
    commands.insert(
        judged + 1,
        f'now=$(pytest-etsi plan thermo --only 5.1-5 --json | python -c "{find}")\n'
        'sed -i "s/fingerprint: .*/fingerprint: $now/" thermo/judgements.yaml\n',
    )
    script = (
        "set -m\ntrap 'kill %% 2>/dev/null' EXIT\n"
        f"export PYTEST_ADDOPTS='-p no:cacheprovider {' '.join(OURS)}'\n" + "".join(commands)
    )
    path = f"{forked_commands(tmp_path / 'bin')}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    with (tmp_path / "out").open("wb") as out_file:  # a pipe would stay open as long as the device runs
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=tmp_path,
            env=os.environ | ALONE | {"PATH": path, "COLUMNS": "200"},
            stdin=subprocess.DEVNULL,
            stdout=out_file,
            stderr=subprocess.STDOUT,
            timeout=240,
            check=False,
        )
    out = (tmp_path / "out").read_text("utf-8")

    assert done.returncode == 0, out
    assert re.findall(r"^status (\d+)$", out, re.MULTILINE) == ["10", "0", "1"], out
    assert "nothing locked" in out


def test_the_page_on_who_decides_what_is_the_one_that_the_command_makes() -> None:
    status, page = run_forked("etsi", ["catalogue", "--automation"], timeout=60)

    assert status == 0, page
    assert PAGE.with_name("automation.md").read_text("utf-8") == page


def test_the_table_of_operations_is_the_one_that_the_program_makes() -> None:
    units = load_units()
    decided = {unit for unit, (first, *_) in units.items() if first.reserved or not first.by_hand}

    assert PAGE.with_name("operations.md").read_text("utf-8").endswith(f"\n\n{table(decided)}")


def test_every_unit_of_the_table_of_operations_is_one_of_the_standard() -> None:
    known = {unit.id for unit in edition("1.1.1").units}

    assert {unit for one in named_operations() for unit in one.units} <= known
    assert {one.needs for one in named_operations()} <= {"", *NEEDS}


def test_the_examples_of_the_bench_and_of_operations_are_valid_documents(tmp_path: Path) -> None:
    documents: dict[str, Any] = {"access": {"operations": {}}}
    tables: dict[str, Any] = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
    blocks = [
        block
        for name in ("operations.md", "bench.md")
        for block in re.findall(r"```yaml\n(.*?)```", PAGE.with_name(name).read_text("utf-8"), re.DOTALL)
    ]
    for block in blocks:
        content = yaml.safe_load(block)
        if "23-ResMech" in content:
            tables |= content
        elif {"bench", "power", "operations"} & set(content.get("access", {})) and "uplink" not in content[
            "access"
        ]:
            for key in ("bench", "operations"):
                content["access"][key] = documents["access"].get(key, {}) | content["access"].get(key, {})
            documents["access"] |= content["access"]
    other = "cut-uplink restore-uplink read-online local-function raise-alarm read-last-seen see-light read-settings read-alarms name-device name-device-as-before"
    for name in other.split():
        documents["access"]["operations"].setdefault(name, {"kind": "shell", "program": "true"})
    tables["1-AuthMech"] = [{"ID": "AuthMech-web"}]
    documents |= {
        "format": 1, "name": "lamp", "edition": "1.1.1", "secrets": "secrets.yaml", "ics": {}, "ixit": tables,
        "dut": {"manufacturer": "Example", "model": "Lamp", "hardware": "A", "software": "1"},
    }  # fmt: skip
    (tmp_path / "secrets.yaml").write_text("plug: planted-1234\n", encoding="utf-8")
    (tmp_path / "secrets.yaml").chmod(0o600)
    (tmp_path / "lamp.yaml").write_text(yaml.safe_dump(documents), encoding="utf-8")
    profile = load_profile(tmp_path / "lamp.yaml")

    assert profile.open_problems == ()
    assert set(profile.access.bench) >= {"supply", "hub", "hand"}
    assert missing_operations(profile, make_plan(profile, load_units())) is not None


def test_the_examples_of_functions_and_inputs_are_valid_documents(tmp_path: Path) -> None:
    page = PAGE.with_name("functions-and-inputs.md").read_text("utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    tables: dict[str, object] = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
    for block in blocks:
        tables |= yaml.safe_load(block)
    logins = [
        {"ID": f"AuthMech-{name}", "access": {"driver": name}} for name in ("web", "broker", "stream", "ssh")
    ]
    names = ("offer-odd-update", "open-console")
    content = {
        "format": 1,
        "name": "lamp",
        "edition": "1.1.1",
        "dut": {"manufacturer": "Example", "model": "Lamp", "hardware": "A", "software": "1"},
        "ics": {},
        "ixit": tables | {"1-AuthMech": logins},
        "access": {
            "network": {"hosts": ["192.0.2.7"]},
            "operations": {name: {"kind": "http", "url": "https://192.0.2.7/"} for name in names},
        },
    }
    (tmp_path / "api.yaml").write_text("openapi: 3.0.0\npaths: {}\n")
    (tmp_path / "lamp.yaml").write_text(yaml.safe_dump(content))
    ixit = load_profile(tmp_path / "lamp.yaml").ixit

    assert len(blocks) == 2
    assert len(ixit.table("13-SoftServ")[0].access.topics) == 2
    assert len(ixit.table("29-InpVal")[0].access.messages) == 2
