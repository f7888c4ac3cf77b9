"""One establishment of FINESS+ (`ege`) as a record."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from annuaire.structures.records import StructureRecord
from importers.files.fields import Warnings, clean, read_date, read_number
from importers.files.projections import epsg_of_departement, to_degrees
from importers.rows import SkipRow, Warned
from importers.sources.esat.address import address_line, is_numbered, street_line
from importers.sources.esat.place import Degrees, Given, Place, locate, precision_of, read_locality
from importers.sources.esat.record import Raw, make_record, read_finess, real_date

_LOCATION = "03"  # usageAdresse of the place itself; others are for letters, or the entity's
_LISTED = frozenset(
    {
        "informationsGeneralesEGE", "categorieentiteGeographiqueExercice",
        "categorieEntiteGeographiqueExercice", "modefixationtarifaire", "modeFixationTarifaire",
        "typeBudget", "siret", "adresse", "contact", "engagement", "evenement", "roleEge",
        "etatObjet", "dateDerniereMaj", "metadonneeId",
        "egeId", "dateOuverture", "datePremiereAutorisation", "dateFermeture", "nomEgeCourt",
        "nomEgeLong", "numFinessEge", "espic",
    }
)  # fmt: skip
_NAMES = {
    "name": "nomEgeLong",
    "siret": "siret",
    "phone": "telephone",
    "email": "courriel",
    "opened": "dateOuverture",
    "closed": "dateFermeture",
    "updated": "dateDerniereMaj",
}

Json = Mapping[str, Any]


def text_of(value: object) -> str:
    """A JSON value as trimmed text; codes may be wrapped, `{"code": "246"}`; else empty."""
    if isinstance(value, dict):
        value = value.get("code") or value.get("dateEvenement")
    if isinstance(value, str):
        return clean(value)
    number = isinstance(value, int | float) and -(10**20) < value < 10**20
    return str(value) if number else ""


def category_of(ege: Json) -> str:
    """The category of the establishment, `246` for an ESAT."""
    name = "categorieentiteGeographiqueExercice"
    return text_of(ege.get(name) or ege.get("categorieEntiteGeographiqueExercice"))


def unlisted(ege: Json) -> list[str]:
    """The fields of an establishment that we do not know."""
    names = (*ege, *_object(ege, "informationsGeneralesEGE"))
    return [name for name in names if name not in _LISTED]


def transform(ege: Json, entity: Json, day: date | None, warnings: Warnings) -> StructureRecord:
    """An establishment open on `day`, the day of the file.

    Without a day, every closing counts as past. Raises SkipRow for a closed establishment,
    InvalidRow for one without number, name or place.
    """
    told = _object(ege, "informationsGeneralesEGE")
    if text_of(ege.get("etatObjet")) != "A":
        raise SkipRow
    closing = text_of(told.get("dateFermeture"))
    closed = real_date(read_date(closing, "dateFermeture", warnings))
    if closed and (day is None or closed <= day):
        raise SkipRow
    finess = read_finess(text_of(told.get("numFinessEge")), "numFinessEge", warnings)
    holder = _object(entity, "informationsGeneralesPMEJ")
    contact = next(_telecoms(ege), {})
    raw = Raw(
        finess=finess,
        entity=text_of(holder.get("numFinessPm")),
        names=(text_of(told.get("nomEgeLong")), text_of(told.get("nomEgeCourt"))),
        category=category_of(ege),
        siret=text_of(told.get("siret")) or text_of(ege.get("siret")),
        phone=text_of(contact.get("telephone")),
        email=text_of(contact.get("courriel")),
        opened=text_of(told.get("dateOuverture")),
        closed=closed.isoformat() if closed else "",
        updated=text_of(ege.get("dateDerniereMaj")),
        columns=_NAMES,
        manager=text_of(holder.get("denominationLonguePmSmsse"))
        or text_of(holder.get("denominationPm")),
    )
    return make_record(raw, _read_place(_address(ege, warnings), warnings), warnings)


def _read_place(address: Json, warnings: Warnings) -> Place:
    def cell(name: str) -> str:
        return text_of(address.get(name))

    columns = ("cogCommune", "ligneAcheminement")
    code, line = cell("cogCommune"), cell("ligneAcheminement")
    locality = read_locality(code, line, cell("codePostal"), "", columns, warnings)
    written = street_line(
        cell("numeroVoie"), cell("complementVoie"), cell("typeVoie"), cell("libelleVoie")
    )
    street = cell("ligneQuatre") or written
    where = address_line(cell("complementPointGeographique"), street, cell("lieuDit"))
    point = _object(address, "coordonneesGeographique")
    given = _given(point, where, locality.departement) if _pairs(point) else None
    return locate(locality, where, given, warnings)


def _given(point: Json, address: str | None, departement: str) -> Given:
    pairs = _pairs(point)
    key, score = text_of(point.get("cleInInteropBAN")), read_number(text_of(point.get("scoreBAN")))
    precision = precision_of(
        score * 100 if score is not None else None,
        numbered=is_numbered(address) and key.count("_") != 1,  # 01053_1950 is a whole street
        centroid=bool(key) and "_" not in key,
    )
    text = " ; ".join(f"{a} {b}" for a, b in pairs)
    return Given(text, "coordonneeX", _candidates(pairs, departement), precision)


def _pairs(point: Json) -> list[tuple[str, str]]:
    """The two pairs of coordinates that are filled; which holds what varies between releases."""
    names = (("directionLatitude", "directionLongitude"), ("coordonneeX", "coordonneeY"))
    pairs = [(text_of(point.get(a)), text_of(point.get(b))) for a, b in names]
    return [pair for pair in pairs if any(pair)]


def _candidates(pairs: list[tuple[str, str]], departement: str) -> Iterator[Degrees]:
    """Every reading of the pairs: as degrees, then as metres, in both orders.

    A decimal comma is no number here: the format has points, and « 46,2 » was tampered with.
    """
    read = [(read_number(x), read_number(y)) for x, y in pairs if "," not in x + y]
    numbers = [(a, b) for a, b in read if a is not None and b is not None]
    for a, b in numbers:
        if max(abs(a), abs(b)) <= 180:
            yield from ((a, b), (b, a))
    epsg = epsg_of_departement(departement)
    for a, b in numbers:
        if max(abs(a), abs(b)) > 1_000:
            yield from (p for p in (to_degrees(epsg, a, b), to_degrees(epsg, b, a)) if p)


def _address(ege: Json, warnings: Warnings) -> Json:
    """The address of the place itself; without it another one, which is said."""
    found = [a for a in _list(ege, "adresse") if isinstance(a, dict)]
    place = next((a for a in found if text_of(a.get("usageAdresse")) == _LOCATION), None)
    if place is None and found:
        message = "L'adresse du lieu (usage 03) manque, une autre adresse est prise."
        warnings.append(Warned("usageAdresse", "adresse", message))
    return place or (found[0] if found else {})


def _telecoms(ege: Json) -> Iterator[Json]:
    """The means of contact that hold something, those with a telephone first."""
    contacts = [_object(c, "telecom") for c in _list(ege, "contact") if isinstance(c, dict)]
    for name in ("telephone", "courriel"):
        yield from (c for c in contacts if text_of(c.get(name)))


def _object(holder: Json, name: str) -> Json:
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def _list(holder: Json, name: str) -> list[Any]:
    value = holder.get(name)
    return value if isinstance(value, list) else []
