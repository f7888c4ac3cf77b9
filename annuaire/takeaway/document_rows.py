"""What a document states, as a file: the rows travel in the page itself, sealed with the site's
key, so that the document is neither kept nor sent again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

from annuaire.documents.presenting import ShownFinding, ShownLot
from annuaire.errors import InvalidInputError
from annuaire.takeaway.tables import Cell, Column, Cover, Row, Table

SALT: Final = "document-1"
FORGED: Final = (
    "Ce résultat n’est pas celui que le site a donné, ou le site a changé de clé depuis : analysez "
    "le document à nouveau."
)
NOTES: Final = (
    "Repérage par des règles, sans relecture humaine : il ne remplace pas le document et ne vaut "
    "pas conseil juridique.",
    "Le document n’a pas été gardé par le site.",
)
COLUMNS: Final = (
    Column("rubrique", "Rubrique", 16),
    Column("lots", "Lots", 10),
    Column("intitule", "Lot ou clause", 44),
    Column("phrase", "Phrase du document", 80),
    Column("endroit", "Endroit", 16),
    Column("heures", "Heures", 10),
    Column("part", "Part (%)", 10),
    Column("ponderation", "Pondération", 12),
    Column("article", "Article du code de la commande publique", 22),
    Column("confiance", "Confiance", 12),
    Column("montant_ht", "Montant HT (€)", 14),
    Column("activites", "Activités reconnues", 40),
    Column("clauses", "Clauses du lot", 36),
)
_LOT, _CLAUSE, _DENIED = "Lot", "Clause", "Absence affirmée"


@dataclass(frozen=True, slots=True)
class Carried:
    """What the page carries: when it was made, what was read, the rows."""

    made_at: datetime
    lines: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]


def rows_of(
    lots: Sequence[ShownLot],
    findings: Sequence[ShownFinding],
    denied: Sequence[tuple[str, str, str]],
) -> Iterator[tuple[Cell, ...]]:
    """A row for each lot, each clause, and each sentence that says there is none."""
    for lot in lots:
        yield (
            _LOT, lot.number, lot.title, None, lot.where, lot.hours, None, None, None, None,
            lot.amount, " ; ".join(lot.activities), " ; ".join(f.label for f in lot.flags),
        )  # fmt: skip
    for f in findings:
        share = round(f.share * 100, 2) if f.share is not None else None
        name = f"{f.label} (facultative)" if f.optional else f.label
        yield (
            _CLAUSE, ", ".join(f.lots), name, f.evidence, f.where, f.hours, share, f.weight,
            f.article, f.confidence, None, None, None,
        )  # fmt: skip
    for label, evidence, where in denied:
        yield (_DENIED, None, label, evidence, where, *([None] * 8))


def sealed(carried: Carried, secret: str) -> str:
    """The result as one line of text that only this site can write."""
    told = [carried.made_at.isoformat(), carried.lines, carried.rows]
    return _serializer(secret).dumps(told)


def opened(token: str, secret: str) -> Carried:
    """What `sealed` wrote. Raises InvalidInputError for anything else."""
    try:
        made_at, lines, rows = _serializer(secret).loads(token)
    except BadData as error:
        raise InvalidInputError(FORGED) from error
    return Carried(
        datetime.fromisoformat(made_at),
        tuple((label, words) for label, words in lines),
        tuple(tuple(row) for row in rows),
    )


def cover_of(carried: Carried) -> Cover:
    """What is said before the table."""
    title = "Lots et clauses repérés dans un document"
    return Cover(title, carried.made_at, carried.lines, (), NOTES)


def table_of(carried: Carried) -> Table:
    """The rows, to be written once."""
    return Table("Lots et clauses", COLUMNS, (Row(cells) for cells in carried.rows))


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=SALT)
