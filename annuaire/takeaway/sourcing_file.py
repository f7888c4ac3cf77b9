"""The sourcing file: how the search was made, when, on which sources, and who was found; for the
records of a purchase."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import Final

from annuaire.activities.taxonomy import taxonomy
from annuaire.advising.offering import Offer
from annuaire.knowledge import knowledge_digest
from annuaire.matching.features import FEATURES
from annuaire.matching.need import Need
from annuaire.matching.scoring import Suggestion
from annuaire.matching.service import Answer
from annuaire.structures.kinds import kind_label
from annuaire.takeaway.feasibility import offer_blocks, rules_words
from annuaire.takeaway.formats.covering import read_words
from annuaire.takeaway.paper import NO_ADVICE, Block, Bullets, Grid, Heading, Paper, Paragraph
from annuaire.takeaway.tables import SourceRead
from annuaire.wording import date_fr, date_heure_fr, euros, km, nombre, pluriel, siret_fr

MOST: Final = 20  # structures written down
PURPOSE: Final = (
    "Ce dossier dit comment l'annuaire a cherché, quand, sur quelles sources, et ce qu'il a "
    "trouvé. Il se joint au dossier de l'achat ; il ne vaut ni mise en concurrence, ni avis sur "
    "les structures."
)


@dataclass(frozen=True, slots=True)
class Searched:
    """All that the file tells. `listed` is how many structures the index held, `address` leads
    back to the same search. `contacted` says by structure when it was asked and what it answered,
    `log` is the request that was sent."""

    title: str
    need: Need
    answer: Answer
    offer: Offer
    listed: int
    sources: Sequence[SourceRead]
    address: str
    contacted: Mapping[str, str] = field(default_factory=dict)
    log: tuple[Block, ...] = ()


def sourcing_paper(searched: Searched, made_at: datetime) -> Paper:
    """The file as a document."""
    blocks = tuple(_blocks(searched, made_at))
    return Paper("Dossier de sourcing", "dossier-sourcing", made_at, blocks)


def _blocks(searched: Searched, made_at: datetime) -> Iterator[Block]:
    answer = searched.answer
    yield Paragraph(PURPOSE)
    yield Heading("Ce qui a été cherché")
    yield Bullets(tuple(_criteria(searched.need)))
    if answer.assumptions:
        yield Paragraph("Ce qui a été supposé :")
        yield Bullets(answer.assumptions)
    yield Heading("Comment la recherche a été faite")
    yield Bullets(tuple(_method(searched, made_at)))
    yield Heading("Sur quelles sources")
    yield _sources(searched.sources)
    yield Heading("Ce que l'offre permet")
    yield from offer_blocks(searched.offer)
    yield Paragraph(rules_words())
    yield Heading("Structures trouvées")
    if answer.suggestions:
        yield _structures(answer.suggestions, searched.contacted)
        yield from _cautions(answer.suggestions)
    else:
        yield Paragraph("Aucune structure n'a été trouvée pour ce besoin.")
    yield from searched.log
    yield Heading("Version")
    yield Bullets(
        (
            f"annuaire {version('annuaire')}, règles {knowledge_digest()}",
            f"Pour refaire la recherche : {searched.address}",
        )
    )
    yield Paragraph(NO_ADVICE, caution=True)


def _criteria(need: Need) -> Iterator[str]:
    yield f"Besoin : {need.text}"
    known = taxonomy()
    for code, score, evidence in need.activities:
        told = f", d'après « {evidence} »" if evidence else ""
        yield f"Activité : {known.label(code)} (certitude {nombre(score * 100, 0)} %{told})"
    yield f"Lieu : {need.place_label or 'non précisé'}"
    if need.amount_eur:
        yield f"Montant estimé : {euros(need.amount_eur)} HT"
    if need.nature:
        yield f"Nature : {need.nature}"
    yield f"Date qui compte pour le droit et les marchés gagnés : {date_fr(need.on)}"


def _method(searched: Searched, made_at: datetime) -> Iterator[str]:
    listed = pluriel(searched.listed, "structure")
    yield f"Recherche faite le {date_heure_fr(made_at)}, parmi {listed}."
    for trade in searched.offer.trades:
        yield (
            f"{trade.label} : {pluriel(trade.total, 'structure')} de ce métier ou d'un métier "
            f"voisin à moins de 100 km, dont {pluriel(trade.counted, 'comptée')}."
        )
    weights = ", ".join(f"{f.label.lower()} {nombre(f.weight)}" for f in FEATURES)
    yield f"Ordre : somme de points sur 100 ({weights}). Rien d'autre ne compte."
    yield "À égalité, l'ordre tourne chaque jour, pour que personne ne reste premier."


def _sources(sources: Sequence[SourceRead]) -> Grid:
    rows = tuple((s.title, s.publisher, s.licence, read_words(s)) for s in sources)
    return Grid("Sources", ("Source", "Producteur", "Licence", "Dernière lecture"), rows)


def _structures(found: Sequence[Suggestion], contacted: Mapping[str, str]) -> Grid:
    rows = tuple(
        (
            str(rank),
            f"{s.name} {siret_fr(s.siret)}".strip(),
            ", ".join(kind_label(kind) for kind in s.kinds),
            f"{s.city or 'commune non précisée'}, {km(s.distance_km) or 'distance inconnue'}",
            f"{s.score_label} ({s.score} sur 100)",
            " ".join(f"{sentence} [{weight}]" for sentence, weight in s.reasons),
            contacted.get(s.key, ""),
        )
        for rank, s in enumerate(found, 1)
    )
    columns = ("Rang", "Structure", "Statuts", "Lieu", "Avis", "Raisons", "Contactée le, réponse")
    return Grid("Structures trouvées, dans l'ordre", columns, rows)


def _cautions(found: Sequence[Suggestion]) -> Iterator[Block]:
    said = tuple(f"{s.name} : {sentence}" for s in found for sentence in s.cautions)
    if said:
        yield Paragraph("À vérifier auprès d'elles :")
        yield Bullets(said)
