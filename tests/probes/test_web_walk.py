"""The walk over web pages finds logins where they are, asks little, and says when what it saw shows nothing."""

from __future__ import annotations

import html

import pytest

from pytest_etsi.probes.http import visits
from pytest_etsi.probes.http.logins import explore
from pytest_etsi.probes.http.page import parse_page
from pytest_etsi.probes.http.scripts import posted_logins, scripts_of
from pytest_etsi.probes.services import identify

from hostile_servers import serve  # isort: skip
from scripted_web import HOST, HTML, SCRIPT, pages, site  # isort: skip


@pytest.fixture(autouse=True)
def _without_patience(monkeypatch):
    """A server of these tests does not recover while it is waited for."""
    monkeypatch.setattr(visits, "_PAUSES_S", (0.01, 0.01, 0.01))


SHELL = '<!doctype html><base href="/"><main-app></main-app><script type="module" src="start.js"></script>'
LONG = "<p>" + "This lamp is switched by its button and by nothing else, as its leaflet says. " * 4
PLAIN = "<h1>Lamp</h1><p>This lamp is switched by its button and by nothing else, as the leaflet in its box says.</p>"


def kinds(walk):
    return {challenge.kind for challenge in walk.challenges}


def single_page(scripts, *, shell=SHELL):
    """Scripts by path; other paths below /api do not exist, and all others give the start page."""

    def answer(_, path):
        if path in scripts:
            return 200, SCRIPT, scripts[path]
        return (404, {}, '{"status": 404}') if path.startswith("/api") else (200, HTML, shell)

    return answer


LOADED_WHEN_NEEDED = {
    "import()": "import('./enter.js').then(module => module.show())",
    "import from": 'import{show as s}from"./enter.js";s()',
    "a list of chunks": 'const files=["enter.js","more.js"];',
}


@pytest.mark.parametrize("way", LOADED_WHEN_NEEDED)
def test_a_login_in_a_module_that_is_loaded_when_needed_is_found(way):
    scripts = {"/start.js": LOADED_WHEN_NEEDED[way], "/enter.js": 'draw(`<input type="password">`)'}

    with site(single_page(scripts)) as server:
        assert kinds(explore(server.url)) == {"form"}


def test_a_login_in_a_preloaded_module_is_found():
    shell = SHELL + '<link rel="modulepreload" href="/later/enter.mjs">'

    with site(single_page({"/later/enter.mjs": 'h("input",{type:"password"})'}, shell=shell)) as server:
        assert kinds(explore(server.url)) == {"form"}


def test_a_login_that_only_a_script_posts_to_is_found_though_a_get_shows_nothing():
    scripts = {"/start.js": 'send("/api/auth/login",{method:"POST",body:JSON.stringify({user,code})})'}

    with site(single_page(scripts)) as server:
        walk = explore(server.url)

    assert [(one.kind, one.detail) for one in walk.challenges] == [
        ("api", "/api/auth/login: a script posts a login to it")
    ]


@pytest.mark.parametrize(
    ("script", "paths"),
    [
        ('axios.post("/api/login",{u,p})', ["/api/login"]),
        ('fetch("/signin",{method:"post"})', ["/signin"]),
        ('fetch("/api/session",{method:"POST",body:JSON.stringify({password:p})})', ["/api/session"]),
        ('fetch("/api/session",{method:"POST"})', []),
        ('fetch("/api/settings",{method:"POST",body:f})', []),
        ('fetch("/api/login-page-texts")', []),
        ('get("/author")', []),
    ],
)
def test_paths_that_a_script_posts_credentials_to_are_told_from_others(script, paths):
    assert posted_logins(script) == paths


def test_scripts_that_a_script_names_are_read_and_other_texts_are_not():
    assert scripts_of('a("./x.js");b("assets/y-1.mjs");c("z.json");d("not a.js file")') == [
        "./x.js",
        "assets/y-1.mjs",
    ]


