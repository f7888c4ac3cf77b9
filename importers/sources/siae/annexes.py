"""The ASP's financial annexes: since when and until when a structure holds which kind.

A structure is conventioned while an annex of it is in force: state VALIDE or PROVISOIRE, last day
not past (the rule of les emplois de l'inclusion). FDI is a fund and no kind; `_MP` is work in
prison, not offered to buyers: both are left out.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from importers.files.fields import Warnings, read_date, shown
from importers.files.framed import Frame, read_framed
from importers.files.periods import Period, last_run
from importers.files.tables import Cells
from importers.rows import InvalidRow, Row, SkipRow

IN_FORCE = frozenset({"VALIDE", "PROVISOIRE"})
STATES = IN_FORCE | {"HISTORISE", "ANNULE", "SAISI", "BROUILLON", "CLOTURE", "REJETE"}
KINDS = frozenset({"EI", "ACI", "AI", "ETTI", "EITI"})
LEFT_OUT = re.compile(r"FDI_DC|\w+_MP")

CLOSES = re.compile(r"FIN(\d{0,9})\|*\s*$", re.ASCII)
ANNEXES = Frame(
    opens=re.compile(r"DEBAnnexeFinanciere"),
    closes=CLOSES,
    required=(
        "af_id_structure", "af_mesure_dispositif_code", "af_numero_annexe_financiere",
        "af_etat_annexe_financiere_code", "af_date_debut_effet", "af_date_fin_effet",
    ),
    known=re.compile(r"(af|icf)_[\w ]+"),
    what="le fichier « AnnexeFinanciere » du flux IAE de l'ASP",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Annex:
    """A financial annex in an active state: for one structure and kind, first to last day."""

    structure: str
    kind: str
    number: str
    period: Period


@dataclass(frozen=True, slots=True)
class Held:
    """A kind held: from and until when, by which annex."""

    validity: Period
    number: str


@dataclass(slots=True)
class _Convention:
    periods: list[Period] = field(default_factory=list)
    number: str = ""  # of the annex that ends last
    last: date = date.min


class Conventions:
    """The annexes in an active state, by structure, then kind."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, _Convention]] = defaultdict(dict)

    def note(self, annex: Annex) -> None:
        """Add an annex."""
        held = self._found[annex.structure].setdefault(annex.kind, _Convention())
        held.periods.append(annex.period)
        if annex.period[1] >= held.last:
            held.number, held.last = annex.number, annex.period[1]

    def in_force(self, structure: str, on: date) -> dict[str, Held]:
        """What a structure holds on a day: kind → validity, annexes that follow one another
        without a gap counted as one, and the number of the last."""
        return {
            kind: Held(validity, held.number)
            for kind, held in sorted(self._found.get(structure, {}).items())
            if held.last >= on and (validity := last_run(held.periods))
        }


def read_annexes(path: Path, conventions: Conventions) -> Iterator[Row[None]]:
    """Notes every annex of the file; gives only the rows to complain of, with the file's name.

    Raises UnreadableFile as `read_framed` does.
    """
    for row in read_framed(path, ANNEXES):
        refusal = row.refusal
        if row.record is not None:
            try:
                conventions.note(transform_annex(row.record))
            except SkipRow:
                pass
            except InvalidRow as invalid:
                refusal = invalid
        if refusal:
            message = f"{path.name} : {refusal.message}"
            refusal = InvalidRow(refusal.field, refusal.code, message)
        if refusal or row.warnings:
            yield Row(row.number, warnings=row.warnings, refusal=refusal)


def transform_annex(cells: Cells) -> Annex:
    """One annex. Raises SkipRow when it gives no status, InvalidRow when it cannot be read."""
    code = cells["af_mesure_dispositif_code"].strip().upper()
    state = cells["af_etat_annexe_financiere_code"].strip().upper()
    if LEFT_OUT.fullmatch(code):
        raise SkipRow
    kind = code.removesuffix("_DC")
    if kind not in KINDS:
        message = f"La mesure {shown(code)} est inconnue."
        raise InvalidRow("af_mesure_dispositif_code", "type", message)
    if state not in STATES:
        message = f"L'état d'annexe {shown(state)} est inconnu."
        raise InvalidRow("af_etat_annexe_financiere_code", "etat", message)
    if state not in IN_FORCE:
        raise SkipRow
    first, last = (_day(cells[name], name) for name in ("af_date_debut_effet", "af_date_fin_effet"))
    if last < first:
        message = f"L'annexe finit le {last} avant de commencer le {first}."
        raise InvalidRow("af_date_fin_effet", "date", message)
    number = cells["af_numero_annexe_financiere"].strip()[:40]
    renewal = cells.get("af_numero_avenant_renouvellement", "").strip()[:4] or "0"
    change = cells.get("af_numero_avenant_modification", "").strip()[:4] or "0"
    structure = cells["af_id_structure"].strip()
    return Annex(structure, kind, f"{number}A{renewal}M{change}", (first, last))


def _day(text: str, name: str) -> date:
    warnings: Warnings = []
    found = read_date(text.strip()[:10], name, warnings)
    if not found:
        raise InvalidRow(name, "date", f"La date d'effet {shown(text)} est illisible.")
    return found
