"""Groups and signature algorithms of a server: noted while its suites are asked for, and asked for to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pytest_etsi.probes.tls._certificate import facts_of
from pytest_etsi.probes.tls._hello import SHARES, HelloOffer
from pytest_etsi.probes.tls._model import VERSIONS
from pytest_etsi.probes.tls._numbers import GROUPS, GROUPS_13, SIGNATURES
from pytest_etsi.probes.tls._pool import Pool
from pytest_etsi.probes.tls.suites import authentication, cipher_suites

if TYPE_CHECKING:
    from pytest_etsi.probes.tls._model import HelloAnswer

__all__ = ["Lists", "newest_old"]

_TLS12, _TLS13 = VERSIONS["TLSv1.2"], VERSIONS["TLSv1.3"]
_OFFERED = 60
_COSTLY = (0x0102, 0x0103, 0x0104)
"""ffdhe4096 and larger: up to TLS 1.2 a choice costs a small device its time."""
_CURVES = {"secp256r1": 0x0017, "secp384r1": 0x0018, "secp521r1": 0x0019}
_EPHEMERAL = {"DHE", "ECDHE", "DH", "ECDH"}


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
        for pool, number in ((groups, answer.group), (signatures, answer.signature)):
            if number and pool.saw(number) == "unheeded":
                pool.whole = True  # chosen though left out: the server does not heed the list
        groups.needed = groups.needed or (self._curve(answer.certificates) if answer.certificates else 0)

    def exhaust(self) -> None:
        """Ask for what was not chosen yet."""
        self._exhaust_groups()
        self._exhaust_signatures()

    def _curve(self, chain: tuple[bytes, ...]) -> int:
        """Group of the key of a certificate; 0: no key on a curve."""
        facts = facts_of(chain, self._asker.notes)
        return _CURVES.get(facts.curve, 0) if facts else 0

    def _exhaust_groups(self) -> None:
        for version in (_TLS13, newest_old(self._asker.suites, 0)):
            suites = self._ephemeral(version)
            pool = self.groups.get(version)
            if pool is None:
                continue
            # Only a certificate for a curve needs that curve on offer, and may be given it again and again.
            by_curve = tuple(number for number in suites if authentication(number) == "ECDSA")
            curve, pool.needed = pool.needed, 0
            self._exhaust(pool, tuple(number for number in suites if number not in by_curve), version)
            pool.needed = curve
            self._exhaust(pool, by_curve, version)

    def _exhaust(self, pool: Pool, suites: tuple[int, ...], version: int) -> None:
        shares = self._asker.shares and version == _TLS13
        while suites and pool.left():
            offer = HelloOffer(version, suites, self._asker.name, groups=pool.offer(), shares=shares)
            answer = self._asker.ask(offer)
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
        suites = self._ephemeral(_TLS12)
        while suites and self.signatures.left():
            offer = HelloOffer(_TLS12, suites, self._asker.name, signatures=self.signatures.offer())
            answer = self._asker.ask(offer)
            if answer is None or answer.kind != "hello" or self.signatures.saw(answer.signature) != "new":
                break

    def _ephemeral(self, version: int) -> tuple[int, ...]:
        """Accepted suites whose key exchange uses a group."""
        known = cipher_suites()
        return tuple(
            number
            for number in self._asker.suites.get(version, ())
            if version == _TLS13 or known[number].key_exchange.removesuffix("_EXPORT") in _EPHEMERAL
        )[:_OFFERED]


def newest_old(suites: dict[int, list[int]], otherwise: int) -> int:
    """The newest accepted version before TLS 1.3, or what to take when none is known."""
    return max((number for number in suites if number < _TLS13), default=otherwise)
