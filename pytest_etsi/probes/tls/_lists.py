"""Groups and signature algorithms of a server: noted while its suites are asked for, and asked for to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pytest_etsi.probes.tls._certificate import facts_of
from pytest_etsi.probes.tls._hello import SHARES, HelloOffer
from pytest_etsi.probes.tls._model import VERSIONS
from pytest_etsi.probes.tls._numbers import GROUPS, GROUPS_13, SIGNATURES
from pytest_etsi.probes.tls._pool import READ, Pool
from pytest_etsi.probes.tls.suites import authentication, cipher_suites

if TYPE_CHECKING:
    from pytest_etsi.probes.tls._model import HelloAnswer

__all__ = ["Lists", "newest_old"]

_TLS12, _TLS13 = VERSIONS["TLSv1.2"], VERSIONS["TLSv1.3"]
_OFFERED = 60
_COSTLY = (0x0102, 0x0103, 0x0104)
"""ffdhe4096 and larger, by size: up to TLS 1.2 a choice costs a small device its time."""
_CURVES = {"secp256r1": 0x0017, "secp384r1": 0x0018, "secp521r1": 0x0019}
_ON_CURVES, _IN_FIELDS = frozenset({"ECDHE", "ECDH"}), frozenset({"DHE", "DH"})
_SIGNED = frozenset({"RSA", "ECDSA", "DSS"})
_FIRST_FIELD = 0x0100
_CHEAP = (0x001D, 0x0017)


class Asker(Protocol):
    """Sends hellos to one server."""

    name: str
    notes: list[str]
    suites: dict[int, list[int]]

    @property
    def shares(self) -> bool:
        """Whether hellos of TLS 1.3 bring key shares."""

    def ask(self, offer: HelloOffer) -> HelloAnswer | None:
        """Send a hello; None when there was no answer, which has been noted."""

    def trouble(self, message: str) -> None:
        """Note that something stays open."""


class Lists:
    """What a server chose of groups, by version, and of signature algorithms.

    Args:
        asker: sends hellos.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._curve_of: dict[tuple[bytes, ...], int] = {}
        self._own_field = False
        self.groups: dict[int, Pool] = {}
        self.signatures = Pool(SIGNATURES)

    def begin(self, version: int, *, whole: bool) -> tuple[Pool, Pool]:
        """The pools of groups and signature algorithms to ask for suites with.

        Args:
            version: of the suites.
            whole: offer everything, whatever was chosen before.
        """
        fresh = Pool(GROUPS_13) if version == _TLS13 else Pool(GROUPS, spared=_COSTLY)
        groups = self.groups.setdefault(version, fresh)
        signatures = self.signatures if version == _TLS12 else Pool(SIGNATURES, whole=True)
        # Groups are found with the newest of the older versions.
        groups.whole = whole or version < newest_old(self._asker.suites, version)
        signatures.whole = signatures.whole or whole
        return groups, signatures

    def note(self, answer: HelloAnswer, groups: Pool, signatures: Pool) -> None:
        """Take in what a server chose."""
        own = answer.group >= _FIRST_FIELD and answer.group not in groups.offer()
        self._own_field = self._own_field or own
        for pool, number in ((groups, answer.group), (signatures, answer.signature)):
            if number and pool.saw(number) == "unheeded":
                pool.whole = True  # chosen though left out: the server does not heed the list
        groups.needed = groups.needed or (self._curve(answer.certificates) if answer.certificates else 0)

    def exhaust(self) -> None:
        """Ask for what was not chosen yet."""
        self._exhaust_groups()
        self._exhaust_signatures()

    def _curve(self, chain: tuple[bytes, ...]) -> int:
        """Group of the key of a certificate, which comes with most answers and is read once; 0: no key on a curve."""
        if chain not in self._curve_of:
            facts = facts_of(chain, self._asker.notes)
            self._curve_of[chain] = _CURVES.get(facts.curve, 0) if facts else 0
        return self._curve_of[chain]

    def _exhaust_groups(self) -> None:
        if _TLS13 in self.groups:
            self._exhaust(self.groups[_TLS13], self._suites(_TLS13), _TLS13)
        version = newest_old(self._asker.suites, 0)
        if version not in self.groups:
            return
        # A server may prefer any of its suites, so that each kind of group is asked for with those alone that use it.
        pool = self.groups[version]
        on_curves = self._suites(version, _ON_CURVES)
        by_curve = tuple(number for number in on_curves if authentication(number) == "ECDSA")
        self._exhaust_curves(pool, tuple(number for number in on_curves if number not in by_curve), version)
        # Only a certificate for a curve needs that curve on offer, and may be given it again and again.
        self._exhaust(Pool(_curves(pool), pool.needed, seen=pool.seen), by_curve, version)
        self._exhaust_fields(pool, self._suites(version, _IN_FIELDS), version)

    def _exhaust_curves(self, pool: Pool, suites: tuple[int, ...], version: int) -> None:
        """Ask for curves, of which those are accepted that no certificate needs.

        That a long list is read to its end is shown by a curve at its end that is known to be accepted; where it is
        not, no more are offered than every server reads.
        """
        curves = Pool(_curves(pool), seen=pool.seen)
        known = next(
            (number for number in (*_CHEAP, *pool.seen) if number in pool.seen and number in curves.all), 0
        )
        size = READ - 1
        while suites and known and len(curves.left()) > size:
            answer = self._ask(version, suites, (*curves.left(), known))
            if answer is None:
                return
            if answer.kind != "hello":
                break
            if answer.group == known:
                size = len(curves.all)
            elif curves.saw(answer.group) != "new":
                return
        while suites and curves.left():
            offered = curves.left()[:size]
            answer = self._ask(version, suites, offered)
            if answer is None or (answer.kind == "hello" and curves.saw(answer.group) != "new"):
                return
            if answer.kind != "hello":
                curves.passed.update(offered)

    def _exhaust_fields(self, pool: Pool, suites: tuple[int, ...], version: int) -> None:
        """Ask for finite fields of a server that chooses among them; of the costly ones only for the least."""
        fields = tuple(number for number in pool.all if number >= _FIRST_FIELD)
        if not self._own_field and any(number in pool.seen for number in fields):
            self._exhaust(Pool(tuple(sorted(fields))[: 1 - len(_COSTLY)], seen=pool.seen), suites, version)

    def _exhaust(self, pool: Pool, suites: tuple[int, ...], version: int) -> None:
        shares = self._asker.shares and version == _TLS13
        while suites and pool.left():
            answer = self._ask(version, suites, pool.offer(), shares=shares)
            if answer is None or answer.kind != "hello":
                break
            told = pool.saw(answer.group)
            if told != "new" and not (told == "needed" and pool.pass_over()):
                break
        if shares and set(pool.left()) - SHARES.keys():
            self._asker.trouble(
                "TLSv1.3: only hellos with a key share are answered, so that groups stay open"
            )

    def _exhaust_signatures(self) -> None:
        signed = [number for number in self._suites(_TLS12) if authentication(number) in _SIGNED]
        on_curves = set(self._suites(_TLS12, _ON_CURVES))
        spared = {authentication(number) for number in signed if number in on_curves}
        # A key signs alike over a curve and over a finite field, which takes longer.
        suites = tuple(
            number for number in signed if number in on_curves or authentication(number) not in spared
        )
        while suites and self.signatures.left():
            offer = HelloOffer(_TLS12, suites, self._asker.name, signatures=self.signatures.offer())
            answer = self._asker.ask(offer)
            if answer is None or answer.kind != "hello" or self.signatures.saw(answer.signature) != "new":
                break

    def _ask(
        self, version: int, suites: tuple[int, ...], groups: tuple[int, ...], *, shares: bool = False
    ) -> HelloAnswer | None:
        return self._asker.ask(HelloOffer(version, suites, self._asker.name, groups=groups, shares=shares))

    def _suites(self, version: int, kinds: frozenset[str] = _ON_CURVES | _IN_FIELDS) -> tuple[int, ...]:
        """Accepted suites whose key exchange uses a group of these kinds."""
        known = cipher_suites()
        return tuple(
            number
            for number in self._asker.suites.get(version, ())
            if version == _TLS13 or known[number].key_exchange.removesuffix("_EXPORT") in kinds
        )[:_OFFERED]


def _curves(pool: Pool) -> tuple[int, ...]:
    return tuple(number for number in pool.all if number < _FIRST_FIELD)


def newest_old(suites: dict[int, list[int]], otherwise: int) -> int:
    """The newest accepted version before TLS 1.3, or what to take when none is known."""
    return max((number for number in suites if number < _TLS13), default=otherwise)
