"""The YAML reader: structure with places, no surprises, and bounds that hold against hostile files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profile_documents import write_profile
from work import at_most_cpu_s

from pytest_etsi.profile import ProfileError, load_profile
from pytest_etsi.profile._document import raw
from pytest_etsi.profile._yaml import MAX_ALIASES, MAX_BYTES, MAX_DEPTH, MAX_NODES, Mapping, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTE = 1024 * 1024


def problem(content: bytes) -> str:
    root, problems = read_yaml(content, "a.yaml")
    assert root is None
    (only,) = problems
    return str(only)


def test_keys_and_values_know_their_place() -> None:
    root, problems = read_yaml(b"# remark\na:\n  b: [x, yy]\n", "a.yaml")

    assert problems == []
    assert isinstance(root, Mapping)
    assert root.place("a") == (2, 1)
    inner = root.get("a")
    assert isinstance(inner, Mapping)
    assert inner.place("b") == (3, 3)
    items = inner.get("b").items  # type: ignore[union-attr]
    assert [(item.line, item.column) for item in items] == [(3, 7), (3, 10)]


def test_columns_count_characters_not_bytes() -> None:
    root, _ = read_yaml("{größe: 1, b: 2}".encode(), "a.yaml")

    assert isinstance(root, Mapping)
    assert root.place("b") == (1, 12)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-12", -12),
        ("1.40", 1.4),
        ("1e3", 1000.0),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("yes", "yes"),
        ("off", "off"),
        ("N", "N"),
        ("12:30", "12:30"),
        ("2026-01-31", "2026-01-31"),
        ("0x1f", "0x1f"),
        ("012", "012"),
        ("1_000", "1_000"),
        ("1.1.1", "1.1.1"),
        (".", "."),
        ("1e999", "1e999"),
        ("'1'", "1"),
        ('"true"', "true"),
    ],
)
def test_plain_scalars_have_the_value_of_the_core_schema(text: str, value: object) -> None:
    root, problems = read_yaml(f"a: {text}\n".encode(), "a.yaml")

    assert problems == []
    assert raw(root)["a"] == value  # type: ignore[arg-type]
    assert type(raw(root)["a"]) is type(value)  # type: ignore[arg-type]


def test_an_alias_stands_for_what_its_anchor_named() -> None:
    root, _ = read_yaml(b"a: &x {k: [1]}\nb: *x\n", "a.yaml")

    assert raw(root) == {"a": {"k": [1]}, "b": {"k": [1]}}  # type: ignore[arg-type]


def test_of_duplicate_keys_the_first_counts_and_each_further_one_is_a_problem() -> None:
    root, problems = read_yaml(b"a: 1\nb: 2\na: 3\n  \n", "a.yaml")

    assert raw(root) == {"a": 1, "b": 2}  # type: ignore[arg-type]
    assert [str(p) for p in problems] == ['a.yaml:3:1: duplicate key "a"; first in line 1']


def test_a_byte_order_mark_of_utf_8_is_passed_over() -> None:
    root, problems = read_yaml(b"\xef\xbb\xbfa: 1\n", "a.yaml")

    assert problems == []
    assert isinstance(root, Mapping)
    assert root.place("a") == (1, 1)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a: ä".encode("utf-16"), "a.yaml:1:1: is encoded in UTF-16, expected UTF-8; save it as UTF-8"),
        ("a: ä".encode("utf-32"), "a.yaml:1:1: is encoded in UTF-32, expected UTF-8; save it as UTF-8"),
        ("a: 1\nb: ä".encode("latin-1"), "a.yaml:2:4: is not encoded in UTF-8: byte 0xe4; save it as UTF-8"),
        (b"\x7fELF\x01\x00\x00", "a.yaml:1:1: is a binary file, expected YAML text in UTF-8"),
        (b"a: 1\nb: \x1b[31m", "a.yaml:2:4: control character U+001B, expected YAML text"),
        (b"a:\n\tb: 1\n", "a.yaml:2:1: a tab in the indentation; YAML indents with spaces only"),
        (b"a:\n  b: 1\n\tc: 2\n", "a.yaml:3:1: a tab in the indentation; YAML indents with spaces only"),
        (
            b"a: b: c\n",
            (
                "a.yaml:1:5: is not YAML: mapping values are not allowed in this context; "
                'put a text that contains ": " in quotation marks'
            ),
        ),
        (
            b"a: !!python/name:os.system x",
            "a.yaml:1:4: the tag tag:yaml.org,2002:python/name:os.system, expected plain YAML without tags",
        ),
        (b"a: {<<: {b: 1}}", 'a.yaml:1:5: the merge key "<<"; write the keys out'),
        (b"? [a]\n: b\n", "a.yaml:1:3: a list or mapping as a key, expected text"),
        (b"a: 1\n---\nb: 2\n", "a.yaml:2:1: a second document begins here, expected one document a file"),
        (b"a: *x\n", "a.yaml:1:4: the alias *x has no anchor &x before it"),
        (b"a: &x [*x]\n", "a.yaml:1:8: the alias *x stands within its own anchor"),
        (
            b"a: [1\n",
            "a.yaml:2:1: is not YAML: did not find expected ',' or ']' (while parsing a flow sequence)",
        ),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(content: bytes, expected: str) -> None:
    assert problem(content) == expected


def test_a_bomb_of_aliases_is_refused_before_it_is_built() -> None:
    levels = [b"a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [b"a%d: &a%d [%s]" % (i, i, b", ".join([b"*a%d" % (i - 1)] * 9)) for i in range(1, 12)]

    assert f"has more than {MAX_NODES} values" in problem(b"\n".join(levels))


def test_depth_counts_through_aliases() -> None:
    levels = [b"a0: &a0 [x]", *(b"a%d: &a%d [*a%d]" % (i, i, i - 1) for i in range(1, MAX_DEPTH + 2))]

    assert f"is nested deeper than {MAX_DEPTH} levels" in problem(b"\n".join(levels))


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("brackets", b"[" * MAX_BYTES, "nested deeper"),
        ("braces", b"{a: " * (MAX_BYTES // 4), "nested deeper"),
        ("dashes", b"- " * (MAX_BYTES // 2), "nested deeper"),
        ("anchors", b"".join(b"- &a%d x\n" % i for i in range(100_000)), f"more than {MAX_ALIASES} anchors"),
        ("aliases", b"- &a x\n" + b"- *a\n" * 100_000, f"more than {MAX_ALIASES} aliases"),
        ("values", b"[" + b"1," * 600_000 + b"]", f"more than {MAX_NODES} values"),
        ("quotation", b'"' + b"a\n\n" * (MAX_BYTES // 3 - 1), "is not YAML"),
        ("directives", b"%YAML 1.1\n" * (MAX_BYTES // 10), "is not YAML"),
    ],
)
def test_a_hostile_document_is_refused_in_bounded_time(name: str, content: bytes, expected: str) -> None:
    with at_most_cpu_s(20):
        assert expected in problem(content)


def test_a_file_of_50_megabytes_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = tmp_path / "profile.yaml"
    with path.open("wb") as file:
        for _ in range(50):
            file.write(b"a: 1\n" * (MEGABYTE // 5))

    with (
        at_most_cpu_s(2),
        pytest.raises(ProfileError, match="is larger than 8 MiB, the limit for a document"),
    ):
        load_profile(path)


def test_100_000_unknown_keys_and_dangling_references_take_bounded_time(tmp_path: Path) -> None:
    ixit = '"7-UpdMech":\n' + "".join(f"- ID: u{i}\n" for i in range(5000))
    ixit += '"6-SoftComp":\n' + "".join(
        f"- {{ID: s{i}, Update Mechanism: w{i}, Xpdate: 1}}\n" for i in range(20_000)
    )
    path = write_profile(tmp_path, ixit=ixit)

    with at_most_cpu_s(20):
        profile = load_profile(path, environ={})
    assert len(profile.open_problems) == 40_000


@settings(max_examples=300, deadline=10_000)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_document_or_problems(content: bytes) -> None:
    root, problems = read_yaml(content, "a.yaml")

    assert (
        root is not None
        or problems
        or not content.decode("utf-8-sig").strip()
        or content.strip()[:1] in b"#-.%"
    )


_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=12),
    st.just("${env:X}"),
)
_KEYS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        [
            "format",
            "edition",
            "dut",
            "ics",
            "ixit",
            "judgements",
            "access",
            "network",
            "hosts",
            "ports",
            "operations",
            "1-AuthMech",
            "2-UserInfo",
            "ID",
            "facts",
            "brute_force",
            "5.1-1",
            "support",
            "unit",
            "secrets",
            "virtual",
        ]
    ),
)
_TREES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=25,
)


@settings(max_examples=200, deadline=10_000)
@given(st.dictionaries(_KEYS, _TREES, max_size=10), st.booleans())
def test_any_document_gives_a_profile_or_a_profile_error(
    tmp_path_factory: pytest.TempPathFactory, tree: dict[str, object], plausible: bool
) -> None:
    import yaml

    if plausible:
        tree |= {"format": 1, "edition": "1.1.1"}
    path = tmp_path_factory.getbasetemp() / "fuzzed.yaml"
    path.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8", errors="replace")

    with pytest.raises(ProfileError) as caught:
        load_profile(path, environ={"X": "1"})
    assert caught.value.problems
    assert all("\n" not in str(found) for found in caught.value.problems)


_DOCUMENT = """\
format: 1
edition: "1.1.1"
dut: {manufacturer: a, model: b, hardware: c, software: d}
ics: {"5.1-1": {support: Y, detail: x}, conditions: {"1": true}}
ixit: {"1-AuthMech": [{ID: a, facts: {endpoint: 443/tcp, brute_force: {max_attempts: 5}}}], "6-SoftComp": [{ID: b}]}
judgements: [{unit: 5.1-5-1/a, entry: a, verdict: PASS}]
access: {network: {hosts: [h]}, operations: {x: {kind: http, url: "http://h/"}}}
"""


@settings(max_examples=300, deadline=10_000)
@given(st.integers(0, len(_DOCUMENT)), st.integers(0, 12), st.text(max_size=10))
def test_a_damaged_document_gives_a_profile_error(
    tmp_path_factory: pytest.TempPathFactory, at: int, length: int, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.yaml"
    damaged = _DOCUMENT[:at] + text + _DOCUMENT[at + length :]
    path.write_bytes(damaged.encode("utf-8", "surrogatepass"))

    with pytest.raises(ProfileError) as caught:
        load_profile(path, environ={})
    assert caught.value.problems
