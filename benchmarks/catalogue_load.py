"""How long the catalogue takes to load in a fresh process, beside the same content as YAML.

    python benchmarks/catalogue_load.py [--rounds 15]

Every contender runs in a process of its own, the contenders taking turns, and what counts is the median over
the rounds. The YAML contender reads the same three files of edition 1.1.1, rewritten as YAML, by the C loader
into plain dictionaries: it does less work than the catalogue, which also builds and freezes its objects.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

import pytest_etsi.standard

DATA = Path(pytest_etsi.standard.__file__).with_name("data")
LOAD = "from pytest_etsi.standard import edition; edition({edition!r})"
LOAD_YAML = """
import pathlib, yaml
for path in pathlib.Path({folder!r}).glob("*.yaml"):
    with path.open("rb") as file:
        yaml.load(file, Loader=yaml.CSafeLoader)
"""


def seconds(code: str) -> float:
    started = time.perf_counter()
    # No timeout: with one, subprocess polls at growing intervals, which would round the times.
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=15, metavar="N", help="processes per contender")
    rounds = max(parser.parse_args().rounds, 1)

    with tempfile.TemporaryDirectory() as folder:
        for path in (DATA / "1.1.1").glob("*.json"):
            content = json.loads(path.read_bytes())
            Path(folder, f"{path.stem}.yaml").write_text(
                yaml.safe_dump(content, sort_keys=False), encoding="utf-8"
            )
        contenders = {
            "python -c pass": "pass",
            "import pytest_etsi.standard": "import pytest_etsi.standard",
            "edition 1.1.1": LOAD.format(edition="1.1.1"),
            "edition 2.1.1 (reads 1.1.1 too)": LOAD.format(edition="2.1.1"),
            "1.1.1 as YAML, CSafeLoader": LOAD_YAML.format(folder=folder),
        }
        times: dict[str, list[float]] = {name: [] for name in contenders}
        for number in range(rounds + 1):
            for name, code in contenders.items():
                taken = seconds(code)
                if number:  # the first round only warms the file cache
                    times[name].append(taken)

    median = {name: statistics.median(values) for name, values in times.items()}
    start = median["python -c pass"]
    reference = median["edition 1.1.1"]
    print(f"Python {sys.version.split()[0]}, median of {rounds} processes each")
    print(f"{'':34}{'process':>10}{'without start':>15}{'relative':>10}")
    for name, value in median.items():
        print(f"{name:34}{value * 1000:7.1f} ms{(value - start) * 1000:12.1f} ms{value / reference:9.2f}x")


if __name__ == "__main__":
    main()
