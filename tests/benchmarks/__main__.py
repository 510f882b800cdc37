"""All that is promised about speed, measured and written into the README: `make bench`, some thirty quiet minutes.

    python -m tests.benchmarks                       # everything
    python -m tests.benchmarks training latency      # these parts only

Each part renews its own rows of the README's table.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from tests.benchmarks import bounds, class_load, latency, readme, service, start, training
from tests.benchmarks.readme import Row

PARTS: dict[str, Callable[[], Sequence[Row]]] = {
    "training": training.measure_all,
    "service": service.measure_all,
    "latency": latency.measure_all,
    "class": class_load.measure_all,
    "start": start.measure_all,
    "bounds": bounds.measure_all,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(PARTS)}; all without")
    parser.add_argument("--dry", action="store_true", help="print the rows and leave the README as it is")
    chosen = parser.parse_args()
    unknown = set(chosen.parts) - set(PARTS)
    if unknown:
        parser.error(f"expected parts out of {', '.join(PARTS)}, received {', '.join(sorted(unknown))}")
    found = {}
    for part in (part for part in PARTS if part in (chosen.parts or PARTS)):
        found[part] = PARTS[part]()
        if not chosen.dry:
            readme.write({part: found[part]})  # at once: a later part may fail
    print(readme.table(found))


if __name__ == "__main__":
    main()
