"""What a sentence takes an algorithm for: to store a password, to answer a challenge, to sign, or only to check a copy.

An algorithm by itself is neither good nor bad: MD5 names files, finds errors of a transfer, and stores passwords. Read
in the languages of the forms, on `pytest_etsi.profile.words.plain` text.
"""

from __future__ import annotations

import re
from typing import Literal

from pytest_etsi.assessment.reading.lexicon import words
from pytest_etsi.profile.words import plain

__all__ = ["HARMLESS", "MEANING", "Subject", "Use", "states_a_use", "uses_of"]

Use = Literal["password-storage", "challenge", "signature", "authentication", "transfer", "identifier"]
"""What an algorithm that makes a digest is taken for."""

Subject = Literal["login", "update", "parameter", "channel", "boot", ""]
"""What the text is about as a whole."""

HARMLESS: frozenset[Use] = frozenset({"transfer", "identifier"})
"""Uses that no attacker profits from, whatever the algorithm."""

MEANING: dict[Use, str] = {
    "password-storage": "to store a password",
    "challenge": "to answer a challenge at login",
    "signature": "to sign",
    "authentication": "to authenticate what is installed or started",
    "transfer": "to find errors of a transfer",
    "identifier": "to identify something",
}

_PASSWORD = words(
    r"pass(?:word|phrase|code)s?|pins?|pwd|credentials?",
    r"kennw[oo]rte?r?|kennworter|passw[oo]rte?r?|passworter",
    r"mots? de passe",
    r"contrasenas?",
    r"wachtwoord(?:en)?",
    r"has[lł][aoe]\w*",
    r"senhas?|palavras?-passe",
    r"hes(?:lo|la|el)",
    r"losenord\w*",
    unspaced=r"パスワード|密码|密碼|口令",
)
_STORED = words(
    r"stor\w+|keep|keeps|kept|sav(?:e|es|ed)|hash(?:es|ed)|held|lie|lies|at rest",
    r"(?:ab)?gespeicher\w*|abgelegt|hinterlegt|liegt|gehasht",
    r"stock\w*|enregistr\w*|conserv\w*|hach\w*",
    r"almacen\w*|guarda\w*",
    r"salva\w*|memorizza\w*|conservat\w*",
    r"opgeslagen|bewaard|gehasht",
    r"przechowywan\w*|zapisywan\w*|zapisan\w*",
    r"armazena\w*|guardad\w*",
    r"uloze\w*|ukladan\w*",
    r"lagra\w*|spara\w*",
    unspaced=r"保存|存储|存儲|格納",
)
_CHALLENGE = words(
    r"challenges?|nonces?|realm|rfc ?(?:2069|2617|7616)|digest (?:auth\w*|login|access)|http digest|digests"
    r"|before it sends the answer|challenge[- ]response|cram",
    r"challenge-response\w*|herausforderung",
    r"defi",
    r"desafio|reto",
    r"sfida",
    r"wyzwani\w*",
)
_SIGNED = words(
    r"sign(?:s|ed|ing)?|signatures?",
    r"signier\w*|signatur\w*",
    r"signe[es]*|signatures?",
    r"firm(?:a|as|ad[oa]s?|an)",
    r"firmat[oaie]",
    r"ondertekend?|handtekening\w*",
    r"podpis\w*",
    r"assinad[oa]s?|assinaturas?",
    r"podep(?:san|isuj)\w*|podpis\w*",
    r"signera\w*|underskriv\w*",
    unspaced=r"署名|签名|簽名",
)
_AUTHENTICATED = words(
    r"authenticat\w+|authenticity|origin|genuin\w+",
    r"authenti\w+|echtheit|herkunft",
    r"authenti\w+|origine",
    r"auten\w+|origen",
    r"autentic\w+",
    r"echtheid|authentic\w+",
    r"autentyczn\w*|uwierzyteln\w*",
    r"pravost\w*|autentic\w+",
    r"akthet",
    unspaced=r"真正性|认证|認証",
)
_TRANSFER = words(
    r"checksums?|check ?sums?|md5 ?sums?|sums?|check over|crc\w*|transfer\w*|transmi\w+|arriv\w+|download\w*|upload\w*"
    r"|(?:read|bit|link) errors?|corrupt\w*|progress|resum\w+|chunks?|blocks?|serial link|cop(?:y|ied|ies)|transport",
    r"pruf ?summen?|ubertrag\w*|lesefehler\w*|ubermittl\w*|heruntergeladen\w*",
    r"sommes?|transfer\w*|transmission|telecharg\w*",
    r"sumas?|transferencia|transmision|descarga\w*",
    r"somma|checksum|trasferiment\w*|trasmission\w*",
    r"controlesom\w*|overdracht|download",
    r"sum\w? kontroln\w*|transmisj\w*|pobierani\w*|przesy[lł]ani\w*",
    r"somas?|transferencia|transmissao",
    r"kontroln\w+ souc\w*|prenos\w*",
    r"kontrollsumm\w*|overforing\w*",
    unspaced=r"校验和|校驗和|チェックサム|転送|传输|傳輸|下载|下載",
)
_IDENTIFIER = words(
    r"identif\w+|fingerprints?|thumbprints?|key ids?|etags?|file ?names?|as its name|names? of|build\w*|git|commits?"
    r"|cache\w*|dedup\w*|index\w*|about page|uuids?|version ids?",
    r"fingerabdruck|kennung\w*|dateiname\w*",
    r"identifiant\w*|empreinte du certificat|nom du fichier",
    r"identificador\w*|huella del certificado",
    r"identificat\w+|impronta del certificato",
    r"kenmerk|bestandsnaam",
    r"identyfikator\w*",
    r"identifikator\w*",
    r"filnamn",
)
_OF_USE = words(
    r"us(?:es?|ed|ing)|with|via|over|through|by|supports?|supported|offers?|offered|accepts?|accepted|enabled"
    r"|allows?|allowed"
    r"|hash(?:es|ed|ing)?|encrypt(?:s|ed)?|ciphered|based|secured|protected|stored|negotiat\w+|signed|answers?"
    r"|computes?"
    r"|sends?|runs?|takes?|keeps?|kept|carr(?:y|ies)|derived|seeded|generated",
    r"verwende[tn]?|benutzt|genutzt|nutzt|unterstutzt|verschlusselt|gesichert|gehasht|gespeichert|angeboten|signiert",
    r"utilise\w*|chiffre[es]*(?= (?:avec|par|en))|protege\w*|accepte\w*|stocke\w*|signe[es]* avec",
    r"usa[n]?|se utiliza[n]?|se cifra[n]?|cifrad[oa]s? (?:con|mediante|por|en)|protegid[oa]s? con|acepta[n]?"
    r"|firmad\w* con",
    r"usa(?:no)?|viene usat\w|cifrat[oaie] (?:con|tramite)|crittografat[oaie] con|protett[oaie] (?:con|da)"
    r"|salvat[oaie]",
    r"gebruikt|versleuteld met|met \S+ versleuteld|beveiligd met|opgeslagen",
    r"uzywa\w*|szyfrowan[aey] (?:za pomoc[aą]|przez)|chronion[aey] (?:za pomoc[aą]|przez)|przechowywan\w*",
    r"cifrad[oa]s? (?:com|em)|encriptad[oa]s? com|usa[m]?|utiliza[m]?|protegid[oa]s? (?:com|por)",
    r"pouziva\w*|sifrovan[aoy]? (?:pomoci|algoritmem)|chranen[aoy]? (?:pomoci|algoritmem)",
    r"anvander|anvands|krypteras|skyddas",
    unspaced=r"使用|采用|採用|用.{0,20}加密|暗号化",
)
"""Words by which a sentence says that something is in use; a colon does, too."""


