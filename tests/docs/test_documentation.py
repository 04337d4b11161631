"""The examples of the documentation work as they stand there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

PAGE = Path(__file__).parents[2] / "docs" / "own-tests.md"


def _examples() -> Iterable[tuple[str, str]]:
    """Python blocks of the page: file name, content."""
    for number, block in enumerate(
        re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL), start=1
    ):
        name = "conftest.py" if block.startswith("# conftest.py") else f"test_example_{number}.py"
        yield name, block


def test_examples_for_own_tests_run_on_the_virtual_camera(pytester: pytest.Pytester) -> None:
    examples = dict(_examples())
    for name, content in examples.items():
        pytester.path.joinpath(name).write_text(content, encoding="utf-8")
    expected = sum(len(re.findall(r"^def test_", content, re.MULTILINE)) for content in examples.values())
    result = pytester.runpytest_subprocess("--etsi-profile=virtual-camera", "--etsi-suite=off")

    assert expected >= 11
    result.assert_outcomes(passed=expected)
