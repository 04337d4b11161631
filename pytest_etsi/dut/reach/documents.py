"""The documents that the manufacturer publishes: fetched, read from files, or typed off the device or its box."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.dut.reach.shelf import Shelf
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.dut.reach.network import Network
    from pytest_etsi.dut.reach.recording import Recorder
    from pytest_etsi.probes.webdocs import WebDocument
    from pytest_etsi.profile import Profile
    from pytest_etsi.profile.facts import Published, Reference

__all__ = ["Documents", "Seen"]

_PUBLISHED = (
    "change_mechanisms",
    "secure_setup",
    "setup_check",
    "maintenance_check",
    "sensors",
    "deletion",
)
"""Facts of 2-UserInfo that name what users read when they set up and use the device."""

_FACTS = {
    "Documentation of Change Mechanisms": "change_mechanisms",
    "Documentation of Replacement": "replacement",
    "Documentation of Sensors": "sensors",
    "Documentation of Secure Setup": "secure_setup",
    "Documentation of Setup Check": "setup_check",
    "Documentation of Maintenance Check": "maintenance_check",
    "Documentation of Personal Data": "personal_data",
    "Documentation of Telemetry Data": "telemetry",
    "Documentation of Deletion": "deletion",
    "Publication of Support Period": "support_period",
    "Publication of Vulnerability Disclosure Policy": "disclosure_policy",
    "Publication of Non-Updatable": "non_updatable",
}
"""The fact that names the document of a field of 2-UserInfo."""
_URL = re.compile(r"https?://[^\s<>\"')\],;]+")


@dataclass(frozen=True, slots=True)
class Seen:
    """The documents of a field of 2-UserInfo, for units that a person may settle where they cannot be read.

    Attributes:
        documents: as they were read.
        why: why one of them could not be, in a sentence; empty: all were.
        cause: of that.
        settle: what would help, one sentence.
    """

    documents: tuple[WebDocument, ...]
    why: str = ""
    cause: Cause = Cause.INFORMATION
    settle: str = ""


class Documents:
    """Reads published documents, each once in a run; pages come from the hosts that the profile allows.

    Args:
        profile: the validated documents.
        network: gives the client that fetches.
        recorder: keeps what was read, and once the bytes of it.
        shelf: keeps what was fetched for later runs, and gives it to one without a network.
    """

    def __init__(
        self, profile: Profile, network: Network, recorder: Recorder, shelf: Shelf | None = None
    ) -> None:
        self._profile = profile
        self._network = network
        self._recorder = recorder
        self._shelf = shelf or Shelf()
        self._read: dict[str, WebDocument] = {}

    def see(self, url: str) -> WebDocument:
        """What the address of a published document gives, be it no answer; kept as evidence.

        Raises:
            Inconclusive: the profile allows no host, or not this one; or nothing is kept of it where nobody is to be
                asked; or this machine has no network (``access``).
        """
        page = url.partition("#")[0]
        if page not in self._read:
            self._read[page] = self._offline(page) if self._shelf.offline else self._fetched(page)
        document = self._read[page]
        self._recorder.observed("document", document)
        if document.origin.without_network:
            inconclusive(
                f"{page} was not fetched: {document.origin.error}",
                cause=Cause.ACCESS,
                settle=f"let this machine reach {page}",
            )
        return document

    def fetch(self, url: str) -> WebDocument:
        """As `see`, where there has to be an answer.

        Raises:
            Inconclusive: as `see`; or the server does not answer (``bench``).
        """
        document = self.see(url)
        if document.status == 0:
            inconclusive(
                f"{document.url} could not be fetched: {document.shown_by or document.note}",
                cause=Cause.BENCH,
                settle="make the published document reachable from here, or correct its address in 2-UserInfo",
            )
        return document

    def read(self, reference: Reference) -> WebDocument:
        """The document that a reference of the profile names, or the part of it that its pages are.

        Raises:
            Inconclusive: as `see`; or the reference names nothing that can be read: a place without its text typed
                beside it (``information``).
        """
        if reference.url:
            document = self.see(reference.url)
        elif reference.file is not None:
            document = self._of_file(reference.file)
        elif reference.where is not None:
            document = self._typed(reference)
        else:
            inconclusive(
                "a fact of 2-UserInfo names no document",
                cause=Cause.INFORMATION,
                settle="give its url, file, or where it stands",
            )
        if numbers := reference.page_numbers():
            document = replace(document, passages=document.on_pages(numbers))
        return document

    def named(self, field: str) -> tuple[Reference, ...]:
        """What a field of 2-UserInfo names: by its fact, otherwise the addresses in its text; empty: nothing."""
        from pytest_etsi.profile.facts import Reference

        info = self._profile.ixit.user_info
        fact: Published | None = getattr(info.facts, _FACTS[field], None)
        if fact is not None and fact.named:
            return (fact,)
        if field not in info:  # the other edition has it
            return ()
        found = dict.fromkeys(match[0].rstrip(".") for match in _URL.finditer(info[field]))
        return tuple(Reference.model_validate({"url": url}) for url in found)

    def of(self, field: str) -> tuple[WebDocument, ...]:
        """The documents that a field of 2-UserInfo names, as they are now, be it that they are not there.

        Raises:
            Inconclusive: it names none (``information``); or as `read`.
        """
        references = self.named(field)
        if not references:
            inconclusive(
                f"2-UserInfo names no address or file under {field}",
                cause=Cause.INFORMATION,
                settle=f"give it in facts.{_FACTS[field]} of 2-UserInfo: url, file, or where with reads",
            )
        return tuple(self.read(one) for one in references)

    def pointers(self, field: str) -> tuple[WebDocument, ...]:
        """What leads users to the document of a field, read; empty: the facts do not say.

        Raises:
            Inconclusive: as `read`.
        """
        return tuple(self.read(one) for one in self.leading_to(field))

    def everything(self) -> tuple[Reference, ...]:
        """Every document that 2-UserInfo names, and what leads to one; each once."""
        named = [one for field in _FACTS for one in (*self.named(field), *self.leading_to(field))]
        return tuple({one.named.partition("#")[0]: one for one in named}.values())

    def leading_to(self, field: str) -> tuple[Reference, ...]:
        """What leads users to the document of a field of 2-UserInfo, as its fact says; empty: it does not say."""
        fact: Published | None = getattr(self._profile.ixit.user_info.facts, _FACTS[field], None)
        return fact.led_by if fact is not None else ()

    def about(self, field: str) -> Seen:
        """The documents that a field of 2-UserInfo names, or why they could not be read."""
        try:
            return Seen(self.of(field))
        except Inconclusive as missing:
            return Seen((), missing.reason, missing.cause, missing.settle)

    def manuals(self) -> Seen:
        """Everything that users are pointed to for setting up and using the device."""
        named = [field for field, fact in _FACTS.items() if fact in _PUBLISHED and self.named(field)]
        seen = [self.about(field) for field in named] or [self.about("Documentation of Secure Setup")]
        lacking = next((one for one in seen if one.why), Seen(()))
        documents = {document.url: document for one in seen for document in one.documents}
        return replace(lacking, documents=tuple(documents.values()))

    def for_users(self) -> tuple[WebDocument, ...]:
        """Everything that users are pointed to in 2-UserInfo for setting up and using the device.

        Raises:
            Inconclusive: no document is named, or one cannot be read as text (``information``).
        """
        facts = self._profile.ixit.user_info.facts
        published = (getattr(facts, name, None) for name in _PUBLISHED)
        # Pages of one document are searched in the whole of it.
        named = dict.fromkeys(
            (document.url.partition("#")[0], None) if document.url else ("", document.file)
            for document in published
            if document is not None and (document.url or document.file)
        )
        if not named:
            inconclusive(
                "2-UserInfo gives no address of a document for users",
                cause=Cause.INFORMATION,
                settle="give the user manual's address in the facts of 2-UserInfo, e.g. change_mechanisms: {url: ...}",
            )
        return tuple(
            _readable(self._of_file(file) if file is not None else self.fetch(url)) for url, file in named
        )

    # How they are obtained ----------------------------------------------------------------------------------

    def _fetched(self, page: str) -> WebDocument:
        from pytest_etsi.probes.http.client import HostNotAllowed
        from pytest_etsi.probes.webdocs import fetch

        with self._network.documents() as client:
            try:
                fetched = fetch(client, page)
            except HostNotAllowed as error:
                inconclusive(
                    str(error), cause=Cause.ACCESS, settle="add it to access.network.documents_hosts"
                )
        self._shelf.keep(fetched)
        self._keep(fetched.content)
        return self._drawn(fetched.read())

    def _drawn(self, document: WebDocument) -> WebDocument:
        """As Chromium draws it, where a page has no text without its scripts and the profile wants that."""
        from pytest_etsi.probes.http.rendering import render
        from pytest_etsi.probes.webdocs import Hurdle, read_document

        access = self._profile.access.network
        if document.hurdle is not Hurdle.SCRIPT or access is None or not access.render:
            return document
        drawn = render(document.origin.final_url)
        if not drawn.text:
            return replace(document, note=drawn.error)
        self._keep(drawn.text.encode("utf-8", "replace"))
        origin = replace(document.origin, headers=(("content-type", "text/html; charset=utf-8"),))
        read = read_document(origin, drawn.text.encode("utf-8", "replace"))
        return replace(read, origin=document.origin, note="as Chromium has drawn it")

    def _offline(self, page: str) -> WebDocument:
        found = self._shelf.find(page)
        if found is None:
            inconclusive(
                f"nothing is kept of {page}, and nobody is asked without a network",
                cause=Cause.ACCESS,
                settle=f"fetch {page} once: run without --etsi-offline, with the same directory of results",
            )
        self._keep(found.content)
        return found.read()

    def _of_file(self, path: Path) -> WebDocument:
        from pytest_etsi.probes.webdocs import Origin, read_document

        name = str(path)
        if name not in self._read:
            with path.open("rb") as file:
                content = file.read(bounds.PDF.most + 1)
            origin = Origin(
                path.name, status=200, sha256=hashlib.sha256(content).hexdigest(), size=len(content)
            )
            self._read[name] = read_document(origin, content, truncated=len(content) > bounds.PDF.most)
            self._keep(content)
        document = self._read[name]
        self._recorder.observed("document", document)
        return document

    def _typed(self, reference: Reference) -> WebDocument:
        from pytest_etsi.probes.webdocs import typed_text

        where = str(reference.where)
        photo = reference.photo.read_bytes()[: bounds.PDF.most] if reference.photo is not None else b""
        if photo:
            self._keep(photo)
        if not reference.reads:
            inconclusive(
                f"what stands at {where!r} is not typed beside it",
                cause=Cause.INFORMATION,
                settle="type it under reads, beside the photo",
            )
        digest = hashlib.sha256(photo).hexdigest() if photo else ""
        document = typed_text(where, reference.reads, sha256=digest, size=len(photo))
        self._recorder.observed("document", document)
        return document

    def _keep(self, content: bytes) -> None:
        """Keep bytes as evidence, of the evaluation that has asked first."""
        if content:
            self._recorder.observed(f"published-{hashlib.sha256(content).hexdigest()[:12]}", content)


def _readable(document: WebDocument) -> WebDocument:
    """The document, if a program has its whole text; what could not be read was not searched."""
    if not document.available:
        inconclusive(
            f"{document.url} answered HTTP {document.status}",
            cause=Cause.INFORMATION,
            settle="correct the address in the facts of 2-UserInfo",
        )
    if not document.readable or document.truncated:
        inconclusive(
            f"a program cannot read the whole of {document.url}: {document.note or 'it is too long'}",
            cause=Cause.INFORMATION,
            settle="publish it as a web page too, or let a person search it",
        )
    return document
