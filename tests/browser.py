"""A headless Chromium, steered over a pipe by its own protocol (DevTools), to look at pages as a person would."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CONTRAST", "Browser"]

_LONGEST_S = 90.0
"""How long an answer may take on a busy machine."""

_AT_3_AND_4 = """
import os, sys
read, write = os.dup(int(sys.argv[1])), os.dup(int(sys.argv[2]))
os.dup2(read, 3)
os.dup2(write, 4)
os.set_inheritable(3, True)
os.set_inheritable(4, True)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Starts a program whose descriptors 3 and 4 are the pipes: the browser expects them there."""

CONTRAST = r"""
(() => {
  const parts = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const colour = parts(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = new Set();
  let looked = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !one.checkVisibility() || one.closest(".sr")) continue;
    looked += 1;
    const style = getComputedStyle(one);
    const [a, b] = [light(parts(style.color)), light(behind(one))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) found.add(`${one.tagName}.${one.className}: ${ratio.toFixed(2)}`);
  }
  return { looked, found: [...found] };
})()
"""
"""Text whose contrast is less than AA asks (WCAG 2.2, 1.4.3), from the styles that the browser has computed."""


class Browser:
    """One page in a browser; a context manager. Steps: `open`, `ask`, `press`, `printed`.

    Attributes:
        dialogs: texts of dialogs that scripts have opened.
    """

    def __init__(self, program: str, directory: Path) -> None:
        ours_out, theirs_in = os.pipe(), os.pipe()
        command = [
            program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
            "--remote-debugging-pipe", f"--user-data-dir={directory}", "about:blank",
        ]  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, "-c", _AT_3_AND_4, str(theirs_in[0]), str(ours_out[1]), *command],
            pass_fds=(theirs_in[0], ours_out[1]),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in[0])
        os.close(ours_out[1])
        self._to, self._from = theirs_in[1], ours_out[0]
        self._buffer, self._number, self._session = b"", 0, ""
        self.dialogs: list[str] = []
        self._events: list[str] = []

    def __enter__(self) -> Self:
        try:
            target = self._call("Target.createTarget", url="about:blank")["targetId"]
            self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            self._call("Page.enable")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the browser."""
        self._process.terminate()
        self._process.wait(timeout=30)
        os.close(self._to)
        os.close(self._from)

    def before(self, script: str) -> None:
        """Have each page that is opened from now on run this script before its own."""
        self._call("Page.addScriptToEvaluateOnNewDocument", source=script)

    def open(self, address: str) -> float:
        """Open a page; gives the seconds until it was loaded, as the browser has measured them."""
        self._events.clear()
        self._call("Page.navigate", url=address)
        until = time.monotonic() + _LONGEST_S
        while "Page.loadEventFired" not in self._events:
            self._take(until)
        return float(self.ask("performance.getEntriesByType('navigation')[0].loadEventStart")) / 1000

    def cpu_until_loaded(self, address: str) -> float:
        """Open a page; gives the seconds of CPU that its main thread has needed for that."""
        self._call("Performance.setTimeDomain", timeDomain="threadTicks")
        self._call("Performance.enable")
        self.open(address)
        said = self._call("Performance.getMetrics")["metrics"]
        return next(float(one["value"]) for one in said if one["name"] == "TaskDuration")

    def ask(self, expression: str) -> Any:
        """The value of an expression of JavaScript; of a promise, what it comes to."""
        said = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in said:
            raise AssertionError(said["exceptionDetails"])
        return said["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key: Tab, Enter, or a character."""
        codes = {"Tab": 9, "Enter": 13}
        text = {"Tab": "", "Enter": "\r"}.get(key, key)
        about = {"key": key, "windowsVirtualKeyCode": codes.get(key, ord(key[0]))}
        self._call("Input.dispatchKeyEvent", type="keyDown", text=text, **about)
        self._call("Input.dispatchKeyEvent", type="keyUp", **about)

    def printed(self) -> bytes:
        """The page as it prints, a PDF."""
        return base64.b64decode(self._call("Page.printToPDF", preferCSSPageSize=True)["data"])

    def size(self, width: int, height: int) -> None:
        """How large the page is, in CSS pixels."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def picture(self, *, whole: bool = False) -> bytes:
        """The page as it is seen, a PNG; or the whole of it."""
        return base64.b64decode(self._call("Page.captureScreenshot", captureBeyondViewport=whole)["data"])

    def wait(self, expression: str) -> Any:
        """The value of an expression as soon as it is something."""
        until = time.monotonic() + _LONGEST_S
        while not (found := self.ask(expression)):
            assert time.monotonic() < until, f"the page never had: {expression}"
            time.sleep(0.1)
        return found

    def _call(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        session = {"sessionId": self._session} if self._session else {}
        message = {"id": self._number, "method": method, "params": parameters, **session}
        os.write(self._to, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + _LONGEST_S
        while True:
            said = self._take(until)
            if said.get("id") == self._number:
                assert "error" not in said, (method, said)
                answer: dict[str, Any] = said["result"]
                return answer

    def _take(self, until: float) -> dict[str, Any]:
        """The next message of the browser."""
        while b"\0" not in self._buffer:
            left = until - time.monotonic()
            assert left > 0, "the browser does not answer"
            if select.select([self._from], [], [], left)[0]:
                data = os.read(self._from, 1 << 20)
                assert data, "the browser has ended"
                self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\0")
        said: dict[str, Any] = json.loads(line)
        self._events.append(said.get("method", ""))
        if said.get("method") == "Page.javascriptDialogOpening":
            self.dialogs.append(said["params"]["message"])
        return said
