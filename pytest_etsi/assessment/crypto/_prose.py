"""Outdated cryptography named in prose: refuted where a sentence says without doubt what it is used for, else shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_etsi.assessment.crypto._algorithms import assess_algorithm
from pytest_etsi.assessment.crypto._catalogue import Item, algorithm, findings_of, part
from pytest_etsi.assessment.findings import Finding
from pytest_etsi.assessment.reading.sentences import sentences, shortened, spoken, stance
from pytest_etsi.assessment.reading.uses import HARMLESS, MEANING, states_a_use, uses_of
from pytest_etsi.profile.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_etsi.assessment.reading.uses import Subject

__all__ = ["assess_prose"]

_DIGESTS = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"(?<![A-Za-z0-9_!-])(?i:md-?5)(?![A-Za-z0-9_]|-?\d|-?(?i:sess)|-[A-Z]{2})", "md5"),
        (r"(?<![A-Za-z0-9_!-])(?i:sha-?1)(?![A-Za-z0-9_]|-?\d|\.\d)", "sha1"),
    )
)
"""What makes a digest: good or bad by its use alone."""
_SIGNING_DIGESTS = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"(?i:md5[- _]?with[- _]?rsa\w*|rsa[- _]?(?:with[- _]?)?md5)", "md5"),
        (
            r"(?i:sha-?1[- _]?with[- _]?(?:rsa|dsa|ecdsa)\w*|(?:rsa|ecdsa|dsa)[- _](?:with[- _])?sha-?1(?![0-9]))",
            "sha1",
        ),
    )
)
"""Names that say by themselves that a digest is signed."""
_RANDOM = "to make random values"
_TERMS: tuple[tuple[re.Pattern[str], str, str, str], ...] = tuple(
    (re.compile(rf"(?<![A-Za-z0-9_!-]){pattern}"), section, name, use)
    for pattern, section, name, use in (
        (r"(?:DES|DES-CBC)(?![A-Za-z0-9_]|-(?!encrypt|based))", "algorithms", "des", "to encrypt"),
        (
            r"(?:3DES|(?i:triple[ -]DES)|TDEA|3DES-CBC)(?![A-Za-z0-9_]|-(?!encrypt|based))",
            "algorithms",
            "3des",
            "to encrypt",
        ),
        (
            r"(?i:rc4|arcfour)(?![A-Za-z0-9_]|-(?!\d{2,3}|encrypt|based|SHA|MD5))",
            "algorithms",
            "rc4",
            "to encrypt",
        ),
        (r"(?:WEP)(?![\w-])", "algorithms", "wep", "to encrypt"),
        (r"(?i:aes(?:-?(?:128|192|256))?[ -]ecb|ecb mode)(?![\w-])", "modes", "ECB", "to encrypt"),
        (r"(?i:ssl ?v? ?2(?:\.0)?)(?![\w.-]*\w)", "tls_versions", "SSLv2", "as the protocol"),
        (r"(?i:ssl ?v? ?3(?:\.0)?)(?![\w.-]*\w)", "tls_versions", "SSLv3", "as the protocol"),
        (r"(?i:tls ?v? ?1\.0)(?![\w.-]*\w)", "tls_versions", "TLSv1.0", "as the protocol"),
        (r"(?i:tls ?v? ?1\.1)(?![\w.-]*\w)", "tls_versions", "TLSv1.1", "as the protocol"),
        (r"(?i:dual[_ ]ec(?:[_ ]drbg)?)(?![\w-])", "algorithms", "dualec", _RANDOM),
        (
            r"(?i:mersenne[ -]twister|mt19937|linear congruential generator)(?![\w-])",
            "algorithms",
            "mt19937",
            _RANDOM,
        ),
        (r"(?i:s?rand\(\)|math\.random(?:\(\))?)", "algorithms", "srand", _RANDOM),
        (r"(?i:z-?wave s0)(?![\w-])", "algorithms", "zwaves0", "to protect the radio"),
        (r"(?i:wpa[ -/]?tkip|tkip)(?![\w-])", "algorithms", "tkip", "to protect the radio"),
        (
            r"(?i:ssh[ -]?v?1(?:\.0)?|ssh protocol (?:version )?1)(?![\w.-]*\w)",
            "algorithms",
            "ssh1",
            "as the protocol",
        ),
    )
)
"""What is used for one thing by its nature: pattern, section and name in the catalogue, and what it is used for."""
_A_WORD_IN_CAPITALS = frozenset({"des"})
_ENCRYPTS = re.compile(
    r"crypt|ciph|cifr|chiffr|verschlussel|versleutel|szyfr|sifr|krypter|wi-?fi|wlan|wireless|radio|protect|secur|\bbits?\b|mode"
    r"|\bkeys?\b|\bus(?:es?|ed|ing)\b|加密|暗号|^[\w\s,/+-]{1,40}$"
)
"""What DES stands beside where it is an algorithm: it is a word of French, Spanish and German as well."""
_PLAYFUL = re.compile(
    r"\b(?:leds?|animat\w+|jitter|back-?off|screen ?savers?|games?|colou?rs?|effects?|delays?|test\w*)\b"
)
"""What random values may serve that nobody need not guess."""
_KEY_SIZES = tuple(
    (re.compile(pattern), family)
    for pattern, family in (
        (r"(?<![\w-])RSA[- /]?(?P<bits>512|768|1024)(?![\w-]|\.\d| ?(?:bytes?|B)\b)", "RSA"),
        (r"(?<![\w-])(?P<bits>512|768|1024)[- ]?bits? (?:long )?RSA\b", "RSA"),
        (r"(?<![\w-])RSA (?:keys? )?(?:of|with) (?P<bits>512|768|1024)[- ]bits?\b", "RSA"),
        (r"(?<![\w-])(?:DHE?|(?i:diffie-hellman)|MODP)[- ]?(?P<bits>512|768|1024)(?![\w-]|\.\d)", "DH"),
        (r"(?<![\w-])(?P<bits>512|768|1024)[- ]?bits? (?:DHE?|(?i:diffie-hellman)|MODP)\b", "DH"),
    )
)
"""Key sizes that every catalogue has refused for long."""
_STRONG = re.compile(
    r"\b(?:sha-?(?:2|3|224|256|384|512)\b|ecdsa|ed25519|ed448|eddsa|argon2\w*|bcrypt|scrypt|pbkdf2\w*|hmac\w*|cmac)"
)
"""What may be meant, on `plain` text, where a sentence names it beside a digest."""
_AUTHENTIC = re.compile(rf"{_STRONG.pattern}|\b(?:rsa|tls|dtls|gcm|ccm|poly1305|gmac)\b")
_MOST_CAPITALS, _FEW_LETTERS = 0.7, 24


@dataclass(frozen=True, slots=True)
class _Text:
    """What is read: the whole of it, and what it is about."""

    text: str
    subject: Subject

    @property
    def sentences(self) -> tuple[str, ...]:
        return sentences(self.text)


@lru_cache(maxsize=1024)
def assess_prose(text: str, subject: Subject = "") -> tuple[Finding, ...]:
    """Refute outdated cryptography that a text says is used, and show what it leaves open.

    A sentence with any word of negation, comparison, history or condition refutes nothing, and neither does one that
    does not say what it takes a digest for: MD5 may find errors of a transfer, or store a password. What is negated in
    its own clause ("TLS 1.0 is disabled"), or serves a purpose that no attacker profits from, is no matter; the rest is
    an open point, for a person. A text that is nothing but a list of names states their use.

    Args:
        text: of a field.
        subject: what the text is about.

    Returns:
        Findings of the aspects ``best-practice`` and ``attack``, each with the sentence, and violations with what it
        takes the algorithm for; empty says nothing about the cryptography.
    """
    read = _Text(spoken(text), subject)
    found: dict[tuple[str, str], Finding] = {}
    for sentence in read.sentences:
        open_: dict[str, None] = {}
        for named, key, findings in _mentions(sentence, read):
            if findings is None:
                open_[named] = None
            for one in findings or ():
                found.setdefault((key, one.aspect), one)
        if open_:
            doubt = _doubt(sentence, open_)
            found.setdefault((doubt.message, doubt.aspect), doubt)
    return tuple(found.values())


def _mentions(sentence: str, read: _Text) -> Iterator[tuple[str, str, Iterable[Finding] | None]]:
    """What a sentence names: as it names it, its key, and what follows; None: the sentence leaves open what does."""
    shouts = _is_in_capitals(sentence)
    for pattern, section, name, use in _TERMS:
        if name in _A_WORD_IN_CAPITALS and (shouts or not _ENCRYPTS.search(plain(sentence))):
            continue
        if (match := pattern.search(sentence)) and (said := stance(sentence, pattern)) != "denied":
            item = _item(section, name)
            stated = said == "stated" and states_a_use(sentence)
            if use == _RANDOM and _PLAYFUL.search(plain(sentence)):
                stated = False
            yield (
                match.group(),
                item.name,
                _said(findings_of(item, match.group()), use, sentence) if stated else None,
            )
    for pattern, family in _KEY_SIZES:
        if (match := pattern.search(sentence)) and (said := stance(sentence, pattern)) != "denied":
            stated = said == "stated" and states_a_use(sentence)
            weak = assess_algorithm(family, int(match["bits"]), use="key-exchange")
            yield (
                match.group(),
                f"{family} {match['bits']}",
                _said(weak, "as a key", sentence) if stated else None,
            )
    signing = False
    for pattern, name in _SIGNING_DIGESTS:
        if (match := pattern.search(sentence)) and (said := stance(sentence, pattern)) != "denied":
            signing = True
            weak = assess_algorithm(name, use="signature")
            yield (
                match.group(),
                name,
                _said(weak, MEANING["signature"], sentence) if said == "stated" else None,
            )
    for pattern, name in _DIGESTS:
        if (
            not signing
            and (match := pattern.search(sentence))
            and (said := stance(sentence, pattern)) != "denied"
        ):
            yield match.group(), name, _digest(name, sentence, read, stated=said == "stated")


def _digest(name: str, sentence: str, read: _Text, *, stated: bool) -> list[Finding] | None:
    """What follows from a digest that a sentence names; None: it leaves open what for."""
    uses = uses_of(sentence, read.subject)
    risky = uses - HARMLESS
    if uses and not risky:
        return []
    if not stated:
        return None
    if not uses:
        alone = states_a_use(sentence) and _names_nothing_else(read)
        weak = findings_of(_item("algorithms", name), broken=False)
        return (
            _said(weak, "as the only cryptography that is named", sentence)
            if alone and name == "md5"
            else None
        )
    if "authentication" in risky and not _AUTHENTIC.search(plain(read.text)):
        return _said(assess_algorithm(name, use="hash"), MEANING["authentication"], sentence)
    if uses & HARMLESS or _STRONG.search(plain(sentence)):
        return None
    if "password-storage" in risky:
        weak = list(assess_algorithm(name, use="password-storage"))
        return _said(weak, MEANING["password-storage"], sentence)
    if "challenge" in risky and name == "md5":
        return _said(findings_of(_item("algorithms", name), broken=False), MEANING["challenge"], sentence)
    if "signature" in risky:
        return _said(assess_algorithm(name, use="signature"), MEANING["signature"], sentence)
    return None


def _names_nothing_else(read: _Text) -> bool:
    """Whether a text is one name, with nothing beside it."""
    return len(read.text.split()) == 1


def _is_in_capitals(sentence: str) -> bool:
    letters = [character for character in sentence if character.isalpha()]
    return len(letters) > _FEW_LETTERS and sum(map(str.isupper, letters)) > _MOST_CAPITALS * len(letters)


def _said(findings: Iterable[Finding], use: str, sentence: str) -> list[Finding]:
    """Findings with what the algorithm is taken for, and the sentence that says so."""
    quoted = shortened(sentence, 200)
    return [
        replace(one, message=f"{one.message} The text takes it {use}: {quoted!r}.", found=quoted)
        for one in findings
    ]


def _doubt(sentence: str, named: Iterable[str]) -> Finding:
    quoted = shortened(sentence, 200)
    message = f"names {', '.join(named)}, and leaves open whether or what it is used for: {quoted!r}"
    return Finding("unknown", "best-practice", message, found=quoted)


def _item(section: str, name: str) -> Item:
    found = algorithm(name) if section == "algorithms" else part(section, name)
    assert found is not None  # noqa: S101 - a test finds every term in the catalogue
    return found
