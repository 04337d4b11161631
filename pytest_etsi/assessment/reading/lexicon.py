"""Words that turn what a sentence says, in the languages of the forms: negation, what has ended, and what hedges.

Matched on `pytest_etsi.profile.words.plain` text: lower case, without accents. One argument is one language: English,
German, French, Spanish, Italian, Dutch, Polish, Portuguese, Czech, Swedish; Japanese and Chinese, which put no spaces
between words, stand apart. A word that means something harmless in another of these languages is left out ("se",
"als", "of"), or counts all the same: what is read as doubt is shown to a person and refutes nothing.
"""

from __future__ import annotations

import re

__all__ = ["ENDED", "HEDGE", "NEGATION", "words"]


def words(*spaced: str, unspaced: str = "") -> re.Pattern[str]:
    """A pattern of words, one regular expression a language; `unspaced` may stand anywhere."""
    alternatives = [rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)"]
    return re.compile("|".join((*alternatives, unspaced) if unspaced else alternatives))


NEGATION = words(
    r"no|not|never|none|neither|nor|nothing|nobody|without|cannot|\w+n't|(?:do|does|is|are|wo|ca)nt|un(?:used"
    r"|available)",
    r"nicht|kein\w*|nie|niemals|ohne|weder|nichts|niemand",
    r"pas|aucun\w*|jamais|sans|ni|ne|n'\w+|rien|personne",
    r"ningun\w*|nunca|sin|nada|nadie|jamas|tampoco",
    r"non|nessun\w*|mai|senza|niente|nulla",
    r"niet|geen|nooit|zonder|niets",
    r"nie|zadn\w*|nigdy|bez|brak|nikt",
    r"nao|nenhum\w*|sem|nem|ninguem",
    r"neni|nejsou|nebud\w+|nema\w*|nepo\w+|nepro\w+|neni\w*|neexistuj\w*|nikdy|nikdo|ani",
    r"inte|ingen|inga|inget|aldrig|utan|varken|ej",
    unspaced=r"ない|ません|なし|無し|せず|[不无無没沒未勿]",
)

ENDED = words(
    r"disabl\w*|deactivat\w*|inactive|remov\w*|reject\w*|refus\w*|prohibit\w*|forbid\w*|prevent\w*|avoid\w*|exclud\w*"
    r"|exclusion|block\w*|drop(?:s|ped)?|den(?:y|ied|ies)|(?:switched|turned|compiled) (?:off|out)|off|unsupported"
    r"|replac\w*|supersed\w*|instead|unlike|obsolete\w*|deprecat\w*|phased? out|ban(?:s|ned)?|stop(?:s|ped)|thrown away"
    r"|ceased|discontinued|retired|withdrawn|abandoned|gone|finished|left out|scrapped|purged|stripped|dropped|past"
    r"|fail\w*|abort\w*|terminat\w*|clos(?:e|es|ed|ing)|alerts?|errors?|formerly|converted|was|were|had been",
    r"abgeschaltet|ausgeschaltet|deaktivier\w*|entfern\w*|abgelehnt|abgewiesen|verboten|gesperrt|ausgeschlossen"
    r"|ersetz\w*"
    r"|verworfen|statt|anstelle|entfallen|eingestellt|vergangenheit|beendet|war|waren|wurden?|fruher",
    r"desactiv\w*|supprim\w*|refus\w*|rejet\w*|interdi\w*|exclu\w*|retir\w*|bloqu\w*|remplac\w*|abandonn\w*"
    r"|pris fin|fini|etai(?:t|ent)",
    r"desactivad\w*|deshabilitad\w*|eliminad\w*|rechaz\w*|prohib\w*|excluid\w*|retirad\w*|bloquead\w*"
    r"|sustituid\w*|fuera|termin\w+|dej[oa]|abandonad\w*|eran?",
    r"disattivat\w*|disabilitat\w*|rimoss\w*|rifiutat\w*|respint\w*|vietat\w*|esclus\w*|bloccat\w*|sostituit\w*"
    r"|abbandonat\w*|terminat\w*|cessat\w*|dismess\w*|erano",
    r"uitgeschakeld|verwijder\w*|geweiger\w*|verboden|uitgesloten|geblokkeerd|vervangen|vervallen|beeindigd|gestopt",
    r"wy[lł][aą]czon\w*|usuniet\w*|odrzuc\w*|zablokowan\w*|zabronion\w*|zast[aą]pion\w*|zrezygnowan\w*"
    r"|wycofan\w*|zakonczon\w*|by[lł][aoy]?",
    r"desativad\w*|desactivad\w*|removid\w*|rejeitad\w*|recusad\w*|proibid\w*|bloquead\w*|substituid\w*|terminou"
    r"|abandonad\w*|descontinuad\w*",
    r"zakazan\w*|vypnut\w*|odstranen\w*|odmit\w*|zablokovan\w*|nahrazen\w*|upusti\w*|ukoncen\w*|byl[aoy]?",
    r"avstang\w*|inaktiver\w*|bortta\w*|avvisa\w*|neka\w*|forbjud\w*|blockera\w*|ersatt\w*|upphor\w*"
    r"|avvecklad\w*|slopad\w*",
    unspaced=r"無効|廃止|拒否|削除|除外|[禁停]用|禁止|关闭|關閉|拒绝|拒絕|移除|废除|淘汰|終了|终止|停止|弃用",
)
"""What is over, switched off or turned away."""

