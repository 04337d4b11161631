"""Pages that take software are found where they are, and an answer that every path gets is none."""

from __future__ import annotations

import pytest

from pytest_etsi.dut.observe.update_entries import search_pages
from pytest_etsi.probes.services import Service
from tests.probes.scripted_web import HOST, HTML, pages, site

UPLOAD = '<h1>Firmware</h1><form method="post" enctype="multipart/form-data"><input type="file" name="image"></form>'
PLAIN = "<h1>Lamp</h1><p>This lamp is switched by its button and by nothing else.</p>"


def looked(answer):
    with site(answer) as server:
        return search_pages(Service(HOST, server.port, kind="http")), server


def moved(to, then):
    return lambda it, path: (302, {"Location": to}, "") if path == "/" else then(it, path)


def led(header, to):
    """The start page leads to the upload by one of its headers."""
    return lambda it, path: (200, {**HTML, header: to}, PLAIN) if path == "/" else at("/ui/install")(it, path)


def at(wanted):
    return lambda it, path: (200, HTML, UPLOAD) if path == wanted else pages(start=PLAIN)(it, path)


WHERE = {
    "the start page": (pages(start=UPLOAD), "/"),
    "a usual path": (at("/update"), "/update"),
    "a usual path with a slash": (at("/update/"), "/update/"),
    "behind a redirect": (moved("/ui/install", at("/ui/install")), "/ui/install"),
    "behind a redirect to a folder": (
        lambda it, path: (301, {"Location": "/ota/"}, "") if path == "/ota" else at("/ota/")(it, path), "/ota/",
    ),
    "behind a link": (pages(start=PLAIN + '<a href="maintenance">care</a>', maintenance=UPLOAD), "/maintenance"),
    "behind two links": (
        pages(start='<a href="/a">a</a>' + PLAIN, a='<a href="/b">b</a>' + PLAIN, b=UPLOAD), "/b",
    ),
    "behind a refresh in the header": (led("Refresh", "0; url=/ui/install"), "/ui/install"),
    "behind a link in the header": (led("Link", "</ui/install>; rel=next"), "/ui/install"),
    "behind an address for a script": (
        pages(start=PLAIN + '<td data-href="/inner">care</td>', inner=UPLOAD), "/inner",
    ),
    "behind a frame": (pages(start='<frame src="/inner.htm">', **{"inner.htm": UPLOAD}), "/inner.htm"),
}  # fmt: skip


@pytest.mark.parametrize("where", WHERE)
def test_a_page_that_takes_software_is_found(where):
    answer, path = WHERE[where]

    search, _ = looked(answer)

    assert [(one.path, one.takes_files) for one in search.found] == [(path, True)]
    assert not search.gaps


def test_a_server_without_such_a_page_has_none():
    search, _ = looked(pages(start=PLAIN + '<a href="/about">about</a>', about=PLAIN))

    assert (search.found, search.gaps, search.account) == ((), (), ())


def test_a_page_for_another_kind_of_file_is_left_to_a_person():
    search, _ = looked(pages(start='<h1>Your picture</h1><form><input type="file"></form>'))

    assert [(one.path, one.takes_files) for one in search.found] == [("/", False)]


def test_the_page_that_every_path_gives_is_found_once():
    search, _ = looked(lambda it, path: (200, HTML, UPLOAD))

    assert {one.path for one in search.found} >= {"/"}
    assert all(one.takes_files for one in search.found)


def test_a_server_that_refuses_everything_is_asked_a_handful_of_times():
    search, server = looked(lambda it, path: (401, {"WWW-Authenticate": 'Basic realm="device"'}, ""))

    assert len(server.asked) == 4
    assert search.account == (f"tcp/{server.port}: 4 requests without credentials, 4 of them refused (401)",)


def test_a_server_that_has_had_enough_leaves_it_open():
    def answer(server, path):
        return (200, HTML, "too many sessions") if len(server.asked) > 4 else pages(start=PLAIN)(server, path)

    search, _ = looked(answer)

    assert not search.found
    assert search.gaps
