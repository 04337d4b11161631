"""MQTT, by its answer to a connection without credentials (MQTT 3.1.1, 3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.probes.mqtt.connection import REFUSALS, anonymous_connect
from pytest_etsi.probes.services._model import Challenge, Service

if TYPE_CHECKING:
    from pytest_etsi.probes.services._talk import Talk

__all__ = ["answers"]


def answers(talk: Talk) -> Service | None:
    """Connect without credentials; not where RTSP has answered, which would wait for the end of a line."""
    if talk.page.startswith(b"RTSP/"):
        return None
    talk.ready()
    talk.asks("MQTT CONNECT without credentials")
    answer = anonymous_connect(
        talk.host,
        talk.port,
        timeout_s=max(0.1, talk.deadline.left(talk.timeout_s)),
        context=talk.context,
        server_name=talk.server_name,
    )
    if answer is None:
        return None
    code, detail = answer
    challenges: tuple[Challenge, ...] = ()
    if code == 0:
        talk.notes.append("MQTT: a connection without credentials is accepted")
    elif code in REFUSALS:
        challenges = (Challenge("mqtt", f"{detail}, for a connection without credentials", "password"),)
    else:
        talk.notes.append(f"MQTT: CONNACK {code}")
    return talk.service("mqtt", challenges, detail)
