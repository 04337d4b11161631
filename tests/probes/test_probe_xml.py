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
        DEVICE.replace(b"A<", b"A&nbsp;B<"),
        DEVICE.replace(b"A<", b"A\x0b\x00<"),
    ],
)
def test_a_description_that_is_not_quite_xml_is_read(data):
    assert ("serialNumber", "L-77") in list(elements(data))


@pytest.mark.parametrize("name", ["gb2312", "Big5", "shift_jis", "euc-kr"])
def test_a_character_set_of_many_bytes_is_read_as_it_is_declared(name):
    data = f'<?xml version="1.0" encoding="{name}"?><a><b>\u65e5</b></a>'.encode(name)

    assert list(elements(data)) == [("b", "\u65e5")]


@pytest.mark.parametrize("name", ["lt", "amp", "eacute"])
def test_a_character_by_its_name_is_no_markup(name):
    told_as = {"lt": "1<i>2", "amp": "1&i>2", "eacute": "1éi>2"}

    assert list(elements(f"<a><b>1&{name};i>2</b><c>&nbsp;3</c></a>".encode())) == [
        ("b", told_as[name]),
        ("c", "3"),
    ]


@pytest.mark.parametrize("name", ["LT", "AMP", "QUOT", "nvlt", "nope"])
def test_a_name_that_only_html_gives_to_markup_is_refused(name):
    with pytest.raises(XmlError):
        list(elements(f"<a><b>1&{name};i>2</b></a>".encode()))


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
