"""The documents that the manufacturer publishes for users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.reach.network import Network
    from pytest_etsi.dut.reach.recording import Recorder
    from pytest_etsi.probes.http.document import WebDocument
    from pytest_etsi.profile import Profile

__all__ = ["Documents"]

_PUBLISHED = (
    "change_mechanisms",
    "secure_setup",
    "setup_check",
    "maintenance_check",
    "sensors",
    "deletion",
)
"""Facts of 2-UserInfo that name what users read when they set up and use the device."""


class Documents:
    """Fetches published documents, each once in a run, from the hosts that the profile allows."""

    def __init__(self, profile: Profile, network: Network, recorder: Recorder) -> None:
        self._profile = profile
        self._network = network
        self._recorder = recorder
        self._fetched: dict[str, WebDocument] = {}

    def fetch(self, url: str) -> WebDocument:
        """The document at `url`, as text; kept as evidence.

        Raises:
            Inconclusive: its host is not allowed (``access``), or the server does not answer (``bench``).
        """
        from pytest_etsi.probes.http.client import HostNotAllowed
        from pytest_etsi.probes.http.document import fetch_document

        page = url.partition("#")[0]
        if page not in self._fetched:
            with self._network.documents() as client:
                try:
                    self._fetched[page] = fetch_document(client, page)
                except HostNotAllowed as error:
                    inconclusive(
                        str(error), cause=Cause.ACCESS, settle="add it to access.network.documents_hosts"
                    )
        document = self._fetched[page]
        self._recorder.observed("document", document)
        if document.status == 0:
            inconclusive(
                f"{page} could not be fetched: {document.note}",
                cause=Cause.BENCH,
                settle="make the published document reachable from here, or correct its address in 2-UserInfo",
            )
        return document

    def for_users(self) -> tuple[WebDocument, ...]:
        """Everything that users are pointed to in 2-UserInfo for setting up and using the device.

        Raises:
            Inconclusive: no address is given, or a document cannot be read as text (``information``).
        """
        facts = self._profile.ixit.user_info.facts
        published = (getattr(facts, name, None) for name in _PUBLISHED)
        urls = dict.fromkeys(
            document.url.partition("#")[0] for document in published if document is not None and document.url
        )
        if not urls:
            inconclusive(
                "2-UserInfo gives no address of a document for users",
                cause=Cause.INFORMATION,
                settle="give the user manual's address in the facts of 2-UserInfo, e.g. change_mechanisms: {url: ...}",
            )
        return tuple(_readable(self.fetch(url)) for url in urls)


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
