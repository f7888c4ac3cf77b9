"""One line of the legacy CSV as a record: its 32 columns, and its point if it has one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from annuaire.geo.gazetteer import normalise_departement
from annuaire.structures.records import StructureRecord
from importers.files.fields import Warnings, read_naf, read_number
from importers.files.projections import epsg_of, epsg_of_departement, to_degrees
from importers.sources.esat.address import address_line, is_numbered, street_line
from importers.sources.esat.place import Degrees, Given, Place, locate, precision_of, read_locality
from importers.sources.esat.record import Raw, make_record, read_finess

COLUMNS = (
    "section", "nofinesset", "nofinessej", "rs", "rslongue", "complrs", "compldistrib", "numvoie",
    "typvoie", "voie", "compvoie", "lieuditbp", "commune", "departement", "libdepartement",
    "ligneacheminement", "telephone", "telecopie", "categetab", "libcategetab", "categagretab",
    "libcategagretab", "siret", "codeape", "codemft", "libmft", "codesph", "libsph", "dateouv",
    "dateautor", "datemaj", "numuai",
)  # fmt: skip
POINT_COLUMNS = ("section", "nofinesset", "coordxet", "coordyet", "sourcecoordet", "datemaj")
_NAMES = {
    "name": "rs",
    "siret": "siret",
    "phone": "telephone",
    "email": "courriel",
    "opened": "dateouv",
    "closed": "",
    "updated": "datemaj",
}
_CENTROID = re.compile(r"ADMIN-?EXPRESS", re.IGNORECASE)

Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Point:
    """A point as the file has it: metres, and « rank,ATLASANTE,score,geocoder,projection »."""

    x: str
    y: str
    source: str

    @property
    def written(self) -> str:
        """The metres for a message, empty when the file gives none."""
        return f"{self.x} ; {self.y}" if self.x.strip() or self.y.strip() else ""

    @property
    def score(self) -> float | None:
        """The geocoder's score of 100; `.` is none."""
        tokens = self.source.split(",")
        return read_number(tokens[2]) if len(tokens) > 2 else None

    def candidates(self, departement: str) -> Iterator[Degrees]:
        """Where it may be: its own projection, then the département's; as written, then swapped."""
        x, y = read_number(self.x), read_number(self.y)
        if x is None or y is None:
            return
        named = epsg_of(self.source.split(",", 4)[-1])
        for epsg in dict.fromkeys((named, epsg_of_departement(departement))):
            for east, north in ((x, y), (y, x)):
                if epsg and (point := to_degrees(epsg, east, north)):
                    yield point


def transform(cells: Cells, point: Point | None, warnings: Warnings) -> StructureRecord:
    """One establishment of our categories. Raises InvalidRow without number, name or place."""
    finess = read_finess(cells["nofinesset"], "nofinesset", warnings)
    raw = Raw(
        finess=finess,
        entity=cells["nofinessej"],
        names=(cells["rslongue"], cells["rs"]),
        category=cells["categetab"].strip(),
        siret=cells["siret"],
        phone=cells["telephone"],
        opened=cells["dateouv"],
        updated=cells["datemaj"],
        columns=_NAMES,
        naf=read_naf(cells["codeape"], "codeape", warnings),
    )
    return make_record(raw, _read_place(cells, point, warnings), warnings)


def _read_place(cells: Cells, point: Point | None, warnings: Warnings) -> Place:
    line, commune = cells["ligneacheminement"], cells["commune"].strip()
    departement = cells["departement"].strip()
    code = normalise_departement(departement, line[:5]) if departement else None
    # Overseas, FINESS writes 9A for 971: the commune's code begins with the first two digits.
    insee = f"{code[:2]}{commune.zfill(3)}" if code and commune else ""
    columns = ("commune", "ligneacheminement")
    locality = read_locality(insee, line, "", departement, columns, warnings)
    street = street_line(cells["numvoie"], cells["compvoie"], cells["typvoie"], cells["voie"])
    address = address_line(cells["compldistrib"], street, cells["lieuditbp"])
    given = _given(point, address, locality.departement) if point and point.written else None
    return locate(locality, address, given, warnings)


def _given(point: Point, address: str | None, departement: str) -> Given:
    precision = precision_of(
        point.score,
        numbered=is_numbered(address),
        centroid=bool(_CENTROID.search(point.source)),
    )
    return Given(point.written, "coordxet", point.candidates(departement), precision)
