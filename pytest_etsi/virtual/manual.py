"""The published documents of the manufacturer: user manual, vulnerability policy, support period, privacy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from pytest_etsi.virtual.flaws import Flaw
from pytest_etsi.virtual.identity import MANUFACTURER, MODEL

__all__ = ["INDEX", "Chapter", "document", "manual", "policy", "privacy", "support"]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of a document.

    Attributes:
        anchor: its fragment in the address.
        title: its heading.
        body: paragraphs; one that starts with ``1.`` is a numbered list of steps.
        about_changing: left out by the flaw `CHANGE_UNDOCUMENTED`.
    """

    anchor: str
    title: str
    body: str
    about_changing: bool = False


_MANUAL = (
    Chapter(
        "overview",
        "Your camera",
        """
Thank you for choosing the ExampleCam 2. It shows you a live picture of your home in the browser of your
phone, tablet or computer. You need no special knowledge to use it: this manual takes you through everything
step by step.

Two things protect your picture. The web password is the one you type on the camera's own web page; you choose
it yourself at the first start. The stream password is only for apps and recorders that show the picture
without the web page. It is printed on the label on the underside of the camera, and every camera has a
different one.
""",
    ),
    Chapter(
        "first-start",
        "First start",
        """
Before you begin, place the camera near your router and have your phone or computer in the same home network.

1. Connect the camera to its power supply. The status light blinks blue after a few seconds.
2. Connect the camera to your router with the network cable, or choose the network name on the label in the
   Wi-Fi list of your phone.
3. Open the address of the camera in your browser. It begins with https:// and is printed on the quick start
   card.
4. The page "Welcome" appears. Think of a web password with at least 10 characters that you use nowhere else,
   and type it into the field "New web password".
5. Press "Finish". The status light turns green.
6. Log in with the user name owner and the web password you have just chosen.

The camera shows no picture and answers no app until you have finished these steps. If it does not accept your
choice, the page tells you why: it may be too short, or one that many people use.
""",
    ),
    Chapter(
        "change-web-password",
        "Change your web password",
        """
You can change the web password whenever you like. Do so at once if you think that somebody else may know it.
This works for the owner and for every viewer in the same way.

1. Open the address of the camera in your browser and log in.
2. Choose "Account" at the top of the page.
3. Under "Change web password", type the password you have used so far into "Current web password".
4. Type the new one into "New web password". It needs at least 10 characters.
5. Press "Save web password". The page says "The web password has been changed."

From now on only the new web password works. Everybody else who was logged in with this account has to log in
again with the new one.
""",
        about_changing=True,
    ),
    Chapter(
        "change-stream-password",
        "Change your stream password",
        """
The stream password on the label is as good as one you make up, but you may want another one, for example when
you have lent it to a guest. Only the owner can change it.

1. Open the address of the camera in your browser and log in as owner.
2. Choose "Account" at the top of the page.
3. Under "Change stream password", type the one used so far into "Current stream password". If you have never
   changed it, it is on the label.
4. Type the new one into "New stream password". It needs at least 10 characters.
5. Press "Save stream password". The page says "The stream password has been changed."
6. Enter the new stream password in every app or recorder that shows the picture.
""",
        about_changing=True,
    ),
    Chapter(
        "locked",
        "The camera says that it is locked",
        """
After five wrong attempts the camera waits before it lets anybody try again: two seconds the first time,
twice as long each further time, up to one day. This keeps strangers from guessing. Wait until the time shown
has passed, then log in as usual. Switching the camera off and on does not shorten the wait.
""",
    ),
    Chapter(
        "factory-reset",
        "Factory reset",
        """
A factory reset makes the camera as it was when you unpacked it. Do this before you sell it or give it away,
or when you cannot log in any more.

1. Make sure that the camera has power.
2. Press the button on the underside with a paper clip and hold it for ten seconds.
3. Let go when the status light blinks blue. The camera starts again.
4. Go through the chapter "First start".

All accounts and all settings are erased. What is printed on the label is valid again.
""",
    ),
    Chapter(
        "updates",
        "Updates",
        """
The camera looks for updates every night and installs them by itself. You can see the version that is
installed on the page "Live". How long updates are made for this model is on our support page.
""",
    ),
)

