"""YAML to and from text for tests, by libyaml: in Python alone a camera's judgements take half a second."""

from __future__ import annotations

from typing import Any

import yaml

__all__ = ["dumped", "loaded"]


def loaded(text: str) -> Any:
    """What a text says."""
    return yaml.load(text, Loader=yaml.CSafeLoader)


def dumped(value: Any) -> str:
    """A text that says so, with keys in the order they have."""
    return str(yaml.dump(value, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True))
