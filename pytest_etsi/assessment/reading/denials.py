"""Whether an answer says that there is none of what its field asks: in a word, with a remark, or in a sentence.

"None.", "None; the cable is trusted" and "Users are not informed" are one answer to User Notification; "None on the
device; the cloud locks the account" is another, and for a person. So each field has words for what it asks, and for
what may be named instead. Whoever names something, in a part of the answer that denies nothing, has not said that
there is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from pytest_etsi.assessment.reading.lexicon import NEGATION, words
from pytest_etsi.assessment.reading.sentences import denies, sentences, spoken
from pytest_etsi.profile.words import opens_with_none, plain, there_is_none

__all__ = ["Answer", "says_none"]

Answer = Literal["none", "open", ""]
"""There is none; there may be none, which a person has to read; or nothing of the kind."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a field asks for.

    Attributes:
        subject: words for it in general: what is denied where there is none.
        named: words with which an answer may name one after all, beside those of `subject`.
        figures: a number names one, too: "no more than five attempts".
        needless: there may well be no need of one, so that a remark may be a good reason.
    """

    subject: re.Pattern[str]
    named: re.Pattern[str]
    figures: bool = False
    needless: bool = False

    @property
    def denied(self) -> re.Pattern[str]:
        """The subject behind a negation that governs it: "not been reviewed", not "the review found no weakness"."""
        return re.compile(
            rf"(?:{NEGATION.pattern})\s+(?:\w+\s+){{0,2}}?(?:{self.subject.pattern})(?!\s+(?:finding|result"
            rf"|issue|data\b))"
            r"|\bun(?:limited|restricted|bounded|published|reviewed|audited|validated|checked|filtered|examined)\b"
        )


_ANY_CHANNEL = (
    (
        r"apps?|e-?mails?|sms|push|leds?|lights?|lamps?|banners?|dialog\w*|display\w*|screens?|pages?|sounds?"
        r"|beeps?|shows?"
        r"|sees?|lists?|cloud|portal|log|blinks?|blinking|announce\w*|reads?"
    ),
    r"anzeige\w*|seite|ton|licht|bildschirm|leuchte?\w*|blinkt|zeigt",
    r"voyant|ecran|courriel|affich\w*|page",
    r"luz|pantalla|correo|muestra\w*|pagina",
    r"luce|spia|schermo|mostra\w*|pagina",
    r"lampje|scherm|toont|pagina",
    r"dioda|ekran\w*|lampka|wyswietl\w*",
    r"ecra|luz|mostra\w*",
    r"kontrolk\w*|obrazovk\w*|zobraz\w*",
    r"lampa\w*|skarm\w*|visa\w*",
)
_NOTICE = _Asked(
    words(
        r"notif\w+|notices?|informed|inform|told|tells?|messages?|alert\w*|announce\w*",
        r"benachrichtig\w*|informier\w*|hinweise?|meldung\w*|mitteilung\w*",
        r"notifi\w+|informe\w*|averti\w*|avis|message",
        r"notific\w+|inform\w+|avis\w+|aviso",
        r"notific\w+|informat\w+|avvis\w+",
        r"gewaarschuwd|geinformeerd|melding\w*|bericht\w*",
        r"powiad\w+|informowan\w+|komunikat\w*",
        r"notificad\w+|informad\w+|avisad\w+",
        r"upozorn\w+|informovan\w+|oznamen\w+",
        r"meddela\w*|underratta\w*|informera\w*",
        unspaced=r"通知|提示|警告",
    ),
    words(*_ANY_CHANNEL, unspaced=r"显示|顯示|表示|灯|ランプ|アプリ|邮件"),
)
_GUARANTEE = _Asked(
    words(
        r"guarantees?|protect\w*|security|secured",
        r"garantien?|geschutzt|schutz",
        r"garantie\w*|garantias?|garanzi\w*",
    ),
    words(
        r"authentic\w*|integrit\w*|confiden\w*|replay\w*|rollback|availability|encrypt\w*|sign\w*|verif\w*|hash\w*",
        r"authenti\w*|vertraulich\w*|verfugbarkeit|signier\w*|verschlussel\w*",
        r"integr\w*|confidential\w*|auten\w*|poufnosc\w*|autentyczn\w*|duvernost\w*",
        unspaced=r"完整性|机密|機密|真正性|认证|認証",
    ),
)
_PUBLISHED = _Asked(
    words(
        r"publish\w*|public\w*|available|accessible|posted",
        r"veroffentlich\w*|zuganglich|offentlich|verfugbar",
        r"publie\w*|disponible",
        r"publicad\w+|disponible\w*",
        r"pubblicat\w+|disponibil\w+",
        r"gepubliceerd|beschikbaar",
        r"opublikowan\w+|dostepn\w+",
        r"publicad\w+|disponiv\w+",
        r"zverejn\w+|dostupn\w+",
        r"publicera\w*|tillganglig\w*",
        unspaced=r"公开|公開",
    ),
    words(
        r"web\w*|sites?|www|home ?page|manual|label|box|leaflet|app|menu|url|link|security\.txt",
        r"handbuch|seite|beiblatt",
    ),
)
_ASKED: dict[tuple[str, str], _Asked] = {
    ("auth_mech", "Authentication Factor"): _Asked(
        words(
            r"factors?|authentication|authenticated|credentials?|log-?in|password\w*|identification",
            r"faktor\w*|authentifizierung|authentisierung|anmeldung|zugangsdaten|kennwort\w*|passwort\w*",
            r"facteurs?|authentification|identifiants?|mots? de passe",
            r"factor(?:es)?|autenticacion|credenciales|contrasenas?",
            r"fattor[ei]|autenticazione|credenziali|password",
            r"factor(?:en)?|authenticatie|inloggegevens|wachtwoord\w*",
            r"czynnik\w*|uwierzytelni\w+|hasl\w*",
            r"fator(?:es)?|autenticacao|credenciais|senhas?",
            r"faktor\w*|autentiza\w+|overen\w*|hesl\w*",
            r"faktor\w*|autentisering|inloggning|losenord\w*",
            unspaced=r"认证|認証|密码|パスワード",
        ),
        words(
            r"pins?|codes?|keys?|certificates?|tokens?|biometr\w*|fingerprints?|face|secrets?|passkeys?|cookies?"
            r"|buttons?|press\w*|pair\w*|cards?|nfc|phones?|accounts?|cloud|sso|oauth\w*|challenge\w*|signature\w*"
            r"|physical|presence",
            r"schlussel\w*|zertifikat\w*|taste|knopf|geheimnis\w*",
            r"cle|certificat\w*|bouton|clave|boton|chiave|pulsante|sleutel|knop|klucz\w*|przycisk\w*|chave|botao"
            r"|klic\w*|tlacitk\w*|nyckel\w*|knapp\w*",
            unspaced=r"证书|密钥|按钮|証明書|鍵|ボタン",
        ),
    ),
    ("auth_mech", "Brute Force Prevention"): _Asked(
        words(
            r"prevent\w*|protection\w*|limit\w*|lock\w*|delay\w*|throttl\w*|attempts?|guess\w*|measures?|restrict\w*"
            r"|mechanisms?|counted|counters?|slow\w*|rate[- ]limit\w*|captcha",
            r"schutz\w*|sperr\w*|begrenz\w*|massnahmen?|versuche|vorhanden|verzogerung\w*",
            r"mesures?|limit\w*|protection|blocage|tentatives",
            r"medidas?|limit\w*|bloqueo|intentos|proteccion",
            r"misur\w*|protezion\w*|blocco|limit\w*|tentativi",
            r"maatregel\w*|bescherming|vergrendeling|beperk\w*|pogingen",
            r"ochron\w*|ogranicz\w*|zabezpiecz\w*|blokad\w*|prob",
            r"medidas?|protecao|limit\w*|bloqueio|tentativas",
            r"opatreni|ochran\w*|omezen\w*|blokovan\w*|pokus\w*",
            r"atgard\w*|skydd\w*|sparr\w*|begrans\w*|forsok",
            unspaced=r"措施|限制|防护|防護|対策|制限|防止",
        ),
        words(
            r"captcha|wait\w*|back-?off|entropy|bits?|random|tokens?|certificates?|keys?|cloud|servers?|firewall"
            r"|buttons?"
            r"|pair\w*|time-?outs?|block\w*|bans?|banned|seconds?|minutes?|hours?|exponential\w*|double\w*|strong|long",
            r"wartezeit\w*|sekunden?|minuten?|stunden?|verdopp\w*|zufall\w*|schlussel\w*|taste",
            r"delai\w*|attente|secondes?|minutes?|heures?|double\w*|cle",
            r"espera\w*|retard\w*|segundos?|minutos?|horas?|clave",
            r"attesa|ritard\w*|secondi|minuti|ore|chiave",
            r"wacht\w*|vertrag\w*|seconden|minuten|uur|sleutel",
            r"opozni\w*|sekund\w*|minut\w*|godzin\w*|klucz\w*",
            r"atraso\w*|chave",
            r"zpozd\w*|hodin\w*|klic\w*",
            r"fordroj\w*|vanta\w*|timm\w*|nyckel\w*",
            unspaced=r"秒|分钟|小时|锁定|鎖定|ロック|秘密鍵|密钥",
        ),
        figures=True,
    ),
    ("auth_mech", "Security Guarantees"): replace(_GUARANTEE, needless=True),
    ("com_mech", "Security Guarantees"): replace(_GUARANTEE, needless=True),
    ("upd_mech", "Security Guarantees"): _GUARANTEE,
    ("sec_param", "Security Guarantees"): _GUARANTEE,
    ("sec_boot", "Security Guarantees"): _GUARANTEE,
    ("upd_mech", "User Notification"): _NOTICE,
    ("sec_boot", "User Notification"): _NOTICE,
    ("upd_mech", "Update Checking"): _Asked(
        words(
            r"checks?|checked|checking|looks?|searches|quer(?:y|ies)",
            r"pruft|gepruft|sucht|abfrag\w*|abgefragt",
            r"verifi\w+|recherch\w+|comprueba\w*|busca\w*|controlla\w*|controleer\w*|sprawdz\w+|verific\w+"
            r"|kontrol\w+|soker",
        ),
        words(
            r"daily|days?|hour\w*|start\w*|boot\w*|week\w*|interval\w*|app|service|user",
            r"taglich|stund\w*|nutzer",
        ),
        figures=True,
    ),
    ("net_sec_impl", "Review/Evaluation Method"): _Asked(
        words(
            r"review\w*|audit\w*|evaluat\w*|assess\w*|certifi\w*|examin\w*",
            r"beurteil\w*|begutacht\w*|gepruft|prufung\w*|uberpruf\w*|bewertet|bewertung|zertifizier\w*",
            r"revue|evalue\w*|evaluation|audite?\w*",
            r"revisad\w+|revision|evaluad\w+|evaluacion|auditad\w+|auditoria",
            r"revision\w+|valutat\w+|valutazion\w+|verificat\w+",
            r"beoordel\w+|geaudit|gecontroleerd",
            r"ocen\w+|przegl\w+|audyt\w*",
            r"revis\w+|avalia\w+|auditad\w+",
            r"posouz\w+|hodnocen\w+|proveren\w+",
            r"granska\w*|granskning|utvarder\w*",
            unspaced=r"评审|審查|审查|レビュー|評価",
        ),
        words(
            r"tests?|tested|testing|fuzz\w*|scan\w*|pen-?tests?|analys\w*|vendor\w*|suppliers?|community|fips"
            r"|psa|laborator\w*"
            r"|universit\w*",
            r"getestet|hersteller|labor\w*|teste\w*|laborato\w*|prueba\w*|prove|testy|testen",
        ),
    ),
    ("soft_serv", "Justification"): _Asked(
        words(
            r"needed|need|needs|required|necessary|purpose|used|use|reason",
            r"benotigt|gebraucht|notwendig|erforderlich|genutzt|zweck|grund",
            r"necessaire|utilise|besoin|raison",
            r"necesari\w+|necesita\w*|usad\w+|utilizad\w+",
            r"necessari\w+|usat\w+|serve",
            r"nodig|gebruikt",
            r"potrzebn\w+|uzywan\w+",
            r"precis\w+|usad\w+",
            r"potreb\w+|pouzivan\w+",
            r"behov\w*|anvands",
        ),
        words(
            r"apps?|users?|owners?|updates?|set-?up|cloud|controls?|pairing|talks?|commission\w*|configur\w*"
            r"|streams?|discover\w*"
        ),
    ),
    ("pers_data", "Withdrawing Consent"): _Asked(
        words(
            r"withdraw\w*|revo[ck]\w*|possible|foreseen|provided|undone|taken back",
            r"widerruf\w*|zuruckgenommen|zuruckzieh\w*|moglich|vorgesehen",
            r"revoqu\w+|retire\w*|possible|prevue?",
            r"revoc\w+|retirar\w*|posible|previst\w+",
            r"revoca\w*|ritirar\w*|possibile|previst\w+",
            r"ingetrokken|intrekk\w*|mogelijk",
            r"wycof\w+|cofn\w+|mozliw\w+",
            r"revog\w+|retirar\w*|possivel|previst\w+",
            r"odvola\w+|mozn\w+",
            r"aterkalla\w*|mojlig\w*",
        ),
        words(
            r"settings?|switch\w*|apps?|e-?mails?|accounts?|delet\w*|eras\w*|reset\w*|support|buttons?|menu"
            r"|letters?|any ?time"
        ),
    ),
    ("repl_sup", "Hardware Replacement"): _Asked(
        words(
            r"replac\w*|exchang\w*|repair\w*|possible|foreseen|supported",
            r"ersetz\w*|austausch\w*|ausgetauscht|getauscht|moglich|vorgesehen",
            r"remplac\w*|possible|sustitu\w*|reemplaz\w*|posible|sostitu\w*|possibile|vervang\w*|mogelijk"
            r"|wymien\w*|mozliw\w+",
        ),
        words(
            r"service|technicians?|dealers?|shops?|manufacturer|returns?|returned|send|swap\w*|kits?|warranty"
            r"|instead|we"
        ),
    ),
    ("tel_data", "Security Examination"): _Asked(
        words(
            r"examin\w*|analy[sz]\w*|looks?|looked|evaluat\w*|check\w*|monitor\w*|inspect\w*|review\w*",
            r"ausgewertet|auswertung|gepruft|uberwach\w*|untersuch\w*|analysier\w*",
            r"examine\w*|analyse\w*|surveill\w*|analiza\w*|examina\w*|analizza\w*|esamina\w*|onderzocht|geanalyseerd",
            r"analizowan\w+|badan\w*|analisad\w+|zkouman\w+|analyzovan\w+|granska\w*|analysera\w*",
        ),
        words(
            r"alarms?|alerts?|anomal\w*|detect\w*|thresholds?|attacks?|intrusion\w*|siem|soc|security team|fail\w*"
        ),
    ),
    ("inp_val", "Description"): _Asked(
        words(
            r"validat\w*|checks?|checked|verif\w*|saniti[sz]\w*|filter\w*|examined",
            r"gepruft|validier\w*|uberpruft|gefiltert",
            r"verifi\w+|valide\w*|filtre\w*|validad\w+|comprob\w+|convalidat\w+|controllat\w+|gevalideerd"
            r"|gecontroleerd",
            r"walidowan\w+|sprawdzan\w+|verificad\w+|overovan\w+|kontrolovan\w+|valideras|kontrolleras",
        ),
        words(r"reject\w*|refus\w*|schema\w*|lengths?|ranges?|drop\w*|pars\w*|limit\w*|escap\w*|type"),
    ),
} | {
    ("user_info", field): _PUBLISHED
    for field in (
        "Publication of Support Period",
        "Publication of Vulnerability Disclosure Policy",
        "Publication of Non-Updatable",
    )
}
"""By the argument name of the table, and the field. A field without a row is denied by a bare "None" alone."""

_PRONOUN = re.compile(
    r"(?:none|nothing|nil|keine[rs]?|nichts|aucune?|rien|ningun[oa]?|nada|nessun[oa]?|niente|nulla|geen|niets|brak|nic"
    r"|zadn\w+|nenhuma?|ingen|inget|inga)\b|[无無]|なし"
)
_A_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|ten|twenty|each|every|eine[nrm]?|zwei|drei|funf|zehn|jede[rnm]?|un"
    r"|deux|trois|cinq|dix"
    r"|chaque|dos|tres|cinco|diez|cada|due|tre|cinque|dieci|ogni|twee|drie|vijf|tien|elke)\b"
)
_YET = re.compile(
    r"\b(?:but|except\w*|without|unless|until|before|if|when|just|more than|less than|other than|besides|apart"
    r"|beyond|instead"
    r"|always|that|which|who|second|again|twice|per|third|sondern|aber|ausser|ohne|wenn|bevor|bis|mais|sauf|sans"
    r"|avant|si|pero|salvo|sin"
    r"|sino|cuando|ma"
    r"|tranne|senza|prima|maar|behalve|zonder|ale|oprocz|mas|exceto|sem|jen|men|utom)\b"
)
"""Words with which something may be there after all, or need not be."""
_EXCUSE = re.compile(
    r"\b(?:silent\w*|quietly|loops?|internal|confidential|marketing|trust\w*|risk\w*|own (?:app|network)"
    r"|routers?|home|planned"
    r"|plans?|next (?:year|release)|later|future|at present|currently|so far|cost\w*|budget|soldered|potted"
    r"|welded|accepts? it"
    r"|heimnetz\w*|vertrau\w*|geplant|derzeit|spater|prevue?s?|actuellement|confiance|previst[oa]s?|actualmente"
    r"|attualmente"
    r"|vertrouw\w*|gepland|momenteel|planowan\w*|obecnie|atualmente|planovan\w*|betrodd\w*|planera\w*)\b"
)
"""Remarks on why there is none, which name none."""
_CONCORD = re.compile(
    r"\b(?:ne|ningun\w*|aucune?|nessun\w*|nenhum\w*|zadn\w*)\b|\bn'"
    r"|\b(?:and|or|nor|und|et|ni|y|e|en|och) (?:no|not|nor|keine?|pas|geen|inga?)\b"
)
"""Negations that only go along with another one: "no ... ningún", "no lockout and no delay"."""
_NEITHER = re.compile(r"\bneither\b.*\bnor\b|\bweder\b.*\bnoch\b|\bni\b.*\bni\b")
_NO_NEED = re.compile(r"(?:none|nothing|no (?!longer)\w+) (?:is |are )?(?:needed|necessary|required)\b")
_MOST_WORDS = 40
_FEW_WORDS = 8


@lru_cache(maxsize=4096)
def says_none(argument: str, field: str, text: str) -> Answer:
    """Whether an answer says that there is none of what its field asks.

    Args:
        argument: the table by its argument name: "auth_mech".
        field: of the table.
        text: the answer.
    """
    if there_is_none(text):
        return "none"
    asked = _ASKED.get((argument, field))
    if asked is None:
        return ""
    parts = _parts(text)
    opened = bool(parts) and _opens(parts[0], asked)
    denied = [part for part in parts if asked.denied.search(plain(part))]
    if not opened and not denied:
        return ""
    rest = parts[opened:]
    counts = asked.figures and _A_NUMBER.search(plain(text))
    if spoken(text) != text or counts or any(_names(part, asked) for part in rest):
        return "open" if opened and _PRONOUN.match(plain(parts[0])) else ""
    bare = opened and there_is_none(parts[0])
    untold = [part for part in rest if part not in denied and not _EXCUSE.search(plain(part))]
    if asked.needless or (untold and not bare) or len(text.split()) > _MOST_WORDS:
        return "open"
    firm = [part for part in (*denied, *parts[:opened]) if not there_is_none(part)]
    return "none" if all(map(_is_plain_denial, firm)) and not _NO_NEED.match(plain(text)) else "open"


def _is_plain_denial(part: str) -> bool:
    """Whether a part denies all of its subject, once: not "what cannot be verified never gets past"."""
    line = plain(part)
    once = len(NEGATION.findall(_CONCORD.sub(" ", line))) <= 1 or _NEITHER.search(line) is not None
    return once and not _YET.search(line)


def _parts(text: str) -> list[str]:
    """The parts of an answer that may say different things: sentences, and what commas, colons and dashes part."""
    found = []
    for sentence in sentences(spoken(text)):
        found += re.split(r"[,;:\uff0c\u3001]\s*|[.!?\u3002]\s*$|\s[-\u2013\u2014]+\s|\(|\)", sentence)
    return [part.strip() for part in found if part.strip(" .!?\u3002")]


def _opens(part: str, asked: _Asked) -> bool:
    """Whether an answer begins by saying that there is none: "None for this mode", "No particular measures"."""
    if there_is_none(part):
        return True
    line = plain(part)
    if len(line.split()) > _FEW_WORDS or not opens_with_none(part):
        return False
    return bool(_PRONOUN.match(line) or asked.denied.match(line))


def _names(part: str, asked: _Asked) -> bool:
    line = plain(part)
    said = asked.named.search(line) or asked.subject.search(line)
    return said is not None and not denies(part) and not asked.denied.search(line)