_POLICY = (
    Chapter(
        "report",
        "Report a vulnerability",
        f"""
{MANUFACTURER} welcomes reports about weaknesses in its products and services from everybody: customers,
researchers and other companies. You need no contract with us, and we take no legal steps against anybody who
looks for weaknesses in good faith and follows this page.

Write to security@example.com, in English if you can. You may encrypt your message; the key is at
/.well-known/security.txt. Tell us which product and software version you looked at, what you found and how we
can see it ourselves. You may stay anonymous.
""",
    ),
    Chapter(
        "timelines",
        "What happens then, and when",
        """
1. Within 3 working days we confirm that we have received your report.
2. Within 10 working days we tell you whether we could reproduce it and how serious we think it is.
3. Every 14 days after that, until the weakness is removed, we tell you how far we are.
4. Within 90 days we publish an update. If that is not possible we tell you why and agree on another date with
   you.
5. When the update is out we publish an advisory on this site and, if you wish, name you in it.
""",
    ),
)

_SUPPORT = (
    Chapter(
        "period",
        "How long we support your product",
        f"""
{MODEL}: security updates until 31 December 2031 at least. Sold since 1 March 2026.

We shall tell you on this page and on the page "Live" of the camera at least six months before support ends.
""",
    ),
    Chapter(
        "help",
        "Help",
        """
Read the user manual first: most questions are answered there. If yours is not, write to support@example.com.
Please have the serial number on the label at hand.
""",
    ),
)

_PRIVACY = (
    Chapter(
        "data",
        "Which data the camera handles, and why",
        f"""
Picture: what the camera sees is shown to those who are logged in. It is neither stored nor sent to
{MANUFACTURER}.

Accounts: user names and passwords stay in the camera. Passwords are kept in a form from which they cannot be
read.

Service data: the camera tells our cloud service its serial number, its software version and how long it has
been running. We need this to offer the right updates, keep it for 30 days, and give it to nobody.
""",
    ),
    Chapter(
        "rights",
        "Your choice",
        """
A factory reset erases all data of yours in the camera. To have the service data erased, write to
privacy@example.com.
""",
    ),
)

INDEX = (
    ("/manual", f"{MODEL}: user manual"),
    ("/support", "Support and updates"),
    ("/security", "Report a vulnerability"),
    ("/privacy", "Privacy"),
)
"""Path and title of every document."""


def manual(flaws: frozenset[Flaw]) -> tuple[Chapter, ...]:
    """The chapters of the user manual."""
    return tuple(
        chapter for chapter in _MANUAL if not (chapter.about_changing and Flaw.CHANGE_UNDOCUMENTED in flaws)
    )


def policy() -> tuple[Chapter, ...]:
    """The vulnerability disclosure policy."""
    return _POLICY


def support() -> tuple[Chapter, ...]:
    """The support period and where to get help."""
    return _SUPPORT


def privacy() -> tuple[Chapter, ...]:
    """Which personal data is handled."""
    return _PRIVACY


def document(title: str, chapters: tuple[Chapter, ...]) -> str:
    """A document as HTML."""
    contents = "".join(f'<li><a href="#{item.anchor}">{escape(item.title)}</a></li>' for item in chapters)
    sections = "".join(
        f'<section id="{item.anchor}"><h2>{escape(item.title)}</h2>{_blocks(item.body)}</section>'
        for item in chapters
    )
    return page(title, f"<nav><ul>{contents}</ul></nav>{sections}")


def page(title: str, body: str) -> str:
    """A page of the manufacturer's site; `body` is HTML."""
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} - {MANUFACTURER}</title>"
    )
    header = f'<header><a href="/">{MANUFACTURER}</a></header>'
    main = f"<main><h1>{escape(title)}</h1>{body}</main>"
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{header}{main}</body></html>'


def _blocks(text: str) -> str:
    return "".join(_block(block) for block in text.strip().split("\n\n"))


def _block(text: str) -> str:
    if not text.startswith("1. "):
        return f"<p>{escape(text)}</p>"
    steps = re.split(r"^\d+\. ", text, flags=re.MULTILINE)[1:]
    return "<ol>" + "".join(f"<li>{escape(' '.join(step.split()))}</li>" for step in steps) + "</ol>"
