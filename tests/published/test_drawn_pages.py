"""Published pages without text of their own: what is seen of them, with and without a browser that runs their scripts."""

from __future__ import annotations

import daemons

from pytest_etsi.dut.reach.documents import Documents
from pytest_etsi.dut.reach.network import Network
from pytest_etsi.dut.reach.recording import Recorder
from pytest_etsi.probes.webdocs import Hurdle
from tests.criteria.documents import profile_of
from tests.probes.scripted_web import HOST, HTML, site

EMPTY = (
    '<!doctype html><html lang="en"><body><div id="root"></div><script src="app.js"></script></body></html>'
)
SAID = "Write to security@maker.example: you get an answer within three working days, and news every week."
MORE = "We look at every report, tell you what we found, and name you in our notes if you wish. " * 3
SCRIPT = f"""document.getElementById("root").innerHTML = "<main><h1>Reports</h1><p>{SAID}</p><p>{MORE}</p></main>";"""


def seen(*, render, script=SCRIPT):
    def answer(_, path):
        return (
            (200, {"Content-Type": "text/javascript"}, script) if path.endswith(".js") else (200, HTML, EMPTY)
        )

    with site(answer) as server:
        place = f"{HOST}:{server.port}"
        network = {"hosts": [HOST], "documents_hosts": [place], "render": render}
        profile = profile_of({"2-UserInfo": {}}, access={"network": network})
        return Documents(profile, Network(profile, Recorder()), Recorder()).see(f"http://{place}/policy")


def test_a_page_that_only_scripts_fill_says_nothing_and_lacks_nothing():
    document = seen(render=False)

    assert document.hurdle is Hurdle.SCRIPT
    assert not document.whole
    assert SAID not in document.own_text


def test_what_is_drawn_and_too_short_for_a_document_is_still_for_a_person():
    daemons.program("chromium")
    document = seen(render=True, script=SCRIPT.replace(SAID, "").replace(MORE, "Please wait."))

    assert document.hurdle is Hurdle.SCRIPT
    assert not document.whole


def test_chromium_draws_it_where_the_profile_wishes_that():
    daemons.program("chromium")
    document = seen(render=True)

    assert document.hurdle is Hurdle.NONE
    assert SAID in document.own_text
    assert document.note == "as Chromium has drawn it"
