"""Evidence: kept once, hashed, numbered, and without secrets."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import threading
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from work import at_most_cpu_s

from pytest_etsi import evidence
from pytest_etsi.evidence import MASK, EvidenceStore, Redactor, utc_now

PASSWORD = 'Tr0ub4dor&3 "/+ü'


@pytest.fixture
def store(tmp_path):
    return EvidenceStore(tmp_path, Redactor([PASSWORD]))


# The store --------------------------------------------------------------------------------------------


def test_an_item_is_a_file_named_by_unit_entry_and_number(store, tmp_path):
    item = store.scope("5.1-5-2/b", "AuthMech-web").add("guesses", {"attempts": 5})

    assert item.file == "evidence/5.1-5-2_b/AuthMech-web/01-guesses.json"
    assert json.loads((tmp_path / item.file).read_text()) == {"attempts": 5}


def test_an_item_carries_the_hash_and_size_of_what_is_on_disk(store, tmp_path):
    item = store.scope("5.1-5-2/b").add("scan", "22/tcp open\n")

    data = (tmp_path / item.file).read_bytes()
    assert item.sha256 == hashlib.sha256(data).hexdigest()
    assert item.size == len(data)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", item.created)


def test_what_is_there_is_never_written_again(store, tmp_path):
    first = store.scope("5.1-5-2/b").add("scan", "first")
    again = EvidenceStore(tmp_path).scope("5.1-5-2/b").add("scan", "second")

    assert (tmp_path / first.file).read_text() == "first"
    assert again.file.endswith("02-scan.txt")


def test_kinds_of_content_have_their_suffixes(store):
    scope = store.scope("5.1-5-2/b")

    class Observation:
        def to_json(self):
            return ["seen"]

    names = [scope.add("x", content).file for content in (b"\x00", "text", [1, None, 2.5], Observation())]
    assert [name.rpartition(".")[2] for name in names] == ["bin", "txt", "json", "json"]
    assert scope.add("capture", b"", suffix=".pcap").file.endswith("-capture.pcap")


def test_what_a_device_sent_does_not_act_on_the_terminal_that_prints_the_file(store, tmp_path):
    sent = "\x9b2J\x85 \u202etxt.exe \x1b[31m ü"

    item = store.scope("5.6-2-2/a").add("answer", {"bytes": sent})

    written = (tmp_path / item.file).read_text(encoding="utf-8")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", written)
    assert json.loads(written) == {"bytes": sent}


def test_content_that_json_does_not_have_is_refused(store):
    with pytest.raises(TypeError, match="set"):
        store.scope("5.1-5-2/b").add("x", {"a": {1, 2}})


def test_content_beyond_the_limit_is_refused_before_it_is_written(store, tmp_path, monkeypatch):
    monkeypatch.setattr(evidence, "MAX_BYTES", 10)

    with pytest.raises(ValueError, match="11 bytes"):
        store.scope("5.1-5-2/b").add("flood", "x" * 11)
    assert not (tmp_path / "evidence").exists()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/b", "..", "", "\x1b[2J", "ü", "x" * 300, "-rf", "nul\0"]
)
def test_no_name_leads_out_of_the_folder_or_steers_a_terminal(store, tmp_path, name):
    item = store.scope(f"5.1-5-2/b{name}", name or "e").add(name, "x")

    path = (tmp_path / item.file).resolve()
    assert path.is_relative_to(tmp_path / "evidence")
    assert item.file.isprintable()
    assert item.file.isascii()


def test_two_entries_that_look_alike_as_file_names_stay_apart(store):
    one = store.scope("5.1-5-2/b", "web ui").add("x", "1")
    two = store.scope("5.1-5-2/b", "web:ui").add("x", "2")

    assert one.file.rpartition("/")[0] != two.file.rpartition("/")[0]


def test_many_threads_get_a_number_each(store, tmp_path):
    scope = store.scope("5.1-5-2/b")
    threads = [threading.Thread(target=scope.add, args=("x", str(n))) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    numbers = sorted(item.file.rpartition("/")[2][:2] for item in scope.items)
    assert numbers == [f"{n:02d}" for n in range(1, 25)]


def test_an_item_of_another_evaluation_can_be_cited_once(store):
    scan = store.scope("5.1-1-2/a").add("scan", "22/tcp")
    other = store.scope("5.1-5-2/a")
    other.cite(scan)
    other.cite(scan)

    assert other.items == [scan]


def test_what_no_record_names_is_set_aside_and_its_name_is_free_again(store, tmp_path):
    kept = store.scope("5.1-5-2/a").add("scan", "kept")
    left = store.scope("5.1-5-2/b").add("guesses", "cut short")

    assert store.set_aside([kept.file]) == ["evidence/interrupted/1/5.1-5-2_b/01-guesses.txt"]
    assert (tmp_path / kept.file).read_text() == "kept"
    assert store.scope("5.1-5-2/b").add("guesses", "again").file == left.file
    assert store.set_aside([kept.file]) == ["evidence/interrupted/2/5.1-5-2_b/01-guesses.txt"]
    assert (tmp_path / "evidence/interrupted/1/5.1-5-2_b/01-guesses.txt").read_text() == "cut short"


def test_times_are_utc_to_the_millisecond():
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", utc_now())


# Secrets ----------------------------------------------------------------------------------------------


FORMS = {
    "plain": PASSWORD,
    "JSON": json.dumps(PASSWORD)[1:-1],
    "JSON without escapes": json.dumps(PASSWORD, ensure_ascii=False)[1:-1],
    "JSON in JSON": json.dumps(json.dumps({"p": PASSWORD})),
    "URL query": quote_plus(PASSWORD),
    "URL path": quote(PASSWORD),
    "URL, lower-case hex": re.sub("%..", lambda match: match[0].lower(), quote(PASSWORD, safe="")),
    "HTML": html.escape(PASSWORD),
    "hex": PASSWORD.encode().hex(),
    "HEX with colons": PASSWORD.encode().hex(":").upper(),
    "base64": base64.b64encode(PASSWORD.encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(PASSWORD.encode()).decode(),
    "python": repr({"password": PASSWORD}),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_masked_in_every_form_in_which_it_travels(form):
    shown = Redactor([PASSWORD]).text(f"before {FORMS[form]} after")

    assert MASK in shown
    assert FORMS[form] not in shown
    assert shown.startswith("before ")
    assert shown.endswith(" after")


@pytest.mark.parametrize("user", ["", "a", "ab", "abc", "owner", "someone@example"])
@pytest.mark.parametrize("after", ["", "x", "xy"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_password_within_basic_authentication_is_masked_at_any_alignment(user, after, encode):
    secret = "Hor5e>Battery?Staple"
    token = encode(f"{user}:{secret}{after}".encode()).decode()
    shown = Redactor([secret]).text(f"Authorization: Basic {token}")

    assert MASK in shown
    inner = encode(secret.encode()).decode().rstrip("=")[1:-1]
    assert inner not in shown
    rest = shown.replace("Authorization: Basic ", "").split(MASK)
    for part in rest:
        data = base64.b64decode(
            part.rstrip("=")[: len(part.rstrip("=")) // 4 * 4].translate(str.maketrans("-_", "+/"))
        )
        assert secret[:4].encode() not in data


@pytest.mark.parametrize("form", FORMS)
def test_bytes_are_masked_as_text_is(form):
    shown = Redactor([PASSWORD]).bytes(b"\xff\x00" + FORMS[form].encode() + b"\xfe")

    assert MASK.encode() in shown
    assert FORMS[form].encode() not in shown
    assert shown.startswith(b"\xff\x00")
    assert shown.endswith(b"\xfe")


def test_builtins_are_masked_in_keys_values_and_numbers():
    redact = Redactor(["482913", "hunter22"])

    masked = redact.builtins({"hunter22": ["x hunter22", 482913, 7, True, None, 1.5]})
    assert masked == {MASK: [f"x {MASK}", MASK, 7, True, None, 1.5]}


def test_evidence_holds_no_secret_in_content_or_name(store, tmp_path):
    item = store.scope("5.1-5-2/b").add(f"login {PASSWORD}", {"sent": f"p={quote_plus(PASSWORD)}"})

    everything = "".join(str(path) + path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert PASSWORD not in everything
    assert quote_plus(PASSWORD) not in everything
    assert item.size == (tmp_path / item.file).stat().st_size


def test_a_secret_that_came_up_later_is_masked_from_then_on():
    redact = Redactor(["hunter22"])
    assert redact.text("hunter22 and newer-one") == f"{MASK} and newer-one"
    redact.add("newer-one")

    assert redact.text("hunter22 and newer-one") == f"{MASK} and {MASK}"


def test_the_longer_of_two_secrets_is_masked_as_a_whole():
    assert Redactor(["hunter", "hunter22"]).text("hunter22!") == f"{MASK}!"


def test_a_very_short_secret_is_masked_as_a_word_only():
    assert Redactor(["42"]).text("pin 42, port 4242, 42") == f"pin {MASK}, port 4242, {MASK}"


def test_without_secrets_nothing_changes():
    redact = Redactor(["", "  "])

    assert redact.text("a  b") == "a  b"
    assert redact.bytes(b"a") == b"a"


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=4, max_size=20).filter(str.strip), st.text(max_size=20), st.text(max_size=20))
def test_no_secret_survives_wherever_it_stands(secret, before, after):
    shown = Redactor([secret]).text(before + secret + after)

    if secret not in MASK and MASK not in secret:
        assert secret not in shown.replace(MASK, "\n\n\n") or secret in before + "\n\n\n" + after


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12), max_size=4), st.binary(max_size=200))
def test_masking_never_fails(secrets, data):
    redact = Redactor(secrets)

    redact.bytes(data)
    redact.text(data.decode("latin-1"))
    redact.text(data.decode("utf-8", "surrogateescape"))


def test_masking_a_megabyte_takes_no_time_to_speak_of():
    redact = Redactor([f"secret-number-{n}" for n in range(20)])
    data = base64.b64encode(bytes(range(256)) * 3000)

    with at_most_cpu_s(10):
        redact.bytes(data)
        redact.text("=" * 500_000 + "A" * 500_000)
