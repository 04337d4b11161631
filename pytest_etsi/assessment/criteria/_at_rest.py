"""Protection of a parameter at rest: what refutes, by the words of its scheme, that nobody reads or finds the value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment import crypto
from pytest_etsi.assessment.findings import located
from pytest_etsi.assessment.reading.answers import unknown, violation
from pytest_etsi.assessment.reading.lexicon import HEDGE, words
from pytest_etsi.assessment.reading.sentences import clauses, denies, sentences, shortened, spoken
from pytest_etsi.profile.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.profile.entries import SecParamEntry

__all__ = ["protects_nothing", "readable"]

_OPEN = words(
    r"unencrypted|not (?:\w+ )?encrypted|no encryption|without (?:any )?encryption"
    r"|(?:in|as) (?:the )?(?:clear|plain)(?:[- ]?text)?|cleartext"
    r"|plain ?text|base-?64(?:[- ]encoded)?|rot13|xor(?:ed)?|obfuscat\w+",
    r"unverschlusselt\w*|nicht verschlusselt\w*|ohne (?:jede )?verschlusselung|(?:im )?klartext",
    r"en clair|(?:non|pas) (?:\w+ )?chiffre\w*|sans (?:aucun )?chiffrement",
    r"en (?:texto )?(?:claro|plano)|texto (?:claro|plano)|sin (?:cifrar|cifrado|encriptar)|no (?:esta )?cifrad\w+",
    r"in chiaro|non (?:\w+ )?(?:cifrat|crittografat)\w+|senza (?:cifratura|crittografia)",
    r"onversleuteld\w*|niet versleuteld\w*|zonder versleuteling|(?:als )?(?:leesbare|platte) tekst",
    r"(?:w )?(?:tekscie jawnym|jawnym tekscie|postaci jawnej)|nieszyfrowan\w+|niezaszyfrowan\w+|bez szyfrowania",
    r"em (?:texto )?claro|(?:em )?texto simples|nao (?:\w+ )?(?:cifrad|encriptad)\w+"
    r"|sem (?:cifra\w*|criptografia|encriptacao)",
    r"nesifrovan\w+|nezasifrovan\w+|bez sifrovani|(?:v )?(?:otevrenem textu|citelne podobe)",
    r"okryptera[dt]\w*|i klartext|utan kryptering|inte kryptera[dt]\w*",
    unspaced=r"明文|平文|未加密|暗号化されて(?:いない|いません)",
)
"""That a value lies open: encoded is not encrypted."""
_HIDDEN = words(
    r"secure elements?|tpm|tees?|op-tee|trustzone|enclaves?|hsm|e?fuses?|otp|one-time|read-?(?:out|back)|rdp"
    r"|approtect|jtag"
    r"|swd|locked|sealed|wrapped|aes\S*|luks|dm-crypt|keystore|keychain|argon\w*|bcrypt|scrypt|pbkdf2?\w*"
    r"|hash\w*|salt\w*"
    r"|permissions?|rights|root|0?[46]00|ram|volatile|epoxy|encrypt\w*|hkdf|hmac\w*|puf|on-chip",
    r"verschlussel\w*|chiffre\w*|cifrad\w*|cifrat\w*|versleutel\w*|szyfrowan\w*|zaszyfrowan\w*|sifrovan\w*|krypter\w*",
    r"zugriffsrecht\w*|sicherheitselement|element securise|elemento seguro|elemento sicuro",
    unspaced=r"加密|暗号|安全(?:芯片|元件)",
)
"""What may hide it all the same."""
_CONFIDENTIAL = words(
    r"confiden\w+|secrecy|secret", r"vertraulich\w*|geheimhaltung", r"riservatezza|vertrouwelijk\w*", r"poufnosc\w*",
    r"duvernost\w*|konfidentialitet\w*", unspaced=r"机密|機密",
)  # fmt: skip
_PASSWORD = words(
    r"pass(?:word|phrase|code)s?|pins?|credentials?",
    r"kennwort\w*|passwort\w*|mots? de passe|contrasenas?|wachtwoord\w*|has[lł]o|senhas?|heslo|losenord\w*",
    unspaced=r"パスワード|密码|密碼|口令",
)
_FIELD = "Protection Scheme"
_NO_PROTECTION = re.compile(
    r"(?:none|no protection|not protected|unprotected|plain ?text|stored in (?:the )?clear(?:text)?"
    r"|base ?64(?: encod\w+)?"
    r"|obfuscat\w+)[\s.;]*",
    re.IGNORECASE,
)


def protects_nothing(scheme: str) -> bool:
    """Whether a scheme consists of the statement that there is none."""
    return _NO_PROTECTION.fullmatch(scheme.strip()) is not None


def readable(entry: SecParamEntry) -> Iterator[Finding]:
    """What refutes, or casts doubt on, that a scheme keeps a value from being read or found.

    That it lies open refutes only where confidentiality is guaranteed and nothing is named that may hide it.
    """
    password = _PASSWORD.search(plain(entry["Description"])) or "user-authentication" in entry.facts.purpose
    yield from located(crypto.assess_prose(entry[_FIELD], "parameter" if password else ""), entry, _FIELD)
    text = spoken(entry[_FIELD])
    for sentence in sentences(text):
        line = plain(sentence)
        rest = _OPEN.sub(" ", line)
        if rest == line or denies(rest):
            continue
        sure = not HEDGE.search(rest) and not _may_be_hidden(text) and _is_confidential(entry)
        said, expected = shortened(sentence), "encryption, a secure element or the like"
        if sure:
            message = f"gives no confidentiality: {said!r}"
            yield violation(entry, _FIELD, message, expected=expected, found=said)
        elif _is_confidential(entry) is not False:
            yield unknown(
                entry, _FIELD, f"does it give confidentiality? {said!r}", expected=expected, found=said
            )


def _may_be_hidden(text: str) -> bool:
    parts = (_OPEN.sub(" ", plain(clause)) for sentence in sentences(text) for clause in clauses(sentence))
    return any(_HIDDEN.search(part) and not denies(part) for part in parts)


def _is_confidential(entry: SecParamEntry) -> bool | None:
    """Whether confidentiality is guaranteed; None: neither facts nor prose tell."""
    if entry.facts.guarantees:
        return "confidentiality" in entry.facts.guarantees
    said = [
        one for one in re.split(r"[.;,]\s*", entry["Security Guarantees"]) if _CONFIDENTIAL.search(plain(one))
    ]
    return None if not said else not any(denies(one) for one in said)
