"""The documents that a new assessment begins with: valid as they are, every field explained, nothing claimed."""

from __future__ import annotations

import json
import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.profile._tables import models_for
from pytest_etsi.profile.drafting import entry_lines, head_lines
from pytest_etsi.profile.schema import schema_files
from pytest_etsi.standard import edition
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.profile._types import Strict
    from pytest_etsi.profile.drafting import Draft
    from pytest_etsi.standard import Edition, Field, Table

__all__ = ["Answers", "about_field", "skeleton"]

_WIDTH = 110


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known of a device when its documents are begun.

    Attributes:
        host: address or name; "": not reachable over a network.
        edition: "1.1.1" or "2.1.1".
        ports: those that can belong to the device, and
        ports_because: why no others do, as of `access.network`.
        secrets: the file of secrets that the documents name; "": none.
        captures: captures of the device's traffic, as the profile names them.
    """

    manufacturer: str
    model: str
    hardware: str
    software: str
    host: str = ""
    edition: str = "2.1.1"
    ports: str = "all"
    ports_because: str = ""
    secrets: str = ""
    captures: tuple[str, ...] = ()


def skeleton(answers: Answers, draft: Draft | None = None) -> dict[str, str]:
    """The documents: path relative to the profile's directory -> content.

    Args:
        answers: what is known of the device.
        draft: what was seen of it; None: nobody has looked.

    Raises:
        pytest_etsi.standard.UnknownIdError: there is no such edition.
    """
    standard = edition(answers.edition)
    files = {
        "profile.yaml": _profile(answers, standard),
        "ics.yaml": _ics(standard),
        "judgements.yaml": _JUDGEMENTS.format(table=standard.renamed_tables.get("15-Intf", "15-Intf")),
        ".gitignore": _GITIGNORE,
    }
    for table in standard.tables:
        files[f"ixit/{table.number:02d}-{table.name}.yaml"] = _table(table, draft)
    files |= {f"schema/{name}": content for name, content in schema_files().items()}
    return files


def _quoted(text: str) -> str:
    return json.dumps(text.replace("${", "$${"), ensure_ascii=False)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "device"


_GITIGNORE = """\
# Values that must not be shared: passwords, tokens, keys.
secrets.yaml
# What a run writes.
etsi-results/
"""

_JUDGEMENTS = """\
# yaml-language-server: $schema=schema/judgements.schema.json
#
# What a competent person concluded, unit by unit. The plan says which units need one, and prints the fingerprint
# that binds a judgement to what was judged: when that changes, the judgement has to be given again.
#
# Replace [] by judgements such as
#
# - unit: 5.1-5-1/a
#   entry: AuthMech-Web            # ID of the IXIT entry, where the unit is repeated over the entries of a table
#   verdict: PASS                  # PASS, FAIL, INCONCLUSIVE or NOT APPLICABLE
#   assessor: Jo Example, Example Laboratory
#   date: 2026-01-31
#   rationale: Five attempts, then a lock that doubles, leave an attacker fewer than 60 guesses a day.
#   basis: own-examination         # or external-evidence, which then says what it is:
#   # external:
#   #   document: certificate EX-2026-17
#   #   issuer: Example Certification
#   #   scope: ExampleCam 2, software 1.4, the web login
#   #   valid_until: 2027-12-31
#   evidence: [evidence/calculation.pdf]
#   fingerprint: sha256:...        # as the plan prints it
#
# Where the documents do not tell whether units concern an entry, `pytest-etsi assess` asks for that once:
#
# - question: {table}/accessible   # instead of unit
#   entry: Intf-Uart
#   answer: "no"                   # instead of verdict; the rest as above
[]
"""

_PROFILE = """\
# yaml-language-server: $schema=schema/profile.schema.json
#
# The device profile: names the device under test and its documents, and says how a program reaches it.
# Any value may be filled in from outside: ${{env:NAME}} from the environment, ${{secret:NAME}} from the secrets file.
format: 1
# Short name; stands in reports.
name: {name}
# Edition of TS 103 701: {editions}.
edition: "{edition}"

# The device under test: one device at one hardware and software version.
dut:
  manufacturer: {manufacturer}
  model: {model}
  hardware: {hardware}
  software: {software}
  # Of the device on the bench, so that the right one is tested and its passwords can be compared with these values:
  # serial: "A1000042"
  # mac: "02:00:5e:10:00:42"
  # ssid: "camera-0042"
  # Other identifiers that are printed on the device or broadcast:
  # labels: ["0042-7"]
  # Whether the manufacturer states that it is a constrained device:
  # constrained: false