HEDGE = words(
    r"if|unless|except\w*|would|could|may|might|can|should|or|either|optional\w*|depend\w*|some|certain|older"
    r"|old|oldest"
    r"|legacy|compatib\w*|fall ?backs?|previous\w*|earlier|before(?! (?:it|they|being|each|every|\w+ing)\b)"
    r"|until|since|prior|up to|future|planned|migrat\w*|upgrad\w*"
    r"|than|higher|newer|above|later|least|minimum|below|lower|vulnerab\w*|attack\w*|downgrad\w*|against|weak\w*"
    r"|insecure"
    r"|unsafe|broken|outdated|rather|compar\w*|example\w*|known|cve\w*|finding\w*|must|out of|scope|restrict\w*"
    r"|limit\w*"
    r"|test\w*|scan\w*|ignor\w*|only (?:in|for|with|when|if|by|to|on)|but|stronger|beyond|end(?:s|ed|ing)?|longer|hmac"
    r"|mitigat\w*|firmware \d\S*|version",
    r"wenn|falls|sofern|optional\w*|kann|konnen|konnte\w*|darf|oder|alte[nrs]?|altere\w*|bis|vor|je nach"
    r"|teilweise|hoher\w*"
    r"|neuer\w*|kompatib\w*|mindestens|gegen|angriff\w*|version",
    r"si (?:le|la|les|un|une)|s'il\w*|sauf|peu(?:t|vent)|ou|ancien\w*|avant|jusqu\w*|selon|option\w*|compatib\w*"
    r"|superieur\w*|minimum|contre",
    r"si (?:el|los|se)|salvo|excepto|pued\w+|antigu\w*|antes|hasta|segun|opcional\w*|superior\w*|minim\w*|contra",
    r"se (?:il|lo|gli|non)|tranne|eccetto|puo|possono|oppure|vecch\w*|prima|fino|secondo|opzional\w*|superior\w*"
    r"|contro",
    r"indien|tenzij|kan|kunnen|oude\w*|eerder\w*|tot|afhankelijk|optioneel|hoger\w*|tegen|maar",
    r"jesli|jezeli|chyba|moze|moga|lub|albo|star\w{1,3}|wczesniej\w*|zaleznie|opcjonaln\w*|wyzsz\w*|nowsz\w*|przed",
    r"exceto|pode\w*|ou|antig\w*|ate|conforme|opciona\w*|superior\w*|contra",
    r"pokud|jestlize|muze|mohou|nebo|drive|podle|volitel\w*|vyssi|novejsi|proti",
    r"om|eller|gaml\w*|aldre|tidigare|innan|tills|beroende|valfri\w*|senare|hogre|mot",
    unspaced=r"\?|>|≥|!=|場合|または|以前|古い|互換|可能|以上|以降|如果|除非|[旧舊]版|可[选選]|兼容|相容",
)
"""A condition, an alternative, another time or a comparison: what may leave open whether something is so."""
