"""The shape of the documents outside the IXIT: profile, ICS rows, judgements."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from pytest_etsi.profile._types import FilePath, Name, Strict, Text
from pytest_etsi.profile.access import Access

__all__ = [
    "CATALOGUES",
    "DutIdentity",
    "ExternalEvidence",
    "IcsRowDocument",
    "JudgementDocument",
    "Laboratory",
    "ProfileDocument",
]

Support = Literal["Y", "N", "N/A"]
Basis = Literal["own-examination", "external-evidence"]
Catalogue = Literal["sog-is", "bsi", "nist"]
CATALOGUES: tuple[Catalogue, ...] = ("sog-is", "bsi", "nist")
"""The catalogues of cryptography that may count."""
Permission = Literal["brute-force", "change-credentials", "update", "outage", "erase", "fuzz", "console"]


def _filled(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("etsi_filled", "expected some text, got nothing")
    return text


def _date(value: object) -> object:
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError(
                "etsi_day", 'expected a date such as 2026-01-31, got "{got}"', {"got": value}
            ) from None
    return value


FilledText = Annotated[str, AfterValidator(_filled), Field(json_schema_extra={"x-expected": "some text"})]
Day = Annotated[
    datetime.date,
    BeforeValidator(_date),
    Field(json_schema_extra={"x-expected": "a date such as 2026-01-31"}),
]


class DutIdentity(Strict):
    """The device under test: one device at one hardware and software version."""

    manufacturer: FilledText = Field(description="Who makes the device.")
    model: FilledText = Field(description="Model designation.")
    hardware: FilledText = Field(description="Hardware version.")
    software: FilledText = Field(description="Software version.")
    serial: Text | None = Field(default=None, description="Serial number of the device on the bench.")
    mac: Text | None = Field(default=None, description="Its MAC address.")
    ssid: Text | None = Field(default=None, description="Name of the wireless network it opens.")
    constrained: bool = Field(
        default=False, description="Whether the manufacturer states that it is a constrained device."
    )
    labels: tuple[Text, ...] = Field(
        default=(), description="Other identifiers printed on the device or broadcast."
    )


class Laboratory(Strict):
    """Who tests for whom, as the cover of a test report names it; what is left out is a line to be filled in."""

    name: Text | None = Field(default=None, description="Name of the laboratory.")
    address: Text | None = Field(default=None, description="Its address.")
    accreditation: Text | None = Field(
        default=None, description="Number and body of its accreditation, where there is one."
    )
    location: Text | None = Field(default=None, description="Where the tests are carried out.")
    report_number: Text | None = Field(default=None, description="Number of the test report.")
    customer: Text | None = Field(default=None, description="Name of the customer.")
    customer_contact: Text | None = Field(default=None, description="How to reach the customer.")
    received: Day | None = Field(default=None, description="When the item was received.")
    condition: Text | None = Field(default=None, description="In what condition the item was received.")
    issued: Day | None = Field(default=None, description="When the report is issued.")
    deviations: Text | None = Field(
        default=None, description="Additions to, deviations or exclusions from the method."
    )
    decision_rule: Text | None = Field(
        default=None,
        description="The decision rule that was agreed on, where it is another than the method's.",
    )
    tested_by: tuple[Text, ...] = Field(default=(), description="Who carried out the tests.")
    authorised_by: Text | None = Field(default=None, description="Who authorises the report.")
    four_eyes: bool = Field(
        default=False,
        description="Whether each judgement has to be reviewed by a second person; reports name those that are not.",
    )


class ProfileDocument(Strict):
    """The device profile: names the DUT, its ICS, IXIT and judgements, and says how to reach it."""

    format: Annotated[
        int, Field(ge=1, le=1, json_schema_extra={"x-expected": "1, the only format there is"})
    ] = Field(description="Format of the document: 1.")
    name: Name | None = Field(
        default=None, description="Short name; stands in reports. Left out: name of the directory."
    )
    edition: Literal["1.1.1", "2.1.1"] = Field(description="Edition of TS 103 701 to assess against.")
    dut: DutIdentity
    virtual: Name | None = Field(
        default=None, description="Name of a virtual device that is started for the assessment."
    )
    ics: Text = Field(
        description="File of the ICS, or the ICS itself.",
        json_schema_extra={"x-expected": "a file, or the ICS itself"},
    )
    ixit: Text = Field(
        description="Directory with a file a table, one file, or the tables themselves.",
        json_schema_extra={"x-expected": "a directory, a file, or the tables themselves"},
    )
    judgements: Text | None = Field(default=None, description="File of the judgements, or a list of them.")
    secrets: FilePath | None = Field(
        default=None, description="File with name: value, for ${secret:NAME}; keep it private."
    )
    permissions: tuple[Permission, ...] = Field(
        default=(), description="What the units may do to the device."
    )
    cryptography: Annotated[tuple[Catalogue, ...], Field(min_length=1)] = Field(
        default=CATALOGUES,
        description="Catalogues that count for best practice; the mildest of them decides. For the German label: "
        "sog-is, bsi.",
    )
    laboratory: Laboratory = Field(
        default=Laboratory(), description="Who tests for whom, for the cover of the test report."
    )
    access: Access = Field(default=Access())


class IcsRowDocument(Strict):
    """A row of the ICS."""

    support: Support = Field(description="Y: met; N: not met; N/A: does not apply.")
    detail: Text = Field(default="", description="Y: the measures taken; N and N/A: the reason.")
    drafted: Text = Field(
        default="", description="The row is a proposal, made of this; take it away to confirm it."
    )


class ExternalEvidence(Strict):
    """A certificate, test report or audit of someone else that a judgement rests on."""

    document: FilledText = Field(description="What it is, with its number: certificate EX-2026-17.")
    issuer: FilledText = Field(description="Who issued it.")
    scope: FilledText = Field(
        description="What it covers: product, versions, and which part of the question it answers."
    )
    valid_until: Day | None = Field(default=None, description="Last day of its validity: 2027-12-31.")


class _Concluded(Strict):
    """What every recorded answer of a competent person says."""

    assessor: FilledText = Field(description="Who concluded it.")
    date: Day = Field(description="When: 2026-01-31.")
    rationale: FilledText = Field(description="Why.")
    basis: Basis = Field(description="Own examination, or evidence of someone else.")
    external: ExternalEvidence | None = Field(
        default=None, description="The evidence of someone else; with basis external-evidence, and only then."
    )
    evidence: tuple[FilePath, ...] = Field(default=(), description="Files that support it.")
    fingerprint: Annotated[
        str,
        Field(
            pattern=r"^(sha256:[0-9a-f]{16,64}(-[0-9a-f]{16})?)?$",
            json_schema_extra={
                "x-expected": "a fingerprint such as sha256:9f86d081884c7d65..., as the plan prints it"
            },
        ),
    ] = Field(default="", description="Of what was judged, as the plan prints it.")

    @model_validator(mode="after")
    def _basis_and_evidence_fit(self) -> Self:
        named = self.basis == "external-evidence"
        if named and self.external is None:
            raise PydanticCustomError(
                "etsi_external",
                "external is missing: basis external-evidence needs the document, its issuer and its scope",
                {},
            )
        if self.external is not None:
            if not named:
                raise PydanticCustomError("etsi_basis", "external goes with basis external-evidence", {})
            end = self.external.valid_until
            if end is not None and end < self.date:
                raise PydanticCustomError(
                    "etsi_expired",
                    "the evidence was valid until {end} only, and the judgement is of {date}",
                    {"end": str(end), "date": str(self.date)},
                )
        return self


class JudgementDocument(_Concluded):
    """A competent person's answer to a unit."""

    unit: Text = Field(description="The unit: 5.1-5-1/a.")
    entry: Text | None = Field(
        default=None, description="ID of the IXIT entry, where the unit is repeated over a table."
    )
    verdict: Literal["PASS", "FAIL", "INCONCLUSIVE", "NOT APPLICABLE"] = Field(
        description="What was concluded."
    )
    reviewed_by: FilledText | None = Field(
        default=None, description="The second person who has looked at it and agrees."
    )
    reviewed_on: Day | None = Field(default=None, description="When: 2026-02-03.")

    @model_validator(mode="after")
    def _review_is_whole(self) -> Self:
        if (self.reviewed_by is None) is not (self.reviewed_on is None):
            raise PydanticCustomError("etsi_review", "reviewed_by and reviewed_on go together", {})
        if self.reviewed_on is not None and self.reviewed_on < self.date:
            raise PydanticCustomError(
                "etsi_reviewed_before", "it was reviewed on {on}, and is of {date}",
                {"on": str(self.reviewed_on), "date": str(self.date)},
            )  # fmt: skip
        return self


class EntryAnswerDocument(_Concluded):
    """A competent person's answer to a question about an entry, on which it depends which units concern it."""

    question: Text = Field(description="The question: 15-Intf/accessible.")
    entry: Text = Field(description="ID of the IXIT entry.")
    answer: Text = Field(description="One of the answers of the question: yes, or no, in most.")
