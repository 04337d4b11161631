"""The HTML of the camera's own web interface."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any

from pytest_etsi.virtual.flaws import DecisionFlaw

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_etsi.virtual.device.setup_check import Point
    from pytest_etsi.virtual.flaws import Flaw

__all__ = ["STYLE", "account", "check", "home", "login", "message", "setup", "upgrade"]

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#222}
h1{font-size:1.4rem} nav a{margin-right:1rem} label{display:block;margin:.6rem 0 .2rem}
input{font:inherit;padding:.3rem;width:100%;max-width:20rem} input[type=checkbox]{width:auto}
button{font:inherit;margin-top:1rem;padding:.3rem 1rem} th,td{text-align:left;padding-right:1rem}
.note{border-left:4px solid #c60;padding-left:.7rem} img{max-width:100%}
"""


def login(note: str = "") -> str:
    """The page that asks for user name and password."""
    return _page(
        "Log in",
        _note(note)
        + _form(
            "/login",
            "Log in",
            ("username", "User name", "text", "username"),
            ("password", "Web password", "password", "current-password"),
        ),
    )


def service_login(note: str = "") -> str:
    """A second page that asks for user name and password; only a flaw shows it."""
    return _page(
        "Maintenance",
        _note(note)
        + _form(
            "/admin",
            "Enter",
            ("technician", "Technician", "text", "username"),
            ("code", "Code", "password", "current-password"),
        ),
    )


def setup(note: str = "", flaws: frozenset[Flaw] = frozenset()) -> str:
    """The first-start wizard."""
    form = _form("/setup", "Finish", ("password", "New web password", "password", "new-password"))
    if DecisionFlaw.PASSWORD_PRESET in flaws:
        form = form.replace('type="password"', 'type="password" value="picture-camera-2"')
    if DecisionFlaw.DECISION_ADDED in flaws:
        form += _boxes("/setup", "Save", ("improve", "Use my pictures to improve the product", True))
    return _page(
        "Welcome",
        "<p>Before the camera can be used, choose your own web password. It needs at least 10 characters. "
        "Do not use one that you use elsewhere.</p>" + _note(note) + form,
    )


def upgrade() -> str:
    """A page that takes a file with software; only a flaw shows it."""
    return _page(
        "Firmware upgrade",
        '<form method="post" action="/upgrade" enctype="multipart/form-data"><input type="file" name="firmware">'
        "<button>Upgrade</button></form>",
    )


def home(username: str, device: Mapping[str, str], notice: str = "", raw: str = "") -> str:
    """The live picture and what the device is; `notice`: of an update; `raw`: stays unescaped, for a flaw."""
    rows = "".join(
        f"<tr><th>{escape(key)}</th><td>{escape(value)}</td></tr>" for key, value in device.items()
    )
    picture = '<p><img src="/api/snapshot" alt="Live picture"></p>'
    return _page("Live", _menu(username) + _note(notice) + raw + picture + f"<table>{rows}</table>")


def account(
    username: str,
    role: str,
    note: str = "",
    *,
    settings: Mapping[str, Any],
    connector_s: float = 0.0,
    flaws: frozenset[Flaw] = frozenset(),
) -> str:
    """The page on which passwords are changed and the owner decides about updates, data and service.

    Args:
        username: who looks.
        role: of who looks; the owner sees more.
        note: shown at the top.
        settings: of the camera.
        connector_s: seconds for which the service connector is still open.
        flaws: the weaknesses to show.
    """
    body = "<h2>Change web password</h2>" + _form(
        "/account/password",
        "Save web password",
        ("old", "Current web password", "password", "current-password"),
        ("new", "New web password", "password", "new-password"),
    )
    if role == "owner":
        body += "<h2>Change stream password</h2>" + _form(
            "/account/stream-password",
            "Save stream password",
            ("old", "Current stream password", "password", "off"),
            ("new", "New stream password", "password", "off"),
        )
        body += _updates(settings, flaws) + _data(settings) + _connector(connector_s)
    return _page("Account", _menu(username) + _note(note) + body)


