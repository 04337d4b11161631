"""The user manual."""

from __future__ import annotations

from pytest_etsi.virtual.flaws import Flaw, PasswordFlaw
from pytest_etsi.virtual.maker.documents import Chapter

__all__ = ["manual"]

_MANUAL = (
    Chapter(
        "overview",
        "Your camera",
        """
Thank you for choosing the ExampleCam 2. It shows you a live picture of your home in the browser of your
phone, tablet or computer. You need no special knowledge to use it: you are led through everything
step by step.

Two things protect your picture. The web password is the one you type on the camera's own web page; you choose
it yourself at the first start. Type the stream password into apps and recorders, which show the picture
without the web page. It is printed on the label on the underside of the camera, and every camera has a
different one.
""",
    ),
    Chapter(
        "sensors",
        "What the camera sees",
        """
The camera has one sensor for its surroundings: an image sensor behind the front glass, in colour, for visible
light. It is there to show you the picture, and it sees everything that is in front of the camera: turn the
camera so that it does not look at your neighbours.

The sensor works only while somebody who is logged in looks at the picture. There is no microphone, no radar,
no position receiver and no second sensor for the surroundings.
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
Choose a new stream password when you have lent it to a guest; the one on the label is as good as one you make up.
Only the owner can change it.

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

All accounts and all settings are erased. The camera then takes what is printed on the label again.
""",
    ),
    Chapter(
        "setup-check",
        "Check your set-up",
        """
Look from time to time whether your camera is set up securely; it takes two minutes.

1. Open the address of the camera in a browser in which nobody is logged in. You must see the page "Log in" and
   no picture.
2. Look at the address: it must begin with https://.
3. Log in as owner and choose "Check" at the top of the page.
4. Read the first line. It must say "The camera is set up securely."
5. If it says "See to what is marked", do what stands beside every "See to it", and choose "Check" again.
6. If there is a line "Your turn" with the names of viewers, make sure that you know all of them. A factory reset
   removes everybody, if in doubt.
7. Choose "Live" and compare the software version with the newest one on our support page.
""",
    ),
    Chapter(
        "updates",
        "Updates",
        """
The camera looks for updates every day and installs them by itself, between 2 and 4 o'clock at night. The picture
is then interrupted for about a minute, and the status light blinks blue. We recommend to leave it at that.

Open the page "Live" to see whether an update is available: which risk the update removes, when it is installed, and for
how long there is no picture. You can see the version that is installed on the same page.

You can switch automatic installation and the notices off, or postpone updates:

1. Log in as owner and choose "Account" at the top of the page.
2. Under "Updates", tick what you want: "Install updates automatically at night" and "Show a notice of updates on
   the page Live". Both are ticked when the camera is new.
3. Press "Save update settings".
4. To gain time once, press "Postpone updates by 7 days" instead.

Read on our support page how long updates are made for this model, and what happens then.
""",
    ),
    Chapter(
        "diagnostics",
        "Diagnostics",
        """
If you agree, the camera also tells our cloud service how often it has started and how many logins have failed.
Our service looks in these diagnostics for signs of an attack: many failed logins, or many restarts, within an
hour. We do nothing else with them. Without your tick nothing of this is sent, and the camera does everything
all the same.

1. Log in as owner and choose "Account" at the top of the page.
2. Under "Diagnostics", read what is sent. Tick "I agree that diagnostics are sent" if you agree, or take the tick
   away if you do not agree any more.
3. Press "Save choice".

When you take the tick away, what was sent so far is erased at once.
""",
    ),
    Chapter(
        "erase-service-data",
        "Erase the service data",
        """
Our cloud service knows the serial number of your camera, its name, its software version, how long it has been
running and,
if you have agreed, the diagnostics. You can have all that erased whenever you like.

1. Log in as owner and choose "Account" at the top of the page.
2. Press "Erase service data".
3. Wait until the page says "The service data of this camera have been erased." If it says that this was not
   confirmed, try again later.

From then on the camera reports no more, and closes the line on which the service tells it of updates. It goes on
looking for updates, but does not say which camera it is. To let it report again, tick "Report to the cloud service" and
press "Save report setting".

You may also write to privacy@example.com; name the serial number on the label. We answer when the data are erased,
within 30 days.
""",
    ),
    Chapter(
        "recorders",
        "Apps and recorders",
        """
Apps in your home find the camera by themselves: it answers when they ask the network who is there, and says what it
is and where its page is. It says nothing else before somebody has logged in.

A recorder takes the picture in one of two ways. Enter https:// or rtsps://, the address of the camera and /stream in
the recorder, the user name "stream", and the stream password. Both connections of the camera are encrypted.
""",
    ),
    Chapter(
        "service-connector",
        "The service connector",
        """
Behind the rubber cap on the underside there is a connector for repair shops. It is switched off. Open it only while
somebody whom you trust is looking for a fault: press "Open for 15 minutes" on the page "Account". It tells the model,
the versions, the number of starts and whether the network is there, and takes no orders. It closes by itself after
15 minutes, and when the camera is switched off.
""",
    ),
    Chapter(
        "support-end",
        "When support ends",
        """
Read on our support page until when there are updates, why they end, and for how long and in which way you get a new
camera for yours after that. The page is at /support on our site; its address is on the quick start card, too.
""",
    ),
)


def manual(flaws: frozenset[Flaw]) -> tuple[Chapter, ...]:
    """The chapters of the user manual."""
    return tuple(
        chapter
        for chapter in _MANUAL
        if not (chapter.about_changing and PasswordFlaw.CHANGE_UNDOCUMENTED in flaws)
    )
