"""Messages that no client should send, to services that do not speak HTTP; and whether they bear them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.probes.malformed import DATAGRAMS, answers, deliver, messages
from pytest_etsi.probes.observation import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.core import Core
    from pytest_etsi.probes._net import Deadline
    from pytest_etsi.profile.facts import MessageAccess

__all__ = ["harmful_messages"]

_BACK_WITHIN_S = 5.0


def harmful_messages(
    dut: Core, given: MessageAccess, seed: int, gaps: list[str], *, within: Deadline
) -> Iterator[tuple[str, str]]:
    """Send each message of a protocol, and ask after each whether the service still answers.

    Args:
        dut: the device.
        given: where, and what is spoken there.
        seed: of what is made up at random.
        gaps: gets what could not be tried, one sentence each.
        within: the time of the whole entry.

    Yields:
        For each message sent: what it was, and how to do it again when the service did not answer after it; otherwise
        an empty text. After the first that did harm nothing more is sent.
    """
    host, udp = dut.network.host(given.host), given.protocol in DATAGRAMS
    place = f"{given.protocol} on {'udp' if udp else 'tcp'}/{given.port}"

    def alive() -> bool:
        return answers(host, given.port, given.protocol, tls=given.tls)

    if not alive():
        gaps.append(
            f"{place}: it does not answer a proper message, so that nothing can be learnt from others"
        )
        return
    for what, data in messages(given.protocol, seed):
        if within.expired:
            gaps.append(
                f"{place}: not every message could be tried within {within.seconds:.0f} s for the entry"
            )
            return
        sent = deliver(host, given.port, data, udp=udp, tls=given.tls)
        if wait_until(alive, within_s=_BACK_WITHIN_S):
            if not sent:
                gaps.append(f"{place}: {what} could not be sent")
            yield f"{place}: {what}", ""
            continue
        shown = printable(data.hex(), 120)
        yield f"{place}: {what}", f"{len(data)} bytes: {shown}"
        return
