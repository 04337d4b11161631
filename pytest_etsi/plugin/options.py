"""Command line options and ini keys: what was asked for, and where each answer came from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.report.schemes import Scheme

__all__ = ["DEFAULT_OUTPUT", "Options", "add_options", "given_profiles", "read_options"]

DEFAULT_OUTPUT = "etsi-results"
SUITE_CHOICES = ("auto", "only", "off")


def add_options(parser: pytest.Parser) -> None:
    """Make the options and ini keys known to pytest."""
    group = parser.getgroup(
        "etsi",
        "assessing IoT devices against ETSI EN 303 645; extras: pytest-etsi[virtual], pytest-etsi[ssh-legacy]",
    )
    group.addoption(
        "--etsi-profile",
        action="append",
        metavar="PROFILE",
        dest="etsi_profile",
        help="device profile: a path, or the name of a shipped profile; repeatable. "
        "Write --etsi-profile=PATH (with =), otherwise pytest may take its directory for the rootdir.",
    )
    group.addoption(
        "--etsi-output",
        metavar="DIR",
        dest="etsi_output",
        help=f"directory for the record, the results and the evidence (default: {DEFAULT_OUTPUT})",
    )
    group.addoption(
        "--etsi-summary",
        metavar="FILE",
        dest="etsi_summary",
        help="add a summary in Markdown to this file, e.g. $GITHUB_STEP_SUMMARY",
    )
    group.addoption(
        "--etsi-view",
        action="append",
        metavar="SCHEME",
        dest="etsi_view",
        help="say at the end where the device stands in the eyes of a scheme: psti, mandatory, cls, finland, or a file "
        "of one's own; repeatable",
    )
    group.addoption(
        "--etsi-plan",
        action="store_true",
        dest="etsi_plan",
        help="print what would be evaluated, what it needs and why, and stop; nothing is touched",
    )
    group.addoption(
        "--etsi-assess",
        action="store_true",
        dest="etsi_assess",
        help="ask for judgements that are missing or stale while the run waits, and record them; needs a terminal",
    )
    group.addoption(
        "--etsi-attended",
        action="store_true",
        dest="etsi_attended",
        help="a person is at the bench: ask in the terminal for what operations of the kind manual need",
    )
    group.addoption(
        "--etsi-resume",
        action="store_true",
        dest="etsi_resume",
        help="go on with the interrupted run in the output directory",
    )
    group.addoption(
        "--etsi-fail-on",
        choices=("inconclusive", "fail"),
        default="inconclusive",
        dest="etsi_fail_on",
        help="exit status when nothing failed but something is INCONCLUSIVE: 10 (inconclusive, default) or 0 (fail)",
    )
    group.addoption(
        "--etsi-allow",
        action="append",
        metavar="NEED,...",
        dest="etsi_allow",
        help="permit what units do to the device, beside the profile's permissions: brute-force, "
        "change-credentials, update, outage, erase, fuzz, console",
    )
    group.addoption(
        "--etsi-suite",
        choices=SUITE_CHOICES,
        dest="etsi_suite",
        help="the bundled test units: beside the project's own tests when no paths are given (auto, default), "
        "on their own (only), or not at all (off)",
    )
    group.addoption(
        "--etsi-only",
        action="append",
        metavar="ID,...",
        dest="etsi_only",
        help="evaluate only these scenarios, groups, cases or units, e.g. 5.1-5 or 5.1-5-2/b",
    )
    group.addoption(
        "--etsi-flaw",
        action="append",
        metavar="NAME",
        dest="etsi_flaw",
        help="seed a flaw into the virtual device; repeatable; python -m pytest_etsi.virtual flaws lists them",
    )
    group.addoption(
        "--etsi-nmap",
        action="store_true",
        dest="etsi_nmap",
        help="let nmap, which has to be installed, give a second opinion on the services at open ports; it is kept as "
        "evidence, and where it disagrees is shown",
    )
    group.addoption(
        "--etsi-offline",
        action="store_true",
        dest="etsi_offline",
        help="read published documents as an earlier run has kept them in the directory of the results, and fetch "
        "none; each says from when it is, and one that is not there is INCONCLUSIVE",
    )
    parser.addini(
        "etsi_profile", "device profiles, as --etsi-profile, one a line", type="linelist", default=[]
    )
    parser.addini("etsi_suite", "auto, only or off, as --etsi-suite", default="auto")


def given_profiles(config: pytest.Config) -> list[str]:
    """The profiles named by option, otherwise by ini; empty when this run has nothing to do with us."""
    return config.getoption("etsi_profile") or config.getini("etsi_profile") or []


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for.

    Attributes:
        profiles: paths or names, as `load_profile` takes them.
        profiles_from: where they were named, "--etsi-profile" or "etsi_profile in pytest.ini".
        output: absolute directory.
        output_from: "--etsi-output" or "default".
        suite: auto, only or off.
        suite_from: "--etsi-suite", "etsi_suite in pytest.ini" or "default".
        fail_on: inconclusive or fail.
        allow: needs permitted beside the profile's permissions.
        only: ids to which the evaluation is limited; empty: everything.
        flaws: to be seeded into the virtual device.
        views: the schemes whose view is shown at the end.
        offline: read published documents only as an earlier run has kept them.
    """

    profiles: tuple[str, ...]
    profiles_from: str
    output: Path
    output_from: str
    suite: str
    suite_from: str
    fail_on: str
    allow: frozenset[str]
    only: tuple[str, ...]
    flaws: tuple[str, ...]
    offline: bool
    resume: bool
    views: tuple[Scheme, ...]


