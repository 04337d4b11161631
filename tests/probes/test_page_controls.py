"""What a page lets its user choose, and what is chosen first."""

from __future__ import annotations

import pytest

from pytest_etsi.probes.http.controls import Control, read_controls

PAGES = {
    "<input type=checkbox name=a>": Control("checkbox", "a", ("", "on"), ("",)),
    '<INPUT TYPE="checkbox" name="a" value="1" checked>': Control("checkbox", "a", ("", "1"), ("1",)),
    "<input type=radio name=a value=x><input type=radio name=a value=y checked>": Control(
        "radio", "a", ("x", "y"), ("y",)
    ),
    "<select name=a><option value=x>X<option value=y selected>Y</select>": Control(
        "select", "a", ("x", "y"), ("y",)
    ),
    "<select name=a><option value=x>X<option value=y>Y</select>": Control("select", "a", ("x", "y"), ("x",)),
    "<input name=a>": Control("text", "a", (), ("",)),
    '<input type=password name=a value="1&amp;2">': Control("text", "a", (), ("1&2",)),
    "<textarea name=a> so </textarea>": Control("text", "a", (), ("so",)),
    "<button>Do <b>it</b></button>": Control("button", "Do it"),
    "<input type=submit value=Go>": Control("button", "Go"),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_control_is_read(page: str) -> None:
    assert read_controls(f"<form><input type=hidden name=t value=1>{page}</form>") == (PAGES[page],)


def test_a_page_of_controls_without_end_is_bounded() -> None:
    assert len(read_controls("<input name=a>" * 10_000)) == 500
