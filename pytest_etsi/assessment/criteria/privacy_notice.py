"""What information for consumers says of personal data (6-1-2) and of telemetry (6-5-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_etsi.assessment.coverage import look, vocabulary
from pytest_etsi.assessment.coverage.keeping import kept_in, speaks_of_keeping
from pytest_etsi.assessment.coverage.looking import Status
from pytest_etsi.assessment.coverage.plain import sentences
from pytest_etsi.assessment.coverage.sought import (
    NO_DATA,
    familiar,
    named_at,
    names,
    prose_language,
    quoted,
    sought_data,
    spoken_of,
)
from pytest_etsi.assessment.coverage.telling import (
    context_of,
    given_to,
    leads_elsewhere,
    recipients_in,
    says_for,
    told_in,
)
from pytest_etsi.assessment.criteria._coverage import (
    cited,
    for_a_person,
    not_covered,
    of_the_product,
    one_language,
    plainly,
    sections,
    shown,
    where_understood,
)
from pytest_etsi.assessment.criteria._readability import readability
from pytest_etsi.assessment.findings import Findings, violation
from pytest_etsi.probes.webdocs.model import Kind
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_etsi.assessment.coverage import Coverage, Hit, Part, Sought, Text
    from pytest_etsi.assessment.coverage.telling import Told
    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import PersDataEntry, TelDataEntry

__all__ = ["as_described", "categories", "processing", "purpose", "telemetry", "use"]

_ASPECT = "guidance"


def as_described(ixit: Ixit, field: str, text: Text, product: Sequence[str]) -> Findings:
    """Whether the text at the stated place is the one that the IXIT speaks of: on data, with the sections it names.

    Args:
        ixit: the documents.
        field: of 2-UserInfo, that names the text.
        text: what was published.
        product: names of the maker and the model; a text with none of them may be one on something else.
    """
    entry, what = ixit.user_info, f"the text under {field}"
    found: list[Finding] = []
    found += sections(entry, field, text, what)
    found += of_the_product(entry, field, text, what, product)
    data = [part for part in text.parts if _names_data(part, "things", "umbrellas")]
    if not data and text.whole:
        kinds = len(vocabulary.concepts("things"))
        message = f"{what} names no data at all; looked for the usual names of {kinds} kinds"
        found.append(violation(entry, field, message, aspect=_ASPECT, expected="information on data"))
    elif not data:
        found.append(for_a_person(entry, field, f"no data were found in {what}, and {text.why}"))
    titles = f", with the sections {listed(quoted(entry[field]))}" if quoted(entry[field]) else ""
    return Findings(found, f"{what} names data in {len(data)} passages{titles}")


def _names_data(part: Part, *files: str) -> bool:
    """Whether a passage, other than a heading, names data of any kind."""
    return (
        bool(part.language)
        and part.passage.kind is not Kind.HEADING
        and any(
            vocabulary.pattern(file, one, part.language).search(part.short)
            for file in files
            for one in vocabulary.concepts(file)
            if one not in NO_DATA
        )
    )


# One entry --------------------------------------------------------------------------------------------------


class _Looked(NamedTuple):
    """What came of looking for an entry, and what is told where it is named."""

    coverage: Coverage
    told: Told
    others: tuple[Sought, ...]


def _looked(entry: Entry, wanted: Sequence[Sought], text: Text, besides: Sequence[Sought] = ()) -> _Looked:
    known = familiar(wanted, text)
    coverage = look(next(one for one in known if one.name == entry.id), text)
    others = (*(one for one in known if one.name != entry.id), *besides)
    return _Looked(coverage, told_in(context_of(coverage, text, others)), others)


def _sought(entry: PersDataEntry | TelDataEntry) -> Sought:
    return sought_data(entry.id, entry["Description"], entry.facts.mentions)


def _data(ixit: Ixit) -> list[Sought]:
    return [_sought(one) for one in ixit.pers_data]


def _telemetry(ixit: Ixit) -> list[Sought]:
    return [_sought(one) for one in ixit.tel_data]


def processing(entry: PersDataEntry, ixit: Ixit, text: Text, product: Sequence[str] = ()) -> Findings:
    """Whether the information agrees with the declared processing of some data (6-1-2 b).

    Args:
        entry: the data.
        ixit: the documents.
        text: what was published.
        product: names of the maker and the model.
    """
    what, field = "the information on personal data", "Processing Activities"
    facts = entry.facts
    names_ = (*product, *facts.mentions, *facts.purposes, *facts.recipients)

    def examine(text: Text) -> tuple[Findings, tuple[Hit, ...]]:
        looked = _looked(entry, _data(ixit), text)
        coverage, told = looked.coverage, looked.told
        found = [
            *not_covered(entry, "Description", coverage, what),
            *one_language(entry, "Description", coverage, text, what),
        ]
        if coverage.named:
            found += _purposes(entry, field, facts.purposes, looked, text, what)
            found += _recipients(entry, field, facts.recipients, told, coverage, text, what)
            found += _periods(entry, field, looked, text, what)
        examined = f"{entry.id}: {cited(coverage.named, 1)}" if coverage.named else ""
        return Findings(found, examined), coverage.named

    return plainly(entry, field, what, text, examine, "data", names_, _sought(entry))


def purpose(entry: TelDataEntry, ixit: Ixit, text: Text, product: Sequence[str] = ()) -> Findings:
    """Whether the information names the declared purpose of telemetry (6-5-2 b).

    Args:
        entry: the data.
        ixit: the documents.
        text: what was published.
        product: names of the maker and the model.
    """
    what, facts = "the information on telemetry", entry.facts
    others = [one for one in _data(ixit) if one.name not in entry["Personal Data"]]

    def examine(text: Text) -> tuple[Findings, tuple[Hit, ...]]:
        looked = _looked(entry, _telemetry(ixit), text, others)
        coverage = looked.coverage
        if not coverage.named and coverage.status is Status.ABSENT:
            return Findings(not_covered(entry, "Description", coverage, what)), ()
        if not coverage.named:
            message = f"no passage of {what} surely names {entry.id}, so that its purpose was not looked for"
            return Findings([for_a_person(entry, "Purpose", message, found=cited(coverage.hits))]), ()
        found = [*_purposes(entry, "Purpose", facts.purposes, looked, text, what)]
        return Findings(found, f"{entry.id}: {cited(coverage.named, 1)}"), coverage.named

    return plainly(
        entry,
        "Purpose",
        what,
        text,
        examine,
        "data",
        (*product, *facts.mentions, *facts.purposes),
        _sought(entry),
    )


def _purposes(
    entry: Entry, field: str, words: tuple[str, ...], looked: _Looked, text: Text, what: str
) -> Iterator[Finding]:
    """What is open, or wrong, about the purposes that are told where the data are named."""
    coverage, told = looked.coverage, looked.told
    parts = context_of(coverage, text, looked.others)
    if "marketing" in told_in(hit.part for hit in coverage.named).purposes - set(
        spoken_of("purposes", entry[field])
    ):
        message = f"{what} tells that {entry.id} is for marketing, which the IXIT does not"
        yield for_a_person(entry, field, message, found=cited(coverage.named, 2))
        return
    if words and any(says_for(words, part, coverage.sought) for part in parts):
        return
    wanted = set(spoken_of("purposes", entry[field]))
    if wanted and wanted <= told.purposes:
        return
    where = cited(coverage.named, 2)
    if not wanted and not words:
        message = f"the IXIT states no purpose that a program knows; {what} tells {_listed(told.purposes)}"
        settle = "say under facts.purposes by which words the document tells it"
        yield for_a_person(entry, field, message, found=where, settle=settle)
        return
    looked_for = listed([*(repr(word) for word in words), *sorted(wanted)])
    if (
        text.whole
        and not told.purposes
        and not told.umbrella
        and not told.marked
        and not _anywhere(wanted, text, looked.others)
    ):
        if leads := leads_elsewhere(text):
            message = f"{what} tells no purpose of {entry.id}, and leads to another document"
            yield for_a_person(entry, field, message, found=f"{where}; {leads[0].quoted}")
            return
        message = f"{what} tells no purpose of {entry.id}; looked for {looked_for}"
        yield violation(entry, field, message, aspect=_ASPECT, expected="its purpose", found=where)
        return
    lacking = sorted(wanted - told.purposes) or looked_for
    message = (
        f"{what} tells for {entry.id} {_listed(told.purposes)}; of the IXIT's purposes not found there: "
        f"{listed(lacking) if isinstance(lacking, list) else lacking}"
    )
    yield for_a_person(entry, field, message, found=where, settle="read whether other words tell it")


def _listed(concepts: Iterable[str]) -> str:
    return listed(sorted(concepts)) or "no purpose that a program knows"


def _anywhere(wanted: set[str], text: Text, others: Sequence[Sought]) -> bool:
    """Whether a wanted purpose is told anywhere in the text but where other data are named."""
    return any(
        part.language and vocabulary.pattern("purposes", one, part.language).search(part.short)
        for part in text.parts
        if not any(names(other, part) for other in others)
        for one in wanted
    )


_OUTSIDE = ("provider", "support-centre", "advertisers", "partners")
"""Recipients other than the maker, that a text has to name."""


def _recipients(
    entry: Entry, field: str, words: tuple[str, ...], told: Told, coverage: Coverage, text: Text, what: str
) -> Iterator[Finding]:
    """What is open, or wrong, about who gets the data; a text may say so once for all data."""
    everywhere = frozenset(one for part in text.parts for one in given_to(part))
    rows = any(hit.part.passage.kind is Kind.TABLE_ROW for hit in coverage.named)
    known = told.recipients if rows and told.recipients else told.recipients | everywhere
    lacking = [
        word for word in words if not any(says_for((word,), part, coverage.sought) for part in text.parts)
    ]
    beside = [
        part for part in text.parts if lacking and vocabulary.literal(tuple(lacking)).search(part.short)
    ]
    leads = leads_elsewhere(text)
    if lacking:
        message = f"{what} does not name {listed(lacking)}, to whom {entry.id} goes"
        if not text.whole:
            yield for_a_person(entry, field, f"{message}, and {text.why}", found=cited(coverage.named))
        elif beside:
            message = f"{what} names {listed(lacking)} of other data, or beside a negation, and {entry.id} goes to them"
            yield for_a_person(entry, field, message, found=beside[0].quoted)
        elif leads:
            both = f"{cited(coverage.named, 1)}; {leads[0].quoted}"
            yield for_a_person(entry, field, f"{message}, and leads to another document", found=both)
        else:
            yield violation(
                entry, field, message, aspect=_ASPECT, expected=listed(lacking), found=cited(coverage.named)
            )
        return
    wanted = {one for one in spoken_of("recipients", entry[field]) if one in _OUTSIDE}
    if not words and wanted and not wanted & known:
        message = f"{what} names nobody of {listed(sorted(wanted))} where it speaks of {entry.id}, whom the IXIT names"
        found = f"{cited(coverage.named, 1)}; {leads[0].quoted}" if leads else cited(coverage.named)
        yield for_a_person(
            entry, field, message, found=found, settle="read whether other words name who gets them"
        )
    if not wanted and not words and "advertisers" in told.perhaps:
        message = f"{what} names advertisers where it speaks of {entry.id}, and the IXIT does not"
        yield for_a_person(entry, field, message, found=cited(coverage.named))


def _periods(entry: Entry, field: str, looked: _Looked, text: Text, what: str) -> Iterator[Finding]:
    """Whether all that is told of keeping the data agrees with the IXIT; this unit does not ask that it is told."""
    stated = kept_in(vocabulary.folded(entry[field]), prose_language(entry[field]))
    if not stated.says:
        return
    near = context_of(looked.coverage, text, looked.others)
    own = {hit.part for hit in looked.coverage.hits}
    for part in text.parts:
        if not part.language or part.passage.kind is Kind.HEADING:
            continue
        chapter = (part, *text.chapter_of(part))
        if part not in own and (
            part.passage.kind is Kind.TABLE_ROW
            or (part not in near and any(names(one, other) for one in looked.others for other in chapter))
        ):
            continue
        for sentence in _on_keeping(part):
            short = vocabulary.folded(sentence)
            ours = part in own and (
                part.passage.kind is Kind.TABLE_ROW
                or bool(named_at(looked.coverage.sought, sentence, part.language))
            )
            if not _columns_on_keeping(part) and not speaks_of_keeping(short, part.language, ours=ours):
                continue
            told = kept_in(short, part.language)
            if told.agrees(stated):
                continue
            message = f"{what} tells how long {entry.id} is kept ({told}), and the IXIT states {stated}"
            if ours and told.contradicts(stated):
                yield violation(
                    entry, field, message, aspect=_ASPECT, expected=str(stated), found=part.quoted
                )
            else:
                yield for_a_person(
                    entry, field, message, found=part.quoted, settle="read whether both say the same"
                )
            return


def _on_keeping(part: Part) -> tuple[str, ...]:
    """The sentences of a passage; of a row with a column for how long, that one alone."""
    cells = _columns_on_keeping(part)
    return ("; ".join(cells),) if cells else tuple(sentences(part))


def _columns_on_keeping(part: Part) -> tuple[str, ...]:
    return tuple(
        f"{head}: {content}"
        for head, content in part.passage.cells
        if any(
            vocabulary.says(manner, vocabulary.folded(head), part.language)
            for manner in ("keeping", "keeping-column")
        )
    )


# All of them ------------------------------------------------------------------------------------------------


def categories(ixit: Ixit, text: Text) -> Findings:
    """Whether it is told which personal data are processed, and how easily it is read (6-1-2 c)."""
    what, field, entry = "the information on personal data", "Documentation of Personal Data", ixit.user_info
    found: list[Finding] = []
    named = 0
    for one, sought in zip(ixit.pers_data, familiar(_data(ixit), text), strict=True):
        coverage = look(sought, text)
        if coverage.named:
            named += 1
            found.append(shown(one, "Description", coverage))
        else:
            found.append(
                for_a_person(
                    one, "Description", f"{what} does not surely name {one.id}", found=cited(coverage.hits)
                )
            )
    concrete = any(_names_data(part, "things") for part in text.parts)
    if text.whole and not concrete and not named:
        message = f"{what} names no category of data, only general words"
        found = [violation(entry, field, message, aspect=_ASPECT, expected="the categories of data")]
    found += readability(text, entry, field)
    return Findings(found, f"{named} of {len(ixit.pers_data)} entries are named")


def telemetry(ixit: Ixit, text: Text, product: Sequence[str] = ()) -> Findings:
    """Which entries of 24-TelData the information leaves out (6-5-2 c).

    Args:
        ixit: the documents.
        text: what was published.
        product: names of the maker and the model.
    """
    what = "the information on telemetry"
    each = [_told_of(entry, ixit, text, what, product) for entry in ixit.tel_data]
    found = [finding for one in each for finding in one]
    if not each:
        settle = "say in the ICS whether telemetry is collected, and list it in 24-TelData"
        message = f"24-TelData has no entries, so that nothing was looked for in {what}"
        found.append(for_a_person(ixit.user_info, None, message, settle=settle))
    return Findings(found, "; ".join(one.examined for one in each if one.examined))


def _told_of(entry: TelDataEntry, ixit: Ixit, text: Text, what: str, product: Sequence[str]) -> Findings:
    """Whether the information says that some telemetry is collected."""

    def examine(text: Text) -> tuple[Findings, tuple[Hit, ...]]:
        sought = next(one for one in familiar(_telemetry(ixit), text) if one.name == entry.id)
        coverage = look(sought, text)
        found = [
            *not_covered(entry, "Description", coverage, what),
            *one_language(entry, "Description", coverage, text, what),
        ]
        if coverage.named and not _is_reported(coverage, text):
            message = f"{what} names {entry.id}, and no passage there says that it is sent or collected"
            found.append(for_a_person(entry, "Description", message, found=cited(coverage.named)))
            return Findings(found), coverage.named
        return Findings(
            found, f"{entry.id}: {cited(coverage.named, 1)}" if coverage.named else ""
        ), coverage.named

    names_ = (*product, *entry.facts.mentions)
    return plainly(entry, "Description", what, text, examine, "data", names_, _sought(entry))


def _is_reported(coverage: Coverage, text: Text) -> bool:
    """Whether something is said to be sent or collected where it is named: crashes are also a thing to mend."""
    return any(
        part.language and vocabulary.says("collect", part.short, part.language)
        for part in text.around(hit.part for hit in coverage.named)
    )


def use(ixit: Ixit, field: str, text: Text, maker: str, product: Sequence[str] = ()) -> Findings:
    """Whether it is told how data are used, by whom, and for what; one wholly absent refutes (6-1-2 d, 6-5-2 d).

    Args:
        ixit: the documents.
        field: of 2-UserInfo, that names the text.
        text: what was published.
        maker: name of the manufacturer.
        product: other names that are ordinary there.
    """
    what, entry = f"the text under {field}", ixit.user_info
    known = [part for part in text.parts if part.language]
    purposes = {
        one
        for part in known
        for file in ("purposes", "purpose_umbrellas")
        for one in vocabulary.concepts(file)
        if vocabulary.pattern(file, one, part.language).search(part.short)
    }
    recipients = {one for part in known for one in recipients_in(part)}
    users = any(
        vocabulary.says("controller", part.short, part.language) or _names(maker, part.short)
        for part in known
    )
    absent = [
        said
        for said, is_told in (
            ("for which purposes data are used", bool(purposes)),
            ("who is responsible for it", users or "maker" in recipients),
            (
                "who else gets them, or that nobody does",
                bool(recipients - {"maker"}) or _only_the_maker(known, maker),
            ),
        )
        if not is_told
    ]
    found: list[Finding] = []
    leads = leads_elsewhere(text)
    for one in absent:
        message = f"{what} does not say {one}"
        if not text.whole:
            found.append(for_a_person(entry, field, f"{message}, and {text.why}"))
        elif leads:
            found.append(
                for_a_person(entry, field, f"{message}, and leads to another document", found=leads[0].quoted)
            )
        else:
            found.append(violation(entry, field, message, aspect=_ASPECT, expected=one))
    if leads and not absent:
        message = f"{what} leads to another document, which the IXIT would have to name"
        found.append(for_a_person(entry, field, message, found=leads[0].quoted))
    examined = f"it tells purposes ({listed(sorted(purposes))}) and recipients ({listed(sorted(recipients))})"
    told = Findings([*found, *readability(text, entry, field)], examined)
    return where_understood(told, entry, field, what, text, "data", (maker, *product))


_ALONE = vocabulary.literal(
    (
        "alone",
        "only",
        "allein",
        "nur",
        "seul",
        "seulement",
        "solo",
        "soltanto",
        "alleen",
        "tylko",
        "vain",
        "bara",
        "endast",
    )
)


def _only_the_maker(parts: Iterable[Part], maker: str) -> bool:
    """Whether a passage says that the maker alone uses the data."""
    return any(
        _ALONE.search(part.short)
        and (
            vocabulary.says("controller", part.short, part.language)
            or _names(maker, part.short)
            or _is_us(part)
        )
        for part in parts
    )


def _names(maker: str, short: str) -> bool:
    return bool(maker) and vocabulary.literal((maker,)).search(short) is not None


def _is_us(part: Part) -> bool:
    return "maker" in recipients_in(part)
