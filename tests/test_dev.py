"""`./dev`, the README's commands: what it installs, what it says when it cannot, and that no daemon starts by it.

It runs in a directory with nothing but itself and the list of packages, and finds on its path only what stands in for
apt-get, dpkg-query, sudo and Python: nothing here touches the machine.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.daemons import PACKAGES

ROOT = Path(__file__).parents[1]
TOOLS = ("awk", "cat", "dirname", "env", "mktemp", "rm", "sed", "sh", "tail", "touch", "mkdir", "chmod", "cp")
LIST = "# a comment\nlighttpd  lighttpd\nmosquitto  mosquitto mosquitto_passwd\nsnmpd  snmpd\n"

# It "installs" by writing down the packages that are named, unless one of them is not to be had.
SUDO = """echo "$*" >> {log}
[ "$1" != -n ] || exit 0
case "$*" in
    "tee "*) cat > /dev/null ;;
    *{unknown}*) echo "E: Unable to locate package {unknown}"; exit 100 ;;
    *" install "*) for word; do echo "$word" >> {installed}; done ;;
esac
"""
DPKG = 'for last; do :; done\n! grep -qx "$last" {installed} || echo "install ok installed"\n'
PYTHON = """case "$*" in
    *version_info\\ \\<*) exit {too_old} ;;
    *python3.*) echo python3.99-venv ;;
    *ensurepip*) exit {without_venv} ;;
    "-m venv "*)
        mkdir -p "$3/bin"
        for tool in pip pytest; do
            printf '#!/bin/sh\\necho "%s $*" >> {log}\\n' $tool > "$3/bin/$tool"
            chmod +x "$3/bin/$tool"
        done ;;
