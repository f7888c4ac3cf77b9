"""Structures as rows of an export: the same columns in every format."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from annuaire.activities.taxonomy import taxonomy
from annuaire.geo.gazetteer import departement_label
from annuaire.structures.kinds import FAMILIES, KINDS, families_of, kind_label
from annuaire.structures.models import Structure
from annuaire.structures.presenting import ORIGINS
from annuaire.structures.reading import full_by_ids
from annuaire.takeaway.rows import Valued, Written, point_of, written_rows
from annuaire.takeaway.tables import Cell, Column, Row
from annuaire.wording import PARIS, telephone

NBSP = "\u00a0"


def _rows(written: Written[Structure]) -> Iterator[Row]:
    cells = tuple(value(written) for _, value in _COLUMNS)
    yield Row(cells, point_of(written.thing.lat, written.thing.lon))


#: One row a structure, in the order asked for; three queries a batch, whatever its size.
rows = partial(written_rows, load=full_by_ids, row=_rows)


def sources_of(structure: Structure) -> list[str]:
    """The names of the sources of what is shown, the granting ones first."""
    granting = [status.source for status in structure.statuses if status.ended_on is None]
    saying = [source for source, _run in structure.origins.values()]
    return list(dict.fromkeys([*granting, *saying]))


def validity(structure: Structure, today: date) -> list[str]:
    """The statuses held, each with its last day: « EI : jusqu'au 31/12/2026 »."""
    lasts: dict[str, date | None] = {}
    for status in structure.statuses:
        if status.holds(today):
            known = lasts.get(status.kind)
            lasts[status.kind] = max(filter(None, (known, status.valid_to)), default=None)
    return [
        f"{kind} : jusqu’au {last:%d/%m/%Y}" if last else f"{kind} : fin non précisée"
        for kind in KINDS
        if kind in lasts
        for last in (lasts[kind],)
    ]


def declared(structure: Structure) -> list[str]:
    """The activities that a directory gives."""
    known = taxonomy()
    return [known.label(a.code) for a in structure.activities if a.origin == "declared"]


def origin_words(origin: str) -> str:
    """« déduite du nom »: where an activity comes from, within a sentence."""
    words = ORIGINS.get(origin, origin)
    return words[:1].lower() + words[1:]


def guessed(structure: Structure) -> list[str]:
    """The activities that we infer, by name alone."""
    known = taxonomy()
    return [known.label(a.code) for a in structure.activities if a.origin != "declared"]


def inferred(structure: Structure) -> list[str]:
    """The activities that we infer, each with what from."""
    known = taxonomy()
    return [
        f"{known.label(a.code)} ({origin_words(a.origin)})"
        for a in structure.activities
        if a.origin != "declared"
    ]


def _statuses(written: Written[Structure]) -> Cell:
    held = written.thing.kinds_held(written.today)
    return " ; ".join(kind_label(kind) for kind in held)


def _families(written: Written[Structure]) -> Cell:
    held = written.thing.kinds_held(written.today)
    return " ; ".join(FAMILIES[family] for family in families_of(held))


def _sources(written: Written[Structure]) -> Cell:
    names = sources_of(written.thing)
    return " ; ".join(written.titles.get(name, name) for name in names)


def _plain_phone(written: Written[Structure]) -> Cell:
    return telephone(written.thing.phone).replace(NBSP, " ")


def _updated(written: Written[Structure]) -> Cell:
    return written.thing.updated_at.astimezone(PARIS).date()


def _url(written: Written[Structure]) -> Cell:
    return f"{written.public_url}/structures/{written.thing.key}"


_COLUMNS: tuple[Valued[Structure], ...] = (
    (Column("siret", "SIRET", 16), lambda w: w.thing.siret),
    (Column("nom", "Nom", 36), lambda w: w.thing.name),
    (Column("nom_usage", "Nom d’usage", 28), lambda w: w.thing.brand),
    (Column("statuts", "Statuts", 36), _statuses),
    (
        Column("validite", "Validité des statuts", 26),
        lambda w: " ; ".join(validity(w.thing, w.today)),
    ),
    (Column("familles", "Familles", 26), _families),
    (
        Column("activites_declarees", "Activités déclarées", 36),
        lambda w: " ; ".join(declared(w.thing)),
    ),
    (
        Column("activites_deduites", "Activités déduites (à vérifier)", 36),
        lambda w: " ; ".join(inferred(w.thing)),
    ),
    (Column("telephone", "Téléphone", 16), _plain_phone),
    (Column("courriel", "Courriel", 28), lambda w: w.thing.email),
    (Column("site", "Site", 28), lambda w: w.thing.website),
    (Column("adresse", "Adresse", 30), lambda w: w.thing.address),
    (Column("code_postal", "Code postal", 11), lambda w: w.thing.postcode),
    (Column("commune", "Commune", 20), lambda w: w.thing.city),
    (Column("code_insee", "Code INSEE", 11), lambda w: w.thing.code_insee),
    (
        Column("departement", "Département", 20),
        lambda w: departement_label(w.thing.departement or ""),
    ),
    (Column("distance_km", "Distance (km)", 13), lambda w: w.distance),
    (Column("effectif", "Effectif", 14), lambda w: w.thing.employees_range),
    (Column("naf", "Code NAF", 10), lambda w: w.thing.naf),
    (Column("finess", "Numéro FINESS", 14), lambda w: w.thing.finess),
    (Column("latitude", "Latitude", 11), lambda w: w.thing.lat),
    (Column("longitude", "Longitude", 11), lambda w: w.thing.lon),
    (Column("sources", "Sources", 40), _sources),
    (Column("modifiee_le", "Fiche modifiée le", 16), _updated),
    (Column("sortie_le", "Sortie des annuaires le", 20), lambda w: w.thing.ended_on),
    (Column("fiche", "Adresse de la fiche", 44), _url),
)
COLUMNS = tuple(column for column, _ in _COLUMNS)
