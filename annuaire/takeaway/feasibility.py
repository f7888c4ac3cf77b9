"""The sheet of feasibility as a document."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from annuaire.advising.allotting import direct_note
from annuaire.advising.clauses import Model
from annuaire.advising.hours import Total
from annuaire.advising.offering import Offer
from annuaire.advising.rules import rules
from annuaire.advising.sheets import NO_AMOUNT, LotAdvice, Sheet
from annuaire.facilitators import ASK
from annuaire.law.codes import entries_title
from annuaire.matching.ground import ground_of
from annuaire.matching.groups import Grouping, Member
from annuaire.matching.scoring import Suggestion
from annuaire.structures.kinds import kind_label
from annuaire.takeaway.law_words import entries_words, route_blocks
from annuaire.takeaway.paper import NO_ADVICE, Block, Bullets, Grid, Heading, Paper, Paragraph
from annuaire.wording import date_fr, euros, km, nombre, pluriel, pourcent

NOT_MEASURED: Final = "non mesurable"
MOST_REASONS: Final = 3
ACTIVITY: Final = "Activité"  # how a reason that tells of a trade begins


def sheet_paper(sheet: Sheet, made_at: datetime) -> Paper:
    """The whole sheet, in the order in which a buyer reads it."""
    return Paper("Fiche de faisabilité", "faisabilite", made_at, tuple(_blocks(sheet)))


def _blocks(sheet: Sheet) -> Iterator[Block]:
    yield Bullets(tuple(_head(sheet)))
    yield Heading("En bref")
    yield _summary(sheet)
    if note := direct_note(sheet.routes):
        yield Paragraph(note)
    if sheet.left_out:
        yield Paragraph(
            f"Les {len(sheet.lots)} premiers lots sont étudiés ; {pluriel(sheet.left_out, 'lot')} "
            "de plus ne le sont pas ici : ouvrez leur page.",
            caution=True,
        )
    for lot in sheet.lots:
        yield from _lot_blocks(lot)
    yield Heading("Heures d'insertion, tous lots")
    yield from _hours_blocks(sheet)
    yield Heading("Procédures possibles")
    yield Paragraph(
        f"À la date du {date_fr(sheet.on)}, pour le contrat entier ; la voie se choisit ensuite "
        "lot par lot."
    )
    yield from route_blocks(sheet.routes)
    yield Heading("À savoir")
    yield Bullets(sheet.reminders)
    yield Heading("Facilitateurs")
    yield Paragraph(ASK)
    yield Heading("Comment l'offre a été jugée")
    yield Paragraph(rules_words())
    yield Paragraph(NO_ADVICE, caution=True)


def _head(sheet: Sheet) -> Iterator[str]:
    yield f"Objet : {sheet.title}"
    if sheet.buyer:
        yield f"Acheteur : {sheet.buyer}"
    if sheet.reference:
        yield f"Référence : {sheet.reference}"
    yield f"Lieu : {sheet.place}"
    amount = f"{euros(sheet.amount_eur)} HT" if sheet.amount_eur else "non connu"
    yield f"Montant de tous les lots : {amount}"
    yield f"Nature : {sheet.nature or 'non précisée, seuils des fournitures et services'}"
    who = "de l'État" if sheet.state else "d'un acheteur autre que l'État"
    let = "une concession" if sheet.concession else "un marché"
    yield f"Droit appliqué : celui du {date_fr(sheet.on)}, pour {let} {who}"


def _summary(sheet: Sheet) -> Grid:
    rows = tuple(
        (
            lot.number,
            lot.title,
            lot.offer.verdict.label if lot.offer.verdict else NOT_MEASURED,
            nombre(lot.hours.hours, 0) if lot.hours else "montant inconnu",
            ", ".join(s.name for s in lot.answer.suggestions[:3]) or "aucune",
        )
        for lot in sheet.lots
    )
    columns = ("Lot", "Objet", "Ce que l'offre permet", "Heures", "Structures, les premières")
    return Grid("En bref, lot par lot", columns, rows)


def _lot_blocks(lot: LotAdvice) -> Iterator[Block]:
    yield Heading(f"Lot {lot.number} : {lot.title}")
    yield from offer_blocks(lot.offer)
    for proposal in lot.proposals:
        yield Heading("Allotir autrement", 2)
        yield Paragraph(proposal.sentence)
        yield Bullets(proposal.law)
    yield Heading("Heures d'insertion", 2)
    if lot.hours:
        yield from _lot_hours(lot.hours, lot.hours_note)
        for trade in lot.trades:
            yield Paragraph(f"{trade.label} : {trade.share.source}.", caution=True)
    else:
        yield Paragraph(f"{NO_AMOUNT[0].upper()}{NO_AMOUNT[1:]}.")
    yield Heading("Structures proposées", 2)
    if lot.answer.suggestions:
        yield structures_grid(lot)
    else:
        yield Paragraph("Aucune structure à proposer.")
    yield from group_blocks(lot.answer.grouping)
    yield from _model_blocks(lot)
    yield Heading("Facilitateurs", 2)
    if lot.facilitators:
        yield Bullets(tuple(each.sentence for each in lot.facilitators))
    else:
        yield Paragraph(ground_of(lot.need).nobody)
    if lot.answer.assumptions:
        yield Paragraph("Ce qui a été supposé :")
        yield Bullets(lot.answer.assumptions)


def _model_blocks(lot: LotAdvice) -> Iterator[Block]:
    """The route of the lot with what to enter in the notice, and what its model text says first;
    the whole model is a tool of its own."""
    if lot.models:
        yield Heading("Voie et clause", 2)
    for model in lot.models:
        yield Paragraph(_route_words(model))
        yield Bullets(model_words(model))
        yield Paragraph(model.adapt, caution=True)


def _route_words(model: Model) -> str:
    """« Marché réservé… (L2113-13, R2113-7). À porter dans l'avis : eForms BT-71 = … »."""
    route = model.route
    said = f"{route.title} ({', '.join(route.articles)})."
    if route.entries:
        said += f" {entries_title(route.entries)} : {entries_words(route.entries)}."
    return said


