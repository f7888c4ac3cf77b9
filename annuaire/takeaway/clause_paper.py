"""A model clause as a document."""

from collections.abc import Iterator
from datetime import datetime

from annuaire.advising.clauses import Model, Section
from annuaire.advising.hours import Total
from annuaire.takeaway.law_words import entries_grid
from annuaire.takeaway.paper import NO_ADVICE, Block, Bullets, Grid, Heading, Paper, Paragraph
from annuaire.wording import nombre, pluriel


def clause_paper(model: Model, hours: Total | None, made_at: datetime) -> Paper:
    """The model with its hours; what is to be adapted is said where it stands."""
    return Paper(model.title, "clause", made_at, tuple(_blocks(model, hours)))


def _blocks(model: Model, hours: Total | None) -> Iterator[Block]:
    yield Paragraph(model.adapt, caution=True)
    for number, section in enumerate(model.sections, 1):
        yield Heading(f"{number}. {section.heading}")
        yield from _section(section, hours)
    if model.route.entries:
        yield Heading("À porter dans l'avis")
        yield entries_grid(model.route.entries, f"À porter dans l'avis : {model.route.title}")
    yield Paragraph(NO_ADVICE, caution=True)


def _section(section: Section, hours: Total | None) -> Iterator[Block]:
    for text in section.paragraphs:
        yield Paragraph(text)
    if section.bullets:
        yield Bullets(section.bullets)
    if section.hours:
        yield _hours(hours)
    if section.adapt:
        yield Paragraph(section.adapt, caution=True)


def _hours(hours: Total | None) -> Block:
    if hours is None:
        return Paragraph("[Lot : nombre d'heures, calculées d'après …]", caution=True)
    rows = [(lot.part.label, nombre(lot.hours, 0), lot.sentence) for lot in hours.lots]
    equal = f"soit {pluriel(hours.full_times, 'emploi')} à temps plein d'un an"
    rows.append(("Tous les lots", nombre(hours.hours, 0), equal))
    return Grid("Heures par lot", ("Lot", "Heures", "Calcul"), tuple(rows))
