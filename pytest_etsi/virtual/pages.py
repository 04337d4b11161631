"""The HTML of the camera's own web interface."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["account", "home", "login", "message", "setup"]

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#222}
h1{font-size:1.4rem} nav a{margin-right:1rem} label{display:block;margin:.6rem 0 .2rem}
input{font:inherit;padding:.3rem;width:100%;max-width:20rem} button{font:inherit;margin-top:1rem;padding:.3rem
1rem} .note{border-left:4px solid #c60;padding-left:.7rem} img{max-width:100%}
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


def setup(note: str = "") -> str:
    """The first-start wizard."""
    return _page(
        "Welcome",
        "<p>Before the camera can be used, choose your own web password. It needs at least 10 characters. "
        "Do not use one that you use elsewhere.</p>"
        + _note(note)
        + _form("/setup", "Finish", ("password", "New web password", "password", "new-password")),
    )


def home(username: str, device: Mapping[str, str]) -> str:
    """The live picture and what the device is."""
    rows = "".join(
        f"<tr><th>{escape(key)}</th><td>{escape(value)}</td></tr>" for key, value in device.items()
    )
    picture = '<p><img src="/api/snapshot" alt="Live picture"></p>'
    return _page("Live", _menu(username) + picture + f"<table>{rows}</table>")


def account(username: str, role: str, note: str = "") -> str:
    """The page on which passwords are changed."""
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
    return _page("Account", _menu(username) + _note(note) + body)


def message(title: str, text: str) -> str:
    """A page that says one thing."""
    return _page(title, f"<p>{escape(text)}</p><p><a href='/'>Back</a></p>")


def _menu(username: str) -> str:
    return (
        '<nav><a href="/">Live</a><a href="/account">Account</a></nav>'
        f'<form method="post" action="/logout"><button>Log out {escape(username)}</button></form>'
    )


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
