"""A row of Sirene as a record: state, activity, size, brand and place of one establishment."""

from datetime import date

from annuaire.structures.records import StructureRecord
from importers.files.fields import Warnings, read_date, read_naf, read_number, read_text, shown
from importers.files.projections import epsg_of_departement, to_degrees
from importers.files.tables import Cells
from importers.files.text import tidy
from importers.rows import InvalidRow, Warned
from importers.sources.esat.address import address_line, is_numbered, street_line
from importers.sources.esat.place import Given, Place, locate, read_locality
from importers.sources.sirene.columns import EMPLOYEES, HIDDEN, SUFFIX

_STATES = {"A": True, "F": False}
_NAF = frozenset({"", "NAFRev2"})  # older nomenclatures, and NAF 2025, are other codes
_FIRST_YEAR = 1901  # Sirene writes 1900-01-01 for « unknown »
_POINT = ("coordonneeLambertAbscisse", "coordonneeLambertOrdonnee")


def make_record(
    cells: Cells, siret: str | None, siren: str | None, warnings: Warnings
) -> StructureRecord:
    """The record of an establishment, or, with `siren` alone, of the company that it is the head
    office of. Raises InvalidRow without a state."""
    state = _cell(cells, "etatAdministratif")
    if state not in _STATES:
        message = f"L'état administratif {shown(state)} est inconnu (A ou F attendu)."
        raise InvalidRow(f"etatAdministratif{SUFFIX}", "etat", message)
    is_open = _STATES[state]
    diffused = _cell(cells, "statutDiffusion") in ("", "O")
    place = _read_place(cells, warnings) if diffused else None
    naf = ""
    if _cell(cells, "nomenclatureActivitePrincipale") in _NAF:
        naf = _cell(cells, "activitePrincipale")
    return StructureRecord(
        source_key=siret or f"siren:{siren}",
        name="",
        statuses=(),
        siret=siret,
        siren=siren,
        brand=_read_brand(cells, warnings) if diffused else None,
        address=place.address if place else None,
        postcode=place.postcode if place else None,
        city=place.city if place else None,
        code_insee=place.code_insee if place else None,
        departement=place.departement if place else None,
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        geo_precision=place.precision if place else None,
        naf=read_naf(naf, f"activitePrincipale{SUFFIX}", warnings),
        employees_range=EMPLOYEES.get(_cell(cells, "trancheEffectifs")) if is_open else None,
        open=is_open,
        closed_on=None if is_open else _read_day(cells.get("dateDebut", ""), "dateDebut", warnings),
        head_office={"true": True, "false": False}.get(
            cells.get(f"{SUFFIX.lower()}Siege", "").strip().lower()
        ),
        source_updated_on=_read_day(
            _cell(cells, "dateDernierTraitement"), f"dateDernierTraitement{SUFFIX}", warnings
        ),
        extra={} if diffused else {"diffusion": "P"},
    )


def _cell(cells: Cells, name: str) -> str:
    """The cell of a column by its name without « Etablissement »; what is hidden is empty."""
    text = cells.get(f"{name}{SUFFIX}", "").strip()
    return "" if text in HIDDEN else text


def _read_day(text: str, field: str, warnings: Warnings) -> date | None:
    day = read_date(text, field, warnings)
    return day if day and day.year >= _FIRST_YEAR else None


def _read_brand(cells: Cells, warnings: Warnings) -> str | None:
    names = ("enseigne1", "enseigne2", "enseigne3", "denominationUsuelle")
    found = next((text for name in names if (text := tidy(_cell(cells, name)))), "")
    return read_text(found, f"enseigne1{SUFFIX}", 255, warnings)


def _read_place(cells: Cells, warnings: Warnings) -> Place | None:
    """The place; None for an establishment abroad, or whose commune nothing tells (warned)."""
    code, postcode = _cell(cells, "codeCommune"), _cell(cells, "codePostal")
    city, cedex = _cell(cells, "libelleCommune"), _cell(cells, "libelleCedex")
    if _cell(cells, "codePaysEtranger") or not (code or postcode or city):
        return None
    columns = (f"codeCommune{SUFFIX}", f"libelleCommune{SUFFIX}")
    line = f"{_cell(cells, 'codeCedex')} {cedex}".strip() if cedex else city
    try:
        locality = read_locality(code, line, "" if cedex else postcode, "", columns, warnings)
    except InvalidRow as unknown:  # the state of the establishment is worth more than its place
        warnings.append(Warned(unknown.field, unknown.code, unknown.message))
        return None
    street = street_line(
        *(_cell(cells, n) for n in ("numeroVoie", "indiceRepetition", "typeVoie", "libelleVoie"))
    )
    address = address_line(
        _cell(cells, "complementAdresse"), street, _cell(cells, "distributionSpeciale")
    )
    given = _read_point(cells, locality.departement, numbered=is_numbered(address))
    return locate(locality, address, given, warnings)


def _read_point(cells: Cells, departement: str, *, numbered: bool) -> Given | None:
    """The point in metres of the département's legal projection, as the newer releases have it."""
    east, north = (_cell(cells, name) for name in _POINT)
    if not east and not north:
        return None
    x, y = read_number(east), read_number(north)
    point = None
    if x is not None and y is not None:
        point = to_degrees(epsg_of_departement(departement), x, y)
    precision = "number" if numbered else "street"
    column = f"{_POINT[0]}{SUFFIX}"
    return Given(f"{east} ; {north}", column, [point] if point else [], precision)
