"""Whatever a UDP service answers, every probe ends within its time and takes nothing for what it is not."""

from __future__ import annotations

import json
import re
import resource
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from work import FAR_TOO_LONG_S

from pytest_etsi.probes.coap import ask_core
from pytest_etsi.probes.discovery.search import mdns, ssdp, ws_discovery
from pytest_etsi.probes.snmp import probe_snmp
from pytest_etsi.probes.udp.search import scan_udp

from hostile_datagrams import DATAGRAMS, serve_datagrams  # isort: skip

HOST = "127.0.0.1"
TIME_S = 0.4
PROBES = {
    "udp": (lambda port: scan_udp(HOST, [port], wait_s=0.2, tries=1, deadline_s=TIME_S), TIME_S),
    "mdns": (lambda port: mdns(HOST, port=port, timeout_s=TIME_S), 4 * TIME_S),
    "ssdp": (lambda port: ssdp(HOST, port=port, timeout_s=TIME_S), 4 * TIME_S),
    "ws": (lambda port: ws_discovery(HOST, port=port, timeout_s=TIME_S), TIME_S),
    "snmp": (lambda port: probe_snmp(HOST, port, timeout_s=TIME_S, tries=1), 2 * TIME_S),
    "coap": (lambda port: ask_core(HOST, port, timeout_s=TIME_S, tries=1), TIME_S),
}
"""The probes, and the time in which each has to end."""
MARGIN_S = FAR_TOO_LONG_S


def _timed(probe, port):
    started = time.monotonic()
    seen = probe(port)
    return seen, time.monotonic() - started


@pytest.fixture(params=DATAGRAMS)
def seen(request):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with serve_datagrams(DATAGRAMS[request.param]) as port, ThreadPoolExecutor(len(PROBES)) as pool:
        running = {name: pool.submit(_timed, probe, port) for name, (probe, _) in PROBES.items()}
        ended = {name: future.result(timeout=2 * FAR_TOO_LONG_S) for name, future in running.items()}
    late = {name: took for name, (_, took) in ended.items() if took > PROBES[name][1] + MARGIN_S}
    assert not late, "later than stated"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000, "KiB more memory"
    return {name: found for name, (found, _) in ended.items()}


def test_every_probe_ends_in_time_and_is_not_deceived(seen):
    assert sum(len(json.dumps(one.to_json())) for one in seen.values() if hasattr(one, "to_json")) < 1_000_000
    texts = [answer.text for answer in seen["udp"].answers] + [seen["snmp"].description]
    texts += [text for record in seen["mdns"].records for text in record]
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]", " ".join(texts))
    assert seen["coap"] is None or re.fullmatch(r"[2-5]\.\d\d|<.*", seen["coap"])
    assert not seen["snmp"].v2c_public
    assert not seen["snmp"].v3
    assert not seen["ws"].answers
    assert not seen["ssdp"].described
    assert all(not where.startswith("http://127.0.0.1") for where in seen["ssdp"].elsewhere)
