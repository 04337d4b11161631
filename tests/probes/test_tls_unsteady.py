"""TLS servers that refuse now and then, in so many words, what they accept at other times."""

from __future__ import annotations

import pytest

from tests.probes import tls_devices as devices
from tests.probes.tls_devices import (
    AES_13,
    ECDHE,
    RSA_3DES,
    RSA_AES,
    RSA_RC4,
    TLS10,
    TLS12,
    TLS13,
    enumerated,
)

WEAK = {TLS13: (AES_13,), TLS12: (ECDHE, RSA_AES, RSA_3DES), TLS10: (RSA_AES, RSA_RC4)}
ALERTS = {40: devices.ALERT_40, 70: devices.ALERT_70}


def suites_of(server):
    seen = enumerated(server)
    return {version: set(names) for version, names in seen.suites.items()}, seen.complete


@pytest.mark.parametrize("alert", ALERTS)
@pytest.mark.parametrize("every", range(3, 21))
def test_a_server_whose_every_nth_answer_is_an_alert_is_seen_whole_or_not_complete(every, alert):
    whole, complete = suites_of(devices.Server(WEAK))
    assert complete
    for first in range(every):
        found, complete = suites_of(devices.EveryNth(WEAK, every, first, ALERTS[alert]))

        assert found == whole or not complete, first


@pytest.mark.parametrize("every", [10, 11, 13, 17])
def test_a_server_that_alerts_at_one_answer_in_ten_is_mostly_seen_whole(every):
    whole, _ = suites_of(devices.Server(WEAK))
    seen = [
        suites_of(devices.EveryNth(WEAK, every, first, devices.ALERT_40))[0] == whole
        for first in range(every)
    ]

    assert sum(seen) > 0.9 * every


@pytest.mark.parametrize(("takes", "most"), [(WEAK, 68), ({TLS12: (ECDHE,)}, 31), ({TLS13: (AES_13,)}, 46)])
def test_a_steady_server_is_asked_little_more_for_it(takes, most):
    server = devices.Server(takes)
    seen = enumerated(server)

    assert seen.complete, seen.errors
    assert len(server.asked) <= most
