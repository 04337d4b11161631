"""Which addresses lie in a local network, so that talking to them reaches no wider one."""

from __future__ import annotations

import ipaddress

__all__ = ["is_local"]

_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "fc00::/7",
        # The network of a provider before its translator, which laboratories and gateways use as well (RFC 6598).
        "100.64.0.0/10",
        "169.254.0.0/16",
        "fe80::/10",
        "127.0.0.0/8",
        "::1/128",
        "0.0.0.0/32",
        "255.255.255.255/32",
        "224.0.0.0/8",
        "239.0.0.0/8",
    )
)
_WIDEST_SCOPE = 8
"""Of IPv6 multicast: an organization (RFC 4291, 2.7)."""


def is_local(address: str) -> bool:
    """Whether an address is one of a local network, of this link or machine; a name is none.

    Addresses that are kept for documentation count as those of a wider network.
    """
    try:
        one = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return False
    if isinstance(one, ipaddress.IPv6Address):
        if one.ipv4_mapped is not None:
            return is_local(str(one.ipv4_mapped))
        if one.is_multicast:
            return one.packed[1] & 0x0F <= _WIDEST_SCOPE
    return any(one in network for network in _NETWORKS if network.version == one.version)
