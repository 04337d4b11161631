"""The published documents beside the manual: vulnerability policy, support period and replacement, privacy."""

from __future__ import annotations

from dataclasses import replace

from pytest_etsi.virtual.device.identity import MANUFACTURER, MODEL, SOFTWARE
from pytest_etsi.virtual.flaws import Flaw, PublicationFlaw
from pytest_etsi.virtual.maker.documents import Chapter

__all__ = ["policy", "privacy", "support"]

_POLICY = (
    Chapter(
        "report",
        "Report a vulnerability",
        f"""
{MANUFACTURER} welcomes reports about weaknesses in its products and services from everybody: customers,
researchers and companies. We take no legal steps against anybody who looks for weaknesses in good faith.

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
4. Within 90 days we publish an update.
5. When the update is out we publish an advisory on this site and, if you wish, name you in it.
""",
    ),
)

_SUPPORT = (
    Chapter(
        "period",
        "How long we support your product",
        f"""
{MODEL}: security updates until 31 December 2031 at least. Sold since 1 March 2026. Newest software: {SOFTWARE}.

Until then every part of the software gets them: the firmware, the start-up code and the web interface. We tell you
at least six months before they end.
""",
    ),
    Chapter(
        "no-updates",
        "Updates after that",
        f"""
After 31 December 2031 there are no software updates for the {MODEL} any more. The reason: the maker of its processor
then ends the supply of corrections for start-up code and drivers, without which we cannot build a safe update.

Until then every part of the software can be updated. From then on weaknesses that are found will stay. Let the camera
work in a network without a way to the internet, or have it replaced.
""",
    ),
    Chapter(
        "replacement",
        "How we replace your camera",
        f"""
From 1 July 2031 to 31 December 2033 we replace every {MODEL} by its successor at half the price.

1. Write to support@example.com and name the serial number on the label.
2. We send you the new camera with a paid label for the way back.
3. Reset the old camera by the chapter "Factory reset" of the user manual.
4. Put the new camera in its place, connect the same plugs and read the chapter "First start". It has a stream
   password of its own on its label.
5. Send the old camera back within 30 days; we recycle it.
""",
    ),
    Chapter(
        "help",
        "Help",
        """
Read the user manual first: most questions are answered there. Write to support@example.com with any other one.
Please have the serial number on the label at hand.
""",
    ),
)

_PRIVACY = (
    Chapter(
        "data",
        "Which data the camera handles, and why",
        f"""
{MANUFACTURER} is responsible for what is described here.

Picture: what the camera sees is shown to those who are logged in. It is neither stored nor sent to
{MANUFACTURER}.

Accounts: user names and passwords stay in the camera until you delete the account, to tell you apart and to let you
in. A password cannot be read in the camera.

Service data: the camera tells our cloud service its serial number, its name, its software version and how long it
has been running. We need this to offer the right updates and to show you whether the camera is online, keep it for
30 days, and give it to nobody.
""",
    ),
    Chapter(
        "diagnostics",
        "Diagnostics (telemetry), only if you agree",
        f"""
If you tick "I agree that diagnostics are sent" on the page "Account", the camera also sends the number of its starts
and the number of failed logins (a restart count and a failed-login count), together with its serial number.

{MANUFACTURER} alone uses these diagnostics, to warn you when the camera is attacked or fails:
a program of our cloud service looks for many failed logins and many restarts within an hour and marks the camera in
your app. We need the serial number to tell which camera is attacked. We treat the
diagnostics as sensitive, because they tell whether somebody is trying to break in.

The box is not ticked when the camera is new, and the camera works all the same. You can withdraw at any time:
take the tick away and press "Save choice". What was sent is then erased at once, or when the camera is online again.
We keep nothing of it for longer than 30 days after the last report.
""",
    ),
    Chapter(
        "rights",
        "Your choice",
        """
A factory reset erases all data of yours in the camera.

Press "Erase service data" on the page "Account" of the camera to delete the service data: the page tells you at once.
Or write to privacy@example.com; we answer within 30 days.
""",
    ),
)