def states_a_use(sentence: str) -> bool:
    """Whether a sentence says of what it names that it is in use, in whatever way: or is nothing but names."""
    return _names_only(sentence) or ":" in sentence or _OF_USE.search(plain(sentence)) is not None


def _names_only(sentence: str) -> bool:
    return not re.search(r"[^\W\d_A-Z]{4,}|[^\W\d_]{9,}", sentence)


def uses_of(sentence: str, subject: Subject = "") -> frozenset[Use]:
    """What a sentence takes the digests for that it names; empty: it does not say.

    Args:
        sentence: one.
        subject: what the text is about as a whole: "only its MD5 value is stored" is about the password of a login.
    """
    line = plain(sentence)
    found: set[Use] = set()
    stored = _STORED.search(line)
    if stored and (_PASSWORD.search(line) or subject in ("login", "parameter")):
        found.add("password-storage")
    if _CHALLENGE.search(line) or (subject == "login" and _computed_from_the_password(line)):
        found.add("challenge")
    if _SIGNED.search(line):
        found.add("signature")
    if subject in ("update", "boot") and _AUTHENTICATED.search(line):
        found.add("authentication")
    if _TRANSFER.search(line):
        found.add("transfer")
    if _IDENTIFIER.search(line):
        found.add("identifier")
    return frozenset(found)


def _computed_from_the_password(line: str) -> bool:
    return re.search(r"\b(?:md5|sha-?1) ?\([^)]*pass", line) is not None
