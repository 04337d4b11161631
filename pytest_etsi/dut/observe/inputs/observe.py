"""Feeding the inputs of the device with what they should not take, and watching what becomes of it.

Bounded in number and time, reproducible by a seed, and ended for each input by the first thing that goes wrong.
Lengths go upwards, so that the request that is kept is the shortest of those that did it.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlsplit

import httpx

from pytest_etsi import bounds
from pytest_etsi.bounds import OutOfTime, undisturbed
from pytest_etsi.dut.observe.inputs.forgery import forged
from pytest_etsi.dut.observe.inputs.messages import harmful_messages
from pytest_etsi.dut.observe.inputs.values import MARK, Probe, probes_for
from pytest_etsi.dut.observe.power import can_cycle, cycle_power
from pytest_etsi.dut.reach.auth.http import http_client
from pytest_etsi.dut.reach.handing_over import fill_in
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.observation import printable
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.entries import InpValEntry
    from pytest_etsi.profile.facts import InputAccess, MessageAccess

__all__ = ["Harm", "InputObservation", "observe_inputs"]

SEED = 20_200_615
_MAX_PROBES = 400
_DEADLINE_S = bounds.INPUTS.whole_s
_BACK_WITHIN_S = 5.0
_READ = bounds.INPUTS.most
_PLACE = "{input}"
_TRACE = re.compile(
    r"Traceback \(most recent call last\)|^\s+at [\w.$]+\([\w.]+:\d+\)|\bpanic: |goroutine \d+ \[|#\d+ 0x[0-9a-f]{6,}"
    r"|Segmentation fault|stack smashing|(?:Fatal error|Warning): .* on line \d+",
    re.MULTILINE,
)
_DATABASE = re.compile(
    r"SQL syntax|sqlite3?\.|SQLITE_ERROR|unrecognized token|ORA-\d{5}|PG::|psql:|unterminated quoted string"
    r"|near \"[^\"]*\": syntax",
    re.IGNORECASE,
)

HarmKind = Literal["crash", "error", "taken", "acted on", "forged"]


@dataclass(frozen=True, slots=True)
class Harm:
    """Something that an unexpected input has done.

    Attributes:
        kind: ``crash``: the service did not answer any more; ``error``: it told how it is made inside, or of its
            database; ``taken``: a value that the documents exclude was taken over; ``acted on``: some program has acted
            on the value; ``forged``: a page of somebody else can make the browser of a user send it.
        what: the value, in words.
        request: how to do it again.
        seen: what showed it.
    """

    kind: HarmKind
    what: str
    request: str
    seen: str


@dataclass(frozen=True, slots=True)
class InputObservation:
    """What the inputs of one entry of 29-InpVal did with unexpected values.

    Attributes:
        tried: number of values.
        seed: of those that were made up.
        harms: in the order in which they happened.
        odd: what a person should look at: errors without a trace.
        gaps: what could not be tried, one sentence each.
    """

    tried: int
    seed: int
    harms: tuple[Harm, ...]
    odd: tuple[str, ...]
    gaps: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)


class _CrashedError(Exception):
    """The service does not answer any more."""


def observe_inputs(dut: Core, entry: InpValEntry, *, seed: int = SEED) -> InputObservation:
    """Try every input that the entry gives, and every operation by which the bench feeds one.

    Args:
        dut: the device.
        entry: of 29-InpVal.
        seed: of values made up at random.
    """
    run = _Run(dut, seed)
    access = entry.access
    if not (access.inputs or access.messages or access.operations or access.console):
        run.gaps.append(
            "no input is given by which it could be tried (access.inputs, messages, operations, console)"
        )
    for given in entry.access.inputs:
        try:
            run.feed(given)
        except _CrashedError:
            run.bring_back()
        except Inconclusive as error:
            run.gaps.append(error.reason)
    for message in entry.access.messages:
        try:
            run.send_messages(message)
        except _CrashedError:
            run.bring_back()
        except Inconclusive as error:
            run.gaps.append(error.reason)
    for name in entry.access.operations:
        run.operate(name)
    if entry.access.console:
        run.type_on_the_console(entry.access.console)
    run.end()
    return InputObservation(run.tried, seed, tuple(run.harms), tuple(dict.fromkeys(run.odd)), tuple(run.gaps))


class _Run:
    """One pass over the inputs of an entry."""

    def __init__(self, dut: Core, seed: int) -> None:
        self._dut = dut
        self._seed = seed
        self._within = Deadline(_DEADLINE_S)
        self.tried = 0
        self.harms: list[Harm] = []
        self.odd: list[str] = []
        self.gaps: list[str] = []

    def feed(self, given: InputAccess) -> None:
        session = self._dut.login(given.request.login) if given.request.login else None
        client = http_client(session) if session is not None else self._dut.network.http()
        try:
            before = self._send(client, given, given.valid)
            if before is None or before.status_code not in given.request.expect:
                said = "no answer" if before is None else f"HTTP {before.status_code}"
                self.gaps.append(
                    f"{_name(given)}: the value that should be taken ({given.valid!r}) was not: {said}"
                )
                return
            self._forge(client, given)
            for probe in probes_for(given, self._seed):
                if self.tried >= _MAX_PROBES or self._within.expired:
                    self.gaps.append(
                        f"{_name(given)}: not every value could be tried within {_DEADLINE_S:.0f} s"
                    )
                    break
                if self._probe(client, given, probe):
                    break
            self._send(client, given, given.valid)
        except OutOfTime:
            with undisturbed():
                self._send(client, given, given.valid)
            raise
        finally:
            (session or client).close()

    def _forge(self, client: httpx.Client, given: InputAccess) -> None:
        """The value that is taken, as a page of somebody else would have it sent."""
        request = given.request
        if not request.login:
            return
        self.tried += 1
        try:
            seen = forged(
                client,
                request,
                _placed(fill_in(request.json_body, {}), given.valid)
                if request.json_body is not None
                else None,
                _placed(fill_in(request.form, {}), _as_text(given.valid))
                if request.form is not None
                else None,
            )
        except httpx.HTTPError as error:
            self.gaps.append(f"{_name(given)} as a page of somebody else makes it: {type(error).__name__}")
            return
        if seen:
            self.harms.append(
                Harm("forged", "a request that a page of somebody else makes", _name(given), seen)
            )

    def _probe(self, client: httpx.Client, given: InputAccess, probe: Probe) -> bool:
        """Try one value; True: it did harm."""
        self.tried += 1
        answer = self._send(client, given, probe.value, raw=probe.raw)
        if answer is None and not self._answers(given):
            self.harms.append(
                Harm("crash", probe.what, _how(given, probe), "the service does not answer any more")
            )
            raise _CrashedError
        if answer is None:
            return False
        harm = self._harm(client, given, probe, answer)
        if harm is not None:
            self.harms.append(harm)
        return harm is not None

    def _harm(
        self, client: httpx.Client, given: InputAccess, probe: Probe, answer: httpx.Response
    ) -> Harm | None:
        how = _how(given, probe)
        text = answer.text[:_READ]
        told = _TRACE.search(text) or _DATABASE.search(text)
        if told is not None:
            return Harm("error", probe.what, how, f"HTTP {answer.status_code}: {printable(told.group(), 80)}")
        if answer.status_code >= 500:
            self.odd.append(f"{how}: HTTP {answer.status_code}")
        if probe.shows and any(name.lower() == probe.shows for name in answer.headers):
            return Harm("acted on", probe.what, how, f"the answer has a header {probe.shows}")
        if probe.shows and self._shows(answer, probe):
            return Harm("acted on", probe.what, how, f"the answer shows {probe.shows}")
        taken = answer.status_code in given.request.expect
        if taken and probe.illegal and probe.raw is None and self._holds(client, given, probe):
            return Harm("taken", probe.what, how, f"HTTP {answer.status_code}")
        if taken and probe.shows:
            for url in given.pages:
                try:
                    page = client.get(url)
                except httpx.HTTPError:
                    continue
                if self._shows(page, probe):
                    return Harm("acted on", probe.what, how, f"{url} shows {probe.shows}")
        return None

    @staticmethod
    def _shows(answer: httpx.Response, probe: Probe) -> bool:
        """Whether an answer has what only somebody who acts on the value could have put there."""
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if probe.shows == f"<{MARK}>" and kind not in ("text/html", "application/xhtml+xml", "image/svg+xml"):
            return False
        return probe.shows in answer.text[:_READ]

    def _holds(self, client: httpx.Client, given: InputAccess, probe: Probe) -> bool:
        """Whether the device has the value now, as far as it can be read back."""
        if given.read is None:
            return True
        try:
            answer = client.request(given.read.method, given.read.url)
        except httpx.HTTPError:
            return True
        if not isinstance(probe.value, str) or not probe.value:
            return True
        return probe.value[:200] in answer.text[:_READ]

    def _send(
        self, client: httpx.Client, given: InputAccess, value: Any, *, raw: bytes | None = None
    ) -> httpx.Response | None:
        request = given.request
        options: dict[str, Any] = {}
        headers = fill_in(request.headers, {})
        if raw is not None:
            options["content"] = raw
            headers["content-type"] = "application/json"
        elif request.json_body is not None:
            options["json"] = _placed(fill_in(request.json_body, {}), value)
        elif request.form is not None:
            options["data"] = _placed(fill_in(request.form, {}), _as_text(value))
        text = _as_text(value)
        try:
            headers = {name: content.replace(_PLACE, text) for name, content in headers.items()}
            url = request.url.replace(_PLACE, quote(text, safe="%" if "%" in text else ""))
            return client.request(request.method, url, headers=headers, **options)
        except (UnicodeError, ValueError, httpx.InvalidURL, httpx.LocalProtocolError):
            return httpx.Response(400, text="")  # what cannot be sent at all does nothing
        except httpx.HTTPError:
            return None

    def _answers(self, given: InputAccess) -> bool:
        """Whether the service is still there."""
        parts = urlsplit(given.request.url)

        def there() -> bool:
            with self._dut.network.http() as client:
                client.get(f"{parts.scheme}://{parts.netloc}/")
            return True

        return wait_until(there, within_s=_BACK_WITHIN_S)

    def send_messages(self, given: MessageAccess) -> None:
        """Malformed messages of another protocol than HTTP."""
        for what, harm in harmful_messages(self._dut, given, self._seed, self.gaps, within=self._within):
            self.tried += 1
            if harm:
                self.harms.append(Harm("crash", what, harm, "the service does not answer any more"))
                raise _CrashedError

    def operate(self, name: str) -> None:
        """Let the bench feed an input, and see that the device is as it was."""
        try:
            self._dut.operations.run(name)
        except Inconclusive as error:
            self.gaps.append(error.reason)
            return
        self.tried += 1
        if not self._is_well():
            self.harms.append(
                Harm("crash", f"the operation {name}", name, "the device does not answer as itself any more")
            )

    def type_on_the_console(self, lines: tuple[str, ...]) -> None:
        """Send odd lines to the serial console, after the operations that open it."""
        try:
            for name in lines:
                self._dut.operations.run(name)
            console = self._dut.console
            for line in (
                "a" * 300,
                "%s%n%x",
                "\x1b[2J\x1b]0;x\x07",
                "$(reboot)`reboot`;reboot",
                "\x00\xff\xfe",
                "a" * 5000,
            ):
                console.send_line(line, pace_s=0.0)
                self.tried += 1
        except Inconclusive as error:
            self.gaps.append(error.reason)
            return
        except OSError as error:
            self.gaps.append(f"the serial console failed: {error}")
            return
        if not self._is_well():
            self.harms.append(
                Harm(
                    "crash",
                    "odd lines on the console",
                    "serial console",
                    "the device does not answer any more",
                )
            )

    def _is_well(self) -> bool:
        return wait_until(lambda: self._dut.observed_identity()["verified"] is True, within_s=_BACK_WITHIN_S)

    def bring_back(self) -> None:
        """Switch a device that has crashed off and on, where that is possible and permitted."""
        if can_cycle(self._dut) and "outage" in self._dut.permissions:
            cycle_power(self._dut)
            wait_until(lambda: self._dut.observed_identity()["verified"] is True, within_s=60.0)

    def end(self) -> None:
        """A device that is not well in the end has been harmed, whatever the single answers looked like."""
        if self.tried and not self.harms and not self._is_well():
            self.harms.append(
                Harm(
                    "crash", "all values together", f"seed {self._seed}", "the device is not itself any more"
                )
            )
            self.bring_back()


def _name(given: InputAccess) -> str:
    return f"{given.request.method} {given.request.url}"


def _how(given: InputAccess, probe: Probe) -> str:
    """How to do it again, in one line."""
    value = probe.raw if probe.raw is not None else probe.value
    shown = printable(value if isinstance(value, str | bytes) else repr(value), 80)
    return f"{_name(given)} with {shown}"


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _placed(template: Any, value: Any) -> Any:
    """Builtins with the value in the place of ``{input}``; alone in a text, it keeps its type."""
    if template == _PLACE:
        return value
    if isinstance(template, str):
        return template.replace(_PLACE, _as_text(value))
    if isinstance(template, dict):
        return {key: _placed(item, value) for key, item in template.items()}
    if isinstance(template, list | tuple):
        return [_placed(item, value) for item in template]
    return template
