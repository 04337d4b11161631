"""For each field that "none" may answer: the words of what it asks for, and of what may be named in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pytest_etsi.assessment.reading.lexicon import NEGATION, words

__all__ = ["FIELD_WORDS", "FieldWords"]


@dataclass(frozen=True, slots=True)
class FieldWords:
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
_NOTICE = FieldWords(
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
_GUARANTEE = FieldWords(
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
_PUBLISHED = FieldWords(
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
FIELD_WORDS: dict[tuple[str, str], FieldWords] = {
    ("auth_mech", "Authentication Factor"): FieldWords(
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
    ("auth_mech", "Brute Force Prevention"): FieldWords(
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
    ("upd_mech", "Update Checking"): FieldWords(
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
    ("net_sec_impl", "Review/Evaluation Method"): FieldWords(
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
    ("soft_serv", "Justification"): FieldWords(
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
    ("pers_data", "Withdrawing Consent"): FieldWords(
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
    ("repl_sup", "Hardware Replacement"): FieldWords(
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
    ("tel_data", "Security Examination"): FieldWords(
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
    ("inp_val", "Description"): FieldWords(
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
