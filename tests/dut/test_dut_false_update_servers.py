"""A device led to false servers while it fetches its updates: what it takes there, and what that shows."""

from __future__ import annotations

import pytest
from fetching_world import FetchingWorld, fetching_device
from update_world import NEW, OLD

from pytest_etsi.assessment.criteria import update_misuse
from pytest_etsi.dut.observe.updates import trying
from pytest_etsi.verdict import Cause

CERTIFICATES = ["false-server-unknown", "false-server-self-signed", "false-server-other-name"]


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Names of operations are those that the project adds; two altered packages are handed over without a false server."""
    monkeypatch.setattr("pytest_etsi.profile._load.check_names", lambda *_: None)
    made = trying._made_of
    monkeypatch.setattr(trying, "_made_of", lambda *given: (made(*given)[0], made(*given)[-1]))
    monkeypatch.setattr("pytest_etsi.dut.observe.power._TELLING_S", 0.05)
    monkeypatch.setattr("pytest_etsi.dut.observe.power._APART_S", 0.1)


@pytest.fixture
def seen(tmp_path, monkeypatch):
    """A series with a world: what was seen, and what follows."""

    def seen(world, **given):
        given = {"installs_within_s": 0.1, **given}
        with fetching_device(tmp_path, world, monkeypatch, **given) as (dut, entry):
            series = dut.misuse(entry)
            return series, update_misuse.withstands(entry, series)

    return seen


def led(series):
    """What false servers came to, by name."""
    return {one.name: one.outcome for one in series.tried if one.met is not None}


def open_points(found):
    return [(one.cause, one.message) for one in found.unknowns]


# Sound devices ----------------------------------------------------------------------------------------------


def test_a_device_that_checks_its_server_is_seen_to_refuse_every_certificate(seen):
    world = FetchingWorld()
    series, found = seen(world)

    assert led(series) == dict.fromkeys(CERTIFICATES, "refused")
    assert [one for one in found if one.kind != "note"] == []
    assert world.version == OLD
    assert world.led is None


def test_the_genuine_package_goes_through_this_machine_before_and_after(seen):
    series, _ = seen(FetchingWorld())

    assert {(one.version, one.met.carried > 10_000) for one in (series.first, series.last)} == {(NEW, True)}


def test_packages_that_are_signed_and_come_in_clear_are_refused_whatever_the_manifest_says(seen):
    series, found = seen(FetchingWorld("clear"))

    assert led(series) == {
        "false-server-unknown": "refused", "false-server-genuine": "installed", "manifest-unsigned": "refused",
        "manifest-signature": "refused", "manifest-unchanged": "refused",
        "manifest-raised": "refused", "manifest-other-model": "refused", "manifest-elsewhere": "refused",
        "manifest-traversal": "refused", "answer-error-page": "refused", "answer-endless": "refused",
        "answer-redirects": "refused", "manifest-older": "refused",
    }  # fmt: skip
    assert [one for one in found if one.kind != "note"] == []
    assert any("units of 5.5" in one.message for one in found)


# Devices that are led astray --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "taken"),
    [
        (("unchecked", "hash-is-enough"), "false-server-unknown"),
        (("any-name", "hash-is-enough"), "false-server-other-name"),
        (("clear", "hash-is-enough"), "false-server-unknown"),
        (("unchecked", "models"), "manifest-other-model"),
        (("clear", "older", "rollback"), "manifest-older"),
        (("clear", "names"), "manifest-traversal"),
        (("clear", "dies-of-much", "unhashed"), "answer-endless"),
    ],
    ids=lambda one: "+".join(one) if isinstance(one, tuple) else one,
)
def test_what_a_false_server_has_it_install_refutes(seen, bad, taken):
    world = FetchingWorld(*bad)
    series, found = seen(world)

    assert taken in led(series)
    told = [one.message.split()[0].rstrip(":") for one in found.violations]
    assert [name for name in told if name in led(series)] == [taken]
    assert world.version == OLD


def test_a_signed_manifest_that_is_altered_is_refused(seen):
    series, found = seen(FetchingWorld("clear", "signed-manifest"))

    assert led(series)["manifest-unsigned"] == led(series)["manifest-signature"] == "refused"
    assert found.violations == ()


@pytest.mark.parametrize("claim", [{"guarantees": ["confidentiality"]}, {"tls": {"versions": ["TLSv1.3"]}}])
def test_a_guarantee_of_the_way_that_is_not_kept_is_for_a_person_where_nothing_altered_is_installed(
    seen, claim
):
    _, found = seen(FetchingWorld("unchecked"), facts=claim)

    assert found.violations == ()
    assert [cause for cause, _ in open_points(found)] == [Cause.JUDGEMENT]


# What shows nothing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "cause", "said"),
    [
        ({"uplink": False}, Cause.ACCESS, "no gateway"),
        ({"permissions": ("update",)}, Cause.PERMISSION, "may not be kept"),
        ({"network": {"looks": "nothing-of-it"}}, Cause.ACCESS, "made to look"),
        ({"network": {"peers": ["updates.example"]}}, Cause.INFORMATION, "names no port"),
        ({"network": {"other_name": None}}, Cause.ACCESS, "for another name was not tried"),
        ({"network": "none", "facts": {"fetches": True}}, Cause.ACCESS, "led to no false server"),
        ({"network": "none", "facts": {"fetches": None}}, Cause.INFORMATION, "is not told"),
        ({"network": "none", "facts": {"initiated_by": "device"}}, Cause.INFORMATION, "is not told"),
    ],
    ids=["gateway", "permission", "looks", "port", "other name", "undescribed", "unknown", "contradiction"],
)
def test_what_keeps_it_from_false_servers_is_told(seen, given, cause, said):
    series, found = seen(FetchingWorld(), **given)
    about = [one for one in open_points(found) if said in one[1]]

    assert [one[0] for one in about] == [cause]
    assert found.violations == ()
    assert series.first.outcome == "installed"


@pytest.mark.parametrize("facts", [{"fetches": False}, {"fetches": None, "transport": "cable"}])
def test_what_is_only_handed_to_it_has_no_server(seen, facts):
    _, found = seen(FetchingWorld(), network="none", facts=facts)

    assert open_points(found) == []


def test_a_device_that_does_not_come_has_refused_nothing(seen):
    series, found = seen(FetchingWorld("stays-away"))

    assert led(series) == dict.fromkeys(CERTIFICATES, "refused")
    assert [(cause, "did not come" in said) for cause, said in open_points(found)] == [
        (Cause.BENCH, True)
    ] * 3


def test_a_device_that_fetches_by_another_way_than_the_one_that_is_led_has_refused_nothing(seen):
    series, found = seen(FetchingWorld("elsewhere"))

    assert led(series) == {}
    assert [(cause, "nothing of it has gone" in said) for cause, said in open_points(found)] == [
        (Cause.BENCH, True)
    ]


def test_a_device_that_asks_for_something_else_is_told_with_what_it_asks(seen):
    _, found = seen(
        FetchingWorld("unchecked"), network={"manifest": {"file": "manifest.json", "path": "/v2"}}
    )

    assert (
        Cause.INFORMATION,
        "false-server-unknown: the device talked to the false server, and asked for no manifest: GET /updates",
    ) in open_points(found)


def test_where_the_genuine_package_is_not_taken_from_it_a_false_server_shows_nothing(seen, tmp_path):
    (tmp_path / "odd.json").write_text('["no", "manifest", "of", "this", "device"]')
    manifest = {"file": "odd.json", "path": "/updates"}
    series, found = seen(FetchingWorld("clear"), network={"manifest": manifest})

    assert led(series) == {"false-server-unknown": "refused", "false-server-genuine": "refused"}
    assert [(cause, "not installed either" in said) for cause, said in open_points(found)] == [
        (Cause.INFORMATION, True)
    ]


def test_no_more_packages_are_handed_over_than_are_permitted(seen):
    series, found = seen(FetchingWorld(), attempts=2)

    assert list(led(series)) == CERTIFICATES[:2]
    assert {name for name, _ in series.undone} == {CERTIFICATES[2], "unsigned", "traversal"}
    assert {Cause.PERMISSION} <= {cause for cause, _ in open_points(found)}


def test_what_a_false_server_has_left_is_seen_after_a_restart(seen):
    series, found = seen(FetchingWorld("clear", "keeps-what-is-led"))

    assert {one.name: one.outcome for one in series.tried}["restart"] == "installed"
    assert [one.message.split()[0] for one in found.violations] == ["restart"]


@pytest.mark.parametrize(
    ("named", "told"),
    [({"signature": "meta.signature"}, ["meta.signature", "a sum"]), ({}, ["a sum"])],
    ids=["in another place", "not at all"],
)
def test_a_signature_that_is_not_known_to_be_one_is_told(seen, named, told):
    manifest = {"file": "manifest.json", "path": "/updates"} | named
    _, found = seen(FetchingWorld("clear"), network={"manifest": manifest})
    points = open_points(found)

    assert {cause for cause, _ in points} == {Cause.INFORMATION}
    assert [one for one in told if any(one in said for _, said in points)] == told
    assert len(points) == len(told)


def test_nothing_that_a_device_says_to_a_false_server_is_kept(seen):
    series, _ = seen(FetchingWorld("clear"))

    assert "s3cret" not in str(series.to_json())


def test_a_device_without_a_way_back_is_led_nowhere(seen, tmp_path):
    from update_world import NEWEST

    packages = {"genuine": "newer.tar", "version": NEW, "newest": "newest.tar", "newest_version": NEWEST}
    series, found = seen(FetchingWorld(), packages=packages, restore=None)

    assert led(series) == {}
    assert [cause for cause, said in open_points(found) if "no false server" in said] == [Cause.ACCESS]
