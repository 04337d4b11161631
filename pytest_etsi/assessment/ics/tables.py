"""Rows of an ICS held against the tables of the IXIT that they are about: figures, factors, consent, parameters.

Words are read, not understood: what follows from them alone is a warning, for somebody to look.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.ics.sheet import finding, quoted
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.passwords import unlisted_password
from pytest_etsi.assessment.reading.quantities import Range, apart, attempts, clauses, spans_days, years
from pytest_etsi.assessment.reading.words import opens_with_nothing, there_is_none
from pytest_etsi.text import abridged, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_etsi.assessment.ics.sheet import IcsFinding, IcsSheet, Level
    from pytest_etsi.profile import Entry, IcsRow, Ixit
    from pytest_etsi.profile.entries import AuthMechEntry

    Ranges = Iterable[Range]

__all__ = ["TABLES"]

_RECEIPT = re.compile(
    r"acknowledg|receipt|received|confirm|respon|reply|replies|answer|first contact|bestätig|eingang|antwort|rückmeld"
    r"|accus|répon|acus|respuesta|ricevuta|rispost|recebimento|resposta|ontvangst",
    re.IGNORECASE,
)
_REMEDY = re.compile(
    # An update on the status mends nothing.
    r"(?<!status )(?<!status-)(?<!progress )\b(?:fix|remed|patch|resol|correct|updat(?!\w* (?:on|about|of) (?:the )?"
    r"(?:status|progress|state))|solv|releas|roll)|beheb|korrig|schlie[sß]|aktualis|corrig|corre[cz]"
    r"|mise à jour|actualiz|aggiorn|atualiz|oplos|verhol",
    re.IGNORECASE,
)
_STATUS = re.compile(
    r"status|progress|state of|\bstand\b|fortschritt|zwischenstand|avancement|\u00e9tat d|estado|stato|voortgang",
    re.IGNORECASE,
)
_A_MONTH = 28.0


def _all(text: str) -> Iterator[str]:
    yield from clauses(text)


def _about(pattern: re.Pattern[str], *others: re.Pattern[str]) -> Callable[[str], Iterator[str]]:
    def pick(text: str) -> Iterator[str]:
        for clause in clauses(text):
            if pattern.search(clause) and not any(other.search(clause) for other in others):
                yield clause

    return pick


def _texts(entries: Iterable[Entry], *fields: str) -> Iterator[str]:
    for entry in entries:
        yield from (entry[field] for field in fields if field in entry)


def figures(sheet: IcsSheet) -> Iterator[IcsFinding]:
    """Figures of a row that are not those of its table."""
    ixit = sheet.ixit
    reports = [*_texts(ixit.vuln_types, "Action", "Time Frame")]
    reports += [*_texts([ixit.user_info], "Publication of Vulnerability Disclosure Policy")]
    facts = ixit.user_info.facts
    acknowledged = [Range(days, days) for days in (facts.policy_acknowledge_days,) if days is not None]
    between = [Range(days, days) for days in (facts.policy_status_days,) if days is not None]
    receipt, remedy = _about(_RECEIPT), _about(_REMEDY, _RECEIPT)
    for provision in ("5.2-1", "5.2-2"):
        yield from _differ(
            sheet,
            provision,
            "days to an acknowledgement",
            spans_days,
            receipt,
            reports,
            ixit.vuln_types.id,
            acknowledged,
        )
    yield from _differ(
        sheet,
        "5.2-1",
        "days between status updates",
        spans_days,
        _about(_STATUS, _RECEIPT, _REMEDY),
        reports,
        ixit.vuln_types.id,
        between,
    )
    times = [*_texts([*ixit.vuln_types, *ixit.upd_proc], "Time Frame", "Description", "Action")]
    stated = [
        Range(days, days)
        for entry in (*ixit.vuln_types, *ixit.upd_proc)
        if (days := entry.facts.max_days) is not None
    ]
    for provision in ("5.2-1", "5.2-2", "5.3-8"):
        where = f"{ixit.vuln_types.id} and {ixit.upd_proc.id}"
        yield from _differ(sheet, provision, "days to a remedy", spans_days, remedy, times, where, stated)
    period = [*_texts([ixit.user_info], "Support Period")]
    where = f"{ixit.user_info}: Support Period"
    for provision in ("5.3-13", "5.3-14"):
        yield from _differ(sheet, provision, "time of support", _long, _all, period, where)
        yield from _differ(sheet, provision, "year of the end of support", years, _all, period, where)
    yield from _guessing(sheet, ixit)


def _long(text: str) -> Iterator[Range]:
    return spans_days(text, least=_A_MONTH)


def _guessing(sheet: IcsSheet, ixit: Ixit) -> Iterator[IcsFinding]:
    declared = [entry.facts.brute_force for entry in ixit.auth_mech if entry.facts.brute_force is not None]
    field = [*_texts(ixit.auth_mech, "Brute Force Prevention")]
    most = [
        Range(number, number)
        for one in declared
        for number in (one.max_attempts, *(rate.attempts for rate in one.rates))
        if number is not None
    ]
    times = [
        Range(seconds / 86400, seconds / 86400)
        for one in declared
        for seconds in (one.lockout_s, one.max_lockout_s, one.delay_s, *(rate.per_s for rate in one.rates))
        if seconds
    ]
    table = ixit.auth_mech.id
    yield from _differ(sheet, "5.1-5", "number of attempts", attempts, _all, field, table, most)
    yield from _differ(sheet, "5.1-5", "time of a lock", spans_days, _all, field, table, times)


def _differ(
    sheet: IcsSheet,
    provision: str,
    what: str,
    read: Callable[[str], Ranges],
    pick: Callable[[str], Iterator[str]],
    table: Iterable[str],
    where: str,
    facts: Ranges = (),
) -> Iterator[IcsFinding]:
    """The row, if it states `what`, and its table states something else only.

    Args:
        sheet: the ICS.
        provision: whose row.
        what: the quantity, in words.
        read: the figures of a text.
        pick: the clauses of a text that are about the quantity.
        table: the texts of the table.
        where: the table, in words.
        facts: what typed facts of the table state.
    """
    row = sheet.ics.rows.get(provision)
    if row is None or row.support != "Y":
        return
    said = [(clause, one) for clause in pick(row.detail) for one in read(clause)]
    there = [(clause, one) for text in table for clause in pick(text) for one in read(clause)]
    known = [*(one for _, one in there), *facts]
    if said and apart((one for _, one in said), known):
        shown = quoted(there[0][0]) if there else f"{known[0].least:g} in its facts"
        other = f"other {what}" if what.startswith("days ") else f"another {what}"
        yield finding(
            provision,
            "row-against-table",
            "warning",
            f"{row.source}: {provision} states {other} ({quoted(said[0][0])}) than {where} ({shown})",
            "the same in both",
        )


# Factors and consent ----------------------------------------------------------------------------------------


def without_factor(sheet: IcsSheet) -> Iterator[IcsFinding]:
    """Rows that claim authentication before changes or functions, beside a mechanism that asks for nothing."""
    open_ = [
        entry for entry in sheet.ixit.auth_mech if entry.facts.interface != "local" and _asks_nothing(entry)
    ]
    # Functions are about the initialized state; changes of settings about any.
    initialized = [
        entry
        for entry in open_
        if "initialized" in entry.facts.states and there_is_none(entry["Authentication Factor"])
    ]
    for provision, mechanisms in (("5.5-4", initialized), ("5.5-5", open_)):
        row = sheet.ics.rows.get(provision)
        if row is not None and row.support == "Y" and mechanisms:
            states = f" in {listed(mechanisms[0].facts.states)}" if mechanisms[0].facts.states else ""
            yield _against(
                provision,
                row,
                "warning",
                f"{_named(mechanisms)} asks for nothing{states}: {quoted(mechanisms[0]['Authentication Factor'])}",
                "a reason why nothing can be changed by it, or a factor",
            )


def _asks_nothing(entry: AuthMechEntry) -> bool:
    factor = entry["Authentication Factor"].strip()
    return bool(factor and opens_with_nothing(factor)) and not entry.facts.factors


_CONSENT = re.compile(
    r"\bconsent|einwillig|consentement|consentimiento|consenso|consentimento|toestemming", re.IGNORECASE
)
_NO_CONSENT = re.compile(
    r"\b(?:no|not|without|never|kein\w*|nicht|ohne|sans|sin|senza|sem|geen|zonder|n't)\b", re.IGNORECASE
)


def consent(sheet: IcsSheet) -> Iterator[IcsFinding]:
    """Rows that speak of a consent that no personal data rest on, or deny one that some do."""
    answers = [(entry, claims.rests_on_consent(entry)) for entry in sheet.ixit.pers_data]
    some = [entry for entry, answer in answers if answer]
    for provision, row in sheet.answered:
        spoken = [clause for clause in clauses(row.detail) if _CONSENT.search(clause)]
        if row.support != "Y" or not spoken or not answers:
            continue
        denied = all(_NO_CONSENT.search(clause) for clause in spoken)
        if denied and some:
            said = f"{_named(some)} rests on consent"
        elif not denied and all(answer is False for _, answer in answers):
            said = f"no entry of {sheet.ixit.pers_data.id} rests on consent"
        else:
            continue
        yield _against(
            provision.id, row, "warning", f"{said}, but the row says {quoted(spoken[0])}", "the same in both"
        )


def passwords(sheet: IcsSheet) -> Iterator[IcsFinding]:
    """Rows that claim that critical parameters are kept safe, where the password of a login is none."""
    login = unlisted_password(sheet.ixit)
    rows = ((name, sheet.ics.rows.get(name)) for name in ("5.5-6", "5.5-7", "5.4-1"))
    claimed = next(((name, row) for name, row in rows if row is not None and row.support == "Y"), None)
    if login is None or claimed is None:
        return
    table = sheet.ixit.sec_param
    provision, row = claimed
    yield _against(
        provision,
        row,
        "error",
        f"the password of {login} ({login.source()}) is a critical security parameter, and {table.id} "
        f"({table.source}) does not have it",
        f"an entry of {table.id} for it",
    )


def _against(provision: str, row: IcsRow, level: Level, said: str, expected: str) -> IcsFinding:
    message = f"{row.source}: {provision} is answered {row.support}, but {said}"
    return finding(provision, "row-against-table", level, message, expected)


def _named(entries: Iterable[Entry]) -> str:
    return abridged([str(entry) for entry in entries], 2)


TABLES = (figures, without_factor, consent, passwords)
