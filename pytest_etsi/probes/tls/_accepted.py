"""The suites that a server accepts at one version, found with few refusals that show much.

While something is accepted, at most 60 suites are offered at a time (embedded stacks were seen to fail on longer
lists). The server names the one it would take; that one is left out of the next hello, and another candidate takes its
place. The same answers name groups and signature algorithms, which are left out of the next hello likewise.

The first refusal may be owed to any of them, so it shows nothing: from then on all groups and algorithms are offered,
and every suite that is left is asked for, in lists of 128. That such lists are read to their end is shown by a control,
a list as long with a suite at its end that is known to be accepted; where it is not taken, lists stay short.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pytest_etsi.probes.tls._ask import COMMON
from pytest_etsi.probes.tls._hello import HelloOffer
from pytest_etsi.probes.tls._model import VERSIONS
from pytest_etsi.probes.tls._talk import SHORT
from pytest_etsi.probes.tls.suites import cipher_suites

if TYPE_CHECKING:
    from pytest_etsi.probes.tls._lists import Lists
    from pytest_etsi.probes.tls._model import HelloAnswer
    from pytest_etsi.probes.tls._pool import Pool
    from pytest_etsi.probes.tls._talk import Talk

__all__ = ["Versions"]

_OFFERED = 60
_LONG = 128
_TLS12, _TLS13 = VERSIONS["TLSv1.2"], VERSIONS["TLSv1.3"]
_PROTOCOL_VERSION = 70
# All that SSL 3.0 defines (RFC 6101, A.6; not Fortezza), and what else old servers were seen to take.
_OLD = (
    *range(0x0001, 0x001C), 0xC007, 0xC011, 0xC006, 0xC010, 0x0096, 0x009A, 0x0045, 0x0088, 0x0032, 0x0038, 0x0062,
    0x0064,
)  # fmt: skip
_OLD_MACS = {"SHA", "MD5", "NULL"}
_KERBEROS = {"KRB5", "KRB5_EXPORT"}


class Asker(Protocol):
    """Sends hellos to one server."""

    name: str
    suites: dict[int, list[int]]
    lists: Lists
    talk: Talk

    def ask(self, offer: HelloOffer, *, light: bool = False, optional: bool = False) -> HelloAnswer | None:
        """Send a hello; None when there was no answer, which has been noted."""


class _Search:
    """What is left to ask for at one version.

    Attributes:
        version: its number.
        found: accepted suites, those of earlier searches first.
        left: suites that are not accepted so far.
        pools: groups and signature algorithms to ask with.
        refused: suites that were refused with everything else on offer.
        plain: something was accepted without a key share, or key shares are known to be needed.
    """

    def __init__(self, version: int, found: list[int], left: list[int], pools: tuple[Pool, Pool]) -> None:
        self.version, self.found, self.left, self.pools = version, found, left, pools
        self.refused: set[int] = set()
        self.plain = bool(found)

    @property
    def whole(self) -> bool:
        """Whether all groups and signature algorithms are on offer."""
        return all(pool.whole or not pool.seen for pool in self.pools)


class Versions:
    """The versions that a server speaks, and the suites that it accepts at them.

    Args:
        asker: sends hellos, and keeps the accepted suites by version.

    Attributes:
        once: versions of which something was refused just once, so that it may be owed to the moment.
        twice: versions of which something was refused twice, one time soon after the other.
        shares: hellos of TLS 1.3 bring key shares, because they are refused without.
        speaks_13: a hello was answered by TLS 1.3.
        passed_over: TLS 1.3 was on offer where an older version was chosen.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._longest = 0
        self.once: set[int] = set()
        self.twice: set[int] = set()
        self.shares = self.speaks_13 = self.passed_over = False

    def find(self, version: int, *, brief: bool = False) -> None:
        """Ask for the suites of one version that are not known yet.

        Args:
            version: its number.
            brief: no more than the likely ones, with everything on offer, unless one of them is accepted.
        """
        suites = self._asker.suites
        found = list(suites.get(version, ()))
        left = [number for number in self._candidates(version) if number not in found]
        pools = self._asker.lists.begin(version, whole=brief)
        search, known = _Search(version, found, left, pools), len(found)
        self.once.discard(version)
        self.twice.discard(version)
        if version == _TLS13 and self.passed_over:
            self.shares = True  # it is hardly spoken: one question has to do
        begin = self._long(version) if brief else _OFFERED
        if self._likely(search, begin) and not (brief and len(found) == known):
            self._rest(search)
        for pool in pools:
            pool.whole = False
        if found:
            suites[version] = found

    # Questions ----------------------------------------------------------------------------------------------

    def _likely(self, search: _Search, usual: int) -> bool:
        """Ask for so many likely suites at a time until the first refusal; whether there is more to ask for."""
        while search.left:
            size = self._size(usual)
            window, whole = search.left[:size], search.whole
            answer = self._ask(search, window, light=bool(search.found) and not whole)
            if answer is None:
                return False
            if answer.kind == "hello":
                if not self._took(search, answer):
                    return False
                continue
            if size != self._size(usual):
                continue
            if search.version == _TLS13 and not search.plain and self._needs_shares(answer):
                continue
            if search.version == _TLS13 and self.passed_over:
                return False
            if whole:
                self._refused(search, window)
            return bool(search.found) or not self._unspoken(search.version, answer)
        return False

    def _rest(self, search: _Search) -> None:
        """Ask for all that is left, with everything on offer, in lists that are as long as the server reads."""
        for pool in search.pools:
            pool.whole = True
        self._prove(search)
        while search.left:
            size = self._size(self._long(search.version))
            window = search.left[:size]
            answer = self._ask(search, window)
            if answer is None or (answer.kind == "hello" and not self._took(search, answer)):
                break
            if answer.kind != "hello" and size == self._size(size):
                self._refused(search, window)
                search.left = search.left[size:]

    def _prove(self, search: _Search) -> None:
        """Find out whether a long list is read to its end: a suite that is known to be accepted stands there."""
        padded = search.version > VERSIONS["SSLv3"]
        while padded and search.found and not (self._longest or self._asker.talk.short):
            window = [*search.left[: _LONG - 1], min(search.found, key=_cost)]
            if len(window) <= _OFFERED:
                return
            answer = self._ask(search, window, optional=True)
            if answer is None:
                return
            if answer.kind != "hello" or answer.version != search.version:
                self._longest = _OFFERED
            elif answer.suite == window[-1]:
                self._longest = len(window)
            else:
                self._took(search, answer)

    def _ask(
        self, search: _Search, window: list[int], *, light: bool = False, optional: bool = False
    ) -> HelloAnswer | None:
        groups, signatures = search.pools
        offer = HelloOffer(
            search.version,
            tuple(window),
            self._asker.name,
            groups=groups.offer(),
            signatures=signatures.offer(),
            shares=self.shares and search.version == _TLS13,
        )
        return self._asker.ask(offer, light=light, optional=optional)

    def _long(self, version: int) -> int:
        """Suites of a long list: as many as the server is known to read; few where a hello cannot be padded."""
        return max(_OFFERED, self._longest) if version > VERSIONS["SSLv3"] else _OFFERED

    def _size(self, usual: int) -> int:
        """How many suites are offered at a time."""
        return SHORT if self._asker.talk.short else usual

    # Answers ------------------------------------------------------------------------------------------------

    def _took(self, search: _Search, answer: HelloAnswer) -> bool:
        """Take in what was accepted; False: at another version than was asked for."""
        if answer.version != search.version:
            return False
        if answer.suite in search.refused:
            self._asker.talk.unsteady = True
        search.found.append(answer.suite)
        search.left.remove(answer.suite)
        self._asker.lists.note(answer, *search.pools)
        search.plain = search.plain or not self.shares
        if search.version == _TLS13 and self.passed_over:
            self.passed_over, self.speaks_13, self.shares = False, True, False
        return True

    def _refused(self, search: _Search, window: list[int]) -> None:
        search.refused.update(window)
        (self.twice if self._asker.talk.twice else self.once).add(search.version)

    def _candidates(self, version: int) -> list[int]:
        """Suites to ask for, likely ones first.

        Where TLS 1.2 is accepted, everything was asked for there. What is defined for it alone (AEAD, SHA-2), or needs
        a Kerberos server, is not asked for again at older versions; everything else is.
        """
        known = cipher_suites()
        thirteen = version == _TLS13
        newer = self._asker.suites.get(_TLS12, ()) if version < _TLS12 else ()
        return [
            number
            for number in dict.fromkeys((*newer, *COMMON, *_OLD, *known))
            if number in known
            and known[number].tls13 is thirteen
            and not (
                newer and (known[number].mac not in _OLD_MACS or known[number].key_exchange in _KERBEROS)
            )
        ]

    def _unspoken(self, version: int, refusal: HelloAnswer) -> bool:
        """Whether the first refusal at a version tells that it is not spoken at all.

        It does when it says so, and when nothing else is heard of the server; and when a newer version is spoken, whose
        suites were offered here too, with all that SSL 3.0 defines and the common ones.
        """
        if refusal.alert == _PROTOCOL_VERSION or not self._asker.talk.heard:
            return True
        newer = (
            number for spoken, suites in self._asker.suites.items() if spoken > version for number in suites
        )
        return any(_mac(number) in _OLD_MACS for number in newer)

    def _needs_shares(self, refusal: HelloAnswer) -> bool:
        """Whether TLS 1.3 is to be asked for once more, with key shares; a refusal may be owed to having none."""
        if self.shares or (refusal.alert == _PROTOCOL_VERSION and not self.speaks_13):
            self.shares = self.shares and self.speaks_13
            return False
        self.shares = True
        return True


def _cost(suite: int) -> int:
    """How much a server computes for its first flight, in order: nothing, a key over a curve, one over a field."""
    known = cipher_suites().get(suite)
    exchange = known.key_exchange if known else ""
    return 2 if exchange.startswith("DH") else int(exchange.startswith("ECDH"))


def _mac(suite: int) -> str:
    known = cipher_suites().get(suite)
    return known.mac if known else ""
