"""Outdated cryptography named in prose, where the sentence says without doubt that it is used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.crypto._algorithms import assess_algorithm
from pytest_etsi.assessment.crypto._catalogue import Item, algorithm, findings_of, part

if TYPE_CHECKING:
    from pytest_etsi.assessment.findings import Finding

__all__ = ["assess_prose"]

_TERMS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), section, name)
    for pattern, section, name in (
        (r"(?<![\w-])(?i:md-?5)(?![\w-]|\s*(?i:sess|checksum|sum))", "algorithms", "md5"),
        (r"(?<![\w-])(?:DES|DES-CBC)(?![\w-])", "algorithms", "des"),
        (r"(?<![\w-])(?:3DES|(?i:triple[ -]DES)|TDEA|3DES-CBC)(?![\w-])", "algorithms", "3des"),
        (r"(?<![\w-])(?i:rc4|arcfour)(?![\w-])", "algorithms", "rc4"),
        (r"(?<![\w-])(?:WEP)(?![\w-])", "algorithms", "wep"),
        (r"(?<![\w-])(?i:aes(?:-?(?:128|192|256))?[ -]ecb|ecb mode)(?![\w-])", "modes", "ECB"),
        (r"(?<![\w-])(?i:ssl ?v? ?2(?:\.0)?)(?![\w.-]*\w)", "tls_versions", "SSLv2"),
        (r"(?<![\w-])(?i:ssl ?v? ?3(?:\.0)?)(?![\w.-]*\w)", "tls_versions", "SSLv3"),
        (r"(?<![\w-])(?i:tls ?v? ?1\.0)(?![\w.-]*\w)", "tls_versions", "TLSv1.0"),
        (r"(?<![\w-])(?i:tls ?v? ?1\.1)(?![\w.-]*\w)", "tls_versions", "TLSv1.1"),
        (r"(?<![\w-])(?i:dual[_ ]ec(?:[_ ]drbg)?)(?![\w-])", "algorithms", "dualec"),
        (
            r"(?<![\w-])(?i:mersenne[ -]twister|mt19937|linear congruential generator)(?![\w-])",
            "algorithms",
            "mt19937",
        ),
        (r"(?<![\w-])(?i:s?rand\(\)|math\.random(?:\(\))?)", "algorithms", "srand"),
        (r"(?<![\w-])(?i:z-?wave s0)(?![\w-])", "algorithms", "zwaves0"),
        (r"(?<![\w-])(?i:wpa[ -/]?tkip|tkip)(?![\w-])", "algorithms", "tkip"),
        (
            r"(?<![\w-])(?i:ssh[ -]?v?1(?:\.0)?|ssh protocol (?:version )?1)(?![\w.-]*\w)",
            "algorithms",
            "ssh1",
        ),
    )
)
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
_ENDS = re.compile(
    r"(?<=[.!;?])(?<!\bmin\.)(?<!\bmax\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bincl\.)(?<!\bapprox\.)(?<!\bresp\.)(?<!\bopt\.)"
    r"(?<!\bvs\.)(?<!\bno\.)(?<!\bver\.)\s+|\s[-\u2022]\s"
)
"""Ends of sentences; usual abbreviations end none."""
_DOUBT = re.compile(
    r"\b(?:no|not|never|none|neither|nor|without|cannot|don.?t|doesn.?t|isn.?t|aren.?t|won.?t|disabled?|disabl\w+"
    r"|deactivat\w+|remov\w+|reject\w*|refus\w+|prohibit\w*|forbid\w*|prevent\w*|avoid\w*|exclud\w*|except\w*|block\w*"
    r"|drop\w*|den(?:y|ied|ies)|switched|turned|off|out of|scope|optional\w*|unsupported|unavailable|instead|rather"
    r"|unlike|than|replac\w*|supersed\w*|former\w*|previous\w*|old|older|earlier|legacy|obsolete\w*|deprecat\w*"
    r"|outdated|insecure|unsafe|weak\w*|vulnerab\w*|broken|attack\w*|downgrad\w*|against|protect\w* from|prior|before"
    r"|until|since|longer|newer|higher|above|later|least|minimum|if|unless|would|could|was|were|future|migrat\w*"
    r"|upgrad\w*|compar\w*|checksum\w*|etag\w*|cache\w*|file ?names?|firmware|image|identifier\w*|fingerprint\w*"
    r"|stronger|beyond|known|finding\w*|cve\w*|stop\w*|fail\w*|abort\w*|terminat\w*|clos\w+|restrict\w*|limit\w*|hmac"
    r"|alert\w*|error\w*|phased?|end(?:s|ed|ing)?|ban\w*|must|ignor\w*|test\w*|scan\w*|example\w*)\b|n't\b|\?|>|≥|!=",
    re.IGNORECASE,
)
_USE = re.compile(
    r"\b(?:us(?:es?|ed|ing)|with|via|over|through|supports|supported|offers|offered|accepts|accepted|enabled|allows?"
    r"|hash(?:es|ed|ing)?|encrypt(?:s|ed)?|based on|secured|protected|stored|negotiat\w+)\b|:",
    re.IGNORECASE,
)


def assess_prose(text: str) -> tuple[Finding, ...]:
    """Refute outdated cryptography that a text says is used; only unmistakable statements count.

    A sentence with any word of negation, comparison, history, limit or attack is left to a person ("TLS 1.0 is
    disabled", "instead of MD5", "TLS 1.1 or higher"), and so is one without any word of use. A text that is nothing
    but a list of names counts as a statement of use.

    Returns:
        Findings of the aspects ``best-practice`` and ``attack``; empty says nothing about the cryptography.
    """
    findings: dict[tuple[str, str], Finding] = {}
    plain = " ".join(text.split())
    for sentence in _ENDS.split(plain):
        letters = [character for character in sentence if character.isalpha()]
        if _DOUBT.search(sentence) or (
            len(letters) > 24 and sum(map(str.isupper, letters)) > 0.7 * len(letters)
        ):
            continue
        bare = len(re.findall(r"[A-Za-z]{4,}", sentence)) == 0
        if not bare and not _USE.search(sentence):
            continue
        for pattern, section, name in _TERMS:
            match = pattern.search(sentence)
            if match is None:
                continue
            item = _item(section, name)
            said = f"{match.group()} (named in the description)"
            for finding in findings_of(item, said, broken=name != "md5"):
                findings.setdefault((item.name, finding.aspect), finding)
        for pattern, family in _KEY_SIZES:
            match = pattern.search(sentence)
            if match is not None:
                for finding in assess_algorithm(family, int(match["bits"]), use="key-exchange"):
                    findings.setdefault((f"{family} {match['bits']}", finding.aspect), finding)
    return tuple(findings.values())


def _item(section: str, name: str) -> Item:
    found = algorithm(name) if section == "algorithms" else part(section, name)
    assert found is not None  # noqa: S101 - a test finds every term in the catalogue
    return found
