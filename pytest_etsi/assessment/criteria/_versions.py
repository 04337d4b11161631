"""Whose version a version is: what the words before and behind it say that it belongs to."""

from __future__ import annotations

import re

__all__ = ["is_of_software"]

_BEFORE = 80
_AFTER = 40
_VERSION_WORD = re.compile(r"(?i)(?:version|release|revision|rev|build|v)\w*$")
_OTHER_SUBJECT = re.compile(
    r"(?i)(?:licen[cstzç]\w*|(?:[\w-]*-|software|quell)?lizenz(?:en|text|vertrag|bedingungen)?|gnu|[al]?gpl|mpl|epl|cddl|eupl|cc(?:-by)?(?:-nc)?(?:-sa|-nd)?|copyright|terms|polic(?:y|ies)"
    r"|nutzungsbedingungen|datenschutz(?:erklärung|hinweise)|richtlinie|vereinbarung|conditions|condiciones|términos"
    r"|politique|política|protokoll|protocole|protocol[lo]o|spezifikation|spécification|norme?|norma"
    r"|agreement|protocols?|schemas?|xsd|dtd|xmlns|namespace|specifications?|spec|standards?|formats?|syntax|languages?"
    r"|markup|encoding|x?html|xml|svg|css|rss|atom|xslt?|stylesheet|wsdl|soap|json-?rpc|openapi|swagger|ecmascript"
    r"|https?|upnp|dlna|tls|ssl|dtls|mqtt|rtsp|rtp|rfb|coap|snmp|ipp|onvif|bluetooth|ble|usb|hdmi|wi-?fi|zigbee|thread"
    r"|matter|modbus|bacnet|knx|unicode|posix)"
)
"""What has versions and is no software: texts, languages and protocols."""
_LICENSED_UNDER = re.compile(
    r"(?i)(?:\blicen[cs]e[sd]?(?:[ -]identifier)?[\"']?\s*[:=]\s*[\"']?"
    r"|\b(?:licen[cs]ed|released|distributed|available) under (?:the )?(?:terms of (?:the )?)?)$"
)
_A_LICENCE_FOLLOWS = re.compile(r"(?i)[\s,)\"']{0,3}(?:\(?\s*the\s+)?[\"']?licen[cs]e\b")
_TEXT_BEFORE = re.compile(
    r"(?i)(?:\bterms of (?:service|use|sale)|\b(?:licenza|licencia|licença|licencja|licence (?:publique|générale))\b"
    r"(?:[ ,]+[\w-]+){0,4})[\s,(]*$"
)
"""Nouns of texts with words between them and their version, in languages whose names follow the noun."""
_SPDX = re.compile(
    r"(?:AFL|Apache|APSL|Artistic|BSL|BUSL|CATOSL|CC0|CDLA-\w+|CECILL|CPAL|CPL|ECL|EFL|IPL|LPL|LPPL|MulanPSL|NCSA|ODbL"
    r"|ODC-By|OFL|OLDAP|OSL|PDDL|PSF|QPL|RPL|SPL|SSPL|UPL|W3C|ZPL)-\d\.\d"
)
"""Identifiers of licences that have a version, as the SPDX list spells them."""
_NAMED = re.compile(r"([A-Za-z][\w+.-]*?)(?:/| v|_v?|-v?|[ :=\"'(]{1,4}v?)\d")


def is_of_software(text: str, start: int, end: int) -> bool:
    """Whether a version that stands in a text from `start` to `end`, with its name, is one of software.

    It is not where the noun that it belongs to is that of a licence, a protocol, a language or another text: ``Apache
    License, Version 2.0``, ``protocol version 3.1.1``, ``SPDX-License-Identifier: GPL-2.0``. Where nothing says so, it
    is one of software.

    Args:
        text: what was told.
        start: where the name, the word for a version, or the version itself begins.
        end: where the version ends.
    """
    version = text[start:end]
    if _SPDX.fullmatch(version):
        return False
    before = re.split(r"[;!?|<>{}\n]|\.\s", text[max(0, start - _BEFORE) : start])[-1]
    words = re.findall(r"[^\W\d_][\w+-]*", before)
    if named := _NAMED.match(version):
        words.append(named[1])
    if words and _VERSION_WORD.fullmatch(words[-1]):
        words.pop()
    name = words[-1] if words else ""
    if _OTHER_SUBJECT.fullmatch(name):
        return False
    if "/" in version:
        return True
    if _LICENSED_UNDER.search(before) or _TEXT_BEFORE.search(before):
        return False
    return not _A_LICENCE_FOLLOWS.match(text[end : end + _AFTER])
