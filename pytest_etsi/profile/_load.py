"""Loading: from the file that the user names to a validated `Profile`; every problem is found in one pass."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_etsi.profile._confidential import confidential, told_anyway
from pytest_etsi.profile._document import Document, Hints
from pytest_etsi.profile._documents import ProfileDocument
from pytest_etsi.profile._errors import Problem, ProfileError
from pytest_etsi.profile._ics import read_ics
from pytest_etsi.profile._interpolate import Filler
from pytest_etsi.profile._ixit import read_ixit
from pytest_etsi.profile._judgements import read_judgements
from pytest_etsi.profile._profile import Profile
from pytest_etsi.profile._references import check_names
from pytest_etsi.profile._shipped import shipped_profiles
from pytest_etsi.profile._types import is_file
from pytest_etsi.profile._yaml import Mapping as MappingNode
from pytest_etsi.profile._yaml import Node, Scalar, read_bytes, read_yaml
from pytest_etsi.standard import EDITIONS, edition
from pytest_etsi.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_etsi.profile.unread import Unread
    from pytest_etsi.standard import Edition

__all__ = ["MAX_FILES", "MAX_TOTAL_BYTES", "load_documents", "load_profile"]

MAX_FILES = 200
"""Most files in an IXIT directory."""
MAX_TOTAL_BYTES = 32 * 1024 * 1024
"""Largest size of all documents of a profile together, in bytes."""


def load_profile(
    path_or_name: str | Path,
    *,
    values: Mapping[str, str] | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Profile:
    """The profile in a file, a directory with a ``profile.yaml``, or of the name of a shipped profile.

    Args:
        path_or_name: file, directory or name.
        values: key -> value for ``${virtual:KEY}``; empty: the virtual device is not running, and nominal
            values stand in.
        environ: environment variables for ``${env:NAME}``.

    Raises:
        ProfileError: the documents are unusable; holds every problem that was found.
    """
    return load_documents(path_or_name, values=values, environ=environ)[0]


def load_documents(
    path_or_name: str | Path,
    *,
    values: Mapping[str, str] | None = None,
    environ: Mapping[str, str] = os.environ,
) -> tuple[Profile, tuple[Document, ...]]:
    """The profile as `load_profile` gives it, and the files as they are written: that of the profile comes first.

    Raises:
        ProfileError: the documents are unusable; holds every problem that was found.
    """
    loading = _Loading(values or {}, environ)
    with _without_collector():
        return loading.load(_find(path_or_name)), tuple(loading.documents)


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Reading makes very many objects that all stay: going over them again and again would take half of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _find(path_or_name: str | Path) -> Path:
    path = Path(path_or_name)
    try:
        if path.is_dir():
            return path / "profile.yaml"
        if path.is_file() or (path.exists() and len(path.parts) > 1):
            return path
    except (OSError, ValueError) as error:
        raise ProfileError([Problem(str(path_or_name), 0, 0, "", f"cannot be read: {error}")]) from None
    shipped = shipped_profiles()
    name = str(path_or_name)
    if name in shipped:
        return shipped[name]
    if len(path.parts) > 1 or path.suffix in (".yaml", ".yml"):
        return path  # reading it says that there is no such file
    close = did_you_mean(name, shipped, most=3)
    hint = close or f"shipped profiles: {', '.join(shipped) or 'none'}"
    raise ProfileError([Problem(name, 0, 0, "", "no such file, and no shipped profile of that name", hint)])


@dataclass
class _Loading:
    values: Mapping[str, str]
    environ: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    open: list[Unread] = field(default_factory=list)
    drafts: list[Unread] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    files: dict[Path, str] = field(default_factory=dict)
    total: int = 0

    def __post_init__(self) -> None:
        self.filler = Filler(self.environ, self.values)
        self.hints = Hints()

    def load(self, path: Path) -> Profile:
        document = self._open(path, path.name)
        root = document.root
        if root is None or not isinstance(root, MappingNode):
            if not self.problems:
                document.problem(
                    (1, 1), "", "expected a mapping with the keys of a profile, got " + _kind(root)
                )
            raise ProfileError(self.problems)
        self._secrets(document, root)
        profile = document.check(ProfileDocument, _parts_as_names(root))
        standard = self._edition(document, root)
        ics_documents = self._part(document, root, "ics")
        ixit_documents = self._part(document, root, "ixit", directory=True)
        judgement_documents = self._part(document, root, "judgements")
        if standard is None:
            raise ProfileError(self.problems)
        ics = read_ics(ics_documents, standard)
        ixit = read_ixit(ixit_documents, standard, missing=(document, root.place("ixit")))
        judgements, answers = read_judgements(judgement_documents, standard, ixit)
        check_names(document, root, profile, ixit)
        self._digest_files(profile)
        if self.problems or profile is None or ics is None:
            # Whoever has to correct one thing sees the others with it.
            raise ProfileError([*self.problems, *(one.problem for one in self.open)])
        parts = [profile.access, *(entry.access for table in ixit for entry in table)]
        public = told_anyway(profile, ixit) | self.filler.public
        return Profile(
            name=profile.name or _default_name(path),
            path=path,
            edition=standard.id,
            dut=profile.dut,
            ics=ics,
            ixit=ixit,
            judgements=judgements,
            access=profile.access,
            permissions=frozenset(profile.permissions),
            cryptography=tuple(profile.cryptography),
            laboratory=profile.laboratory,
            virtual=profile.virtual,
            redactions=tuple(
                dict.fromkeys((*self.filler.redactions, *confidential(parts, public, standard)))
            ),
            fingerprint=self.digest.hexdigest(),
            sources=tuple(document.path for document in self.documents),
            nominal=self.filler.nominal,
            answers=answers,
            open_problems=tuple(sorted({one.problem for one in self.open})),
            drafts=tuple(dict.fromkeys(sorted(self.drafts, key=lambda one: one.problem))),
        )

    def _open(self, path: Path, role: str, *, secret: bool = False) -> Document:
        short = _short(path, self.documents[0].path if self.documents else path)
        document = Document(
            path,
            str(path),
            self.filler,
            self.problems,
            hints=self.hints,
            open=self.open,
            drafts=self.drafts,
            short=short,
            files=self.files,
        )
        self.documents.append(document)
        content = read_bytes(path, document.shown)
        if isinstance(content, Problem):
            self.problems.append(content)
            return document
        self.total += len(content)
        if self.total > MAX_TOTAL_BYTES:
            limit = MAX_TOTAL_BYTES // 1024 // 1024
            self.problems.append(
                Problem(document.shown, 0, 0, "", f"the documents exceed {limit} MiB together")
            )
            raise ProfileError(self.problems)
        if not secret:
            self.digest.update(f"{role}\0{len(content)}\0".encode() + content)
        document.root, problems = read_yaml(content, document.shown)
        self.problems.extend(problems)
        return document

    def _digest_files(self, profile: ProfileDocument | None) -> None:
        """Take in the files that the documents name: captures, certificates, evidence; secrets are in no digest."""
        secrets = profile.secrets if profile is not None else None
        for path, named in sorted(self.files.items(), key=lambda one: (one[1], one[0])):
            for file in () if path == secrets else _files_of(path):
                within = f"{named}/{file.relative_to(path).as_posix()}"
                content = _content(file, link=file != path and file.is_symlink())
                self.digest.update(f"file\0{within}\0".encode("utf-8", "surrogateescape") + content)

    def _edition(self, document: Document, root: MappingNode) -> Edition | None:
        node = root.get("edition")
        named = document.text(node) if isinstance(node, Scalar) else ""
        return edition(named) if named in EDITIONS else None

    def _secrets(self, document: Document, root: MappingNode) -> None:
        node = root.get("secrets")
        if not isinstance(node, Scalar) or node.is_null:
            return
        self.filler.secrets = secrets = {}
        path = document.path.parent / document.text(node, root.place("secrets"), "", ("secrets",))
        if not is_file(path):
            return  # checking the profile says so
        file = self._open(path, "", secret=True)
        if file.root is None:
            return
        if not isinstance(file.root, MappingNode):
            file.problem(file.root, "", "expected a mapping of names to values, got " + _kind(file.root))
            return
        for name, value in file.root.items.items():
            if isinstance(value, Scalar) and not value.is_null:
                secrets[name] = value.text
                if value.text:
                    self.filler.redactions[value.text] = None
            else:
                file.problem(file.root.place(name), name, "expected text, got " + _kind(value))

    def _part(
        self, document: Document, root: MappingNode, key: str, *, directory: bool = False
    ) -> list[Document]:
        """The documents of a part of the profile: inline, a file, or the files of a directory."""
        node = root.get(key)
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return []
        if not isinstance(node, Scalar):
            return [replace(document, root=node)]
        place = root.place(key)
        named = document.text(node, place, "", (key,))
        path = document.path.parent / named
        try:
            is_directory, exists = path.is_dir(), path.exists()
        except (OSError, ValueError):
            is_directory = exists = False
        if not exists:
            document.problem(place, key, f'no such file{" or directory" if directory else ""}: "{node.text}"')
            return []
        if not is_directory:
            return [self._open(path, key)]
        if not directory:
            document.problem(place, key, f'expected a file, got the directory "{node.text}"')
            return []
        files = sorted(
            file for file in path.iterdir() if file.suffix in (".yaml", ".yml") and file.name[0] != "."
        )
        if not files:
            document.problem(place, key, f'no *.yaml file in the directory "{node.text}"')
        if len(files) > MAX_FILES:
            document.problem(place, key, f'more than {MAX_FILES} files in the directory "{node.text}"')
            return []
        return [self._open(file, f"{key}/{file.name}") for file in files]


def _files_of(path: Path) -> Iterator[Path]:
    """A file, or those of a folder; links within are not followed."""
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        yield from (Path(folder, name) for name in sorted(names))


def _content(file: Path, *, link: bool) -> bytes:
    try:
        if link:
            return os.fsencode(file.readlink())
        if not file.is_file():
            return b""  # a device, a pipe
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").digest()
    except OSError:
        return b""  # who reads it says why it cannot be read


def _short(path: Path, profile: Path) -> str:
    """A file as reasons name it: as it was given; one given by where it lies on this computer from the profile on."""
    if not path.is_absolute():
        return path.as_posix()
    for base in (Path.cwd(), profile.parent.parent):
        with contextlib.suppress(ValueError):
            return path.relative_to(base).as_posix()
    return path.name


def _parts_as_names(root: MappingNode) -> MappingNode:
    """The profile with a name in place of each part that is written inline, which is read on its own."""
    named = MappingNode(root.line, root.column)
    named.keys = root.keys
    named.items = {
        key: Scalar(node.line, node.column, "inline", plain=False)
        if key in ("ics", "ixit", "judgements") and not isinstance(node, Scalar)
        else node
        for key, node in root.items.items()
    }
    return named


def _default_name(path: Path) -> str:
    stem = path.resolve().parent.name if path.stem == "profile" else path.stem
    name = "".join(c if c.isascii() and (c.isalnum() or c in "-_.+") else "-" for c in stem).strip("-._+")
    return name or "device"


def _kind(node: Node | None) -> str:
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return "nothing"
    return "text" if isinstance(node, Scalar) else "a mapping" if isinstance(node, MappingNode) else "a list"
