"""Ports of the board that anybody starts for trying: they stay the same, so that documentation can name them."""

from __future__ import annotations

__all__ = ["BENCH", "HTTP", "SSH", "UART"]

HTTP, SSH, UART, BENCH = 18080, 18022, 18000, 18090
