"""Discovery: mDNS, SSDP and WS-Discovery."""
