# ruff: noqa: RUF001 - typographic signs are what is tested
"""What an answer says: the forms of saying nothing are alike in every language, and no truthful sentence is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_etsi.assessment.reading.words import (
    does_not_apply,
    elsewhere,
    none_first,
    opens_with_nothing,
    rules_out,
    says_nothing,
    there_is_none,
    unanswered,
)

NONE = {
    "English": ("none", "nil", "nothing", "no", "none at all", "there is none"),
    "German": ("keine", "kein", "keiner", "keines", "nichts", "nicht vorhanden"),
    "French": ("aucun", "aucune", "néant", "rien"),
    "Spanish": ("ninguno", "ninguna", "nada", "no hay"),
    "Italian": ("nessuno", "nessuna", "niente", "nulla"),
    "Dutch": ("geen", "niets", "niet aanwezig"),
    "Polish": ("brak", "żaden", "nie ma"),
    "Portuguese": ("nenhum", "nenhuma", "não há"),
    "Chinese": ("无", "没有"),
    "Japanese": ("なし", "無し", "特になし", "ありません"),
}
NOT_APPLICABLE = {
    "English": (
        "n/a",
        "n.a.",
        "N. A.",
        "na",
        "not applicable",
        "does not apply",
        "not relevant",
        "inapplicable",
    ),
    "German": ("entfällt", "nicht zutreffend", "trifft nicht zu", "nicht anwendbar"),
    "French": ("sans objet", "s.o.", "non applicable", "ne s’applique pas"),
    "Spanish": ("no aplica", "no aplicable", "no procede"),
    "Italian": ("non applicabile", "non si applica"),
    "Dutch": ("n.v.t.", "nvt", "niet van toepassing"),
    "Polish": ("nie dotyczy", "n/d"),
    "Portuguese": ("não aplicável", "não se aplica"),
    "Chinese": ("不适用",),
    "Japanese": ("該当なし", "対象外"),
}
UNANSWERED = {
    "English": (
        "tbd",
        "t.b.d.",
        "TODO",
        "to be defined",
        "lorem ipsum dolor sit amet",
        "xxxx",
        "unknown",
        "pending",
    ),
    "German": ("keine Angabe", "k. A.", "unbekannt", "noch offen"),
    "French": ("à définir", "à compléter"),
    "Spanish": ("por definir", "pendiente"),
    "Italian": ("da definire", "da completare"),
    "Dutch": ("nog te bepalen", "onbekend"),
    "Polish": ("do uzupełnienia", "do ustalenia"),
    "Portuguese": ("por preencher", "a definir"),
    "Chinese": ("待定",),
    "Japanese": ("未定", "未記入"),
}
TRUTHFUL = [
    "No telemetry is sent without consent",
    "None of the passwords is shared",
    "Nothing but the serial number",
    "No two devices have the same password.",
    "Not only the owner, but also guests may see the picture.",
    "Nonce and key are drawn by the TRNG.",
    "Non-personal counts of starts.",
    "NA-1 is the entry of the light.",
    "Note: five attempts, then a lock of a minute.",
    "Notified by e-mail.",
    "Nightly.",
    "Nilfs2 with encryption.",
    "Open and close commands of the owner",
    "Test results of the self-test, one a day",
    "Keiner der Schlüssel verlässt das Gerät.",
    "Keine zwei Geräte haben dasselbe Passwort.",
    "Nicht nur der Besitzer, auch Gäste.",
    "Aucun mot de passe n'est partagé entre deux appareils.",
    "Ninguna contraseña se comparte entre dispositivos.",
    "Nessuna password è uguale su due dispositivi.",
    "Geen twee apparaten hebben hetzelfde wachtwoord.",
    "Żadne hasło nie jest wspólne dla dwóch urządzeń.",
    "Nenhuma senha é igual em dois aparelhos.",
    "无线网络的密码由用户设置",
    "なしとげた回数を一日に一度送る",
    "0",
    "5",
    "A",
    "SHA-256",
]


def _all(forms: dict[str, tuple[str, ...]]) -> list[str]:
    return [form for language in forms.values() for form in language]


EVERY_FORM = [*_all(NONE), *_all(NOT_APPLICABLE), *_all(UNANSWERED), "see annex", "ditto", "not supported"]

AROUND = st.text(alphabet=" \t\n.,;:!?-–—_*()[]\"'“”«»。、…", max_size=4)


@st.composite
def written(draw: st.DrawFn, forms: list[str]) -> str:
    """A form as it may be written: another case, punctuation, white space, and typographic signs."""
    form = draw(st.sampled_from(forms))
    form = draw(st.sampled_from([str, str.upper, str.lower, str.title]))(form)
    form = form.replace(" ", draw(st.sampled_from([" ", "  ", "\u00a0", "\n"])))
    return draw(AROUND) + form + draw(AROUND)


@given(written(EVERY_FORM))
def test_a_form_of_saying_nothing_says_nothing_however_it_is_written(text: str) -> None:
    assert says_nothing(text)
    assert opens_with_nothing(text)


@given(written(_all(NONE)))
def test_that_there_is_none_is_an_answer(text: str) -> None:
    assert there_is_none(text)
    assert not does_not_apply(text)
    assert not unanswered(text)


@given(written(_all(NOT_APPLICABLE)))
def test_that_a_question_does_not_apply_is_another_answer(text: str) -> None:
    assert does_not_apply(text)
    assert not there_is_none(text)
    assert not unanswered(text)


@given(written(_all(UNANSWERED)))
def test_what_is_to_come_is_no_answer(text: str) -> None:
    assert unanswered(text)
    assert not there_is_none(text)
    assert not does_not_apply(text)


@given(st.text(alphabet="-‐‑‒–—―− ", min_size=1).filter(str.strip))
def test_a_dash_of_any_kind_and_length_says_that_there_is_none(text: str) -> None:
    assert there_is_none(text)
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["", " ", "\n\t", "?", "???", "...", "…", "__", "*", "。"])
def test_no_text_and_mere_punctuation_are_no_answer(text: str) -> None:
    assert unanswered(text)
    assert says_nothing(text)
    assert not there_is_none(text)


@given(st.lists(st.sampled_from(["none", "n/a", "-", "keine", "N.A."]), min_size=1, max_size=4))
def test_several_of_them_say_no_more_than_one(parts: list[str]) -> None:
    assert says_nothing("; ".join(parts))
    assert says_nothing(" / ".join(parts))


@given(st.sampled_from(TRUTHFUL), st.sampled_from([str, str.lower, str.upper]))
def test_a_truthful_sentence_says_something_whatever_it_begins_with(text: str, case: type[str]) -> None:
    assert not says_nothing(case(text))
    assert not there_is_none(case(text))
    assert not does_not_apply(case(text))
    assert not unanswered(case(text))


@given(
    st.sampled_from(_all(NONE) + _all(NOT_APPLICABLE)),
    st.sampled_from(["; ", ", ", ": ", " - ", " – ", " (", ". "]),
)
def test_an_answer_may_go_on_with_its_reason(form: str, between: str) -> None:
    text = f"{form.rstrip('.')}{between}the loader is in mask ROM"

    assert none_first(text)
    assert opens_with_nothing(text)
    assert not says_nothing(text)


@pytest.mark.parametrize(
    "text", ["UpdMech-OTA", "None-1", "No-1", "N", "Nothing but UpdMech-OTA", "Not UpdMech-OTA", "Na-Cl"]
)
def test_an_id_is_not_that_there_is_none(text: str) -> None:
    assert not none_first(text)


@pytest.mark.parametrize(
    "text",
    [
        "No telemetry",
        "No telemetry is collected.",
        "There is no telemetry.",
        "There isn't any service.",
        "We collect no telemetry.",
        "The device does not collect any telemetry data.",
        "The device doesn’t send telemetry to anybody.",
        "No telemetry data is collected by the device or the app",
        "Telemetry is not collected.",
        "Keine Telemetrie",
        "Telemetrie entfällt",
        "Es werden keine Daten erhoben.",
        "Aucune donnée n'est collectée",
        "没有遥测数据",
        "テレメトリなし",
    ],
)
def test_a_sentence_that_rules_out_its_subject_is_known(text: str) -> None:
    assert rules_out(text)
    assert not says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nothing but the serial number",
        "No telemetry is sent without consent",
        "None of the passwords is shared",
        "Nicht nur der Besitzer, auch Gäste.",
        "Open and close commands of the owner",
        "Crash reports.",
        "Crash reports, no personal data",
        "Crash reports are not linked to a person.",
        "Crash reports are sent",
        "No more than the number of starts, of which the service makes a sum.",
        "No names are sent without the owner's consent",
        "No personal data are contained in the reports of crashes that it sends",
        "A box that is not ticked before.",
    ],
)
def test_a_sentence_that_says_what_there_is_rules_nothing_out(text: str) -> None:
    assert not rules_out(text)


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    kinds = [there_is_none(text), does_not_apply(text), unanswered(text), elsewhere(text)]

    assert sum(kinds) <= 1
    assert says_nothing(text) or not any(kinds)


@pytest.mark.parametrize("part", [" ", "- ", "no ", "none; ", "n/a, ", "\n", "ab ", "…"])
def test_a_long_text_is_read_at_once(part: str) -> None:
    text = part * 50_000 + "end"

    assert not says_nothing(text)
    assert not unanswered(text)
    assert none_first(text) is part.startswith(("n/a", "none"))