esac
"""


@dataclass
class Machine:
    """A machine with `dev` in an otherwise empty project."""

    directory: Path
    log: Path
    installed: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.directory / "dev", *arguments],
            env={"PATH": str(self.directory / "path")},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def has(self, name: str, body: str, **values: object) -> None:
        """Put a program on the path."""
        path = self.directory / "path" / name
        for key, value in {"log": self.log, "installed": self.installed, **values}.items():
            body = body.replace(f"{{{key}}}", str(value))
        path.write_text(f"#!/bin/sh\n{body}")
        path.chmod(0o755)

    def real_programs(self, *, npm: bool = True) -> None:
        """Let there be one program of PyPI and one of npm, and npm on the machine."""
        (self.directory / "tests" / "programs").mkdir()
        listed = "# a comment\npip  octoprint  octoprint==9\nnpm  node-red  node-red@9\n"
        (self.directory / "tests" / "programs" / "versions.txt").write_text(listed)
        if npm:
            self.has("npm", 'echo "npm $*" >> {log}\nmkdir -p "$3"\n')

    def has_apt(self, *, unknown: str = "no package has this name") -> None:
        """Let the user become root, on whose behalf apt-get installs all but one package."""
        self.has("apt-get", "exit 99")
        self.has("sudo", SUDO.replace("*{unknown}*", f'*"{unknown}"*'), unknown=unknown)

    @property
    def done(self) -> list[str]:
        """Calls of pip and pytest, and what was done as root, in order."""
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path, tmp_path / "log", tmp_path / "installed")
    made.installed.touch()
    (tmp_path / "path").mkdir()
    for name in (*TOOLS, "grep"):
        (tmp_path / "path" / name).symlink_to(shutil.which(name) or name)
    shutil.copy(ROOT / "dev", tmp_path)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "packages.txt").write_text(LIST)
    made.has("id", "echo 1000")
    made.has("dpkg-query", DPKG)
    made.has("python3", PYTHON, too_old=0, without_venv=0)
    return made


def test_the_camera_runs_after_the_environment_is_there_and_takes_arguments(machine: Machine) -> None:
    machine.run("camera", "--etsi-only=5.1")

    assert machine.done == [
        "pip install --quiet --disable-pip-version-check -e .[virtual,dev]",
        "pytest --etsi-profile=virtual-camera --etsi-only=5.1",
    ]


def test_nothing_is_installed_twice(machine: Machine) -> None:
    machine.run("camera")
    machine.run("camera")

    assert sum(line.startswith("pip ") for line in machine.done) == 1


def test_another_set_of_requirements_is_installed(machine: Machine) -> None:
    machine.run("camera")
    subprocess.run(["touch", "-d", "next minute", machine.directory / "pyproject.toml"], check=True)
    machine.run("camera")

    assert sum(line.startswith("pip ") for line in machine.done) == 2


def test_without_a_way_to_install_the_missing_packages_are_named_and_the_tests_run(machine: Machine) -> None:
    machine.installed.write_text("mosquitto\n")
    said = machine.run("test", "-q").stderr

    assert "apt-get install --no-install-recommends lighttpd snmpd\n" in said
    assert machine.done[-1] == "pytest -n auto --dist loadfile -p no:schemathesis -q"


@pytest.mark.parametrize(
    ("apt", "why"), [(True, "not root and has no sudo"), (False, "there is no apt-get here")]
)
def test_it_is_said_what_stands_in_the_way(machine: Machine, apt: bool, why: str) -> None:
    if apt:
        machine.has("apt-get", "exit 99")
    assert why in machine.run("setup").stderr


def test_only_what_is_missing_is_installed(machine: Machine) -> None:
    machine.installed.write_text("mosquitto\n")
    machine.has_apt()
    said = machine.run("setup").stderr
    installs = [line for line in machine.done if " install " in line and line.startswith("env ")]

    assert [line.rpartition("--no-remove ")[2] for line in installs] == ["lighttpd snmpd"]
    assert "cannot run" not in said


def test_a_machine_that_has_everything_is_left_alone(machine: Machine) -> None:
    machine.installed.write_text("lighttpd\nmosquitto\nsnmpd\n")
    machine.has_apt()
    machine.run("setup")

    assert [line for line in machine.done if not line.startswith("pip ")] == []


@pytest.mark.skipif(Path("/usr/sbin/policy-rc.d").exists(), reason="this machine has a policy of its own")
def test_no_daemon_starts_because_its_package_is_installed(machine: Machine) -> None:
    machine.has_apt()
    machine.run("setup")
    as_root = [line for line in machine.done if not line.startswith(("pip ", "-n "))]

    assert as_root[:2] == ["tee /usr/sbin/policy-rc.d", "chmod +x /usr/sbin/policy-rc.d"]
    assert as_root[-1] == "rm -f /usr/sbin/policy-rc.d"
    assert any(" install " in line for line in as_root[2:-1])


def test_a_package_that_is_not_to_be_had_keeps_back_no_other(machine: Machine) -> None:
    machine.has_apt(unknown="mosquitto")
    said = machine.run("setup").stderr

    assert "Unable to locate package mosquitto" in said
    assert "apt-get install --no-install-recommends mosquitto\n" in said


def test_a_python_that_is_too_old_is_said(machine: Machine) -> None:
    machine.has("python3", PYTHON, too_old=1, without_venv=0)
    result = machine.run("camera")

    assert result.returncode == 1
    assert "Python 3.11 or newer is needed" in result.stderr


def test_a_python_that_cannot_make_environments_names_its_package(machine: Machine) -> None:
    machine.has("python3", PYTHON, too_old=0, without_venv=1)
    result = machine.run("camera")

    assert result.returncode == 1
    assert "apt-get install python3.99-venv" in result.stderr


def test_real_programs_are_installed_once_each_in_a_place_of_its_own(machine: Machine) -> None:
    machine.real_programs()
    machine.run("real", "-q")
    machine.run("real", "-q")
    place = ".cache/real"

    assert [line for line in machine.done if "==" in line or "@" in line] == [
        "pip install --quiet --disable-pip-version-check octoprint==9",
        f"npm install --prefix {place}/node-red --no-audit --no-fund --loglevel=error node-red@9",
    ]
    assert machine.done[-1] == "pytest -m real_programs tests/test_real_programs.py -q"


def test_another_version_of_a_real_program_is_installed(machine: Machine) -> None:
    machine.real_programs()
    machine.run("real")
    versions = machine.directory / "tests" / "programs" / "versions.txt"
    versions.write_text(versions.read_text().replace("octoprint==9", "octoprint==10"))
    machine.run("real")

    assert sum("octoprint==10" in line for line in machine.done) == 1
    assert sum("node-red@9" in line for line in machine.done) == 1


def test_without_npm_the_others_are_assessed_and_it_is_said(machine: Machine) -> None:
    machine.real_programs(npm=False)
    said = machine.run("real").stderr

    assert "there is no npm here; as root: apt-get install npm" in said
    assert "tests of node-red cannot run" in said
    assert machine.done[-1].startswith("pytest -m real_programs")


def test_the_kernel_of_the_board_is_unpacked_once_and_not_installed(machine: Machine) -> None:
    machine.has("apt-cache", 'echo "linux-image-9-cloud-amd64"\necho linux-base\n')
    machine.has("apt-get", '[ "$1" = download ] || exit 99\necho "apt-get $*" >> {log}\ntouch one.deb\n')
    machine.has("dpkg", 'echo "dpkg $1" >> {log}\nmkdir -p "$3/boot"\ntouch "$3/boot/vmlinuz-9"\n')
    machine.run("setup")
    machine.run("setup")

    assert machine.done[1:] == ["apt-get download -qq linux-image-9-cloud-amd64", "dpkg -x"]


def test_without_a_kernel_its_tests_are_named_as_those_that_cannot_run(machine: Machine) -> None:
    machine.has("apt-cache", "exit 0")

    assert "no kernel is to be had here" in machine.run("setup").stderr


def test_without_a_command_it_says_which_there_are(machine: Machine) -> None:
    result = machine.run()

    assert result.returncode == 2
    assert re.findall(r"^ +\./dev (\w+)", result.stderr, re.MULTILINE) == [
        "camera",
        "test",
        "editions",
        "setup",
        "board",
        "qemu",
        "allure",
        "real",
    ]


def test_the_readme_and_the_pipeline_run_the_tests_in_the_same_way() -> None:
    commands = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)

    assert commands[0].splitlines() == ["./dev camera", "./dev test"]
    assert (ROOT / ".ci" / "run").read_text("utf-8").splitlines()[-1] == "./dev test"


def test_each_program_comes_with_one_package() -> None:
    lines = (ROOT / "tests" / "packages.txt").read_text("utf-8").splitlines()
    names = [name for line in lines if not line.startswith("#") for name in line.split()[1:]]

    assert len(names) == len(PACKAGES) > 20
