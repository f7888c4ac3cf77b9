"""Reads the 40 million lines of StockEtablissement for the establishments of the register alone.

A structure known by its company alone (ESUS) is told the state and place of its head office. Of
what Sirene diffuses in part only (P), neither address nor name is taken.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from annuaire.structures.records import Known, StructureRecord
from importers.files.fields import Warnings
from importers.files.lines import Beginnings, iter_lines
from importers.files.tables import Cells, read_table
from importers.rows import InvalidRow, Row, Warned
from importers.sources.sirene.columns import OPTIONAL, REQUIRED
from importers.sources.sirene.record import make_record

_SIREN = 9  # digits
_SHOWN = 5  # absent numbers that a message names


def read(path: Path, known: Known) -> Iterator[Row[StructureRecord]]:
    """A row for each record; lines of other companies are passed over without being decoded. What
    the register holds and the file does not is said at its end.

    Raises UnreadableFile as `read_table` does.
    """
    seen: dict[str, int] = {}
    absent = set(known.sirets)
    for row in read_table(path, REQUIRED, OPTIONAL, _wanted(path, known)):
        warnings = list(row.warnings)
        if row.record is None:
            yield Row(row.number, warnings=row.warnings, refusal=row.refusal)
            continue
        absent.discard(row.record["siret"].strip())
        try:
            records = transform(row.record, known, warnings)
            for record in records:
                if (first := seen.setdefault(record.source_key, row.number)) != row.number:
                    message = f"L'établissement {record.source_key} figure déjà à la ligne {first}."
                    raise InvalidRow("siret", "doublon", message)
        except InvalidRow as refusal:
            yield Row(row.number, warnings=tuple(warnings), refusal=refusal)
            continue
        for record in records:
            yield Row(row.number, record, tuple(warnings))
            warnings = []
        if warnings:
            yield Row(row.number, warnings=tuple(warnings))
    if absent:
        yield Row(1, warnings=(_absent(sorted(absent)),))


def _absent(sirets: Sequence[str]) -> Warned:
    """What the whole file does not hold: a wrong number, or one that INSEE does not diffuse."""
    few = ", ".join(sirets[:_SHOWN]) + (", …" if len(sirets) > _SHOWN else "")
    message = (
        f"{len(sirets)} SIRET de l'annuaire ne sont pas dans ce fichier ({few}) : numéros faux, "
        "ou établissements non diffusés."
    )
    return Warned("siret", "absents", message)


def transform(cells: Cells, known: Known, warnings: Warnings) -> list[StructureRecord]:
    """What a row says of the establishment, of its company, of both, or of nothing known.

    Raises InvalidRow.
    """
    siret, siren = cells["siret"].strip(), cells["siren"].strip()
    own = siret in known.sirets
    company = siren in known.companies and _is_head_office(cells)
    if not own and not company:
        return []
    if siret[:_SIREN] != siren:
        message = f"Le SIRET {siret[:20]} n'est pas du SIREN {siren[:20]}."
        raise InvalidRow("siret", "siren", message)
    records = [make_record(cells, siret, None, warnings)] if own else []
    if company:
        # The warnings of the same cells are said once.
        records.append(make_record(cells, None, siren, [] if own else warnings))
    return records


def _is_head_office(cells: Cells) -> bool:
    return cells.get("etablissementSiege", "").strip().lower() == "true"


def _wanted(path: Path, known: Known) -> Beginnings | None:
    """The beginnings of the lines of known companies; None for a file whose SIREN or SIRET does
    not come first, where every line is read."""
    lines = iter_lines(path)
    header = next(lines, None)
    lines.close()
    if header is None or not header.data.lstrip(b'"').startswith((b"siren", b"siret")):
        return None
    sirens = [siren.encode() for siren in known.by_siren]
    # A table that quotes every cell has one digit less to compare: a few lines more are read.
    quoted = [b'"' + siren[: _SIREN - 1] for siren in sirens]
    return Beginnings(_SIREN, frozenset(sirens + quoted))
