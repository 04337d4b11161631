"""A run without a network says which published documents it would have needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suite_runs import run_suite

if TYPE_CHECKING:
    from pathlib import Path


def test_offline_nothing_is_fetched_and_what_is_not_kept_is_named(tmp_path: Path) -> None:
    run = run_suite(tmp_path, "virtual-camera", "--etsi-only=5.2-1-2,5.3-13-2", "--etsi-offline")

    assert run.units("INCONCLUSIVE") == {
        "5.2-1-2/a", "5.2-1-2/b", "5.3-13-2/a", "5.3-13-2/b", "5.3-13-2/c",
    }  # fmt: skip
    evaluations = [evaluation for _, evaluation in run.evaluations()]

    assert {one["cause"] for one in evaluations} == {"access"}
    assert all("nothing is kept of https://" in one["reason"] for one in evaluations)
    assert {one["reason"].split()[4].rpartition("/")[2].rstrip(",") for one in evaluations} == {
        "security",
        "support",
    }
