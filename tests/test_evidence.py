"""Evidence: kept once, hashed, numbered, and without secrets."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import threading
from urllib.parse import quote_plus

import pytest

from pytest_etsi import evidence
from pytest_etsi.evidence import EvidenceStore, utc_now
from pytest_etsi.redaction import Redactor

PASSWORD = 'Tr0ub4dor&3 "/+ü'


@pytest.fixture
def store(tmp_path):
    return EvidenceStore(tmp_path, Redactor([PASSWORD]))


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


def test_evidence_holds_no_secret_in_content_or_name(store, tmp_path):
    item = store.scope("5.1-5-2/b").add(f"login {PASSWORD}", {"sent": f"p={quote_plus(PASSWORD)}"})

    everything = "".join(str(path) + path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert PASSWORD not in everything
    assert quote_plus(PASSWORD) not in everything
    assert item.size == (tmp_path / item.file).stat().st_size


def test_what_is_kept_is_on_disk_before_the_record_names_it_and_many_are_brought_there_together(
    tmp_path, monkeypatch
):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    store = EvidenceStore(tmp_path)
    scope = store.scope("5.1-5-2/b")
    kept = [(tmp_path / scope.add("answer", "text").file).stat().st_ino for _ in range(3)]
    (tmp_path / scope.add("answer", "taken away").file).unlink()
    before = list(synced)
    store.settle()
    store.settle()

    assert (before, synced, store.failed) == ([], kept, "")


def test_what_does_not_get_to_the_disk_is_told(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    store = EvidenceStore(tmp_path)
    scope = store.scope("5.1-5-2/b")
    scope.add("answer", "text")
    monkeypatch.setattr(os, "fsync", full)
    store.settle()
    for _ in range(evidence._MOST_UNSETTLED - 1):
        scope.add("answer", "text")
    with pytest.raises(OSError, match="No space"):
        scope.add("answer", "text")

    assert store.failed == "No space left on device"
