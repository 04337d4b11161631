"""A run in plain Python that kills itself: ``interrupted_run.py DIRECTORY WHEN [resume]``.

WHEN counts the places where a power cut would hurt: before, within and after each evaluation, and in the middle of a
line of the journal. 0: never.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from pytest_etsi import inconclusive
from pytest_etsi.assessment.run import Assessment
from pytest_etsi.profile import load_profile


class Cut:
    """Kills this process at the n-th place."""

    def __init__(self, when: int) -> None:
        self.left = when

    def here(self) -> bool:
        """Whether the power goes now."""
        self.left -= 1
        return self.left == 0

    def place(self) -> None:
        """One place where the power may go."""
        if self.here():
            os.kill(os.getpid(), signal.SIGKILL)


def main(directory: Path, when: int, resume: bool) -> None:
    """Assess the lamp."""
    assessment = Assessment(
        load_profile(directory / "lamp.yaml"),
        output=directory / "out",
        suite=directory / "suite",
        resume=resume,
    )
    cut = Cut(when)
    write = os.write

    def torn(handle: int, data: bytes) -> int:
        if data.startswith(b'{"record": "evaluation"') and cut.here():
            write(handle, data[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return write(handle, data)

    os.write = torn
    assessment.identity("start", {"software": "1.0", "serial": "L-1"})
    for planned in assessment.pending():
        if not planned.automated:
            continue
        cut.place()
        with assessment.begin(planned, f"etsi/lamp/{planned.unit.id}") as evaluation:
            evaluation.check()
            evaluation.evidence.add("scan", {"of": planned.unit.id})
            cut.place()
            evaluation.evidence.add("login", f"{planned.entry}")
            assert planned.unit.id != "5.1-5-2/a", "one login too many"
            if planned.entry == "AuthMech-stream":
                inconclusive("no stream", cause="bench", settle="plug it in")
            evaluation.evidence.summary("nothing found")
        cut.place()
    assessment.identity("end", {"software": "1.0", "serial": "L-1"})
    assessment.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), "resume" in sys.argv[3:])
