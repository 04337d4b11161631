"""Every kind of mistake is reported in one line with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from profile_documents import PROFILE, load, open_problems_of, problems_of, write_profile

from pytest_etsi.profile import Problem, ProfileError, load_profile

if TYPE_CHECKING:
    from pathlib import Path

AUTH_MECH = '"1-AuthMech":\n- ID: AuthMech-web\n'


def test_a_valid_profile_has_no_problem(tmp_path: Path) -> None:
    write_profile(tmp_path)

    assert problems_of(tmp_path) == []


def test_the_line_of_a_problem_is_the_one_the_documentation_shows(tmp_path: Path) -> None:
    write_profile(
        tmp_path,
        ixit="""\
            "1-AuthMech":
              - ID: AuthMech-web
                facts:
                  brute_force:
                    max_attempts: five
            """,
    )

    assert open_problems_of(tmp_path) == [
        (
            "ixit.yaml:5:9: 1-AuthMech/AuthMech-web: facts.brute_force.max_attempts: "
            'expected a positive integer, got "five"'
        )
    ]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("format: 1\n", "", "profile.yaml:1:1: format is missing, expected 1, the only format there is"),
        (
            "format: 1\n",
            "format: 2\n",
            'profile.yaml:1:1: format: expected 1, the only format there is, got "2"',
        ),
        (
            "name: camera",
            "name: a b",
            'profile.yaml:2:1: name: expected a name of letters, digits, "-", "_" and ".", got "a b"',
        ),
        ("name: camera", "nmae: camera", 'profile.yaml:2:1: unknown key "nmae"; did you mean "name"?'),
        ("name: camera", "format: 1", 'profile.yaml:2:1: duplicate key "format"; first in line 1'),
        ("CAM-200", '""', "profile.yaml:4:30: dut.model: expected some text, got nothing"),
        ("model: CAM-200, ", "", "profile.yaml:4:1: dut: model is missing, expected some text"),
        ("dut: {", "dut: x\nxxx: {", 'profile.yaml:4:1: dut: expected a mapping, got "x"'),
        ("ics: ics.yaml", "ics: isc.yaml", 'profile.yaml:5:1: ics: no such file: "isc.yaml"'),
        ("ics: ics.yaml", "ics: .", 'profile.yaml:5:1: ics: expected a file, got the directory "."'),
        ("ics: ics.yaml\n", "", "profile.yaml:1:1: ics is missing, expected a file, or the ICS itself"),
        ("ixit: ixit.yaml", "ixit: xit", 'profile.yaml:6:1: ixit: no such file or directory: "xit"'),
        (
            "[192.0.2.7]",
            "[]",
            "profile.yaml:9:13: access.network.hosts: expected at least one item, got an empty list",
        ),
        (
            "[192.0.2.7]",
            "['a b']",
            'profile.yaml:9:21: access.network.hosts[0]: expected an address or host name, got "a b"',
        ),
        (
            "[192.0.2.7]",
            "[h], ports: 1-99999",
            'profile.yaml:9:25: access.network.ports: expected "all" or ports such as 1-1024,8443, got "1-99999"',
        ),
        (
            "[192.0.2.7]",
            '[h], ports: "443"',
            "profile.yaml:9:3: access.network: ports_because is missing: say why no other port belongs to the device",
        ),
        ("[192.0.2.7]", "[h], ca: no.pem", 'profile.yaml:9:25: access.network.ca: no such file: "no.pem"'),
        (
            "[192.0.2.7]",
            "[h], rate: fast",
            'profile.yaml:9:25: access.network.rate: expected a number of at least 0, got "fast"',
        ),
    ],
)
def test_a_mistake_in_the_profile(tmp_path: Path, old: str, new: str, problem: str) -> None:
    write_profile(tmp_path, profile=PROFILE.replace(old, new, 1))

    assert problem in problems_of(tmp_path)


@pytest.mark.parametrize(
    ("operation", "problem"),
    [
        (
            "text",
            'expected a mapping with a kind, one of http, ssh, console, mqtt, cloud, bench, shell, python, manual, sequence, got "text"',
        ),
        (
            "{url: 'http://h/'}",
            "kind is missing, one of http, ssh, console, mqtt, cloud, bench, shell, python, manual, sequence",
        ),
        ("{kind: http}", "expected either url or steps"),
    ],
)
def test_an_operation_that_cannot_be_done(tmp_path: Path, operation: str, problem: str) -> None:
    write_profile(tmp_path, extra=f"  operations:\n    reset: {operation}\n")

    assert problems_of(tmp_path) == [f"profile.yaml:11:5: access.operations.reset: {problem}"]


def test_the_place_within_an_operation_is_exact(tmp_path: Path) -> None:
    write_profile(
        tmp_path,
        extra="  operations:\n    reset:\n      kind: htp\n    other:\n      kind: http\n      steps:\n"
        "      - {url: x}\n      - {url: 'http://h/', expect: [99], mehtod: GET, login: AuthMech-web}\n",
    )

    assert problems_of(tmp_path) == [
        (
            "profile.yaml:12:7: access.operations.reset: expected kind to be one of http, ssh, console, mqtt, cloud, bench, shell, python, manual, sequence, "
            'got "htp"; '
            'did you mean "http"?'
        ),
        (
            "profile.yaml:16:10: access.operations.other.steps[0].url: "
            'expected a URL such as https://192.0.2.7/login, got "x"'
        ),
        (
            "profile.yaml:17:37: access.operations.other.steps[1].expect[0]: "
            'expected an HTTP status from 100 to 599, got "99"'
        ),
        'profile.yaml:17:42: access.operations.other.steps[1]: unknown key "mehtod"; did you mean "method"?',
    ]


def test_a_login_by_an_entry_that_does_not_exist(tmp_path: Path) -> None:
    write_profile(
        tmp_path,
        extra="  operations:\n    reset: {kind: http, url: 'http://h/', login: AuthMech-wob}\n",
        ixit=AUTH_MECH,
    )

    assert problems_of(tmp_path) == [
        (
            'profile.yaml:11:43: access.operations.reset.login: 1-AuthMech has no entry "AuthMech-wob"; '
            'did you mean "AuthMech-web"?'
        )
    ]


def test_an_operation_named_by_the_ixit_that_does_not_exist(tmp_path: Path) -> None:
    write_profile(tmp_path, ixit='"25-DelFunc":\n- ID: Reset\n  access: {operation: reset}\n')

    assert problems_of(tmp_path) == [
        'ixit.yaml:3:12: 25-DelFunc/Reset: access.operation: the profile has no operation "reset"'
    ]


def test_several_operations_that_do_not_exist_are_told_one_by_one(tmp_path: Path) -> None:
    ixit = '"29-InpVal":\n- ID: Button\n  access: {operations: [press, hold], console: [hold]}\n'
    write_profile(tmp_path, ixit=ixit)

    told = [one.partition("29-InpVal/Button: ")[2].partition(";")[0] for one in problems_of(tmp_path)]
    assert told == [
        'access.operations[0]: the profile has no operation "press"',
        'access.operations[1]: the profile has no operation "hold"',
        'access.console[0]: the profile has no operation "hold"',
    ]


def test_a_field_that_is_called_like_one_for_operations_may_hold_something_else(tmp_path: Path) -> None:
    ixit = '"10-SecParam":\n- ID: Key\n  access: {files: [{path: /etc/key, control: /etc/hostname}]}\n'
    write_profile(tmp_path, ixit=ixit)

    assert load(tmp_path).ixit.sec_param[0].access.files[0].control == "/etc/hostname"


@pytest.mark.parametrize(
    ("ics", "problem"),
    [
        ("5.1-1: {detail: y}", "ics.yaml:1:1: ICS 5.1-1: support is missing, expected one of Y, N, N/A"),
        (
            "5.1-1: {support: Y, details: y}",
            'ics.yaml:1:21: ICS 5.1-1: unknown key "details"; did you mean "detail"?',
        ),
        (
            "5.1-11: {support: Y}",
            'ics.yaml:1:1: ICS: edition 1.1.1 has no provision "5.1-11"; did you mean "5.1-1"?',
        ),
        (
            "5.1-2A: {support: Y}",
            'ics.yaml:1:1: ICS: edition 1.1.1 has no provision "5.1-2A"; edition 2.1.1 has it',
        ),
        (
            "conditions: {'1': maybe}",
            'ics.yaml:1:14: ICS conditions: 1: expected true or false, got "maybe"',
        ),
        (
            "conditions: {'99': true}",
            (
                'ics.yaml:1:14: ICS conditions: edition 1.1.1 has no condition "99"; '
                "known: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13"
            ),
        ),
        ("conditions: [1]", 'ics.yaml:1:1: ICS conditions: expected a mapping such as {"1": true}'),
        ("[a]", "ics.yaml:1:1: ICS: expected a mapping of provisions, got a list"),
    ],
)
def test_a_mistake_in_the_ics(tmp_path: Path, ics: str, problem: str) -> None:
    write_profile(tmp_path, ics=ics)

    assert open_problems_of(tmp_path) == [problem]


@pytest.mark.parametrize(
    ("ixit", "problem"),
    [
        ('"6-SoftComp":\n- Description: x\n', "ixit.yaml:2:3: 6-SoftComp[0]: ID is missing"),
        (
            '"6-SoftComp":\n- ID: a b\n',
            (
                'ixit.yaml:2:3: 6-SoftComp[0]: ID: expected letters, digits, "-", "_", "." or "+", got "a b"; taken as a-b'
            ),
        ),
        (
            '"6-SoftComp":\n- ID: a\n- ID: a\n',
            "ixit.yaml:3:3: 6-SoftComp/a: a second entry of this ID; first in line 2",
        ),
        ('"6-SoftComp":\n- a\n', 'ixit.yaml:2:3: 6-SoftComp[0]: expected an entry with ID, got "a"'),
        ('"6-SoftComp": {ID: a}\n', "ixit.yaml:1:1: 6-SoftComp: expected a list of entries, got a mapping"),
        (
            '"6-SoftComp":\n',
            "ixit.yaml:1:1: 6-SoftComp: expected a list of entries, got nothing; write [] if there is none",
        ),
        (
            '"2-UserInfo": [x]\n',
            "ixit.yaml:1:1: 2-UserInfo: expected a mapping of its fields, for it has a single record",
        ),
        (
            '"6-SoftComp":\n- ID: a\n  Descripton: x\n',
            'ixit.yaml:3:3: 6-SoftComp/a: unknown key "Descripton"; did you mean "Description"?',
        ),
        (
            '"6-SoftComp":\n- ID: a\n  fact: {}\n',
            'ixit.yaml:3:3: 6-SoftComp/a: unknown key "fact"; did you mean "facts"?',
        ),
        (
            '"6-SoftComp":\n- ID: a\n  Cryptographic Usage: perhaps\n',
            (
                "ixit.yaml:3:3: 6-SoftComp/a: Cryptographic Usage: expected yes or no, then side effects considered "
                "(yes/no), "
                'got "perhaps"'
            ),
        ),
        (
            '"10-SecParam":\n- ID: a\n  Type: secret\n',
            'ixit.yaml:3:3: 10-SecParam/a: Type: expected one of public, critical, got "secret"',
        ),
        (
            '"15-Intf":\n- ID: a\n  Type: [network, physicl]\n',
            (
                "ixit.yaml:3:19: 15-Intf/a: Type: expected one or more of network, logical, physical, air, got "
                '"physicl"; did you mean "physical"?'
            ),
        ),
        (
            '"7-UpdMech":\n- ID: UpdMech-OTA\n"6-SoftComp":\n- ID: a\n  Update Mechanism: UpdMech-OTB\n',
            (
                'ixit.yaml:5:3: 6-SoftComp/a: Update Mechanism: 7-UpdMech has no entry "UpdMech-OTB"; '
                'did you mean "UpdMech-OTA"?'
            ),
        ),
        (
            '"7-UpdMech":\n- ID: UpdMech-OTA\n"6-SoftComp":\n- ID: a\n  Update Mechanism:\n  - UpdMech-OTA\n  - UpdMech-7\n',
            'ixit.yaml:7:5: 6-SoftComp/a: Update Mechanism: 7-UpdMech has no entry "UpdMech-7"; did you mean "UpdMech-OTA"?',
        ),
        (
            '"6-SoftComp":\n- ID: a\n  Update Mechanism: by cable\n',
            (
                "ixit.yaml:3:3: 6-SoftComp/a: Update Mechanism: expected IDs of 7-UpdMech, separated by commas, "
                'got "cable"; write [] or "none" if there is none, and remarks in brackets'
            ),
        ),
        (
            '"AuthMech": []\n',
            'ixit.yaml:1:1: IXIT: edition 1.1.1 has no IXIT table "AuthMech"; did you mean "1-AuthMech"?',
        ),
        (
            '"15-PhyIntf": []\n',
            'ixit.yaml:1:1: IXIT: edition 1.1.1 has no IXIT table "15-PhyIntf"; there it is called 15-Intf',
        ),
        (
            AUTH_MECH + "  facts: {endpoint: 443}\n",
            'ixit.yaml:3:11: 1-AuthMech/AuthMech-web: facts.endpoint: expected an endpoint such as 443/tcp, got "443"',
        ),
        (
            AUTH_MECH + "  facts: {endpoint: [443/tcp, 99999/udp]}\n",
            (
                "ixit.yaml:3:31: 1-AuthMech/AuthMech-web: facts.endpoint[1]: expected an endpoint such as 443/tcp, "
                'got "99999/udp"'
            ),
        ),
        (
            AUTH_MECH + "  facts: {factors: [pasword]}\n",
            (
                "ixit.yaml:3:21: 1-AuthMech/AuthMech-web: facts.factors[0]: expected one of password, certificate, "
                "key, token, "
                'biometric, pin, got "pasword"; did you mean "password"?'
            ),
        ),
        (
            AUTH_MECH + "  facts: {password: {min_length: 9, max_length: 8}}\n",
            "ixit.yaml:3:11: 1-AuthMech/AuthMech-web: facts.password: max_length is smaller than min_length",
        ),
        (
            AUTH_MECH + "  facts: {password: {rejects_common: perhaps}}\n",
            (
                "ixit.yaml:3:22: 1-AuthMech/AuthMech-web: facts.password.rejects_common: expected true or false, "
                'got "perhaps"'
            ),
        ),
        (
            AUTH_MECH + "  facts: {brute_force: {max_attemps: 5}}\n",
            (
                'ixit.yaml:3:25: 1-AuthMech/AuthMech-web: facts.brute_force: unknown key "max_attemps"; '
                'did you mean "max_attempts"?'
            ),
        ),
    ],
)
def test_a_mistake_in_the_ixit(tmp_path: Path, ixit: str, problem: str) -> None:
    write_profile(tmp_path, ixit=ixit)

    assert [line for line in open_problems_of(tmp_path) if "is missing; write" not in line] == [problem]


@pytest.mark.parametrize(
    ("ixit", "problem"),
    [
        (
            AUTH_MECH + "  access: {port: 70000}\n",
            'ixit.yaml:3:12: 1-AuthMech/AuthMech-web: access.port: expected a port from 1 to 65535, got "70000"',
        ),
        (
            AUTH_MECH + "  access: {success: {body: '('}}\n",
            (
                "ixit.yaml:3:22: 1-AuthMech/AuthMech-web: access.success.body: no regular expression: missing ), "
                "unterminated subpattern at position 0"
            ),
        ),
    ],
)
def test_a_mistake_in_how_an_entry_is_reached_makes_the_profile_unusable(
    tmp_path: Path, ixit: str, problem: str
) -> None:
    write_profile(tmp_path, ixit=ixit)

    assert problems_of(tmp_path) == [problem]


def test_a_missing_table_is_named_with_what_to_write(tmp_path: Path) -> None:
    write_profile(tmp_path)
    ixit = tmp_path / "ixit.yaml"
    ixit.write_text(ixit.read_text().replace('"7-UpdMech": []\n', "").replace('"9-ReplSup": {}\n', ""))

    assert open_problems_of(tmp_path) == [
        'ixit.yaml:1:1: IXIT: the table 7-UpdMech is missing; write "7-UpdMech": [] if there is nothing to say',
        'ixit.yaml:1:1: IXIT: the table 9-ReplSup is missing; write "9-ReplSup": {} if there is nothing to say',
    ]


def test_a_table_given_in_two_files_is_reported(tmp_path: Path) -> None:
    path = write_profile(tmp_path, profile=PROFILE.replace("ixit.yaml", "ixit/"))
    (tmp_path / "ixit").mkdir()
    (tmp_path / "ixit.yaml").rename(tmp_path / "ixit" / "all.yaml")
    (tmp_path / "ixit" / "more.yaml").write_text('"7-UpdMech": []\n')

    (problem,) = load_profile(path, environ={}).open_problems

    assert (problem.line, problem.column, problem.where) == (1, 1, "7-UpdMech")
    assert problem.message == "the table is given twice"


JUDGEMENT = "verdict: PASS, assessor: Jo, date: 2026-01-31, rationale: seen, basis: own-examination"


@pytest.mark.parametrize(
    ("judgement", "problem"),
    [
        (
            "- {unit: 5.1-5-1/z, " + JUDGEMENT + "}",
            (
                'judgements.yaml:1:4: judgement 5.1-5-1/z: edition 1.1.1 has no unit "5.1-5-1/z"; '
                'did you mean "5.1-5-1/a"?'
            ),
        ),
        (
            "- {unit: 5.1-2A-1/a, " + JUDGEMENT + "}",
            'judgements.yaml:1:4: judgement 5.1-2A-1/a: edition 1.1.1 has no unit "5.1-2A-1/a"; edition 2.1.1 has it',
        ),
        (
            "- {unit: 5.1-5-1/a, " + JUDGEMENT + "}",
            (
                "judgements.yaml:1:4: judgement 5.1-5-1/a: entry is missing: 5.1-5-1/a is evaluated for each entry of "
                "1-AuthMech"
            ),
        ),
        (
            "- {unit: 4-1-1/a, entry: x, " + JUDGEMENT + "}",
            "judgements.yaml:1:19: judgement 4-1-1/a x: 4-1-1/a is not evaluated entry by entry; leave entry out",
        ),
        (
            "- {unit: 4-1-1/a, " + JUDGEMENT.replace("PASS", "PASSED") + "}",
            (
                "judgements.yaml:1:19: judgement 4-1-1/a: verdict: expected one of PASS, FAIL, INCONCLUSIVE, NOT APPLICABLE, "
                'got "PASSED"; did you mean "PASS"?'
            ),
        ),
        (
            "- {unit: 4-1-1/a, " + JUDGEMENT.replace("01-31", "02-31") + "}",
            (
                "judgements.yaml:1:48: judgement 4-1-1/a: date: expected a date such as 2026-01-31, got "
                '"2026-02-31"'
            ),
        ),
        (
            "- {unit: 4-1-1/a, evidence: [no.pdf], " + JUDGEMENT + "}",
            'judgements.yaml:1:30: judgement 4-1-1/a: evidence[0]: no such file: "no.pdf"',
        ),
        (
            "- {unit: 4-1-1/a, " + JUDGEMENT + "}\n- {unit: 4-1-1/a, " + JUDGEMENT + "}",
            "judgements.yaml:2:3: judgement 4-1-1/a: a second judgement of the same; first in line 1",
        ),
        (
            "- {unit: 4-1-1/a, reviewed_by: Sam Example, " + JUDGEMENT + "}",
            "judgements.yaml:1:3: judgement 4-1-1/a: reviewed_by and reviewed_on go together",
        ),
        (
            "- {unit: 4-1-1/a, reviewed_by: Sam Example, reviewed_on: 2025-01-30, " + JUDGEMENT + "}",
            "judgements.yaml:1:3: judgement 4-1-1/a: it was reviewed on 2025-01-30, and is of 2026-01-31",
        ),
        ("- text", 'judgements.yaml:1:3: judgement 1: expected a mapping, got "text"'),
        ("a: b", "judgements.yaml:1:1: judgements: expected a list of judgements"),
    ],
)
def test_a_mistake_in_the_judgements(tmp_path: Path, judgement: str, problem: str) -> None:
    write_profile(tmp_path, judgements=judgement + "\n", ixit=AUTH_MECH)

    assert problems_of(tmp_path) == [problem]


def test_an_unknown_edition_is_reported_and_the_rest_is_still_read(tmp_path: Path) -> None:
    write_profile(tmp_path, profile=PROFILE.replace("1.1.1", "1.2"), ics="a: {\n")

    assert problems_of(tmp_path) == [
        "ics.yaml:2:1: is not YAML: did not find expected node content (while parsing a flow node)",
        'profile.yaml:3:1: edition: expected one of 1.1.1, 2.1.1, got "1.2"',
    ]


def test_a_judgement_of_an_entry_that_is_not_there_is_about_nothing(tmp_path: Path) -> None:
    write_profile(
        tmp_path,
        ixit=AUTH_MECH,
        judgements="- {unit: 5.1-5-1/a, entry: AuthMech-wob, " + JUDGEMENT + "}",
    )

    assert load(tmp_path).judgements == ()
    assert open_problems_of(tmp_path) == [
        (
            'judgements.yaml:1:21: judgement 5.1-5-1/a AuthMech-wob: 1-AuthMech has no entry "AuthMech-wob"; '
            'did you mean "AuthMech-web"?'
        )
    ]


def test_problems_of_all_documents_come_in_one_pass_and_in_order(tmp_path: Path) -> None:
    write_profile(
        tmp_path,
        profile=PROFILE.replace("format: 1", "format: 7"),
        ics="9.9-9: {}\n",
        ixit='"1-AuthMech":\n- {}\n- ID: x\n  y: z\n',
        judgements="- {unit: x}\n",
    )

    places = [":".join(line.split(":", 2)[:2]) for line in problems_of(tmp_path)]
    assert places == sorted(places)
    assert {place.partition(":")[0] for place in places} == {
        "ics.yaml",
        "ixit.yaml",
        "judgements.yaml",
        "profile.yaml",
    }


def test_the_report_prints_so_many_problems_and_counts_the_rest() -> None:
    error = ProfileError(Problem("a.yaml", line, 1, "", "wrong") for line in range(1, 264))

    lines = error.report(50).splitlines()
    assert (len(lines), lines[0], lines[-1]) == (51, "a.yaml:1:1: wrong", "and 213 more")


def test_a_problem_is_one_line_without_control_characters() -> None:
    problem = Problem("a.yaml", 1, 2, "w", 'got "\x1b[31m\nred"')

    assert str(problem) == 'a.yaml:1:2: w: got "\\x1b[31m\\x0ared"'


def test_a_name_that_is_no_shipped_profile_lists_near_misses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        ProfileError, match=r"virtual-camra: no such file, and no shipped profile.*virtual-camera"
    ):
        load_profile("virtual-camra")


def test_a_file_that_does_not_exist_names_the_one_beside_it(tmp_path: Path) -> None:
    write_profile(tmp_path)
    with pytest.raises(ProfileError, match=r"profil\.yaml: no such file; there is profile\.yaml"):
        load_profile(tmp_path / "profil.yaml")


@pytest.mark.parametrize("name", ["a\x00b/c", "x" * 5000, "/dev/null"])
def test_a_name_that_cannot_be_read_is_a_problem(name: str) -> None:
    with pytest.raises(ProfileError):
        load_profile(name)


def test_a_secret_does_not_appear_in_the_problem_it_causes(tmp_path: Path) -> None:
    (tmp_path / "secrets.yaml").write_text("p: hunter2-hunter2\n")
    write_profile(
        tmp_path,
        profile=PROFILE + "secrets: secrets.yaml\n",
        ixit=AUTH_MECH + '  access: {url: "${secret:p}", port: "${secret:p}"}\n',
    )

    found = problems_of(tmp_path)
    assert len(found) == 2
    assert "hunter2" not in "".join(found)
    assert all("${secret:p}" in line for line in found)


def test_loading_a_directory_finds_its_profile(tmp_path: Path) -> None:
    write_profile(tmp_path)

    assert load_profile(tmp_path, environ={}).path == tmp_path / "profile.yaml"


def test_the_software_version_stays_as_written(tmp_path: Path) -> None:
    write_profile(tmp_path)

    assert load(tmp_path).dut.software == "1.40"