def model_words(model: Model) -> tuple[str, ...]:
    """What a model says first, with the hours that go into it."""
    first, *others = model.sections
    said = tuple(f"« {text} »" for text in first.paragraphs)
    if any(section.hours for section in others):
        return (*said, f"Heures à y inscrire : {model.hours}.")
    return said


def _lot_hours(hours: Total, note: str) -> Iterator[Block]:
    """The hours of a lot, and how they were counted; trade by trade when it has several."""
    if len(hours.lots) == 1:
        said = f"{pluriel(hours.hours, 'heure')} : {hours.lots[0].sentence}. {note}"
        yield Paragraph(said.strip())
        return
    yield Paragraph(f"{pluriel(hours.hours, 'heure')}. {note}")
    yield Bullets(
        tuple(
            f"{one.part.label} : {pluriel(one.hours, 'heure')} ({one.sentence})"
            for one in hours.lots
        )
    )


def group_blocks(grouping: Grouping) -> Iterator[Block]:
    """Who could answer together, and what nobody known does; nothing where one does it all."""
    if not grouping.groups and not grouping.gaps:
        return
    yield Heading("Groupements possibles", 2)
    for number, group in enumerate(grouping.groups, 1):
        yield Paragraph(f"Groupement {number} : {group.sentence}")
        yield Bullets(tuple(_member(member) for member in group.members))
        if group.missing:
            yield Paragraph(f"Reste à pourvoir : {', '.join(group.missing)}.", caution=True)
    if grouping.gaps:
        yield Bullets(grouping.gaps)


def _member(member: Member) -> str:
    """« PROPRETÉ DU NORD (mandataire possible), Lille : nettoyage des locaux »."""
    lead = " (mandataire possible)" if member.lead else ""
    where = f", {member.city}" if member.city else ""
    return f"{member.name}{lead}{where} : {', '.join(member.takes) or 'appui'}"


def offer_blocks(offer: Offer) -> Iterator[Block]:
    """What the offer allows, why, and the counts of each trade."""
    if offer.verdict is None:
        yield Paragraph(f"Offre {NOT_MEASURED}. {offer.note}")
        return
    yield Paragraph(f"{offer.verdict.label}. {offer.note}".strip())
    yield Bullets(offer.verdict.reasons)
    rows = tuple(
        (trade.label, f"{band.km} km", str(band.sure), str(band.maybe))
        for trade in offer.trades
        for band in trade.verdict.depth.bands
    )
    yield Grid("Offre par distance", ("Métier", "À moins de", "Sûres", "Peut-être"), rows)


def structures_grid(lot: LotAdvice) -> Grid:
    """The structures proposed for a lot, each with its first reasons and what to check."""
    rows = tuple(
        (
            s.name,
            ", ".join(kind_label(kind) for kind in s.kinds) or "aucun statut",
            s.city or "non précisée",
            km(s.distance_km) or "inconnue",
            " ".join(_first_reasons(s)),
            " ".join(s.cautions) or "rien de particulier",
        )
        for s in lot.answer.suggestions
    )
    columns = ("Structure", "Statuts", "Commune", "Distance", "Raisons", "À vérifier")
    return Grid(f"Structures proposées pour le lot {lot.number}", columns, rows)


def _first_reasons(suggestion: Suggestion) -> Iterator[str]:
    """The heaviest reasons, and what is known of its trade wherever that comes."""
    for rank, (sentence, _) in enumerate(suggestion.reasons):
        if rank < MOST_REASONS or sentence.startswith(ACTIVITY):
            yield sentence


def _hours_blocks(sheet: Sheet) -> Iterator[Block]:
    if sheet.total is None:
        yield Paragraph(f"{NO_AMOUNT[0].upper()}{NO_AMOUNT[1:]}.")
        return
    unknown = sum(lot.hours is None for lot in sheet.lots)
    yield Paragraph(
        f"{pluriel(sheet.total.hours, 'heure')} en tout, soit {nombre(sheet.total.full_times)} "
        f"emploi à temps plein d'un an ({nombre(sheet.rule.full_time_hours)} heures)."
    )
    if unknown:
        yield Paragraph(f"{pluriel(unknown, 'lot')} sans montant : non compté.", caution=True)
    yield Paragraph(
        "Ordre de grandeur d'après des guides ; chaque paramètre se change dans le calculateur "
        "(/outils/heures-insertion).",
        caution=True,
    )


def rules_words() -> str:
    """The rules of depth in one paragraph: they are ours."""
    stated = rules()
    first, second = stated.verdicts[:2]
    return (
        "Ces règles sont celles de l'annuaire, non de la loi. Une structure compte pour une si "
        "elle déclare le métier ou en a gagné des lots, pour "
        f"{nombre(stated.maybe_counts)} s'il est déduit. « {first.label} » : "
        f"{nombre(first.least_strength)} à moins de "
        f"{first.within_km} km ({nombre(first.least_strength_great)} à partir de "
        f"{euros(stated.great_amount_eur)} HT), sauf si trois structures tiennent "
        f"{pourcent(stated.concentrated_share)} des lots connus. « {second.label} » : "
        f"{nombre(second.least_strength)} à moins de {second.within_km} km. Sinon une clause, s'il "
        "en existe une seule ou des structures de mise à disposition."
    )
