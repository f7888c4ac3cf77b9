"""Contracts as rows of an export: the same columns in every format."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import Final

from annuaire.activities.taxonomy import taxonomy
from annuaire.clauses.findings import total_hours
from annuaire.contracts import amounts
from annuaire.contracts.lots import cpv_label
from annuaire.contracts.models import Contract, Finding
from annuaire.contracts.placing import standing
from annuaire.contracts.presenting import departement_name, flags_of
from annuaire.contracts.reading import closing_day
from annuaire.contracts.service import full_by_ids
from annuaire.contracts.states import state_label
from annuaire.takeaway.rows import Valued, Written, point_of, written_rows
from annuaire.takeaway.tables import Cell, Column, Row
from annuaire.wording import PARIS
from search.filters.contracts import procedure_label

SURE: Final = 0.3  # an activity recognised under that is a guess too weak to leave the site
BETWEEN: Final = " ; "

Contracts = Written[Contract]


def _rows(written: Contracts) -> Iterator[Row]:
    yield Row(tuple(value(written) for _, value in _COLUMNS), place_of(written.thing))


#: One row a contract, in the order asked for; a fixed number of queries a batch.
rows = partial(written_rows, load=full_by_ids, row=_rows)


def place_of(contract: Contract) -> tuple[float, float] | None:
    """(longitude, latitude) of the centre of the commune or the département where it stands."""
    place = standing(contract)
    return point_of(place.lat, place.lon)


def activities(found: Iterable[list[object]]) -> Cell:
    """The words of activities that are sure enough, each once."""
    known = taxonomy()
    codes = (str(code) for code, score, *_ in found if isinstance(score, float) and score >= SURE)
    return BETWEEN.join(known.label(code) for code in dict.fromkeys(codes))


def clauses(findings: Iterable[Finding]) -> Cell:
    """The types of clauses, in words."""
    return BETWEEN.join(flag.label for flag in flags_of(finding.type for finding in findings))


def hours(findings: Iterable[Finding]) -> Cell:
    """The most hours of insertion that one of these clauses asks for."""
    return max((finding.hours for finding in findings if finding.hours), default=None)


def evidence(findings: Iterable[Finding]) -> Cell:
    """The sentence that proves the surest clause, else the code; a social one first."""
    best = max(
        findings,
        key=lambda f: (f.type != "environment", f.source == "text", f.confidence),
        default=None,
    )
    return best.evidence if best else None


def winners(awards: Iterable[dict[str, object]]) -> Cell:
    """Who won, each once."""
    names = (str(award["winner"]) for award in awards if award.get("winner"))
    return BETWEEN.join(dict.fromkeys(names))


def yes(value: bool) -> str:
    """« oui » or « non »."""
    return "oui" if value else "non"


def _state(written: Contracts) -> Cell:
    return state_label(written.thing.state, _closes(written), written.today)


def _closes(written: Contracts) -> date | None:
    return closing_day(written.thing.deadline, written.thing.expires_on)


def _deadline(written: Contracts) -> Cell:
    """The day; of what is no longer open to answers, only what the notice calls its deadline."""
    moment = written.thing.deadline
    if moment:
        return moment.astimezone(PARIS).date()
    return _closes(written) if written.thing.state == "published" else None


def _hour(written: Contracts) -> Cell:
    moment = written.thing.deadline
    return f"{moment.astimezone(PARIS):%H:%M}" if moment else None


def _departements(written: Contracts) -> Cell:
    return BETWEEN.join(departement_name(code) for code in written.thing.departements)


def _procedure(written: Contracts) -> Cell:
    return procedure_label((written.thing.procedure or "").lower())


def _sources(written: Contracts) -> Cell:
    names = dict.fromkeys(notice.source for notice in written.thing.notices)
    return BETWEEN.join(written.titles.get(name, name) for name in names)


def _official(written: Contracts) -> Cell:
    return written.thing.notices[-1].url if written.thing.notices else None


def _lot_titles(written: Contracts) -> Cell:
    several = written.thing.standing_lots if len(written.thing.standing_lots) > 1 else []
    return BETWEEN.join(f"{lot.number} : {lot.title}" for lot in several)


#: What a row of a contract and a row of a lot both say, before and after what is their own.
FIRST: Final[tuple[Valued[Contract], ...]] = (
    (Column("reference", "Référence", 18), lambda w: w.thing.reference),
    (Column("objet", "Objet", 50), lambda w: w.thing.title),
    (Column("acheteur", "Acheteur", 32), lambda w: w.thing.buyer.name),
    (Column("siret_acheteur", "SIRET de l’acheteur", 18), lambda w: w.thing.buyer.siret),
    (Column("commune", "Commune de l’acheteur", 22), lambda w: w.thing.buyer.city),
    (Column("departements", "Départements", 22), _departements),
    (Column("distance_km", "Distance (km)", 13), lambda w: w.distance),
    (Column("publie_le", "Publié le", 12), lambda w: w.thing.published_on),
    (Column("reponse_avant", "Réponse avant le", 16), _deadline),
    (Column("heure_limite", "Heure limite (Paris)", 12), _hour),
    (Column("etat", "État", 12), _state),
    (Column("procedure", "Procédure", 24), _procedure),
    (Column("types", "Types", 18), lambda w: BETWEEN.join(w.thing.types)),
)  # fmt: skip
LAST: Final[tuple[Valued[Contract], ...]] = (
    (Column("avis", "Avis officiel", 40), _official),
    (Column("sources", "Sources", 30), _sources),
    (
        Column("page", "Adresse de la page", 40),
        lambda w: f"{w.public_url}/marches/{w.thing.reference}",
    ),
)
_OWN: Final[tuple[Valued[Contract], ...]] = (
    (Column("social", "Clause sociale repérée", 14), lambda w: yes(w.thing.social)),
    (
        Column("environnement", "Clause environnementale repérée", 14),
        lambda w: yes(w.thing.environmental),
    ),
    (Column("clauses", "Clauses repérées", 36), lambda w: clauses(w.thing.findings)),
    (Column("heures", "Heures d’insertion", 12), lambda w: total_hours(w.thing.standing_findings)),
    (Column("phrase", "Phrase ou code qui le prouve", 50), lambda w: evidence(w.thing.findings)),
    (
        Column("activites", "Activités reconnues", 36),
        lambda w: activities(a for lot in w.thing.standing_lots for a in lot.activities),
    ),
    (Column("cpv", "CPV", 30), lambda w: cpv_label(w.thing.cpv)),
    (Column("lots", "Lots", 8), lambda w: len(w.thing.standing_lots)),
    (Column("objets_lots", "Objets des lots", 50), _lot_titles),
    (
        Column("montant_ht", "Montant HT (€)", 14),
        lambda w: amounts.total(lot.amount_eur for lot in w.thing.standing_lots),
    ),
    (
        Column("attributaires", "Attribué à", 32),
        lambda w: winners(award for lot in w.thing.standing_lots for award in lot.awards),
    ),
)
_COLUMNS = (*FIRST, *_OWN, *LAST)
COLUMNS = tuple(column for column, _ in _COLUMNS)
