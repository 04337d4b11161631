"""A run: the assessment of one device from the plan to ``results.json``, in plain Python, without pytest.

::

    assessment = Assessment(load_profile("camera.yaml"), output=Path("etsi-results"))
    for planned in assessment.pending():
        if planned.automated:
            with assessment.begin(planned) as evaluation:
                evaluation.check()  # ends it where nothing is concerned, or something is not permitted
                ...  # found.decide(...), an assertion, `inconclusive`, `not_applicable`; all else is an error
                evaluation.evidence.summary("9 services of one host")  # what a PASS rests on
    results = assessment.close()

In the directory of the results are then ``record.jsonl``, ``results.json`` and ``evidence/``; what an earlier
run had left there is in ``earlier/``. A run that was cut short goes on with ``resume=True``. Then, and at the end,
every line and every piece of evidence is compared with its hash (`pytest_etsi.assessment.integrity`).
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from filelock import FileLock, Timeout

from pytest_etsi.assessment.documents import keep_documents
from pytest_etsi.assessment.earlier import (
    ResumeError,
    check_device,
    check_goes_on,
    check_planned,
    check_same,
    move_earlier,
    read_earlier,
)
from pytest_etsi.assessment.evaluation import Evaluation
from pytest_etsi.assessment.integrity import damaged_evidence, lost_lines, with_damage
from pytest_etsi.assessment.journal import Chain, Journal
from pytest_etsi.assessment.pages import addresses
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.planned import PlannedEvaluation
from pytest_etsi.assessment.results import build_results, digest_of, dut_identity, masked, write_results
from pytest_etsi.assessment.suite import load_units, suite_fingerprint, suite_path
from pytest_etsi.assessment.tool import tool_identity
from pytest_etsi.dut.reach.shelf import FOLDER, Shelf
from pytest_etsi.evidence import EvidenceStore, utc_now
from pytest_etsi.redaction import Redactor
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from pytest_etsi.assessment.evaluation import Asker
    from pytest_etsi.assessment.integrity import Damage
    from pytest_etsi.assessment.suite import UnitFunction
    from pytest_etsi.profile import Profile

__all__ = [
    "Assessment",
    "BusyError",
    "ResumeError",
]


class BusyError(RuntimeError):
    """Another run is writing to the same directory."""


# The run ----------------------------------------------------------------------------------------------------


class Assessment:
    """The assessment of one device.

    Nothing is written before `start`, which the first `record` or `identity` calls by itself.

    Args:
        profile: the device's documents.
        output: directory of the results; made if it does not exist.
        allow: permissions beside those of the profile.
        only: ids of scenarios, groups, cases or units; empty: everything.
        resume: go on with the run that is in `output`, if there is one.
        suite: directory of the test modules; None: the suite of this package.
        functions: the suite's functions, where they are known already.
        writes: False in a helper process that hands its records to the one that writes the journal.
        offline: read published documents only as an earlier run has kept them.

    Attributes:
        shelf: keeps published documents for later runs.
        asker: asks a person for a judgement that is missing or stale, while it is waited for; None: nobody is there.
        damaged: evidence and lines that are no longer as they were written, as seen at a resume and at the end.

    Raises:
        pytest_etsi.standard.UnknownIdError: `only` names something that the edition does not have.
        pytest_etsi.assessment.suite.SuiteError: the suite is unusable.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        output: Path,
        allow: Iterable[str] = (),
        only: Iterable[str] = (),
        resume: bool = False,
        suite: Path | None = None,
        functions: Mapping[str, Sequence[UnitFunction]] | None = None,
        writes: bool = True,
        offline: bool = False,
    ) -> None:
        self.profile = profile
        self.output = output
        self.resume = resume
        self.writes = writes
        self._suite = suite if suite is not None else suite_path()
        known = functions if functions is not None else load_units(self._suite)
        self.plan = make_plan(profile, known, allow=allow, only=only)
        self.redact = Redactor(profile.redactions)
        self.evidence = EvidenceStore(output, self.redact)
        self.shelf = Shelf(output / FOLDER, offline)
        self.results: dict[str, Any] | None = None
        self.asker: Asker | None = None
        self._edition = edition(profile.edition)
        self._journal: Journal | None = None
        self._lock: FileLock | None = None
        self._records: list[dict[str, Any]] = []
        self._done: set[tuple[str, str | None]] = set()
        self._started = False
        self.damaged: list[Damage] = []

    # Beginning ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Open the journal: the one to go on with, or a new one, after an earlier run was moved away.

        Raises:
            ResumeError: the run that is there is another one, or damaged.
            BusyError: another run is writing there.
        """
        if self._started:
            return
        if not self.writes:
            self._started = True
            if self.resume and self._path.exists():
                self._remember(read_earlier(self._path).records)
            return
        self.output.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(self.output / ".lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            self._lock = None
            raise BusyError(
                f"{self.output}: another run is writing there; wait for it, or choose another directory"
            ) from None
        try:
            self._open()
        except BaseException:
            self._release()
            raise
        self._started = True

    @property
    def _path(self) -> Path:
        return self.output / "record.jsonl"

    def _open(self) -> None:
        chain = read_earlier(self._path) if self.resume and self._path.exists() else Chain([], [], 0)
        earlier = chain.records
        if earlier:
            check_same(self._path, earlier, self._first_record())
            check_planned(self._path, earlier, self.profile.name, self.plan)
            check_goes_on(self._path, chain)
            self.damaged = damaged_evidence(self.output, earlier)
            # Evidence of evaluations that were cut short: they are done again and must find their names free.
            self.evidence.set_aside(
                item["file"] for record in earlier for item in record.get("evidence", ()) if "file" in item
            )
            self._journal = Journal(self._path)
            self._remember(self._journal.records)
            self._append({"record": "resume", "at": utc_now()})
            return
        move_earlier(self.output)
        self._journal = Journal(self._path)
        self._append(self._first_record() | {"evidence": keep_documents(self.profile, self.evidence)})

    def _first_record(self) -> dict[str, Any]:
        return {
            "record": "start",
            "format": 1,
            "started": utc_now(),
            "tool": tool_identity(),
            "edition": self.plan.edition,
            "profile": {
                "name": self.profile.name,
                "path": str(self.profile.path),
                "fingerprint": self.profile.fingerprint,
            },
            "dut": dut_identity(self.profile),
            "permissions": list(self.plan.permissions),
            "selection": list(self.plan.selection),
            "plan": self.plan.fingerprint,
            "suite": suite_fingerprint(self._suite),
        }

    def _remember(self, records: Iterable[dict[str, Any]]) -> None:
        self._records = list(records)
        for record in self._records:
            if record["record"] == "evaluation":
                self._mark_done(record)

    def _mark_done(self, record: Mapping[str, Any]) -> None:
        if record["source"] != "project":
            self._done.add((record["unit"], record["entry"]))

    # Evaluating ---------------------------------------------------------------------------------------------

    @property
    def records(self) -> tuple[dict[str, Any], ...]:
        """Every line of the journal so far."""
        return tuple(self._records)

    def pending(self) -> tuple[PlannedEvaluation, ...]:
        """The planned evaluations that have no record yet; after a resume, what is left to do."""
        self.start()
        return tuple(planned for planned in self.plan.evaluations if planned.key not in self._done)

    def begin(self, planned: PlannedEvaluation, node: str | None = None) -> Evaluation:
        """Begin a planned evaluation; before something is done to the device, all records are on disk."""
        self.start()
        if planned.unit.functional and self._journal is not None:
            self._journal.sync()
        return Evaluation(self, planned, node, "suite")

    def begin_own(self, unit: str, entry: str | None = None, node: str | None = None) -> Evaluation:
        """Begin a project's own evaluation of a unit; it counts beside those of the suite.

        Raises:
            pytest_etsi.standard.UnknownIdError: the edition has no such unit.
            LookupError: the unit's IXIT table has no such entry, or the unit is not repeated over entries.
        """
        self.start()
        found = self._edition.unit(unit)
        if entry is not None:
            if found.iterates is None:
                raise LookupError(
                    f"unit {unit} is evaluated once, not for an entry; leave out entry={entry!r}"
                )
            table = self.profile.ixit.tables[found.iterates]
            if table.get(entry) is None:
                known = ", ".join(item.id for item in table) or "no entries"
                raise LookupError(f"unit {unit}: {table.id} has no entry {entry!r}; it has {known}")
        planned = self.plan.get(unit, entry)
        if planned is None:
            group = found.case.rpartition("-")[0]
            planned = PlannedEvaluation(found, entry, group, True, "a project's own evaluation")
        own = replace(
            planned,
            applies=True,
            needs=(),
            missing_permissions=(),
            state="any",
            function=None,
            at_most_s=None,
        )
        return Evaluation(self, own, node, "project")

    def record(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """Put a finished evaluation into the journal; see there when it is on disk. Gives what is kept of it.

        Raises:
            ValueError: it is no evaluation of this device.
        """
        if not self.writes:
            return record
        self.start()
        if record.get("device") != self.profile.name:
            raise ValueError(
                f"an evaluation of {record.get('device')!r} in the assessment of {self.profile.name!r}"
            )
        Verdict(record["verdict"])
        unit = self._edition.unit(record["unit"])
        self._append({"record": "evaluation", **record}, at_once=unit.functional)
        self._mark_done(record)
        return self._records[-1]

    def identity(
        self,
        when: Literal["start", "end"],
        observed: Mapping[str, Any],
        evidence: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        """Record as whom the device was observed, before the first and after the last evaluation.

        Args:
            when: at which end of the run.
            observed: what it said of itself: name -> value, or under ``observed`` beside other remarks.
            evidence: items that show it.

        Raises:
            ResumeError: in a resumed run, it is not the device that the run began with.
        """
        if not self.writes:
            return
        self.start()
        first = self._identity("start")
        if when == "start" and first is not None:
            check_device(self.output, first, observed)
        self._append(
            {
                "record": "identity",
                "when": when,
                "at": utc_now(),
                "observed": self.redact.builtins(observed),
                "evidence": [dict(item) for item in evidence],
            }
        )

    def _identity(self, when: str) -> dict[str, Any] | None:
        seen = [r for r in self._records if r["record"] == "identity" and r["when"] == when]
        if not seen:
            return None
        observed: dict[str, Any] = (seen[0] if when == "start" else seen[-1])["observed"]
        return observed

    def _look_at_judged_pages(self) -> None:
        """Hold judgements on published pages against these, for units that no function of the suite evaluates."""
        for planned in self.pending() if self.writes else ():
            by_judgement = planned.function is None and planned.applies is not False
            recorded = planned.judged is not None and planned.judged.judgement is not None
            if by_judgement and recorded and addresses(self.profile, planned.unit):
                with self.begin(planned) as evaluation:
                    evaluation.look_at_pages()
                    evaluation.judgement.required()

    def _append(self, record: Mapping[str, Any], *, at_once: bool = True) -> None:
        if self._journal is None:
            raise RuntimeError("the assessment is closed")
        self.evidence.settle()
        self._journal.append(record, at_once=at_once)
        self._records.append(self._journal.records[-1])

    # Ending -------------------------------------------------------------------------------------------------

    def close(self, why_not_run: Callable[[PlannedEvaluation], str] | None = None) -> dict[str, Any]:
        """End the run, whether or not all was evaluated, and write ``results.json``; gives its content.

        Args:
            why_not_run: says why a planned evaluation has no record; None: the run ended before it.
        """
        if self.results is not None:
            return self.results
        self.start()
        self._look_at_judged_pages()
        finished = utc_now()
        first = next((record for record in self._records if record["record"] == "start"), {})
        meta = {
            "started": first.get("started"),
            "finished": finished,
            "tool": first.get("tool", {}),
            "dut_at_start": self._identity("start"),
            "dut_at_end": self._identity("end"),
        }
        lost = lost_lines(self._journal, self._records) if self._journal is not None else []
        self.damaged = [*lost, *damaged_evidence(self.output, self._records)]
        records = with_damage(self._records, self.damaged)
        built = build_results(self.profile, self.plan, records, meta, why_not_run)
        built["documents"] = list(first.get("evidence", ()))
        built["integrity"] = [damage.to_json() for damage in self.damaged]
        results: dict[str, Any] = masked(built, self.redact)
        results["record"] = None
        if self._journal is not None:
            # A record that does not stand on disk as it was written is not brought to an end.
            if not lost:
                ended = {"finished": finished, "overall": results["overall"], "results": digest_of(results)}
                self._append({"record": "finish", **ended})
            results["record"] = {"lines": len(self._journal.records), "hash": self._journal.head}
            self.output.mkdir(parents=True, exist_ok=True)
            write_results(self.output / "results.json", results)
        self._release()
        self.results = results
        return results

    def abandon(self) -> None:
        """Let go of the directory without results, so that the run can be resumed; also of one that takes nothing."""
        with contextlib.suppress(OSError):
            self._release()

    def _release(self) -> None:
        journal, self._journal = self._journal, None
        try:
            if journal is not None:
                journal.close()
        finally:
            self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None
