"""Unexpected input against a small web service that treats it well, or badly in one way at a time."""

from __future__ import annotations

import html
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from pytest_etsi.dut.observe.inputs import observe as inputs_module
from pytest_etsi.dut.observe.inputs.observe import InputObservation, observe_inputs
from pytest_etsi.dut.observe.inputs.values import MARK, nested, probes_for
from pytest_etsi.profile.facts import InputAccess

if TYPE_CHECKING:
    from collections.abc import Iterator


class Service:
    """Keeps a name of 1 to 32 characters, a number of 1 to 10 and a switch; `flaw` says what it does wrong."""

    def __init__(self, flaw: str = "") -> None:
        self.flaw = flaw
        self.name = "lamp"
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/page":
                    shown = outer.name if outer.flaw == "stored" else html.escape(outer.name)
                    self.say(200, f"<h1>{shown}</h1>", "text/html")
                elif self.path == "/":
                    self.say(200, "{}")
                else:
                    shown = unquote(self.path) if outer.flaw == "reflected" else "not here"
                    self.say(404, f"<p>{shown}</p>", "text/html")

            def do_PUT(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.put(self, body)

            def say(self, status: int, text: str, kind: str = "application/json", **headers: str) -> None:
                data = text.encode("utf-8", "replace")
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.alive = True

    def put(self, handler: Any, body: bytes) -> None:
        try:
            wanted = json.loads(body)
        except (ValueError, RecursionError):
            if self.flaw == "deep" and body.startswith(b"[["):
                self.die(handler)
            else:
                handler.say(400, "{}")
            return
        if not isinstance(wanted, dict):
            handler.say(400, "{}")
            return
        (field, value), *_ = wanted.items()
        if field == "level":
            self.put_level(handler, value)
        elif field == "on":
            handler.say(200 if isinstance(value, bool) or self.flaw == "types" else 422, "{}")
        else:
            self.put_name(handler, value)

    def put_level(self, handler: Any, value: Any) -> None:
        good = (
            isinstance(value, int)
            and not isinstance(value, bool)
            and (self.flaw == "range" or 1 <= value <= 10)
        )
        handler.say(200 if good else 422, "{}")

    def put_name(self, handler: Any, value: Any) -> None:
        if self.flaw == "trace" and not isinstance(value, str):
            handler.say(500, 'Traceback (most recent call last):\n  File "x"\nTypeError')
        elif self.flaw == "bare error" and not isinstance(value, str):
            handler.say(500, "{}")
        elif self.flaw == "database" and isinstance(value, str) and "'" in value:
            handler.say(400, 'near "b": syntax error')
        elif self.flaw == "long" and isinstance(value, str) and len(value) > 2000:
            self.die(handler)
        elif isinstance(value, str) and (1 <= len(value) <= 32 or self.flaw == "length"):
            self.name = value.replace("$((30011*60013))", "1801050143") if self.flaw == "shell" else value
            if self.flaw == "template":
                self.name = self.name.replace("{{30011*60013}}", "1801050143")
            handler.say(200, "{}")
        else:
            handler.say(422, "{}")

    def die(self, handler: Any) -> None:
        """Stop as a program does that has crashed."""
        self.alive = False
        handler.connection.close()
        threading.Thread(target=self.close, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that has ended does not come back."""
    monkeypatch.setattr(inputs_module, "_BACK_WITHIN_S", 0.5)


@pytest.fixture
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    made = Service(getattr(request, "param", ""))
    yield made
    if made.alive:
        made.close()


def _inputs(url: str) -> list[dict[str, Any]]:
    def put(field: str, **more: Any) -> dict[str, Any]:
        return {"request": {"method": "PUT", "url": url, "json": {field: "{input}"}}, **more}

    return [
        put("name", valid="lamp", min_length=1, max_length=32, pages=[f"{url}/page"]),
        put("level", type="integer", valid=5, minimum=1, maximum=10),
        put("on", type="boolean", valid=True),
        {"request": {"url": f"{url}/{{input}}", "expect": [404]}, "type": "any", "valid": "there"},
    ]


def _observe(
    service: Service, *, inputs: list[dict[str, Any]] | None = None, seed: int = 1
) -> InputObservation:
    access = SimpleNamespace(
        inputs=[
            InputAccess.model_validate(one) for one in (_inputs(service.url) if inputs is None else inputs)
        ],
        messages=(),
        operations=(),
        console=(),
    )
    dut = SimpleNamespace(
        network=SimpleNamespace(http=lambda: httpx.Client(trust_env=False, timeout=3, verify=False)),
        observed_identity=lambda: {"verified": service.alive},
        operations=(),
        permissions=(),
    )
    return observe_inputs(dut, SimpleNamespace(access=access), seed=seed)  # type: ignore[arg-type]


def test_a_service_that_checks_its_input_is_not_harmed(service: Service) -> None:
    observed = _observe(service)

    assert observed.harms == ()
    assert observed.gaps == ()
    assert observed.odd == ()
    assert observed.tried > 60
    assert service.name == "lamp"


@pytest.mark.parametrize(
    ("service", "kind", "words"),
    [
        ("stored", "acted on", MARK),
        ("reflected", "acted on", MARK),
        ("shell", "acted on", "1801050143"),
        ("template", "acted on", "1801050143"),
        ("trace", "error", "Traceback"),
        ("database", "error", "syntax"),
        ("length", "taken", "HTTP 200"),
        ("range", "taken", "HTTP 200"),
        ("types", "taken", "HTTP 200"),
        ("long", "crash", "does not answer"),
        ("deep", "crash", "does not answer"),
    ],
    indirect=["service"],
)
def test_each_way_of_treating_input_badly_is_found(service: Service, kind: str, words: str) -> None:
    observed = _observe(service)

    assert {harm.kind for harm in observed.harms} == {kind}
    assert words in observed.harms[0].seen
    assert service.url in observed.harms[0].request


@pytest.mark.parametrize("service", ["long"], indirect=True)
def test_the_shortest_of_the_lengths_that_crash_it_is_kept(service: Service) -> None:
    (harm,) = _observe(service, inputs=_inputs(service.url)[:1]).harms

    assert harm.what == "4097 characters"


@pytest.mark.parametrize("service", ["bare error"], indirect=True)
def test_an_error_without_a_trace_is_for_a_person(service: Service) -> None:
    observed = _observe(service)

    assert observed.harms == ()
    assert "HTTP 500" in observed.odd[0]


def test_an_input_that_takes_not_even_what_it_should_shows_nothing(service: Service) -> None:
    observed = _observe(service, inputs=[_inputs(service.url)[1] | {"valid": 99}])

    assert observed.harms == ()
    assert "was not: HTTP 422" in observed.gaps[0]


def test_an_entry_without_inputs_is_open(service: Service) -> None:
    assert _observe(service, inputs=[]).gaps


@hypothesis_given(st.integers(0, 2**32))
def test_values_are_the_same_for_the_same_seed(seed: int) -> None:
    given = InputAccess.model_validate({"request": {"url": "http://h/{input}"}, "max_length": 10})

    assert list(probes_for(given, seed)) == list(probes_for(given, seed))


def test_no_value_that_the_documents_allow_counts_as_excluded() -> None:
    number = InputAccess.model_validate(
        {
            "request": {"url": "http://h/", "json": {"n": "{input}"}},
            "type": "integer",
            "minimum": -5,
            "maximum": 2**40,
        }
    )
    inside = [
        probe
        for probe in probes_for(number, 1)
        if isinstance(probe.value, int) and -5 <= probe.value <= 2**40
    ]

    assert not any(probe.illegal for probe in inside if not isinstance(probe.value, bool))


def test_nesting_is_as_deep_as_said() -> None:
    assert json.loads(nested(3)) == [[[]]]