def read_options(config: pytest.Config) -> Options:
    """Options over ini keys.

    Raises:
        pytest.UsageError: a value is not one of those that there are.
    """
    ini_file = config.inipath.name if config.inipath else "ini"
    by_option = config.getoption("etsi_profile")
    if by_option:
        base, profiles_from = config.invocation_params.dir, "--etsi-profile"
    else:
        base = config.inipath.parent if config.inipath else config.rootpath
        profiles_from = f"etsi_profile in {ini_file}"
    profiles = tuple(_located(text, base) for text in given_profiles(config))

    suite, suite_from = config.getoption("etsi_suite"), "--etsi-suite"
    if not suite:
        suite = config.getini("etsi_suite").strip() or "auto"
        suite_from = "default" if suite == "auto" else f"etsi_suite in {ini_file}"
        if suite not in SUITE_CHOICES:
            raise pytest.UsageError(
                f"{ini_file}: etsi_suite: expected one of {', '.join(SUITE_CHOICES)}, got {suite!r}"
            )

    if config.getoption("etsi_nmap"):
        from pytest_etsi.probes.services.nmap import find_nmap

        if find_nmap() is None:
            raise pytest.UsageError("--etsi-nmap: nmap is not installed, or not on the path")

    output = config.getoption("etsi_output")
    return Options(
        profiles=profiles,
        profiles_from=profiles_from,
        output=(config.invocation_params.dir / (output or DEFAULT_OUTPUT)).absolute(),
        output_from="--etsi-output" if output else "default",
        suite=suite,
        suite_from=suite_from,
        fail_on=config.getoption("etsi_fail_on"),
        allow=_needs(_listed(config.getoption("etsi_allow"))),
        only=_listed(config.getoption("etsi_only")),
        flaws=_listed(config.getoption("etsi_flaw")),
        offline=config.getoption("etsi_offline"),
        resume=bool(config.getoption("etsi_resume")),
        views=_views(config.getoption("etsi_view") or (), config.invocation_params.dir),
    )


def _views(names: Iterable[str], base: Path) -> tuple[Scheme, ...]:
    """The schemes of these names, or in these files."""
    if not names:
        return ()
    from pytest_etsi.report.schemes import SchemeError, scheme

    try:
        return tuple(scheme(_located(name, base)) for name in names)
    except SchemeError as error:
        raise pytest.UsageError(f"--etsi-view: {error}") from None


def _located(text: str, base: Path) -> str:
    """`text` as an absolute path where something is there, unchanged (a shipped profile's name) otherwise."""
    path = Path(text).expanduser()
    path = path if path.is_absolute() else base / path
    looks_like_a_path = path.suffix in (".yaml", ".yml") or "/" in text
    return str(path) if looks_like_a_path or path.exists() else text


def _listed(values: Iterable[str] | None) -> tuple[str, ...]:
    """Repeated and comma-separated values in the order given, each once."""
    parts = (part.strip() for value in values or () for part in value.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _needs(names: tuple[str, ...]) -> frozenset[str]:
    from pytest_etsi.text import did_you_mean
    from pytest_etsi.unit import NEEDS

    for name in names:
        if name not in NEEDS:
            hint = did_you_mean(name, NEEDS)
            raise pytest.UsageError(
                f"--etsi-allow: unknown need {name!r}; known: {', '.join(NEEDS)}"
                + (f"; {hint}" if hint else "")
            )
    return frozenset(names)