UNREAD = {
    "every path gives the start page": single_page({"/start.js": "draw(menu)"}),
    "the start page is a script": lambda _, path: (200, HTML, SHELL) if path == "/" else (404, {}, ""),
    "its menu is of routes": pages(
        start='<script>x()</script><a href="#/one">one</a>' + PLAIN + " word" * 40
    ),
}


@pytest.mark.parametrize("name", UNREAD)
def test_a_page_that_scripts_draw_is_unread_unless_a_login_was_found(name):
    with site(UNREAD[name]) as server:
        walk = explore(server.url)

    assert not walk.challenges
    assert not walk.complete
    assert any("is drawn by scripts" in note for note in walk.notes)


def test_a_script_in_the_page_for_what_is_not_there_draws_no_page():
    def answer(_, path):
        return (200, HTML, PLAIN) if path == "/" else (404, HTML, "<script>count()</script>no such page")

    with site(answer) as server:
        assert explore(server.url).complete


def test_a_stream_of_pictures_that_never_ends_is_no_page_that_was_not_read():
    head = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=next\r\n\r\n"
    picture = b"--next\r\nContent-Type: image/jpeg\r\nContent-Length: 4\r\n\r\n\xff\xd8\xff\xd9\r\n"

    def behave(connection):
        asked = connection.recv(65536)
        if asked.startswith(b"GET /stream "):
            connection.sendall(head)
            while True:
                connection.sendall(picture)
        start = asked.startswith(b"GET / ")
        status, page = (b"200 OK", PLAIN.encode()) if start else (b"404 Not Found", b"no such page")
        kind = b"Content-Type: text/html\r\nConnection: close"
        connection.sendall(b"HTTP/1.1 %s\r\n%s\r\n\r\n%s" % (status, kind, page))

    with serve(behave) as port:
        walk = explore(f"http://{HOST}:{port}/")

    assert ("/stream", 200) in walk.paths
    assert (walk.complete, walk.notes) == (True, ())


def test_pages_without_scripts_are_read_whole():
    with site(pages(start=PLAIN + '<a href="/more">more</a>', more=PLAIN)) as server:
        walk = explore(server.url)

    assert (walk.challenges, walk.complete, walk.notes) == ((), True, ())
    assert ("/more", 200) in walk.paths


def test_a_page_with_a_little_script_for_its_menu_is_read():
    with site(pages(start="<script>menu()</script>" + PLAIN + " word" * 40)) as server:
        assert explore(server.url).complete


@pytest.mark.parametrize("status", [200, 403, 500])
def test_the_same_answer_to_every_path_shows_nothing(status):
    with site(lambda _, path: (status, HTML, PLAIN)) as server:
        walk = explore(server.url)

    assert not walk.complete
    assert any(f"is answered alike (HTTP {status})" in note for note in walk.notes)


def test_a_server_that_has_no_page_at_all_says_so_by_404_and_is_believed():
    with site(lambda _, path: (404, {}, "")) as server:
        assert explore(server.url).complete


def enough_of(after, refusal):
    """A login lies at /config; after some requests the server refuses them all."""

    def answer(server, path):
        if len(server.asked) > after:
            return refusal
        if path == "/config":
            return 200, HTML, '<form><input type="password" name="p"></form>'
        return (200, HTML, PLAIN) if path == "/" else (404, {}, "")

    return answer


@pytest.mark.parametrize("after", [1, 3, 9])
def test_a_server_that_has_had_enough_hides_what_is_asked_later(after):
    with site(enough_of(after, (200, HTML, "too many sessions"))) as server:
        walk = explore(server.url)

    assert not walk.challenges
    assert not walk.complete


