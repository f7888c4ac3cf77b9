"""Reads the CSV of ESS France (a million companies): one row says that a SIREN is of the ESS.

It grants no status: being of the ESS (loi n° 2014-856, article 1) is shown as a fact of the
company. The SIREN has lost its leading zeros.
"""

from collections.abc import Iterator
from pathlib import Path

from annuaire.structures.records import Known, StructureRecord
from importers.files.fields import clean, shown
from importers.files.listings import Layout, read_listing
from importers.rows import InvalidRow, Row

LAYOUT = Layout(
    names={
        "siren": ("siren", "numero siren", "n siren"),
        "family": ("famille juridique de l entreprise", "famille juridique", "famille*"),
    },
    required=("siren",),
    ignored=frozenset({
        "nom ou raison sociale de l entreprise", "code postal",
        "libelle de la commune de l etablissement", "code du departement de l etablissement",
        "departement de l etablissement", "region de l etablissement",
    }),
)  # fmt: skip


def read(path: Path, known: Known) -> Iterator[Row[StructureRecord]]:
    """A record for each structure of the register whose company is listed, each once; streamed.

    Raises UnreadableFile as `read_listing` does.
    """
    seen: set[str] = set()
    for row in read_listing(path, LAYOUT):
        if row.record is None:
            yield Row(row.number, warnings=row.warnings, refusal=row.refusal)
            continue
        warnings = row.warnings
        try:
            siren = read_siren(row.record["siren"])
        except InvalidRow as refusal:
            yield Row(row.number, warnings=warnings, refusal=refusal)
            continue
        if siren in known.by_siren and siren not in seen:
            seen.add(siren)
            for record in _records(siren, clean(row.record["family"])[:100], known):
                yield Row(row.number, record, warnings)
                warnings = ()
        if warnings:
            yield Row(row.number, warnings=warnings)


def read_siren(text: str) -> str:
    """A SIREN, its lost zeros put back: « 5720610 » is 005720610. Raises InvalidRow."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and 0 < len(digits) <= 9 and digits.strip("0")):
        raise InvalidRow("SIREN", "siren", f"Le SIREN {shown(text)} n'est pas un numéro.")
    return digits.zfill(9)


def _records(siren: str, family: str, known: Known) -> Iterator[StructureRecord]:
    extra = {"family": family} if family else {}
    for siret in known.by_siren[siren]:
        yield StructureRecord(siret, name="", statuses=(), siret=siret, ess=True, extra=extra)
    if siren in known.companies:
        key = f"siren:{siren}"
        yield StructureRecord(key, name="", statuses=(), siren=siren, ess=True, extra=extra)
