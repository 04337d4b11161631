"""Every comparison that has rows to give, in one run, as a Markdown table.

    python benchmarks/all.py [--rounds 5] [--sslyze PATH] [ports tls ssh capture consoles devices]

Medians of interleaved turns on this machine; of devices there is one, which takes ten
minutes. What a comparison needs and this machine lacks is said in its row.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from _sidebyside import Row, missing, table

COMPARISONS = ("ports", "tls", "ssh", "capture", "consoles", "devices")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, help="turns of each side")
    parser.add_argument("--sslyze", metavar="PATH", help="of a virtual environment of its own; read by tls")
    parser.add_argument("comparisons", nargs="*", metavar="COMPARISON", help=", ".join(COMPARISONS))
    options = parser.parse_args()
    if unknown := set(options.comparisons) - set(COMPARISONS):
        parser.error(f"no comparison {', '.join(sorted(unknown))}; there are {', '.join(COMPARISONS)}")
    rows: list[Row] = []
    for name in options.comparisons or COMPARISONS:
        print(f"{name} ...", file=sys.stderr)
        try:
            rows += importlib.import_module(name).rows(options.rounds)
        except (ImportError, OSError) as error:
            rows.append(missing(name, "-", f"not measured: {error}"))
    print(table(rows))


if __name__ == "__main__":
    main()