def test_a_refusal_of_unknown_paths_alone_is_noticed_too():
    def answer(server, path):
        if path == "/":
            return 200, HTML, PLAIN
        return (200, HTML, "too many sessions") if len(server.asked) > 5 else (404, {}, "")

    with site(answer) as server:
        walk = explore(server.url)

    assert not walk.complete
    assert any("a path that nobody has is no longer answered as before" in note for note in walk.notes)


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (429, {}, ""),
        (423, {}, ""),
        (503, {"Retry-After": "60"}, ""),
        (403, {}, "too many unsuccessful attempts"),
    ],
)
def test_nothing_more_is_asked_at_the_first_sign_of_trouble(status, headers, body):
    with site(enough_of(5, (status, headers, body))) as server:
        service = identify(HOST, server.port)

        assert not service.complete
        assert str(status) in service.note
        assert len(server.asked) == 6


GUARDED = {"WWW-Authenticate": 'Basic realm="device"'}


def test_a_server_that_refuses_everything_alike_is_asked_a_handful_of_times():
    with site(lambda _, path: (401, GUARDED, "")) as server:
        service = identify(HOST, server.port)

    assert ({one.kind for one in service.challenges}, service.complete) == ({"basic"}, True)
    assert len(server.asked) <= 8
    assert "4 requests without credentials, 4 of them refused (401)" in service.note


def test_a_path_that_was_not_answered_beside_refusals_of_all_others_leaves_it_open():
    def answer(server, path):
        if path not in {"/", *server.asked[:2]} and len(set(server.asked)) == 3:
            raise ConnectionAbortedError  # the first path behind the two controls
        return 401, GUARDED, ""

    with site(answer) as server:
        walk = explore(server.url)

    assert not walk.complete


def test_paths_beside_those_that_were_refused_often_enough_are_not_asked():
    links = "".join(f'<a href="/private/{number}">page {number}</a>' for number in range(20))

    with site(
        lambda _, path: (
            (401, GUARDED, "") if path.startswith("/private") else pages(start=PLAIN + links)(_, path)
        )
    ) as server:
        walk = explore(server.url)

    assert (kinds(walk), walk.complete) == ({"basic"}, True)
    assert sum(path.startswith("/private") for path in server.asked) == 4


def test_a_search_that_is_refused_all_over_ends_and_says_so():
    links = "".join(f'<a href="/{number}/private">page {number}</a>' for number in range(20))

    def answer(_, path):
        return (401, GUARDED, "") if path.endswith("/private") else pages(start=PLAIN + links)(_, path)

    with site(answer) as server:
        walk = explore(server.url)

    assert sum(path.endswith("/private") for path in server.asked) == 8
    assert not walk.complete
    assert any("8 requests were refused for lack of credentials" in note for note in walk.notes)


def test_one_open_page_of_a_guarded_server_is_found():
    def answer(_, path):
        if path == "/login":
            return 200, HTML, '<form action="/in" method="post"><input type="password" name="p"></form>'
        return 401, GUARDED, ""

    with site(answer) as server:
        walk = explore(server.url)

    assert kinds(walk) == {"basic", "form"}


def test_a_page_that_could_not_be_read_to_its_end_leaves_it_open():
    with site(pages(start=PLAIN + '<a href="/long">long</a>', long="<p>word</p>" * 30_000)) as server:
        walk = explore(server.url)

    assert "/long could not be read to its end" in walk.notes
    assert not walk.complete


def test_what_a_page_holds_is_told_with_each_link_once():
    page = parse_page(
        '<a href=/a>a</a><a href="/a">b</a><input type=file><input type=hidden><p>three words here'
    )

    assert (page.links, page.takes_files, page.fields, page.words) == (["/a"], True, 1, 5)


@pytest.mark.parametrize(
    ("action", "forms"),
    [("", 1), ('action=""', 1), ('action="{path}/in"', 3)],
    ids=["none", "empty", "its own"],
)
def test_form_that_is_sent_to_where_it_stands_is_the_same_one_wherever_it_is_shown(action, forms):
    def answer(_, path):
        if path in {"/", "/login", "/admin"}:
            where = action.replace("{path}", path.rstrip("/"))
            return (
                200,
                HTML,
                f'<p>Lamp</p><form {where} method="post"><input type="password" name="p"></form>',
            )
        return 404, HTML, "<p>none</p>"

    with site(answer) as server:
        walk = explore(server.url)

    assert len([one for one in walk.challenges if one.kind == "form"]) == forms


