"""False servers of updates as they were seen: what refutes nothing, what leaves open, and what is told of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from documents import ixit_of

from pytest_etsi import criteria
from pytest_etsi.assessment.criteria import update_servers
from pytest_etsi.dut.observe.updates.model import Led, Tried, UpdateSeries
from pytest_etsi.probes.updates.met import Met
from pytest_etsi.verdict import Cause

ENDED = Met(1, ("tlsv1 alert unknown ca",))
ASKED = Met(2, asked=("GET /updates",), manifests=1)
FIRST = Tried("first", "the genuine package", "state", "installed", "2", "done", met=Met(1, carried=99))


def refused(name, met=ENDED):
    return Tried(name, "x", "misuse", "refused", "1", "done", marked=False, met=met)


BY_CERTIFICATE = tuple(refused(name) for name in update_servers.BY_CERTIFICATE)
SOUND = UpdateSeries("net", {"container": "swu", "bytes": 1}, FIRST, BY_CERTIFICATE, led=Led())


@pytest.fixture(autouse=True, scope="module")
def _operations():
    """Documents that name operations without a profile that has them are all that is needed here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)
        yield


@pytest.fixture
def documents(tmp_path):
    """The entry of a device that fetches its updates."""
    (tmp_path / "manifest").write_bytes(b'{"version": "2"}')

    def documents(*, network=None, manifest=None, described=True, **facts):
        said = {
            "peers": ["updates.example:443"],
            "looks": "look",
            "manifest": {"file": str(tmp_path / "manifest"), "path": "/updates"} | (manifest or {}),
            "package": "/fw/.*",
            "other_name": str(tmp_path / "manifest"),
        }
        said = {name: one for name, one in (said | (network or {})).items() if one is not None}
        access = {"network": said} if described else {}
        entry = {"ID": "net", "Description": "It fetches a package.", "facts": facts, "access": access}
        return ixit_of({"7-UpdMech": [entry]}).upd_mech[0]

    return documents


def found(entry, series):
    return tuple(update_servers.misled(entry, series))


def points(entry, series):
    return [(one.kind, one.cause) for one in found(entry, series)]


@pytest.mark.parametrize(
    ("facts", "described", "fetches"),
    [
        ({}, True, True),
        ({}, False, None),
        ({"fetches": True}, False, True),
        ({"fetches": False}, False, False),
        ({"fetches": False, "initiated_by": "device"}, False, None),
        ({"fetches": False, "checked_by": "device"}, False, None),
        ({"fetches": True, "checked_by": "device"}, False, True),
        ({"initiated_by": "device"}, False, True),
        ({"checked_by": "device"}, False, True),
        ({"initiated_by": "user"}, False, None),
        ({"transport": "network"}, False, None),
        ({"transport": "cable", "initiated_by": "device"}, False, False),
        ({"transport": "local"}, False, False),
    ],
)
def test_whether_a_device_fetches_is_told_by_its_facts(documents, facts, described, fetches):
    assert update_servers.fetches(documents(described=described, **facts)) is fetches


def test_handshakes_that_the_device_has_ended_leave_nothing_open(documents):
    handed = refused("unsigned", None)
    series = replace(SOUND, tried=(handed, *BY_CERTIFICATE, replace(handed, name="odd", outcome="installed")))

    assert points(documents(tls={"versions": ["TLSv1.3"]}), series) == []


@pytest.mark.parametrize("outcome", ["hung", "dead", "lost", "installed"])
def test_what_became_of_the_device_otherwise_is_not_told_twice(documents, outcome):
    series = replace(SOUND, tried=(replace(refused("false-server-unknown", Met()), outcome=outcome),))

    assert points(documents(), series) == []


@pytest.mark.parametrize("first", [None, replace(FIRST, outcome="refused")])
def test_without_the_genuine_package_nothing_is_said_of_false_servers(documents, first):
    assert points(documents(), replace(SOUND, first=first, led=None)) == []


@pytest.mark.parametrize(
    ("facts", "cause"),
    [({"fetches": True}, Cause.ACCESS), ({}, Cause.INFORMATION), ({"fetches": False}, None)],
)
def test_a_way_that_is_not_described_is_open_unless_there_is_none(documents, facts, cause):
    entry = documents(described=False, **facts)

    assert [one for _, one in points(entry, replace(SOUND, led=None))] == ([cause] if cause else [])


def test_what_has_kept_it_from_being_led_is_said_with_its_cause(documents):
    (one,) = found(documents(), replace(SOUND, tried=(), led=Led("why", Cause.PERMISSION, "do that")))

    assert (one.kind, one.cause, one.message, one.settle) == ("unknown", Cause.PERMISSION, "why", "do that")


