"""Labelled lots and award notices read from files, for `annuaire evaluate matching`."""

import csv
import gzip
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson

from annuaire.errors import InvalidInputError
from annuaire.geo.departements import normalise_departement

LABELLED = frozenset(
    {
        "idweb", "date", "objet", "lot", "descripteurs", "acheteur", "acheteur_cp",
        "acheteur_ville", "departements", "montant", "titulaire_sirets",
    }
)  # fmt: skip
MAX_FIELD = 10_000_000  # characters of one field


@dataclass(frozen=True, slots=True)
class Published:
    """What a notice says of a lot, its winner apart; `departements` are codes."""

    idweb: str
    on: date
    title: str
    lot: str
    descriptors: str
    buyer: str
    postcode: str | None
    city: str | None
    departements: tuple[str, ...]
    amount_eur: float | None


@dataclass(frozen=True, slots=True)
class LabelledLot:
    """A lot and the SIRETs of the one who won it: the answer, never an input."""

    published: Published
    sirets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Award:
    """A lot and its winner's name as published."""

    published: Published
    winner: str


def load_rows(path: Path) -> list[LabelledLot]:
    """The labelled lots of a file with the columns of `lots_awarded_to_siae.csv`.

    Raises InvalidInputError for another file, naming the columns or the row at fault.
    """
    with _rows(path, LABELLED) as rows:
        return [
            LabelledLot(_published(row, path, number), frozenset(row["titulaire_sirets"].split()))
            for number, row in enumerate(rows, 2)
        ]


def load_awards(paths: Iterable[Path]) -> Iterator[Award]:
    """The awards of BOAMP archives (`attributions_json`) and of labelled files, as they come."""
    for path in paths:
        with _rows(path, frozenset({"idweb", "objet", "acheteur"})) as rows:
            for number, row in enumerate(rows, 2):
                yield from _awards(row, path, number)


def _awards(row: Mapping[str, str], path: Path, number: int) -> Iterator[Award]:
    if "titulaire" in row:
        yield Award(_published(row, path, number), row["titulaire"])
        return
    if not row.get("attributions_json"):
        return
    given = orjson.loads(row["attributions_json"])
    for award in given if isinstance(given, list) else ():
        if winner := award.get("titulaire"):
            lot = {"lot": award.get("lot") or "", "montant": award.get("montant") or ""}
            yield Award(_published({**row, **lot}, path, number), winner)


@contextmanager
def _rows(path: Path, needed: frozenset[str]) -> Iterator[Iterator[dict[str, str]]]:
    csv.field_size_limit(MAX_FIELD)
    opening = gzip.open if path.suffix == ".gz" else open
    try:
        with opening(path, "rt", encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, restval="")
            missing = needed - set(reader.fieldnames or ())
            if missing:
                names = ", ".join(sorted(missing))
                raise InvalidInputError(f"{path.name} : colonnes absentes : {names}.")
            yield iter(reader)
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile, csv.Error) as error:
        raise InvalidInputError(f"{path.name} : fichier illisible ({error}).") from error


def _published(row: Mapping[str, str], path: Path, number: int) -> Published:
    written = row.get("date") or row.get("date_publication") or ""
    try:
        on = date.fromisoformat(written)
    except ValueError:
        raise InvalidInputError(
            f"{path.name}, ligne {number} : date « {written[:20]} » illisible."
        ) from None
    postcode = row.get("acheteur_cp") or row.get("cp") or None
    codes = (normalise_departement(d, postcode) for d in row.get("departements", "").split())
    return Published(
        idweb=row["idweb"],
        on=on,
        title=row["objet"],
        lot=row.get("lot") or "",
        descriptors=row.get("descripteurs") or row.get("descripteurs_libelles") or "",
        buyer=row["acheteur"],
        postcode=postcode,
        city=row.get("acheteur_ville") or row.get("ville") or None,
        departements=tuple(dict.fromkeys(code for code in codes if code)),
        amount_eur=_number(row.get("montant") or ""),
    )


def _number(text: object) -> float | None:
    try:
        return float(str(text))
    except ValueError:
        return None