LOGIN = '<form method="post" action="/do"><input name="u"><input type="password" name="p"></form>'
WAYS = {
    "a button's script": """<button onclick="location='{}'">Log in</button>""",
    "a window of its own": """<p onclick="window.open('{}')">Log in</p>""",
    "a form without fields": '<form action="{}"><input type="submit" value="Log in"></form>',
    "an address of a button": '<form><button formaction="{}">Log in</button></form>',
    "an object": '<object data="{}"></object>',
    "an embedded page": '<embed src="{}">',
    "an address for a script": '<div data-href="{}">Log in</div>',
    "a link of a framework": '<button hx-get="{}">Log in</button>',
    "a relation of the page": '<link rel="next" href="{}">',
    "a link of a drawing": '<svg><a xlink:href="{}"><text>Log in</text></a></svg>',
}


@pytest.mark.parametrize("way", WAYS)
def test_login_is_found_whatever_leads_to_it(way):
    page = parse_page(WAYS[way].format("/cfg7/page9.htm"))

    assert [*page.links, *page.redirects] == ["/cfg7/page9.htm"]


def test_what_a_form_or_a_button_might_do_is_not_done():
    held = parse_page(
        '<div data-href="/restart">x</div><div data-href="#menu">x</div><div data-link="{{url}}">x</div>'
        '<link rel="icon" href="/a"><div data-href="javascript:x()">'
        '<form action="/reboot"><input type="submit"></form><button onclick="location=\'/factory-reset\'">x</button>'
        '<form action="/search"><input name="q"></form><form method="post" action="/apply"><button>x</button></form>'
    )

    assert (held.links, held.redirects) == ([], [])


def test_login_behind_a_refresh_in_the_header_is_found():
    def answer(_, path):
        if path == "/":
            return 200, {**HTML, "Refresh": "0; url=/cfg7/page9.htm"}, PLAIN
        return (200, HTML, LOGIN) if path == "/cfg7/page9.htm" else (404, {}, "no")

    with site(answer) as server:
        assert kinds(explore(server.url)) == {"form"}


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("</cfg7/page9.htm>; rel=next", {"form"}),
        ('</a.css>; rel="stylesheet", <cfg7/page9.htm>; rel="login"', {"form"}),
        ("</reset>; rel=next, </b>; rel=icon, <", set()),
    ],
)
def test_login_behind_a_link_in_the_header_is_found(header, found):
    def answer(_, path):
        if path == "/":
            return 200, {**HTML, "Link": header}, PLAIN
        return (200, HTML, LOGIN) if path == "/cfg7/page9.htm" else (404, {}, "no")

    with site(answer) as server:
        walk = explore(server.url)

    assert kinds(walk) == found
    assert walk.complete
    assert not {"/a.css", "/reset", "/b"} & set(server.asked)


@pytest.mark.parametrize(
    ("field", "found", "complete"),
    [
        ('name="secret" autocomplete="current-password"', {"form"}, True),
        ('name="password" type="text"', set(), False),
        ('name="pin" type="tel"', set(), False),
        ('name="admin_pin" type="tel"', set(), False),
        ('name="cfg[clave]"', set(), False),
        ('name="spin" type="number"', set(), True),
        ('name="compass"', set(), True),
    ],
)
@pytest.mark.parametrize("method", ["post", "get"])
def test_password_in_a_field_that_shows_it_is_a_login_or_left_open(field, found, complete, method):
    form = f'{PLAIN}<form method="{method}" action="/do"><input name="user"><input {field}></form>'
    with site(lambda _, path: (200, HTML, form) if path == "/" else (404, {}, "no")) as server:
        walk = explore(server.url)

    assert kinds(walk) == found
    assert walk.complete is complete