@pytest.mark.parametrize(
    ("met", "cause"),
    [
        (Met(), Cause.BENCH),
        (Met(1), Cause.BENCH),
        (Met(1, ("no shared cipher",)), Cause.BENCH),
        (Met(2, ("no shared cipher", "the device ended it after the handshake")), None),
        (Met(1, ("nothing came",)), Cause.BENCH),
        (Met(1, ("the handshake came to a halt",)), Cause.BENCH),
        (
            Met(2, ("tlsv1 alert unknown ca",), asked=("nothing, and waits to be spoken to",)),
            Cause.INFORMATION,
        ),
        (Met(1, ("unexpected eof while reading",)), None),
        (Met(1, asked=("GET /",)), Cause.INFORMATION),
        (Met(1, ("tlsv1 alert unknown ca",), asked=("GET /",)), Cause.INFORMATION),
    ],
)
def test_only_a_handshake_that_the_device_has_ended_is_a_refusal(documents, met, cause):
    series = replace(SOUND, tried=(refused("false-server-unknown", met), *BY_CERTIFICATE[1:]))

    assert points(documents(), series) == ([("unknown", cause)] if cause else [])


@pytest.mark.parametrize("met", [ENDED, Met()])
def test_a_manifest_that_was_not_asked_for_is_no_manifest_refused(documents, met):
    tried = (refused("false-server-unknown", ASKED), refused("manifest-unsigned", met))
    series = replace(SOUND, tried=tried, led=Led(answered=True))

    assert [cause for kind, cause in points(documents(), series) if kind == "unknown"] == [Cause.BENCH]


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({}, "note"),
        ({"guarantees": ["authenticity", "integrity"]}, "note"),
        ({"guarantees": ["confidentiality"]}, "unknown"),
        ({"tls": {"versions": ["TLSv1.2"]}}, "unknown"),
    ],
)
def test_a_server_that_is_believed_is_for_a_person_where_more_is_claimed(documents, facts, kind):
    series = replace(SOUND, tried=(refused("false-server-unknown", ASKED),), led=Led(answered=True))
    (one,) = found(documents(**facts), series)

    assert (one.kind, one.cause) == (kind, Cause.JUDGEMENT if kind == "unknown" else None)
    assert "nobody knows" in one.message


def test_one_that_is_believed_in_clear_is_told_so(documents):
    met = replace(ASKED, clear=True)
    series = replace(SOUND, tried=(refused("false-server-unknown", met),), led=Led(answered=True))

    assert "without TLS" in found(documents(), series)[0].message


def test_a_control_that_is_not_installed_leaves_it_open(documents):
    series = replace(SOUND, tried=(refused("false-server-unknown", ASKED),), led=Led(answered=False))

    assert ("unknown", Cause.INFORMATION) in points(documents(), series)


@pytest.mark.parametrize(
    ("other", "met", "open_"), [(None, ENDED, True), (None, ASKED, False), ("given", ENDED, False)]
)
def test_another_name_is_missed_where_certificates_are_looked_at(documents, other, met, open_):
    entry = documents(network={"other_name": None} if other is None else {})
    series = replace(
        SOUND, tried=(refused("false-server-unknown", met),), led=Led(answered=met is ASKED or None)
    )

    assert any("another name" in one.message for one in found(entry, series)) is open_


@pytest.mark.parametrize(
    ("key", "attempt"),
    [("signature", "manifest-unsigned"), ("address", "manifest-elsewhere"), ("name", "manifest-traversal")],
)
def test_a_part_of_the_manifest_that_was_not_changed_is_said(documents, key, attempt):
    entry = documents(manifest={key: "its.place"})
    tried = (refused("false-server-unknown", ASKED),)
    without = replace(SOUND, tried=tried, led=Led(answered=True))
    made = replace(without, tried=(*tried, refused(attempt, ASKED)))
    undone = replace(without, undone=((attempt, "others have succeeded"),))

    assert [one.message for one in found(entry, without) if "its.place" in one.message] != []
    for series in (made, undone, replace(without, led=Led())):
        assert [one.message for one in found(entry, series) if "its.place" in one.message] == []


@pytest.mark.parametrize(("answered", "open_"), [(True, True), (False, False), (None, False)])
def test_a_sum_that_may_be_wrong_leaves_open_what_was_refused(documents, answered, open_):
    series = replace(
        SOUND, tried=(refused("false-server-unknown", ASKED),), led=Led(answered=answered, sums=("1a", "2b"))
    )
    about = [one.cause for one in found(documents(), series) if "1a and 2b" in one.message]

    assert about == ([Cause.INFORMATION] if open_ else [])


def test_what_is_tried_is_listed_for_the_person_who_judges(documents):
    lines = update_servers.planned(documents())
    without = update_servers.planned(documents(network={"other_name": None}))

    assert len(lines) == len(update_servers.BY_CERTIFICATE) + len(update_servers.BY_MANIFEST)
    assert set(lines) - set(without) == {line for line in lines if line.startswith("false-server-other-name")}
    assert update_servers.planned(documents(described=False)) == ()


def test_what_a_false_server_has_installed_refutes_as_any_other_way(documents):
    taken = replace(refused("false-server-unknown", ASKED), outcome="installed", version="2")
    series = replace(SOUND, tried=(taken,), led=Led())

    assert [
        one.message.split()[0] for one in criteria.update_misuse.withstands(documents(), series).violations
    ] == ["false-server-unknown"]


def test_how_a_handshake_ended_is_told(documents):
    said = [
        found(documents(), replace(SOUND, tried=(refused("false-server-unknown", met),)))[0].message
        for met in (Met(1), Met(1, ("no shared cipher",) * 2))
    ]

    assert [one.rpartition(" a certificate")[2] for one in said] == ["", ": no shared cipher"]
