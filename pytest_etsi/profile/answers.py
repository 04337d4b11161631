"""Judgements that were prepared elsewhere, read and checked like those of a profile."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pytest_etsi.profile._document import Document, Hints
from pytest_etsi.profile._errors import Problem, ProfileError
from pytest_etsi.profile._interpolate import Filler
from pytest_etsi.profile._judgements import read_judgements
from pytest_etsi.profile._yaml import read_bytes, read_yaml
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.profile._model import EntryAnswer, Judgement
    from pytest_etsi.profile._profile import Profile

__all__ = ["read_answers"]


def read_answers(path: Path, profile: Profile) -> tuple[Judgement | EntryAnswer, ...]:
    """The judgements, and the answers on entries, of a YAML or JSON file in the form of ``judgements.yaml``.

    Raises:
        ProfileError: the file is unusable; holds every problem that was found, with its line.
    """
    problems: list[Problem] = []
    document = Document(path, str(path), Filler(os.environ, {}), problems, hints=Hints())
    content = read_bytes(path, str(path))
    if isinstance(content, Problem):
        raise ProfileError([content])
    document.root, found = read_yaml(content, str(path))
    problems.extend(found)
    judgements, answers = read_judgements([document], edition(profile.edition), profile.ixit)
    if problems or document.open:
        raise ProfileError([*problems, *(one.problem for one in document.open)])
    return (*answers, *judgements)