_EVERY_FORTNIGHT = """
1. Every 14 days, until the weakness is removed, we tell you how far we are.
2. Within 90 days we publish an update.
"""
_FIX_ONLY = """
1. Within 3 working days we confirm that we have received your report.
2. Critical weaknesses are removed within 30 days, all others within 90 days.
3. When the update is out we publish an advisory on this site.
"""
_OTHERS = f"""
Our laboratory examines parts that we buy. When we find a vulnerability in a product of another vendor we notify the
vendor and give the vendor 45 days to release a fix. We ask the vendor to confirm the receipt of our report within
7 days.

{MANUFACTURER} publishes details after 90 days whether or not the vendor has a fix. Write to lab@example.com with
questions.
"""
_NO_MORE = """
There are no software updates for the camera after that. The reason: the maker of its processor then ends the supply of
corrections for start-up code and drivers. Let the camera work in a network without a way to the internet.
"""
_PERIODS: dict[PublicationFlaw, dict[str, str]] = {
    PublicationFlaw.SUPPORT_OVER: {
        "period": f"{MODEL}: security updates until 30 June 2026.",
        "no-updates": f"There are no updates for the {MODEL} after 30 June 2026, because of its processor.",
    },
    PublicationFlaw.SUPPORT_OTHERWISE: {
        "period": f"{MODEL}: security updates until 30 June 2029.",
        "no-updates": f"There are no updates for the {MODEL} after 30 June 2029, because of its processor.",
    },
    PublicationFlaw.SUPPORT_FOR_LIFE: {
        "period": f"The {MODEL} gets security updates for the lifetime of the product.",
        "no-updates": _NO_MORE,
    },
    PublicationFlaw.SUPPORT_OF_ANOTHER: {
        "period": "DoorView 7: security updates until 31 December 2031.",
        "no-updates": _NO_MORE,
        "replacement": """
From 1 July 2031 to 31 December 2033 we replace every DoorView 7 by its successor at half the price. Write to
support@example.com, and send the old one back within 30 days.
""",
    },
    PublicationFlaw.SUPPORT_IS_GUARANTEE: {
        "period": f"The guarantee of the {MODEL} lasts for two years. We repair it free of charge.",
        "no-updates": _NO_MORE,
    },
    PublicationFlaw.REASON_MISSING: {
        "no-updates": f"Software support of the {MODEL} lasts until 31 December 2031. Let it work offline then.",
    },
}


def policy(flaws: frozenset[Flaw] = frozenset()) -> tuple[Chapter, ...]:
    """The vulnerability disclosure policy."""
    report, timelines = _POLICY
    if PublicationFlaw.POLICY_ABOUT_OTHERS in flaws:
        return (Chapter("others", "Weaknesses in products of others", _OTHERS),)
    if PublicationFlaw.POLICY_WITHOUT_CONTACT in flaws:
        report = replace(
            report, body="We read reports in English. Our key has the fingerprint 7F3A 91C2 0D4E 55B8."
        )
    if PublicationFlaw.POLICY_WITHOUT_RECEIPT in flaws:
        timelines = replace(timelines, body=_EVERY_FORTNIGHT)
    if PublicationFlaw.POLICY_WITHOUT_UPDATES in flaws:
        timelines = replace(timelines, body=_FIX_ONLY)
    return (report, timelines)


def support(flaws: frozenset[Flaw] = frozenset()) -> tuple[Chapter, ...]:
    """The support period and where to get help."""
    chapters = list(_SUPPORT)
    for flaw, body in _PERIODS.items():
        if flaw in flaws:
            chapters = [replace(one, body=body.get(one.anchor, one.body)) for one in chapters]
    if PublicationFlaw.REPLACEMENT_MISSING in flaws:
        chapters = [one for one in chapters if one.anchor != "replacement"]
        chapters = [replace(one, body=one.body.replace(", or have it replaced", "")) for one in chapters]
    return tuple(chapters)


def privacy() -> tuple[Chapter, ...]:
    """Which personal data is handled."""
    return _PRIVACY
