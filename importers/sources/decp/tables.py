"""The tabular copies: a row for each company of each state of a contract, made one record again.

`modification_id` tells the states apart, 0 being the award; a copy without it has only the dates
of notification to do so (base_tabulaire, columns as decp.info publishes them).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from importers.files.gathering import gathered
from importers.files.parquet import is_parquet, read_parquet
from importers.files.tables import Cells, read_table
from importers.rows import Row, UnreadableFile, Warned
from importers.sources.decp.values import contract_number

REQUIRED = ("id", "acheteur_id", "dateNotification")
SHARED = (
    "id", "nature", "objet", "montant", "codeCPV", "procedure", "techniques", "dureeMois",
    "offresRecues", "dateNotification", "datePublicationDonnees", "marcheInnovant",
    "modalitesExecution", "considerationsSociales", "considerationsEnvironnementales",
    "idAccordCadre",
)  # fmt: skip
OPTIONAL = (
    *SHARED,
    "uid", "acheteur_nom", "acheteur_commune_nom", "acheteur_departement_code", "titulaire_id",
    "titulaire_typeIdentifiant", "titulaire_nom", "lieuExecution_code", "lieuExecution_typeCode",
    "modification_id",
)  # fmt: skip
IGNORED = (
    "type", "dureeRestanteMois", "formePrix", "typesPrix", "attributionAvance", "tauxAvance",
    "ccag", "sousTraitanceDeclaree", "typeGroupementOperateurs", "origineUE", "origineFrance",
    "titulaire_distance", "acheteur_categorie", "acheteur_commune_code",
    "acheteur_departement_nom", "acheteur_region_code", "acheteur_region_nom",
    "acheteur_latitude", "acheteur_longitude", "titulaire_categorie", "titulaire_commune_code",
    "titulaire_commune_nom", "titulaire_departement_code", "titulaire_departement_nom",
    "titulaire_region_code", "titulaire_region_nom", "titulaire_latitude", "titulaire_longitude",
    "donneesActuelles", "sourceDataset", "sourceFile", "lieuExecution_nom",
)  # fmt: skip


STATE = "modification_id"
MAX_ODD = 10_000  # rows that could not be read, after which the file is no table
_NO_STATES = Warned(
    STATE,
    "historique",
    "Cette copie ne numérote pas les modifications : d'après les dates de notification, la "
    "première est l'attribution, les suivantes sont des modifications.",
)
_KEPT = frozenset({*REQUIRED, *OPTIONAL})


def read_tables(path: Path) -> Iterator[Row[dict[str, Any]]]:
    """The contracts of a CSV or Parquet copy as records of the JSON form, each with the number of
    its first row; last what could not be read, or was odd, row by row.

    Raises UnreadableFile as `read_table` and `read_parquet` do.
    """
    odd: list[Row[Cells]] = []
    read = read_parquet if is_parquet(path) else read_table

    def wanted() -> Iterator[tuple[str, list[Any]]]:
        for index, row in enumerate(read(path, REQUIRED, (*OPTIONAL, *IGNORED))):
            if index == 0 and row.record is not None and STATE not in row.record:
                odd.append(Row(row.number, warnings=(_NO_STATES,)))
            if row.record is None or row.warnings:
                odd.append(row)
                if len(odd) > MAX_ODD:
                    raise UnreadableFile(
                        f"{path.name}, ligne {row.number} : plus de {MAX_ODD} lignes abîmées, ce "
                        "fichier n'est pas une table correcte ; ce qui précède a été lu."
                    )
            if row.record is not None:
                cells = {k: v for k, v in row.record.items() if k in _KEPT}
                key = f"{cells['acheteur_id'].strip()} {contract_number(cells['id'])}"
                yield key, [row.number, cells]

    try:
        for group in gathered(wanted()):
            yield _contract(group)
    except UnreadableFile:
        yield from map(_said, odd)
        raise
    yield from map(_said, odd)


def _said(row: Row[Cells]) -> Row[dict[str, Any]]:
    return Row(row.number, None, row.warnings, row.refusal)


def _contract(rows: Sequence[Any]) -> Row[dict[str, Any]]:
    """The rows of one contract, [number, cells] each, as one record."""
    states: dict[str, list[Cells]] = {}
    for _, cells in rows:
        states.setdefault(_state(cells), []).append(cells)
    first, *others = (states[key] for key in sorted(states, key=_rank))
    award = first[0]
    record: dict[str, Any] = {name: award[name] for name in SHARED if name in award}
    record |= {
        "acheteur": {
            "id": award["acheteur_id"],
            "nom": award.get("acheteur_nom"),
            "commune": award.get("acheteur_commune_nom"),
            "departement": award.get("acheteur_departement_code"),
        },
        "lieuExecution": {
            "code": award.get("lieuExecution_code"),
            "typeCode": award.get("lieuExecution_typeCode"),
        },
        "titulaires": _winners(first),
        "modifications": [_change(state) for state in others],
    }
    return Row(rows[0][0], record)


def _state(cells: Cells) -> str:
    """What tells the states of a contract apart, as a text that sorts in their order."""
    return cells.get(STATE, "").strip() or cells["dateNotification"].strip()[:10]


def _rank(state: str) -> tuple[bool, int, str]:
    """The award first, numbers as numbers, dates as texts."""
    return not state.isdecimal(), int(state) if state.isdecimal() else 0, state


def _change(state: Sequence[Cells]) -> dict[str, Any]:
    cells = state[0]
    return {
        "dateNotificationModification": cells["dateNotification"],
        "datePublicationDonneesModification": cells.get("datePublicationDonnees"),
        "montant": cells.get("montant"),
        "dureeMois": cells.get("dureeMois"),
        "titulaires": _winners(state),
    }


def _winners(state: Sequence[Cells]) -> list[dict[str, str]]:
    return [
        {
            "id": cells.get("titulaire_id", ""),
            "typeIdentifiant": cells.get("titulaire_typeIdentifiant", ""),
            "denominationSociale": cells.get("titulaire_nom", ""),
        }
        for cells in state
    ]
