"""How much a person reads and types to assess the virtual camera, with nothing judged yet.

Every question is answered once: a key, and the reason that is recorded in the camera's judgements, or one as long as
these are on average. Nothing behind a key is looked at. Counted are the characters that appear at 100 columns, and the
keys that are pressed, those of the reasons' own words apart.

    python benchmarks/assessing.py [--same] [--by=unit] [--show] [--offered]

With --same the same answer is given by one key wherever it is offered. With --show the whole conversation is printed.
With --offered only the questions are answered whose reasons are recorded, and words that are offered are taken where
that saves a key. Every key is counted: those that take or change an offer, put right a space, and end a line, too.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from pytest_etsi.assessment.agenda import Agenda
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.interview.conversation import Interview
from pytest_etsi.interview.words import SIGNS, Draft, pieces
from pytest_etsi.profile import load_profile

CAMERA = Path(__file__).parents[1] / "device_profiles" / "virtual-camera"
COLUMNS = 100


class Typist:
    """Presses p, and types the reason; counts what is shown and typed.

    Attributes:
        reasons: what is typed, by unit and entry; anything else takes one of `length` characters.
        same: "=" is pressed where it is offered.
    """

    def __init__(self, reasons: dict[tuple[str, str | None], str], length: int, *, same: bool) -> None:
        self.reasons, self.length, self.same = reasons, length, same
        self.screen = io.StringIO()
        self.asked: tuple[str, str | None] = ("", None)
        self.keys = self.words = 0

    def key(self, prompt: str) -> str:
        """One key."""
        offered = "\n= " in self.screen.getvalue()[-2000:].rpartition("\n\n")[2]
        self.screen.write(f"{prompt}p\n")
        self.keys += 1
        return "=" if self.same and offered else "p"

    def line(self, prompt: str) -> str:
        """One line."""
        typed = "Jo Example" if "Who assesses" in prompt else self.reasons.get(self.asked, "x" * self.length)
        self.screen.write(f"{prompt}{typed}\n")
        self.keys += 1
        self.words += len(typed)
        return typed


class Writer(Typist):
    """Takes the words that are offered, wherever one key is less than what they save.

    Attributes:
        pressed: keys within reasons, without the one that ends each.
    """

    pressed = 0

    def written(self, prompt, words):  # type: ignore[no-untyped-def]
        """One reason."""
        text = " ".join(self.reasons[self.asked].split())
        draft = Draft(words)
        while draft.text.rstrip() != text:
            offer, whole, keys = self._best(draft, text)
            if offer:
                draft.take(offer, whole=whole)
                self.pressed += keys
                continue
            if draft.spaced and text.startswith(draft.text) and text[len(draft.text)] in SIGNS:
                draft.type(" ")  # the space stays
                self.pressed += 1
            elif draft.spaced and not text.startswith(draft.text) and text[len(draft.text) - 1] not in SIGNS:
                draft.text, draft.spaced = draft.text[:-1], False  # the space is taken back
                self.pressed += 1
            there = draft.text if text.startswith(draft.text) else draft.text[:-1]
            draft.type(text[len(there)])
            self.pressed += 1
        return super().line(prompt)

    def _best(self, draft, text):  # type: ignore[no-untyped-def]
        before = draft.text[:-1] if draft.spaced else draft.text
        found = ("", False, 0)
        most = 0
        for number, offer in enumerate(draft.offered()):
            first = pieces(offer.lstrip())[0]
            word = offer[: len(offer) - len(offer.lstrip())] + first.lstrip()
            for part, whole in ((offer, True), (word, False)):
                after = text[len(before + part) : len(before + part) + 1]
                broken = part[-1:].isalnum() and after.isalnum()
                saved = len(part) - 1 - number
                if text.startswith(before + part) and not broken and saved > most:
                    found, most = (offer, whole, 1 + number), saved
        return found


def measure(
    *, same: bool = False, by: str = "entry", offered: bool = False
) -> tuple[str, int, int, int, int]:
    """What was shown, the number of answers, keys beside the words of reasons, these words, and the keys for them.

    What is typed is shown too, and is taken off: it is no reading.
    """
    judged = load_profile(CAMERA).judgements
    reasons = {(one.unit, one.entry): one.rationale for one in judged}
    kind = Writer if offered else Typist
    typist = kind(reasons, sum(map(len, reasons.values())) // len(reasons), same=same)
    with tempfile.TemporaryDirectory() as place:
        camera = Path(shutil.copytree(CAMERA, Path(place) / "camera"))
        (camera / "judgements.yaml").write_text("[]\n", encoding="utf-8")
        wanted = (lambda planned: planned.key in reasons) if offered else None
        order = "unit" if by == "unit" else "entry"
        agenda = Agenda(load_profile(camera), load_units(), wanted=wanted, order=order)
    console = Console(file=typist.screen, width=COLUMNS, no_color=True, highlight=False)
    interview = Interview(console, typist, lambda _: None)
    ask = interview._ask  # noqa: SLF001 - to know which reason is wanted

    def followed(asked, *rest):  # type: ignore[no-untyped-def]
        typist.asked = asked.key
        return ask(asked, *rest)

    interview._ask = followed  # type: ignore[method-assign]  # noqa: SLF001
    interview.run(agenda)
    pressed = typist.pressed if isinstance(typist, Writer) else typist.words
    return typist.screen.getvalue(), len(interview.given), typist.keys, typist.words, pressed


if __name__ == "__main__":
    options = set(sys.argv[1:])
    shown, answers, keys, words, pressed = measure(
        same="--same" in options,
        by="unit" if "--by=unit" in options else "entry",
        offered="--offered" in options,
    )
    if "--show" in options:
        sys.stdout.write(shown)
    print(
        f"{answers} answers; {len(shown) - words:,} characters shown, "
        f"{len(' '.join(shown.split())) - words:,} without white space that repeats; "
        f"{keys:,} keys and {words:,} characters of reasons, by {pressed:,} keys"
    )
