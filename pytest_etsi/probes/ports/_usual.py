"""TCP ports at which devices answer most, by what they are usual for, and the numbers that people choose."""

from __future__ import annotations

__all__ = ["LIKELY", "USUAL"]

USUAL = (
    # Web pages, shells, brokers and cameras of nearly every device.
    *(80, 443, 22, 23, 8080, 8443, 1883, 8883, 554, 21, 53, 81, 139, 445, 502, 631, 1900, 2323, 5000, 5555),
    # Further web pages and interfaces.
    *range(8000, 8011), *range(8081, 8100), *range(9000, 9004),
    *(3000, 3001, 4443, 5001, 5443, 7001, 7080, 7443, 8060, 8123, 8181, 8200, 8444, 8880, 8888, 8889, 9080, 9090, 9091),
    *(9443, 10000, 10443, 1880, 3128, 4040, 4567, 5080, 5601, 7681, 8266, 8800, 8834, 8843),
    # Media, casting and their control.
    *(1400, 1935, 3689, 4070, 5540, 6466, 6467, 6600, 7000, 7100, 7676, 8554, 8555, 9197, 32400, 32469),
    # Cameras, recorders and the numbers by which their families are known.
    *(6036, 8899, 9527, 9530, 34567, 37777, 37778),
    # The home and its hubs.
    *(4840, 5222, 5223, 5683, 5684, 6053, 6668, 9123, 9999, 20002, 44818, 47808, 55443),
    # Remote access, files, printing, management.
    *(1080, 1194, 1723, 2049, 2121, 2222, 2375, 3260, 3389, 3478, 4444, 5037, 5060, 5061, 5357, 5800, 5900, 5901, 7547),
    *(9100, 62078),
    # Data bases and queues.
    *(1433, 3306, 5432, 5672, 6379, 11211, 15672, 27017),
    # The first that are given to whoever asks for none, on small systems and on large ones.
    *range(49152, 49160), *range(32768, 32776), *range(1024, 1032),
)  # fmt: skip
"""Asked first, so that a search has a witness before it asks the many: what was refused earlier is asked once more."""

LIKELY = (
    *range(1, 1024), *range(5000, 6000), *range(7000, 10_000), *range(1100, 65_536, 100),
    *(11111, 12345, 22222, 23456, 33333, 44444, 54321, 55555), *range(49_160, 49_200), *range(32_776, 32_800),
)  # fmt: skip
"""Asked next, less than a tenth of all ports: what was refused before the first port accepted, and is therefore asked
once more, is little wherever one of these accepts."""
