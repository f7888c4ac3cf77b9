"""Contracts as rows of an export: the same columns in every format."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from annuaire.activities.taxonomy import taxonomy
from annuaire.contracts.models import Contract
from annuaire.contracts.presenting import departement_name, flags_of, state_label
from annuaire.contracts.reading import closing_day
from annuaire.contracts.service import full_by_ids
from annuaire.takeaway.structure_rows import Wanted
from annuaire.takeaway.tables import Cell, Column, Row
from annuaire.wording import PARIS

SURE = 0.3  # an activity recognised under that is a guess too weak to leave the site


@dataclass(frozen=True, slots=True)
class Written:
    """All that a column may need of one contract."""

    contract: Contract
    today: date
    titles: Mapping[str, str]
    public_url: str


def rows(
    session: Session,
    batches: Iterable[list[Wanted]],
    today: date,
    titles: Mapping[str, str],
    public_url: str,
) -> Iterator[Row]:
    """The rows of contracts, in the order asked for; a fixed number of queries a batch."""
    for batch in batches:
        found = full_by_ids(session, [wanted.id for wanted in batch])
        for wanted in batch:
            if contract := found.get(wanted.id):
                written = Written(contract, today, titles, public_url)
                yield Row(tuple(value(written) for _, value in _COLUMNS))
        session.expunge_all()  # written: the next batch takes its place in memory


def _state(written: Written) -> Cell:
    return state_label(written.contract.state, _closes(written), written.today)


def _closes(written: Written) -> date | None:
    return closing_day(written.contract.deadline, written.contract.expires_on)


def _deadline(written: Written) -> Cell:
    moment = written.contract.deadline
    return moment.astimezone(PARIS).date() if moment else None


def _clauses(written: Written) -> Cell:
    types = {finding.type for finding in written.contract.findings}
    return " ; ".join(flag.label for flag in flags_of(types))


def _activities(written: Written) -> Cell:
    known = taxonomy()
    codes = (a[0] for lot in written.contract.lots for a in lot.activities if a[1] >= SURE)
    return " ; ".join(known.label(code) for code in dict.fromkeys(codes))


def _amount(written: Written) -> Cell:
    return sum(lot.amount_eur or 0 for lot in written.contract.lots) or None


def _winners(written: Written) -> Cell:
    names = (a.get("winner") for lot in written.contract.lots for a in lot.awards)
    return " ; ".join(name for name in dict.fromkeys(names) if name)


def _departements(written: Written) -> Cell:
    return " ; ".join(departement_name(code) for code in written.contract.departements)


def _sources(written: Written) -> Cell:
    names = dict.fromkeys(notice.source for notice in written.contract.notices)
    return " ; ".join(written.titles.get(name, name) for name in names)


def _official(written: Written) -> Cell:
    return written.contract.notices[-1].url if written.contract.notices else None


def _page(written: Written) -> Cell:
    return f"{written.public_url}/marches/{written.contract.reference}"


def _yes(value: bool) -> str:
    return "oui" if value else "non"


Value = Callable[[Written], Cell]
_COLUMNS: tuple[tuple[Column, Value], ...] = (
    (Column("reference", "Référence", 18), lambda w: w.contract.reference),
    (Column("objet", "Objet", 50), lambda w: w.contract.title),
    (Column("acheteur", "Acheteur", 32), lambda w: w.contract.buyer.name),
    (Column("siret_acheteur", "SIRET de l’acheteur", 18), lambda w: w.contract.buyer.siret),
    (Column("commune", "Commune de l’acheteur", 22), lambda w: w.contract.buyer.city),
    (Column("departements", "Départements", 22), _departements),
    (Column("publie_le", "Publié le", 12), lambda w: w.contract.published_on),
    (Column("reponse_avant", "Réponse avant le", 16), _deadline),
    (Column("etat", "État", 12), _state),
    (Column("social", "Clause sociale repérée", 14), lambda w: _yes(w.contract.social)),
    (
        Column("environnement", "Clause environnementale repérée", 14),
        lambda w: _yes(w.contract.environmental),
    ),
    (Column("clauses", "Clauses repérées", 36), _clauses),
    (Column("activites", "Activités reconnues", 36), _activities),
    (Column("types", "Types", 18), lambda w: " ; ".join(w.contract.types)),
    (Column("cpv", "CPV", 12), lambda w: w.contract.cpv),
    (Column("lots", "Lots", 8), lambda w: len(w.contract.lots)),
    (Column("montant_ht", "Montant HT (€)", 14), _amount),
    (Column("attributaires", "Attribué à", 32), _winners),
    (Column("avis", "Avis officiel", 40), _official),
    (Column("sources", "Sources", 30), _sources),
    (Column("page", "Adresse de la page", 40), _page),
)
COLUMNS = tuple(column for column, _ in _COLUMNS)
