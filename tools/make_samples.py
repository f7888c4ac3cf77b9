"""Write `samples/`: invented structures and notices in the genuine formats.

Run from the root, `python tools/make_samples.py`; the same seed gives the same bytes.
"""

import csv
import json
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sample_notices import make_notices  # noqa: E402 - after the path is set
from sample_structures import COLUMNS, make_structures  # noqa: E402

SEED = 2026


def main() -> None:
    """Write both files and say how many rows each has."""
    rng = random.Random(SEED)  # noqa: S311 - invented data, nothing secret
    folder = ROOT / "samples"
    folder.mkdir(exist_ok=True)
    structures = make_structures(rng)
    with (folder / "siae.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sample.row for sample in structures)
    notices = make_notices(rng, structures)
    with (folder / "boamp.jsonl").open("w", encoding="utf-8", newline="") as file:
        file.writelines(json.dumps(n, ensure_ascii=False) + "\n" for n in notices)
    print(f"{len(structures)} structures, {len(notices)} notices in {folder.name}/")


if __name__ == "__main__":
    main()