@pytest.mark.parametrize(
    ("script", "found", "complete"),
    [
        ("var p = prompt('Passwort'); location='/s?key='+p", {"form"}, True),
        ("window.prompt(`请输入密码`)", {"form"}, True),
        ('send(self.prompt("PIN?", ""))', {"form"}, True),
        ("unlock(prompt(texts[lang].ask))", set(), False),
        ("rename(prompt('Name of the lamp'))", set(), True),
        ("installer.prompt(); myprompt('Passwort')", set(), True),
    ],
)
@pytest.mark.parametrize("where", ["in the page", "behind a button", "in a script of its own"])
def test_a_script_that_asks_in_a_dialogue_is_a_login_or_leaves_it_open(script, found, complete, where):
    page = {
        "in the page": f"{LONG}<script>{script}</script>",
        "behind a button": f'{LONG}<button onclick="{html.escape(script)}">Go</button>',
        "in a script of its own": f'{LONG}<script src="/a.js"></script>',
    }[where]
    scripts = {"/": (200, HTML, page), "/a.js": (200, SCRIPT, script)}
    with site(lambda _, path: scripts.get(path, (404, {}, "no"))) as server:
        walk = explore(server.url)

    assert kinds(walk) == found
    assert walk.complete is complete


@pytest.mark.parametrize(
    ("script", "complete"),
    [
        ("const s = new WebSocket(u); s.send(JSON.stringify({cmd: 'auth', user, key}))", False),
        ("let s=new WebSocket(u);function login(){s.send(k.value)}", False),
        ("const s = new WebSocket(u); s.onmessage = show; const author = 1", True),
        ("function login() { show(page) }", True),
    ],
)
def test_a_script_that_may_log_in_over_a_socket_leaves_it_open(script, complete):
    page = f"{LONG}<input id=k><script>{script}</script>"
    with site(lambda _, path: (200, HTML, page) if path == "/" else (404, {}, "no")) as server:
        assert explore(server.url).complete is complete


def test_an_interface_that_names_its_login_in_json_is_followed():
    start = (
        200,
        {"Content-Type": "application/json"},
        '{"links": {"session": "/v2/session", "me": "/v2/me"}}',
    )
    answers = {"/": start, "/v2/session": (405, {}, "")}
    with site(lambda _, path: answers.get(path, (404, {}, "no"))) as server:
        assert kinds(explore(server.url)) == {"api"}


@pytest.mark.parametrize("kind", ["text/xml", "application/xml; charset=utf-8"])
@pytest.mark.parametrize(
    ("sheet", "complete"),
    [
        ('<?xml-stylesheet type="text/xsl" href="/ui.xsl"?>', False),
        ('<?xml-stylesheet type="text/css" href="/ui.css"?>', True),
        ("", True),
    ],
)
def test_data_that_a_style_sheet_draws_are_unread(kind, sheet, complete):
    start = (200, {"Content-Type": kind}, f'<?xml version="1.0"?>\n{sheet}\n<hub><state>on</state></hub>')
    with site(lambda _, path: start if path == "/" else (404, {}, "no")) as server:
        assert explore(server.url).complete is complete


def test_a_page_of_scripts_of_which_one_leads_elsewhere_is_unread_all_the_same():
    shell = (
        '<script src="/app.js"></script><script>if (old) location = "/old.html"</script><main-app></main-app>'
    )
    answers = {
        "/": (200, HTML, shell),
        "/app.js": (200, SCRIPT, "draw(view)"),
        "/old.html": (200, HTML, PLAIN),
    }
    with site(lambda _, path: answers.get(path, (404, {}, "no"))) as server:
        walk = explore(server.url)

    assert not walk.complete
    assert "is drawn by scripts" in " ".join(walk.notes)
