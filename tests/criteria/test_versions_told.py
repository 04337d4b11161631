"""A version is one of software unless what stands around it says that it belongs to something else."""

from __future__ import annotations

import httpx
import pytest

from pytest_etsi.assessment import criteria
from pytest_etsi.assessment.criteria._disclosed import classify
from pytest_etsi.probes.disclosure import Disclosed, DisclosureObservation, from_response
from tests.criteria.documents import entry_of


def relevant(text, name="", field="comment"):
    found = classify([Disclosed("tcp", 80, "/", field, name, text)])
    return [one.excerpt for one in found if one.meaning == "relevant"]


@pytest.mark.parametrize(
    "text",
    [
        'Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file',
        'Version 2.0 (the "License"); you may not use this file except in compliance',
        "see http://www.apache.org/licenses/LICENSE-2.0",
        "GNU General Public License v3.0",
        "SPDX-License-Identifier: GPL-2.0-only",
        "released under the Apache-2.0",
        "MPL-2.0 and CC-BY-4.0",
        "Mozilla Public Licence, version 1.1",
        "protocol version 3.1.1",
        "XML version 1.0",
        "the HTML, version 4.01",
        "MQTT version 3.1.1",
        "schema version: 1.2",
        "unter der Apache-Lizenz, Version 2.0",
        "Lizenziert unter der Apache Lizenz, Version 2.0",
        "Licence publique générale GNU version 2.0",
        "Licenza Apache, versione 2.0",
        "Protokoll Version 3.1.1",
        "Nutzungsbedingungen Version 3.0",
        "Terms of Service, version 2.3",
        "Apache-2.0 WITH LLVM-exception",
        "MIT OR Apache-2.0",
        "OFL-1.1",
        "Artistic-2.0",
    ],
)
def test_a_version_of_a_licence_a_protocol_or_a_language_is_none_of_software(text):
    assert relevant(text) == []


@pytest.mark.parametrize(
    ("name", "text"), [("license.version", "2.0"), ("svg version", "1.1"), ("license", "Apache-2.0")]
)
def test_the_name_of_a_field_says_what_a_version_belongs_to(name, text):
    assert relevant(text, name, "xml") == []


@pytest.mark.parametrize(
    "text",
    [
        "Version 2.0",
        "version 2.4.1 of the camera",
        "nginx/1.26.3",
        "License server version 2.4.1",
        "Licensed under the Apache License. Firmware version 2.4.1",
        "Apache/2.4.62",
        "License: none; software version: 2.4.1",
        "protocol 3, firmware 2.4.1",
        "HTML made by FooCam v1.2.3",
        "Lizenzserver Version 2.4.1",
        "Licenza: MIT; firmware versione 2.4.1",
        "Apache-2.4.62",
        "GNU bash, version 5.1.16",
    ],
)
def test_a_version_of_software_stays_one(text):
    assert relevant(text)


def test_a_version_at_the_beginning_of_a_piece_is_read_with_what_stood_before_it():
    for words in range(120, 160):
        text = "word " * words + "Licensed under the Apache License, Version 2.0 of it." + " word" * 200
        response = httpx.Response(200, headers={"content-type": "text/plain"}, text=text)
        pieces = from_response(response, own=(), port=80)

        assert not [one for one in classify(pieces) if one.meaning == "relevant"]


def test_a_version_of_software_is_found_wherever_a_long_text_is_cut():
    for words in range(120, 160):
        response = httpx.Response(
            200, headers={"content-type": "text/plain"}, text="word " * words + "nginx/1.26.3" + " word" * 200
        )
        pieces = from_response(response, own=(), port=80)

        assert [one for one in classify(pieces) if one.excerpt == "nginx/1.26.3"]


def test_the_licence_of_an_implementation_is_not_its_version():
    entry = entry_of("12-NetSecImpl", {"Report": "R", "facts": {"name": "Apache", "version": "2.4.62"}})

    def shown(text):
        item = Disclosed("tcp", 80, "/", "text", "", text)
        return criteria.disclosure.reviewed_version(
            entry, [DisclosureObservation("h", (item,), ("tcp/80 http",))]
        )

    assert not shown("SPDX-License-Identifier: Apache-2.0")
    assert shown("Apache/2.4.50").violations
