"""XML as devices write it is read, and what could do harm is refused."""

from __future__ import annotations

import pytest

from pytest_etsi.probes._xml import XmlError, elements, told

DEVICE = b"<root><model>A</model><serialNumber>L-77</serialNumber></root>"


@pytest.mark.parametrize(
    "data",
    [
        DEVICE.replace(b"A<", b"A & B<"),
        b' \n<?xml version="1.0"?>' + DEVICE,
        DEVICE + b"\0",
        b"\xef\xbb\xbf\n" + b'<?xml version="1.0"?>' + DEVICE + b"\0\0\n",
        DEVICE.replace(b"A<", b"Caf\xe9<"),
        b'<?xml version="1.0" encoding="gb2312"?>' + DEVICE,
        DEVICE.replace(b"root>", b"x:root>"),
        b'<root a="1&2">' + DEVICE + b"</root>",
    ],
)
def test_a_description_that_is_not_quite_xml_is_read(data):
    assert ("serialNumber", "L-77") in list(elements(data))


def test_an_ampersand_is_what_it_is():
    assert list(elements(b"<a><b>1 & 2 &amp; 3</b><c><![CDATA[4 & 5]]></c><d>&</d></a>")) == [
        ("b", "1 & 2 & 3"),
        ("c", "4 & 5"),
        ("d", "&"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE r [<!ENTITY a "x">]><r>&a; & b</r>',
        b" <!DOCTYPE a SYSTEM 'http://192.0.2.1/x'><a>1</a>",
        b"<a>&nope; & b</a>",
        b"<a><b></a>\0",
        b"<a>&</a>" * 2,
    ],
)
def test_what_is_mended_is_refused_for_the_same_reasons(data):
    with pytest.raises(XmlError):
        list(elements(data))


def test_comments_and_attributes_are_told_beside_texts():
    data = b'<root version="1.0"><!-- built on lab-7 --><part version="2.4.1">x</part></root>'

    assert list(told(data)) == [
        ("comment", "", "built on lab-7"),
        ("xml", "part", "x"),
        ("xml", "part version", "2.4.1"),
    ]
