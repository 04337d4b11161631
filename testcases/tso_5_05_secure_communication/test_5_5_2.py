"""TS 103 701 test group 5.5-2: network and security implementations have been reviewed or evaluated."""

from pytest_etsi import criteria, unit


@unit("5.5-2-1", "a", expects_entries=True)
def test_review_or_evaluation_took_place(net_sec_impl, etsi_judgement):
    found = criteria.implementations.reviewed(net_sec_impl)
    found.decide(etsi_judgement, settle="state facts.method, by and date")


@unit("5.5-2-1", "b")
def test_method_and_report_cover_the_scope(net_sec_impl, etsi_ixit, etsi_judgement):
    found = criteria.implementations.covers_scope(net_sec_impl, etsi_ixit)
    etsi_judgement.required(found)


@unit("5.5-2-2", "a")
def test_implementation_is_the_reviewed_one(net_sec_impl, etsi_dut, etsi_judgement):
    observed = etsi_dut.disclosures()
    found = criteria.disclosure.reviewed_version(net_sec_impl, observed, etsi_dut.console_text())
    console = " and the serial console" if etsi_dut.profile.access.serial else ""
    found.decide(
        etsi_judgement,
        settle="state facts.name and version of what was reviewed",
        examined=f"{criteria.disclosure.told(observed)}{console}: no version but the reviewed one is shown",
    )