# The documents. Paths are relative to this file.
ics: ics.yaml
ixit: ixit/
judgements: judgements.yaml
# A file of name: value that is kept out of version control:
{secrets}

# What the units may do to the device; a unit that needs more stays open and says so:
#   brute-force          send a bounded number of wrong credentials, which may lock an account for a while
#   change-credentials   change credentials and change them back
#   update               install software on the device
#   outage               cut power or network of the device
#   erase                erase user data or reset the device to factory default
#   fuzz                 send malformed input, which may crash the device
#   console              send keys to a boot loader, Ctrl-C and BREAK over the serial console
permissions: []

# Catalogues of cryptography that count, the mildest of which decides; for the German label: [sog-is, bsi].
# cryptography: [sog-is, bsi, nist]

# Who tests for whom, for the cover of the test report; what is left out there is a line to be filled in by hand.
# laboratory:
#   name: ""
#   address: ""
#   accreditation: ""
#   location: ""                   # where the tests are carried out
#   report_number: ""
#   customer: ""
#   customer_contact: ""
#   received: 2026-01-31           # when the item was received, and below in what condition
#   condition: ""
#   issued: 2026-02-28
#   deviations: ""                 # additions to, deviations or exclusions from the method
#   tested_by: []
#   authorised_by: ""

# How a program reaches the device. What is left out is not accessible.
access:
{network}
  # serial:
  #   url: /dev/ttyUSB0            # or socket://host:port, rfc2217://host:port
  #   baudrate: 115200
  #   boot_s: 60                   # seconds of a start; nothing is typed before the line was quiet for so long
  # cloud:
  #   url: https://api.example     # the associated service
  #   headers: {{Authorization: "Bearer ${{secret:cloud_token}}"}}
  # A CSV file of factory passwords (columns serial, mac, password), to look for patterns over many devices:
  # samples: factory.csv
  # How to tell, before anything intrusive, that this is the device described above: by what it says of itself
  # (fields: name under dut -> key of the JSON answer), by its TLS certificate, or by its SSH host key:
  # identity:
  #   url: "https://192.0.2.7/api/device"
  #   session_of: AuthMech-App     # the 1-AuthMech entry in whose session it is asked, if it needs a login
  #   fields: {{serial: serial, software: version}}
  #   # tls_sha256: "<SHA-256 of the certificate>"   or   ssh_sha256: "<SHA-256 of the host key>"
  # What the profile knows how to do to the device, by name: http, ssh, console, a plug of the bench, a program, a
  # person's hand ...; docs/operations.md has the kinds, and the names that are known. `pytest-etsi validate` tells
  # which of them would let a program decide more. The suite
  # uses power-cycle, factory-reset and initialize (which sets the device up again after a reset):
  # operations:
  #   factory-reset:
  #     kind: http
  #     method: POST
  #     url: "https://192.0.2.7/api/reset"
  #     expect: [200, 204]
  #     recover: Hold the reset button for ten seconds.
"""

_NETWORK = """\
  network:
    # The only addresses that are ever touched.
    hosts: [{host}]
    # Which ports belong to the device: all, or "1-1024,8443" and in ports_because why no other does.
    ports: {ports}
    # Hosts from which the published documents may be fetched:
    # documents_hosts: [www.example]
    # Certificate authority (PEM) of a host that the system does not know, such as a device with a manual of its own:
    # ca: device.pem"""
_NO_NETWORK = """\
  # network:
  #   hosts: [192.0.2.7]           # the only addresses that are ever touched
  #   ports: all                   # or "1-1024,8443", and in ports_because why no other belongs to the device
  #   documents_hosts: [www.example]
  #   ca: device.pem               # certificate authority (PEM) of a host that the system does not know"""


def _profile(answers: Answers, standard: Edition) -> str:
    from pytest_etsi.standard import EDITIONS

    return _PROFILE.format(
        name=_slug(answers.model),
        editions=listed(EDITIONS, last="or"),
        edition=standard.id,
        manufacturer=_quoted(answers.manufacturer),
        model=_quoted(answers.model),
        hardware=_quoted(answers.hardware),
        software=_quoted(answers.software),
        network=_network(answers),
        secrets=f"secrets: {answers.secrets}" if answers.secrets else "# secrets: secrets.yaml",
    )


