"""Allure's pages, version 2 and 3, made of a run and looked at in Chromium; needs Node, Java and Chromium.

python tests/allure_reports.py PROGRAMS    # a directory into which npm has installed allure and allure-commandline

The run is of the virtual camera with one password for all, without the permission to attack it, and with a judgement missing.
"""

# ruff: noqa: T201 - a command

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from browser import Browser

ROOT = Path(__file__).parents[1]
CHROMIUM = "/usr/bin/chromium"
PROVISIONS = "5.1-1,5.1-5,5.2-1,5.10-1"
SCENARIOS = [
    "5.01 No universal default passwords",
    "5.02 Means to manage reports of vulnerabilities",
    "5.10 Examine system telemetry data",
]
CATEGORIES = {
    "FAIL: a violation was observed or a contradiction found": 2,
    "INCONCLUSIVE, judgement: a competent person has to conclude": 1,
    "INCONCLUSIVE, permission: not permitted": 4,
}
ENVIRONMENT = ["Example Devices ExampleCam 2", "1.4.2", "1.1.1", "FAIL"]
JUDGED = "5.1-5-1/a AuthMech-stream: Judge whether the declared protection makes guessing over the network impractical."
FAILED = (
    "5.1-1-2/c AuthMech-stream: Compare the real generated passwords of the device with the documented way"
)

_TEXT = """(document.body.innerText + [...document.querySelectorAll("iframe[srcdoc]")].map(
  (one) => new DOMParser().parseFromString(one.srcdoc, "text/html").body.textContent).join())"""
"""What a page shows; version 3 shows descriptions in frames of their own."""


def run(place: Path, *more: str) -> Path:
    """What a run leaves for Allure; `more` are further options of it."""
    camera = place / "camera"
    (place / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    subprocess.run(["cp", "-r", ROOT / "device_profiles" / "virtual-camera", camera], check=True)
    profile = camera / "profile.yaml"
    text = profile.read_text(encoding="utf-8")
    profile.write_text(
        re.sub(r"^permissions: .*", "permissions: [console]", text, flags=re.MULTILINE), encoding="utf-8"
    )
    judgements = camera / "judgements.yaml"
    text = judgements.read_text(encoding="utf-8")
    missing = re.compile(r"^- unit: 5\.1-1-1/a\n  entry: AuthMech-recorder\n(?:  .*\n)+", re.MULTILINE)
    text, number = missing.subn("", text)
    assert number == 1, "the judgement that is to be missing was not found"
    judgements.write_text(text, encoding="utf-8")
    made = place / "allure-results"
    command = [sys.executable, "-m", "pytest", f"--etsi-profile={profile}", f"--etsi-only={PROVISIONS}"]
    command += ["--etsi-flaw=universal-default-password", f"--alluredir={made}", "-p", "no:schemathesis"]
    done = subprocess.run([*command, *more, "-q"], cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return made


def made_by_2(programs: Path, results: Path, place: Path) -> str:
    """The page of Allure 2."""
    libraries = programs / "node_modules" / "allure-commandline" / "dist"
    command = [
        "sh",
        str(libraries / "bin" / "allure"),
        "generate",
        str(results),
        "-o",
        str(place),
        "--single-file",
    ]
    subprocess.run(command, check=True, capture_output=True)
    return (place / "index.html").as_uri()


def made_by_3(programs: Path, results: Path, place: Path) -> str:
    """The page of Allure 3, by the settings that the run has left."""
    program = programs / "node_modules" / "allure" / "cli.js"
    command = ["node", str(program), "generate", "--config", str(results / "allurerc.json"), "-o", str(place)]
    subprocess.run([*command, str(results)], check=True, capture_output=True)
    return (place / "index.html").as_uri()


def waits_for_its_data(browser: Browser) -> None:
    """Have pages of version 3 wait for the data that they contain.

    Their program asks whether there are data in the page before the page has said so, if the machine is busy; then it asks for
    files beside the page, which are not there, and shows a wheel for ever.
    """
    browser.before("window.allureReportData = {}")


def shown(browser: Browser, address: str, awaited: str) -> str:
    """The text of a page, once it shows what is awaited."""
    browser.open("about:blank")
    browser.open(address)
    return after(browser, awaited)


def after(browser: Browser, awaited: str) -> str:
    """The text of the page that is open, once it shows what is awaited."""
    browser.wait(f"{_TEXT}.includes({json.dumps(awaited)})")
    return str(browser.ask(_TEXT))


def click(browser: Browser, text: str) -> None:
    """Click the innermost element that shows this text."""
    browser.wait(
        f"""(() => {{
          const fits = (one) => one.innerText !== undefined && one.innerText.includes({json.dumps(text)});
          const found = [...document.body.querySelectorAll("*")].filter(fits);
          const inner = found.filter((one) => ![...one.children].some(fits)).find((one) => one.checkVisibility());
          if (inner) inner.click();
          return !!inner;
        }})()"""
    )


def in_order(text: str, expected: list[str]) -> None:
    """Each of the texts is there, one after the other."""
    places = [text.find(one) for one in expected]
    assert -1 not in places, (expected, places, text)
    assert places == sorted(places), (expected, places, text)


def has_categories(text: str) -> None:
    """Each category with its number of evaluations, and no other."""
    found = dict(
        re.findall(
            r"^((?:FAIL|INCONCLUSIVE|NOT APPLICABLE|Product|Test)[^\n]+)\n+\s*(\d+)$", text, re.MULTILINE
        )
    )
    assert {name: int(number) for name, number in found.items()} == CATEGORIES, text


def look_at_2(browser: Browser, address: str) -> None:
    """Environment, categories, scenarios in their order, title, reason and judgement."""
    first = shown(browser, address, "Environment")
    in_order(first[first.index("Environment") :], ENVIRONMENT)
    has_categories(shown(browser, f"{address}#categories", "permission"))
    in_order(shown(browser, f"{address}#behaviors", SCENARIOS[-1]), SCENARIOS)
    for name in (SCENARIOS[0], "5.01-05 ", "5.1-5-1 "):
        click(browser, name)
    click(browser, JUDGED)
    text = after(browser, "Judgement: PASS by maintainers of pytest-etsi on ")
    assert JUDGED in text
    for name in ("5.01-01 ", "5.1-1-2 "):
        click(browser, name)
    click(browser, FAILED)
    assert "pytest_etsi.verdict" not in after(browser, "All 50 devices have the same password")


def look_at_3(browser: Browser, address: str) -> None:
    """The same."""
    waits_for_its_data(browser)
    first = shown(browser, address, FAILED)
    in_order(first, ENVIRONMENT)
    in_order(first, SCENARIOS)
    click(browser, FAILED)
    assert "pytest_etsi.verdict" not in after(browser, "All 50 devices have the same password")
    shown(browser, address, "5.1-5-1 ")
    click(browser, "5.1-5-1 ")
    click(browser, JUDGED)
    after(browser, "Judgement: PASS by maintainers of pytest-etsi on ")
    has_categories(shown(browser, f"{address}#/categories", "permission"))


def main(programs: Path) -> None:
    """Make both and look at them; what is not shown raises."""
    # What is left of a browser may still write while its directory is removed.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        place = Path(name)
        results = run(place)
        second, third = made_by_2(programs, results, place / "2"), made_by_3(programs, results, place / "3")
        with Browser(CHROMIUM, place / "browser") as browser:
            browser.size(1600, 1200)
            look_at_2(browser, second)
            print("Allure 2: environment, categories, scenarios, titles, reasons and judgements are shown")
            look_at_3(browser, third)
            print("Allure 3: the same")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
