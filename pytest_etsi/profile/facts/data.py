"""Facts and access of 21-PersData and 24-TelData: data of people, and what the device reports (5.8, 5.10, 6)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pytest_etsi.profile._types import OperationName, Regex, Secret, Strict, Text

__all__ = [
    "ConsentAccess",
    "PersDataAccess",
    "PersDataFacts",
    "TelDataFacts",
]


class PersDataFacts(Strict):
    """Typed claims of an entry of 21-PersData."""

    sensitive: bool | None = None
    consent: bool | None = Field(default=None, description="Whether the processing rests on consent.")
    on_device: bool | None = None
    on_service: bool | None = None
    consent_by: Literal["explicit-action", "preselected", "implied"] | None = Field(
        default=None, description="How consent is given, where the processing rests on it."
    )
    withdrawal: Literal["setting", "account-deletion", "support", "impossible"] | None = Field(
        default=None, description="How consent is withdrawn."
    )
    consent_stored: tuple[Literal["time", "version", "choice"], ...] = Field(
        default=(), description="What is stored of a consent: when, to which text, and what was chosen."
    )
    aggregated: bool | None = Field(
        default=None, description="Whether they are collected for an aggregate alone, see Aggregation."
    )
    retention: Literal["limited", "until-deleted", "unlimited"] | None = Field(
        default=None,
        description="How long they are kept, see Lifecycle: for a time, until somebody deletes them, or without end.",
    )
    disposed_from: tuple[Literal["device", "service"], ...] = Field(
        default=(), description="Where they are deleted at the end, see Lifecycle."
    )
    erased_on_withdrawal: bool | None = Field(
        default=None, description="Whether what was recorded is erased when consent is withdrawn."
    )
    mentions: tuple[Text, ...] = Field(
        default=(), description="Words by which the published information refers to these data."
    )
    purposes: tuple[Text, ...] = Field(
        default=(), description="Words by which the published information tells the purpose; any of them."
    )
    recipients: tuple[Text, ...] = Field(
        default=(), description="Who gets them, as the published information names each of them."
    )


class ConsentAccess(Strict):
    """How a program gives consent and withdraws it, and sees what is recorded."""

    read: OperationName = Field(description="Operation whose value says whether consent is given.")
    given: Regex = Field(default="true", description="What all of that value is where it is given.")
    give: OperationName | None = Field(
        default=None, description="Operation that gives it, as its user does; nothing said: give-consent."
    )
    refuse: OperationName | None = Field(
        default=None, description="Operation that refuses it; nothing said: withdraw-consent."
    )
    withdraw: OperationName | None = Field(
        default=None, description="Operation that withdraws it; nothing said: withdraw-consent."
    )
    use: tuple[OperationName, ...] = Field(
        default=(), description="Operations by which such data come about."
    )
    record: OperationName = Field(description="Operation whose value is what is recorded of such data.")
    stored: OperationName | None = Field(
        default=None,
        description="Operation whose value is what is stored of the consent, see Storing Consent.",
    )
    stored_shows: tuple[Regex, ...] = Field(
        default=(), description="What that value has to hold once consent is given, each as documented."
    )
    nothing: Regex = Field(
        default="", description="What all of that value is while nothing is recorded; nothing said: empty."
    )
    report: OperationName | None = Field(
        default=None, description="Operation after which the device tells its service what it has to tell."
    )
    reports: OperationName | None = Field(
        default=None,
        description="Operation whose value at the service changes with each report: it shows that there was one.",
    )
    restart: OperationName | None = Field(
        default=None, description="Operation that starts the device anew (permission outage)."
    )
    functions: tuple[OperationName, ...] = Field(
        default=(), description="Operations that succeed without consent, too."
    )
    flow: Text | None = Field(
        default=None,
        description="Host and port to which such data go and no others, by which a capture shows them: 192.0.2.9:443, "
        "or usage.example.com:443 where it is the name that tells them from others at the same address.",
    )
    flow_others: tuple[Text, ...] = Field(
        default=(),
        description="Names under which other things go to the same port of that host; what goes there under none of "
        "these, or under no name, leaves open what it is.",
    )


class PersDataAccess(Strict):
    """How a program writes, reads and consents."""

    canary: Secret | None = Field(
        default=None, repr=False, description="A known value of these data that must not be found in clear."
    )
    consent: ConsentAccess | None = Field(
        default=None, description="How consent is given and withdrawn, and what is recorded is seen."
    )


class TelDataFacts(Strict):
    """Typed claims of an entry of 24-TelData."""

    examined: bool | None = Field(default=None, description="Whether it is examined for security anomalies.")
    needs_personal_data: bool | None = Field(
        default=None, description="Whether the purpose cannot be reached without personal data."
    )
    mentions: tuple[Text, ...] = Field(
        default=(), description="Words by which the published information refers to it."
    )
    purposes: tuple[Text, ...] = Field(
        default=(), description="Words by which the published information tells the purpose; any of them."
    )
