"""How much memory a run needs: the largest resident size of the pytest process, and what an evaluation adds to it.

    python benchmarks/many.py [NUMBER ...]

Each NUMBER of evaluations (left out: 2,000 and 50,000) is a run of its own, of a lamp with so many logins that every
unit about logins is evaluated for each; the documents refute some, and nothing reaches the device.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
sys.path.insert(0, str(ROOT / "tests" / "assessment"))

_FOR_EACH_LOGIN = 12.5
"""Evaluations that a further login brings."""

_PROSE = {
    "Description": "Login of the owner in the web page of the device, reached over the home network by HTTPS. "
    "The page asks for name and password, and gives a session cookie for thirty minutes.",
    "Authentication Factor": "Password of the owner, entered at the first start; there is none before.",
    "Password Generation Mechanism": "The owner enters a password of at least ten characters, twice.",
    "Security Guarantees": "Only who knows the password gets in; nothing can be read on the way.",
    "Cryptographic Details": "TLS 1.2 or 1.3 with ECDHE and AES-GCM; the password is kept as scrypt.",
    "Brute Force Prevention": "After five wrong passwords the login is locked for a minute, then for longer.",
}


def lamp(number: int) -> dict[str, Any]:
    """The documents of a lamp with about so many evaluations."""
    from assessment_documents import documents

    made = documents()
    made["ixit"]["1-AuthMech"] = [_login(turn) for turn in range(max(1, int(number / _FOR_EACH_LOGIN)))]
    made.pop("access")
    return made


def _login(turn: int) -> dict[str, Any]:
    origin = "pre-installed" if turn % 4 == 0 else "user-defined"
    return {
        "ID": f"AuthMech-{turn}",
        **_PROSE,
        "facts": {
            "subject": "user",
            "interface": "network",
            "factors": ["password"],
            "password": {"origin": origin, "min_length": 4 if turn % 4 == 0 else 10},
        },
    }


def run(place: Path, number: int) -> tuple[int, int, float, Counter[str]]:
    """Evaluations, largest resident size in kilobytes, CPU seconds, and verdicts of a run."""
    profile = place / "lamp.yaml"
    profile.write_text(json.dumps(lamp(number)), encoding="utf-8")  # JSON is YAML
    command = [sys.executable, "-m", "pytest", f"--etsi-profile={profile}", "--etsi-suite=only", "-q"]
    command += ["-p", "no:schemathesis", "--rootdir", str(place), "-c", os.devnull]
    with (place / "out.txt").open("wb") as out:
        began = subprocess.Popen(command, cwd=place, stdout=out, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(began.pid, 0)
        began.returncode = os.waitstatus_to_exitcode(status)
    if began.returncode not in (0, 1, 10):
        raise SystemExit((place / "out.txt").read_text()[-3000:])
    results = json.loads((place / "etsi-results" / "results.json").read_bytes())
    counts = Counter(results["counts_by"]["evaluations"])
    return sum(counts.values()), used.ru_maxrss, used.ru_utime + used.ru_stime, counts


def main() -> None:
    numbers = [int(one) for one in sys.argv[1:]] or [2_000, 50_000]
    measured = []
    for number in numbers:
        with tempfile.TemporaryDirectory() as place:
            evaluations, size, cpu, counts = run(Path(place), number)
        measured.append((evaluations, size))
        said = ", ".join(f"{count:,} {verdict}" for verdict, count in counts.items())
        print(f"{evaluations:,} evaluations: {size // 1024:,} MB, {cpu:.0f} s of CPU ({said})", flush=True)
    (few, small), (many, large) = measured[0], measured[-1]
    if many > few:
        print(f"each further evaluation: {(large - small) / (many - few):.1f} KB")


if __name__ == "__main__":
    main()