def check(username: str, points: Iterable[Point]) -> str:
    """The page that answers whether the camera is set up securely."""
    points = tuple(points)
    bad = sum(point.good is False for point in points)
    verdict = f"See to what is marked: {bad}." if bad else "The camera is set up securely."
    marks = {True: "OK", False: "See to it", None: "Your turn"}
    rows = "".join(
        f"<tr><th>{escape(point.what)}</th><td>{marks[point.good]}</td><td>{escape(point.text)}</td></tr>"
        for point in points
    )
    return _page("Check", _menu(username) + f"<p>{verdict}</p><table>{rows}</table>")


def message(title: str, text: str) -> str:
    """A page that says one thing."""
    return _page(title, f"<p>{escape(text)}</p><p><a href='/'>Back</a></p>")


def _menu(username: str) -> str:
    return (
        '<nav><a href="/">Live</a><a href="/account">Account</a><a href="/check">Check</a></nav>'
        f'<form method="post" action="/logout"><button>Log out {escape(username)}</button></form>'
    )


def _updates(settings: Mapping[str, Any], flaws: frozenset[Flaw]) -> str:
    postponed = settings["postpone_updates_until"]
    notices = (
        "update_notifications", "Show a notice of updates on the page Live", settings["update_notifications"],
    )  # fmt: skip
    return (
        "<h2>Updates</h2>"
        + _boxes(
            "/account/updates",
            "Save update settings",
            ("automatic_updates", "Install updates automatically at night", settings["automatic_updates"]),
            *(() if DecisionFlaw.DECISION_MISSING in flaws else (notices,)),
        )
        + (f"<p>Updates are postponed until {escape(postponed)}.</p>" if postponed else "")
        + (
            ""
            if DecisionFlaw.OPTION_MISSING in flaws
            else _boxes("/account/postpone", "Postpone updates by 7 days")
        )
    )


def _data(settings: Mapping[str, Any]) -> str:
    return (
        "<h2>Diagnostics</h2><p>If you agree, the camera also tells our cloud service how often it has started and "
        "how many logins have failed, so that we can warn you of an attack. You need not agree: the camera "
        "does everything without it. You can withdraw at any time by taking the tick away; what was sent is then "
        "erased at once.</p>"
        + _boxes(
            "/account/diagnostics",
            "Save choice",
            ("diagnostics", "I agree that diagnostics are sent", settings["diagnostics"]),
        )
        + "<h2>Service data</h2><p>The camera reports its serial number, its name, its software version and how "
        "long it has been running to our cloud service. Without reports it still looks for updates, but does not say "
        "which camera it is.</p>"
        + _boxes(
            "/account/reports",
            "Save report setting",
            ("reports", "Report to the cloud service", settings["reports"]),
        )
        + _boxes("/account/erase", "Erase service data")
    )


def _connector(open_s: float) -> str:
    minutes = math.ceil(open_s / 60)
    return (
        "<h2>Service connector</h2>"
        f"<p>{f'Open for {minutes} more minutes.' if minutes else 'Closed.'} A repair shop reads there how the camera "
        "is. Open it only while that is being done.</p>"
        + _boxes("/account/connector", "Close" if minutes else "Open for 15 minutes")
    )


def _boxes(action: str, button: str, *boxes: tuple[str, str, bool]) -> str:
    inputs = "".join(
        f'<label><input type="checkbox" name="{name}" value="on"{" checked" if ticked else ""}> {escape(text)}</label>'
        for name, text, ticked in boxes
    )
    send = f'<button type="submit">{escape(button)}</button>'
    return f'<form method="post" action="{action}">{inputs}{send}</form>'


def _note(text: str) -> str:
    return f'<p class="note" role="alert">{escape(text)}</p>' if text else ""


def _form(action: str, button: str, *fields: tuple[str, str, str, str]) -> str:
    inputs = []
    for name, text, kind, hint in fields:
        identifier = f"{name}-{action.strip('/').replace('/', '-')}"
        inputs.append(
            f'<label for="{identifier}">{escape(text)}</label>'
            f'<input id="{identifier}" name="{name}" type="{kind}" autocomplete="{hint}">'
        )
    send = f'<button type="submit">{escape(button)}</button>'
    return f'<form method="post" action="{action}">{"".join(inputs)}{send}</form>'


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)} - ExampleCam</title><link rel="stylesheet" href="/style.css"></head>'
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    )


STYLE = _STYLE.strip()
"""The style sheet of all pages; a file of its own, so that the content security policy needs no exception."""
