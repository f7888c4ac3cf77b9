"""Make annuaire/geo/data/nuts.csv: the French NUTS 3 codes and the département of each.

`python tools/build_nuts.py nuts_nuts-fra-lvl3.gc` reads a code list of the eForms SDK
(https://github.com/OP-TED/eForms-SDK, folder `codelists`; Publications Office of the European
Union, CC BY 4.0). A code is tied to the département of the same name.
"""

import csv
import sys
from pathlib import Path
from xml.etree import ElementTree as ET  # a file of ours, read by hand

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from annuaire.geo.names import name_key
from annuaire.geo.store import gazetteer

TARGET = Path(__file__).resolve().parent.parent / "annuaire" / "geo" / "data" / "nuts.csv"
OUTSIDE = {"FRZZZ"}  # « Extra-Regio » : no département


def main() -> None:
    codes = {name_key(d.name): d.code for d in gazetteer().departements}
    rows = []
    for row in ET.parse(sys.argv[1]).getroot().iter("Row"):  # noqa: S314 - chosen by hand
        values = {
            value.get("ColumnRef"): value.findtext("SimpleValue") or ""
            for value in row.iter("Value")
        }
        if values["code"] not in OUTSIDE:
            rows.append((values["code"], codes[name_key(values["fra_label"])]))
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("nuts", "departement"))
        writer.writerows(sorted(rows))


if __name__ == "__main__":
    main()
