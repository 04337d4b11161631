"""A supply that can be switched: a program that the bench restarts."""

from __future__ import annotations

import sys

from tests.programs.program import BENCH

__all__ = ["POWER_CYCLE", "supplied", "switch"]

_PORT = 8090
_SUPPLY = """
import signal, subprocess, sys
def stop(program):
    program.terminate()
    try:
        program.wait(5)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
wanted = {signal.SIGHUP, signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
free = lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, wanted)
while True:
    program = subprocess.Popen(sys.argv[1:], preexec_fn=free)
    signalled = signal.sigwait(wanted)
    stop(program)
    if signalled == signal.SIGTERM:
        break
"""
_SWITCH = """
import http.server, os, signal, sys
pid, host, port = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
class Switch(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        os.kill(pid, signal.SIGHUP)
        self.send_response(204)
        self.end_headers()
    def log_message(self, *_):
        pass
server = http.server.HTTPServer((host, port), Switch)
print("ready", flush=True)
server.serve_forever()
"""
POWER_CYCLE = {
    "bench_hosts": [f"{BENCH}:{_PORT}"],
    "operations": {
        "power-cycle": {
            "kind": "http",
            "url": f"http://{BENCH}:{_PORT}/cycle",
            "recover": "start the program anew",
        }
    },
}
"""What the profile says under `access`."""


def supplied(command: list[str]) -> list[str]:
    """A command line that runs `command`, and runs it anew after a SIGHUP."""
    return [sys.executable, "-c", _SUPPLY, *command]


def switch(pid: int) -> list[str]:
    """The command line of the switch for a program that is `supplied`; it says "ready" when it listens."""
    return [sys.executable, "-c", _SWITCH, str(pid), BENCH, str(_PORT)]
