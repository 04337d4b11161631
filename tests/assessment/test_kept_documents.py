"""Profile, ICS, IXIT and judgements are kept as the run has read them, without the secrets, and packed with the results."""

from __future__ import annotations

import json
import tarfile

import pytest
import yaml
from assessment_suites import evaluate
from click.testing import CliRunner

from pytest_etsi import Verdict
from pytest_etsi.assessment.integrity import check_directory
from pytest_etsi.cli.main import main
from pytest_etsi.profile.masked import masked_document
from pytest_etsi.redaction import Redactor

SECRET = 'cur"few\\Lamp-93'


def ended(assessment):
    evaluate(assessment.begin(assessment.plan.get("5.1-5-2/a")), Verdict.PASS)
    return assessment.close()


def test_every_document_is_kept_with_its_hash_and_packed(assess, out, tmp_path):
    made = assess()
    results = ended(made)
    kept = results["documents"]
    packed = CliRunner().invoke(main, ["archive", str(out)])
    with tarfile.open(tmp_path / "out.tar.gz") as file:
        names = file.getnames()

    assert packed.exit_code == 0, packed.output
    assert len(kept) == len(made.profile.sources)
    for item in kept:
        assert f"out/{item['file']}" in names
    (profile,) = [item for item in kept if item["document"] == made.profile.path.name]
    assert (out / profile["file"]).read_text("utf-8") == made.profile.path.read_text("utf-8")
    assert check_directory(out).damaged == []


def test_a_document_that_was_altered_is_named(assess, out):
    results = ended(assess())
    path = out / results["documents"][0]["file"]
    path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))

    assert [damage.file for damage in check_directory(out).damaged] == [results["documents"][0]["file"]]


@pytest.mark.parametrize(
    "written",
    [
        f"password: '{SECRET}'",
        f"password: {json.dumps(SECRET)}",
        'password: "cur\\x22few\\x5cLamp-93"',
        'password: "cur\\"few\\\\La\\\n    mp-93"',
        "password: >-\n    prefix\n    " + SECRET,
    ],
)
def test_no_secret_is_kept_however_it_is_written(written):
    text = f"# of the owner\naccess:\n  user: owner\n  {written}\n"
    kept = masked_document(text, Redactor([SECRET]))

    assert SECRET not in str(yaml.safe_load(kept))
    assert "Lamp-93" not in kept
    assert yaml.safe_load(kept)["access"]["user"] == "owner"


def test_what_holds_no_secret_stays_byte_for_byte():
    text = "a: &x [1, 2]\nb: *x   # as before\n\n"

    assert masked_document(text, Redactor([SECRET])) == text
