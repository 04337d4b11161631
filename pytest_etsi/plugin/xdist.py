"""Working with pytest-xdist: one device is one worker, and the controller tells the workers what they need."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pytest_etsi.plugin import compat

if TYPE_CHECKING:
    from collections.abc import Callable

    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]
    from xdist.workermanage import WorkerController  # type: ignore[import-untyped]

__all__ = ["Distribution", "check_distribution", "received", "scope_of"]

_KEY = "pytest_etsi"
_EVERY_WORKER_RUNS_ALL = (
    "--dist=each would run every unit on one device several times at once; "
    "leave it out, so that one device is one worker"
)


def check_distribution(config: pytest.Config) -> None:
    """Refuse ways of distributing under which two workers would use one device.

    Raises:
        pytest.UsageError: ``--dist=each`` was asked for.
    """
    if getattr(config.option, "dist", "no") == "each" and not compat.is_worker(config):
        raise pytest.UsageError(_EVERY_WORKER_RUNS_ALL)


def received(config: pytest.Config) -> dict[str, Any]:
    """What the controller has sent to this worker; empty in a controller and without pytest-xdist."""
    text = compat.worker_input(config).get(_KEY)
    given: dict[str, Any] = json.loads(text) if text else {}
    return given


def scope_of(node: str, mode: str) -> str:
    """What is run in one worker together with a node id: a device, or what the user's ``--dist`` means."""
    if node.startswith("etsi/"):
        return "/".join(node.split("/")[:2])
    if mode == "loadfile":
        return node.split("::", 1)[0]
    if mode == "loadscope":
        return node.rsplit("::", 1)[0]
    if mode == "loadgroup" and "@" in node.rpartition("]")[2]:
        return node.rpartition("@")[2]
    return node


class Distribution:
    """The hooks of the controller; registered only if pytest-xdist is there.

    Args:
        message: gives what the workers are to be told, in values that JSON has; asked for once a worker.
    """

    def __init__(self, message: Callable[[], dict[str, Any]]) -> None:
        self._message = message

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: WorkerController) -> None:
        """Tell a worker about the devices."""
        node.workerinput[_KEY] = json.dumps(self._message())

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
        """Keep the units of one device in one worker; everything else goes as ``--dist`` says."""
        from xdist.scheduler import LoadScopeScheduling

        mode = config.getvalue("dist")

        class OneDeviceOneWorker(LoadScopeScheduling):  # type: ignore[misc]
            def _split_scope(self, nodeid: str) -> str:
                return scope_of(nodeid, mode)

            def remove_node(self, node: WorkerController) -> str | None:
                """As in the base class, but a test that ended its worker is not tried again and again."""
                units = self.assigned_work.get(node, {}).values()
                running = (
                    (unit, item) for unit in units for item, completed in unit.items() if not completed
                )
                for unit, crashed in running:
                    unit[crashed] = True
                    super().remove_node(node)
                    return str(crashed)
                following: str | None = super().remove_node(node)
                return following

        return OneDeviceOneWorker(config, log)
