"""Recording judgements in the document of a profile, and beside it what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment.changes import contents_to_keep
from pytest_etsi.assessment.entry_answers import about_entry
from pytest_etsi.assessment.judgement import is_about
from pytest_etsi.assessment.pages import bound
from pytest_etsi.profile import EntryAnswer
from pytest_etsi.profile.entry_questions import questions_of
from pytest_etsi.profile.judged_file import JudgedFile, digest_of, judged_file
from pytest_etsi.profile.judgement_file import judgement_file, record_judgements
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_etsi.assessment.planned import Plan
    from pytest_etsi.profile import Judgement, Profile

__all__ = ["record"]


def record(profile: Profile, plan: Plan, judgements: Sequence[Judgement | EntryAnswer]) -> None:
    """Record judgements, each in place of an earlier one on the same, and what they are about.

    What judgements are about that stand already and are not stale is kept as well, so that those written by hand can be
    compared with what changes later.

    Raises:
        JudgementFileError: the document cannot take them; nothing was changed.
        OSError: it cannot be written.
    """
    path = judgement_file(profile.path)
    record_judgements(
        path, [one if isinstance(one, EntryAnswer) else bound(profile, one) for one in judgements]
    )
    given = {one.key for one in judgements}
    contents: dict[str, Any] = {}
    for planned in plan.evaluations:
        stands = planned.judgement in ("valid", "failed", "open")
        if planned.key in given or (stands and not judgements):
            contents |= contents_to_keep(profile, planned.unit, planned.entry)
    known = questions_of(edition(profile.edition))
    for one in judgements or profile.answers:
        if isinstance(one, EntryAnswer):
            about, reads = about_entry(profile, known[one.question], one.entry)
            if is_about(one, digest_of(about)):
                contents |= {digest_of(about): about, about["reads"]: reads}
    JudgedFile(judged_file(path)).add(contents)