def _network(answers: Answers) -> str:
    ports = answers.ports
    if answers.ports_because:
        ports = f"{_quoted(ports)}\n    ports_because: {_quoted(answers.ports_because)}"
    lines = [_NETWORK.format(host=_quoted(answers.host), ports=ports) if answers.host else _NO_NETWORK]
    if answers.captures:
        lines.append(
            "  # Recorded beforehand; during: normal, initialization, update, outage or failed-boot."
        )
        lines.append("  captures:")
        lines += [f"    - file: {_quoted(one)}\n      during: normal" for one in answers.captures]
    return "\n".join(lines)


def _ics(standard: Edition) -> str:
    lines = [
        "# yaml-language-server: $schema=schema/ics.schema.json",
        "#",
        f"# The ICS for {standard.standard}: what the manufacturer claims, provision by provision.",
        "#   support   Y: met, detail says by which measures; N: not met, and why that is impossible or inappropriate;",
        "#             N/A: does not apply, and why its condition is absent; only for a provision with a condition",
        "# In brackets: M mandatory, R recommendation, C with the numbers of its conditions, F with its features.",
        "# Take the # away from each row, and fill it in.",
        "",
        "# Which conditions hold for the device:",
        "conditions:",
    ]
    lines += [f'  # "{condition.id}": true   # {condition.meaning}' for condition in standard.conditions]
    for provision in standard.provisions:
        if not provision.printed:
            continue  # not a row of the pro forma
        lines += ["", f"# {provision.title} ({provision.printed})"]
        lines.append(f'# "{provision.id}": {{support: Y, detail: ""}}')
    return "\n".join(lines) + "\n"


def _table(table: Table, draft: Draft | None) -> str:
    lines = [
        "# yaml-language-server: $schema=../schema/ixit.schema.json",
        "#",
        f"# IXIT {table.id}: {table.title}.",
    ]
    facts, access = models_for(table.id)
    typed = [*_typed("facts", facts, _FACTS), *_typed("access", access, _ACCESS)]
    if table.single:
        lines += ["# One record. A field that has nothing to say is left empty.", "", f'"{table.id}":']
        for field in table.fields:
            lines += [f"  # {line}" for line in _about(field)]
            lines.append(f"  {_key(field.name)}:")
        lines += ["", *(f"  # {line}" if line else "" for line in typed)]
        return "\n".join(lines).rstrip() + "\n"
    if table.one_entry_is:
        lines.append(f"# An entry is {table.one_entry_is}.")
    if draft is None:
        lines += [
            "# Without an entry the table says that there is none. Replace [] by entries such as the one below.",
            "",
            f'"{table.id}": []',
            "",
        ]
    else:
        lines += [*head_lines(draft, table), *entry_lines(draft, table), ""]
    for index, field in enumerate(table.fields):
        lines += [f"#   # {line}" for line in _about(field)]
        lines.append(f"# {'-' if index == 0 else ' '} {_key(field.name)}: {_example(field)}")
    lines += [f"#   {line}".rstrip() for line in typed]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z][A-Za-z /-]*", name) else _quoted(name)


def about_field(field: Field) -> str:
    """What a field asks for: its meaning, when it is to be filled in, and what it may hold."""
    about = field.meaning
    if field.applies_if:
        about += f" Only if: {field.applies_if}."
    if field.type == "enum":
        about += f" One{' or more' if field.many else ''} of: {', '.join(field.values)}."
    elif field.type == "yes/no":
        about += " yes or no" + (f", then {field.second_part}." if field.second_part else ".")
    elif field.type == "reference":
        about += f" IDs in {listed(field.tables, last='or')}; [] if there is none."
    return about


def _about(field: Field) -> Iterator[str]:
    yield from textwrap.wrap(about_field(field), _WIDTH - 6, break_on_hyphens=False)
    example = f"Example: {field.example}"
    yield from textwrap.wrap(example, _WIDTH - 6, subsequent_indent="  ", break_on_hyphens=False)


def _example(field: Field) -> str:
    return _quoted(field.example) if field.name == "ID" else "[]" if field.type == "reference" else '""'


_FACTS = "Claims that a program compares with the device; what is left out is not claimed:"
_ACCESS = "How a program exercises it:"


def _typed(name: str, model: type[Strict], about: str) -> list[str]:
    from pytest_etsi.profile.schema import describe_model

    described = describe_model(model)
    return [f"# {about}", f"# {name}:", *(f"#   {line}" for line in described)] if described else []
