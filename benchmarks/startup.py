"""What the plugin adds to the start of pytest where no device profile is given, as a ratio to pytest without it.

Each round starts pytest in fresh processes, in turn: without any plugin of an installed package, and with one of them.
The peers that come with the installation (pytest-html, allure-pytest) stand beside it for comparison. Printing the
version loads hardly anything; collecting an empty file loads all of it.

    python benchmarks/startup.py [ROUNDS]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 15

CONTENDERS = {
    "pytest alone": ("--version",),
    "with pytest-etsi": ("-p", "pytest_etsi.plugin.hooks", "-p", "pytest_etsi.plugin.fixtures", "--version"),
    "with pytest-html": ("-p", "pytest_html.plugin", "--version"),
    "with allure-pytest": ("-p", "allure_pytest.plugin", "--version"),
    "collecting nothing, pytest alone": ("--collect-only", "-q", "empty.py"),
    "collecting nothing, with pytest-html": (
        "-p", "pytest_metadata.plugin", "-p", "pytest_html.plugin", "--collect-only", "-q", "empty.py",
    ),
    "collecting nothing, with allure-pytest": ("-p", "allure_pytest.plugin", "--collect-only", "-q", "empty.py"),
    "collecting nothing, with pytest-etsi": (
        "-p", "pytest_etsi.plugin.hooks", "-p", "pytest_etsi.plugin.fixtures", "--collect-only", "-q", "empty.py",
    ),
}  # fmt: skip


def milliseconds(arguments: tuple[str, ...], directory: str) -> float:
    """Wall time of one start."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as users run it: with compiled modules
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=directory,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Print a table: median of each contender, and what it adds."""
    import tempfile

    with tempfile.TemporaryDirectory() as directory:
        open(os.path.join(directory, "empty.py"), "w").close()  # noqa: PTH118, PTH123
        for arguments in CONTENDERS.values():
            milliseconds(arguments, directory)  # fill the caches
        times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
        for _ in range(ROUNDS):
            for name, arguments in CONTENDERS.items():
                times[name].append(milliseconds(arguments, directory))
    base = {False: statistics.median(times["pytest alone"])}
    base[True] = statistics.median(times["collecting nothing, pytest alone"])
    print(f"median of {ROUNDS} rounds, Python {sys.version.split()[0]}\n")
    print("| start | ms | ratio | adds ms |\n|---|---|---|---|")
    for name, measured in times.items():
        median = statistics.median(measured)
        reference = base[name.startswith("collecting")]
        print(f"| {name} | {median:.0f} | {median / reference:.2f} | {median - reference:+.0f} |")


if __name__ == "__main__":
    main()
