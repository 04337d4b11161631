"""What a person sees while a unit waits, and that nobody else sees any of it."""

from __future__ import annotations

import os
import threading
from types import SimpleNamespace

import pytest

from pytest_etsi.plugin import compat, waiting
from pytest_etsi.plugin.waiting import told_while


@pytest.fixture
def soon(monkeypatch):
    monkeypatch.setattr(waiting, "_AFTER_S", 0.01)
    monkeypatch.setattr(waiting, "_EVERY_S", 0.01)


def test_what_takes_long_is_told_with_its_seconds_and_taken_away_in_the_end(soon):
    shown, twice = [], threading.Event()

    def show(words):
        shown.append(words)
        if len(shown) >= 2:
            twice.set()

    with told_while(show, lambda: "power-off"):
        assert twice.wait(30)

    assert set(shown[:-1]) == {"0 s: power-off"}
    assert shown[-1] == ""


def test_what_is_over_soon_is_not_told():
    shown = []
    with told_while(shown.append, lambda: "power-off"):
        pass

    assert shown == []


def test_where_nobody_looks_there_is_no_thread(soon):
    before = threading.active_count()
    with told_while(None, lambda: "power-off"):
        assert threading.active_count() == before


class Terminal:
    """A terminal of 40 columns, of which some are written already, in place of the screen a pipe."""

    def __init__(self, written):
        self.read, screen = os.pipe()
        writer = SimpleNamespace(fullwidth=40, width_of_current_line=written)
        reporter = SimpleNamespace(isatty=True, _tw=writer)
        plugins = SimpleNamespace(getplugin=lambda _name: reporter)
        self.config = SimpleNamespace(pluginmanager=plugins, stash=pytest.Stash())
        self.config.stash[compat._SCREEN] = self.screen = screen

    def said(self):
        os.close(self.screen)
        with os.fdopen(self.read, "rb") as file:
            return file.read().decode()


@pytest.mark.parametrize(
    ("written", "words", "seen"),
    [
        (10, "12 s: power-off", ["\x1b7  12 s: power-off\x1b[K\x1b8"]),
        (24, "12 s: power-off", ["\x1b7  12 s: power-\x1b[K\x1b8"]),
        (35, "12 s: power-off", []),
        (10, "\x1b[2J", ["\x1b7  [2J\x1b[K\x1b8"]),
    ],
)
def test_words_fit_in_what_is_left_of_the_line_and_bring_no_escapes(written, words, seen):
    terminal = Terminal(written)
    show = compat.progress_line(terminal.config)
    show(words)
    show(words if seen else "")
    show("")

    assert terminal.said().removesuffix("\x1b7\x1b[K\x1b8").removesuffix("\x1b7\x1b[K\x1b8") == "".join(seen)


@pytest.mark.parametrize("terminal_comes", [True, False])
def test_before_pytest_has_its_terminal_the_whole_line_is_there(terminal_comes, monkeypatch):
    """Unless there will be none: then somebody else writes."""
    monkeypatch.setenv("COLUMNS", "24")
    terminal = Terminal(0)
    terminal.config.pluginmanager.getplugin = lambda _name: None
    terminal.config.pluginmanager.hasplugin = lambda _name: terminal_comes
    show = compat.progress_line(terminal.config)
    if show is not None:
        show("2 s: starting the virtual camera")

    assert terminal.said() == ("\x1b7  2 s: starting the vi\x1b[K\x1b8" if terminal_comes else "")


def test_where_no_person_looks_nothing_is_shown():
    terminal = Terminal(0)
    del terminal.config.stash[compat._SCREEN]

    assert compat.progress_line(terminal.config) is None
    terminal.said()
