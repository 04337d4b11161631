"""The model designation as it is read off the device (5.3-16-2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings, place
from pytest_etsi.assessment.published.designations import names_as_written
from pytest_etsi.assessment.published.support import names_model
from pytest_etsi.assessment.reading.sentences import shortened
from pytest_etsi.profile.words import plain
from pytest_etsi.text import listed
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from pytest_etsi.dut.observe.designation import DesignationSeen
    from pytest_etsi.profile.entries import UserInfoEntry

__all__ = ["is_plain_and_ours", "was_read"]

_FIELD = "Model Designation"
_CODE = re.compile(
    r"(?:0x)?[0-9a-f]{8,}|[A-Za-z0-9+/]{16,}={0,2}|[01]{8,}|https?://\S+|\d{8,14}", re.IGNORECASE
)

_LABEL = re.compile(
    r"models?|(?:gerate|produkt)?modell[oe]?|modele?|modelo|(?:laite|tuote)?malli(?:nimi)?|productmodel|typ(?:e|o|enbezeichnung)?|tipo|tyyppi|name|nombre|nome|navn|naam|nazwa|nimi|namn|"
    r"product|produkt|produit|producto|prodotto|tuote|ref|no|nr|n|item|device|rev|revision|ce|ukca|weee|rohs|ip\d\d|"
    r"[a-z]|black|white|gr[ea]y|silver|schwarz|weiss|grau|noir|blanc|gris|negro|blanco|nero|bianco|grigio|zwart|wit|czarny|bialy|"
    r"musta|valkoinen|svart|vit|input|output|eingang|ausgang|entree|sortie|entrada|salida|ingresso|uscita|rated"
)
"""Words of labels around a designation, in plain form."""
_SERIAL = re.compile(
    r"(?:serial|serien|serie|serijnr|sarja|seryjny|s/n\b|sn\b|sarjanr|serienr|artikel|article|item|"
    r"part|p/n\b|mac\b|ean\b|imei\b|n[o\xb0]? ?de serie|numero di serie|numero de serie|nr seryjny|"
    r"batch|lot|charge|fcc id|hw|sw|fw|firmware|hardware)"
    r"[\w-]*\.? ?(?:numero|nummer|number|no|nr|n)?\.? ?[:#]? ?[\w:./-]*\d[\w:./-]*"
)
_VALUE = re.compile(
    r"(?<![\w-])\d[\d.,/-]* ?"
    r"(?:v|vac|vdc|a|ma|w|kw|hz|khz|mhz|ghz|mm|cm|kg|g|\xb0c|va|mah|ah|lm|k)?(?![\w-])(?: ?[~=\u2393])?"
    r"|\d\d[./-]20\d\d|(?:date|datum|fecha|data|herstellungsdatum|mfg|made)[ :]+\d[\d./-]*"
)
_MADE = re.compile(
    r"(?:made|designed|assembled|hergestellt|fabrique|fabricado|fatto|prodotto|gemaakt|wyprodukowano|valmistettu|tillverkad)"
    r" (?:in|en|a|au|w|i) (?:the )?\w+(?: union)?"
)
_MAKER = re.compile(
    r"(?i:manufacturer|hersteller|fabricante?|produttore|fabrikant|producent|valmistaja|tillverkare|brand|marke|marque"
    r"|marca|merk|marka|merkki|m\xe4rke) ?: ?[^|:;]{2,40}?(?=\s*(?:[|;]|\Z))"
    r"|\b(?!(?:For|Fits|F\u00fcr|Pour|Para|Per|Voor|Dla|Till)\b)(?:[A-Z\u00c0-\u00de][\w&.-]* ){1,3}"
    r"(?:GmbH|AG|KG|SE|Ltd|Limited|Inc|LLC|S\.?A\.?S?|S\.?L\.?|S\.?p\.?A|S\.?r\.?l|B\.?V|Oy|AB|sp\. z o\.o)\b\.?"
)
"""The maker, behind its label, or with its legal form."""
_VERSION = re.compile(
    r"\b(?:software|firmware|hw|sw|fw)?[ -]?(?:versione?|wersja|versio|versie)\b\.? ?[:#]? ?v?\d[\w.-]*"
)
_MOST_WORDS = 6
_SPACE = re.compile(r"[^\S\n\t\r]")
"""Spaces of all kinds: the one before a colon that does not break is ordinary in French."""


def was_read(info: UserInfoEntry, seen: DesignationSeen) -> Findings:
    """What refutes that the described way gives a designation (5.3-16-2 a)."""
    examined = f"{seen.where}: {shortened(seen.text)!r}"
    if seen.trouble:
        settle = "let the operation come to its end, or read the designation by eye"
        message = f"the designation could not be read by {seen.where}: {seen.trouble}"
        return Findings((_open(info, message, Cause.BENCH, settle),), examined)
    if not seen.text.strip():
        message = f"{seen.where} gives no designation"
        return Findings((_against(info, message, "a designation", "nothing"),), examined)
    return Findings(_without_photo(info, seen), examined)


def is_plain_and_ours(info: UserInfoEntry, seen: DesignationSeen, model: str) -> Findings:
    """What refutes that what was read is plain text and the designation of the documents (5.3-16-2 b)."""
    lines = _SPACE.sub(" ", seen.text).split("\n")
    text = " | ".join(_without_ratings(line) for line in lines if line.strip()).strip()
    examined = f"{seen.where}: {shortened(seen.text)!r} against {model!r}"
    if seen.trouble or not text:
        message = f"nothing was read by {seen.where}, so that nothing can be compared"
        return Findings((_open(info, message, Cause.BENCH, "read the designation first"),), examined)
    if not text.replace("\t", "").replace("\r", "").isprintable() or _CODE.fullmatch(text):
        message = f"{seen.where} gives a code, no plain text"
        return Findings((_against(info, message, model, shortened(text)),), examined)
    if not names_model(plain(info[_FIELD]), model):
        message = f"{shortened(info[_FIELD])!r} does not name {model!r}, which the profile is about"
        settle = "let dut.model and Model Designation of 2-UserInfo agree"
        return Findings((_open(info, message, Cause.INFORMATION, settle),), examined)
    if names_model(plain(text), model) and not names_as_written(text, model):
        message = f"{seen.where} gives {shortened(text)!r}, which has other letters than {model!r}"
        settle = "judge whether it is the same designation, or let device and documents write it alike"
        return Findings((_open(info, message, Cause.JUDGEMENT, settle),), examined)
    if plain(text) == plain(model) or (names_model(plain(text), model) and not (more := _more(text, model))):
        return Findings(_without_photo(info, seen), examined)
    if names_model(plain(text), model):
        message = f"{seen.where} gives {shortened(text)!r}, which says more than {model!r}: {listed(more)}"
        settle = "judge whether it is the designation of the device, and of no accessory, range or sample"
        return Findings((_open(info, message, Cause.JUDGEMENT, settle),), examined)
    if _alike(model) in _alike(text) or _alike(text) in _alike(model):
        message = f"{seen.where} gives {shortened(text)!r}, which is much like {model!r} and not the same"
        return Findings(
            (_open(info, message, Cause.JUDGEMENT, "judge whether it is the same designation"),), examined
        )
    return Findings(
        (_against(info, f"{seen.where} gives another designation", model, shortened(text)),), examined
    )


_LOOKS = str.maketrans("oil", "011", " -_.")


def _alike(text: str) -> str:
    """What two designations that are much alike have in common: no gaps, and one sign for those that are mistaken."""
    return plain(text).translate(_LOOKS)


_RATING = re.compile(r"(?<![\w-])\d[\d.,/-]* ?(?:V(?:AC|DC)?|m?A|k?W|[kMG]?Hz|mAh)(?![\w-])(?: ?[~=\u2393])?")
"""A figure with its unit, which may stand right behind a designation and does not belong to it."""
_LETTER_BEHIND = r"\s+\w(?![\w./:~\xb0])"


def _without_ratings(line: str) -> str:
    """A line with a sign before its electrical data, so that their figures are none of the designation before them."""
    return _RATING.sub(lambda rating: f"| {rating[0]}", line)


def _more(text: str, model: str) -> list[str]:
    """The words beside a designation that are none of a plate: labels, serial number, voltages, where it was made."""
    if match := re.search(rf"{re.escape(model)}({_LETTER_BEHIND})", text, re.IGNORECASE):
        return [match[1].strip()]  # a letter alone behind it makes another model
    rest = _MAKER.sub(" ", text)
    rest = _VERSION.sub(" ", plain(rest))
    rest = re.sub(rf"(?<![\w-])(?<!\w[-.+/]){re.escape(plain(model))}(?!\w)", " ", rest, count=1)
    rest = _MADE.sub(" ", _VALUE.sub(" ", _SERIAL.sub(" ", rest)))
    words = re.findall(r"[\w][\w'-]*", rest)
    return list(dict.fromkeys(word for word in words if not _LABEL.fullmatch(word)))[:_MOST_WORDS]


def _without_photo(info: UserInfoEntry, seen: DesignationSeen) -> tuple[Finding, ...]:
    """What somebody has typed counts with the photo of what was read."""
    if not seen.by_eye or seen.photo:
        return ()
    message = f"what stands at {seen.where!r} is typed, and no photo shows it"
    settle = "name the photo under access.designation of 2-UserInfo, or record a judgement"
    return (_open(info, message, Cause.JUDGEMENT, settle),)


def _open(info: UserInfoEntry, message: str, cause: Cause, settle: str) -> Finding:
    return Finding(
        "unknown",
        "guidance",
        message,
        place=place(info, _FIELD),
        evidence="designation",
        cause=cause,
        settle=settle,
    )


def _against(info: UserInfoEntry, message: str, expected: str, found: str) -> Finding:
    return Finding(
        "violation", "guidance", message, expected, found, place=place(info, _FIELD), evidence="designation"
    )
