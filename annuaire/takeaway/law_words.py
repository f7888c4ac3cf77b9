"""Routes of the law as blocks of a document."""

from collections.abc import Iterator, Sequence
from typing import Final

from annuaire.law.codes import Entry, entries_title
from annuaire.law.reminders import BEFORE_CODE
from annuaire.law.routes import Route
from annuaire.law.thresholds import Threshold
from annuaire.takeaway.paper import Block, Bullets, Grid, Heading, Paragraph
from annuaire.wording import date_fr, nombre

TO_CHECK: Final = "à vérifier"


def route_blocks(routes: Sequence[Route]) -> Iterator[Block]:
    """Each route with its conditions, articles, dated values and fields to fill in; why there is
    none."""
    if not routes:
        yield Paragraph(BEFORE_CODE)
    for route in routes:
        yield Heading(f"{route.title} ({TO_CHECK})" if route.to_check else route.title, 2)
        yield Paragraph(route.explanation)
        yield Bullets(route.conditions)
        yield Paragraph(f"Articles : {', '.join(route.articles)} (code de la commande publique).")
        for threshold in route.thresholds:
            yield Paragraph(threshold_words(threshold))
        if route.entries:
            yield Paragraph(f"{entries_title(route.entries)} : {entries_words(route.entries)}.")
        yield Paragraph(route.caution, caution=True)


def threshold_words(threshold: Threshold) -> str:
    """« Achat sans publicité… : 60 000 € HT depuis le 1er avril 2026 (R2122-8). Source : … »."""
    value = threshold_value(threshold)
    shown = f" : {value}" if value else ""
    status = "" if threshold.status == "seen" else f" [{TO_CHECK}]"
    return (
        f"{threshold.title}{shown}, {period(threshold)} ({threshold.article}){status}. "
        f"Source : {threshold.source}."
    )


def threshold_value(threshold: Threshold) -> str:
    """The value with its unit; empty for a duty without a figure."""
    if threshold.value is None:
        return ""
    if threshold.unit == "share":
        return f"{nombre(threshold.value * 100)} %"
    if threshold.unit == "years":
        return f"{nombre(threshold.value)} ans"
    return f"{nombre(threshold.value, 0)} € HT"


def period(threshold: Threshold) -> str:
    """« depuis le 1er avril 2026 », « du 1er janvier 2020 au 31 mars 2026 »."""
    if threshold.valid_to is None:
        return f"depuis le {date_fr(threshold.valid_from)}"
    return f"du {date_fr(threshold.valid_from)} au {date_fr(threshold.valid_to)}"


def entries_words(entries: Sequence[Entry]) -> str:
    """« eForms BT-71 = res-ws ; DECP considerationsSociales = Marché réservé »."""
    said = (
        f"{e.where} {e.field} = {e.value}" + ("" if e.status == "seen" else f" [{TO_CHECK}]")
        for e in entries
    )
    return " ; ".join(said)


def entries_grid(entries: Sequence[Entry], title: str) -> Grid:
    """The fields to fill in, as a table."""
    rows = tuple(
        (
            e.where_words,
            f"{e.field} ({e.label})",
            e.value,
            e.meaning if e.status == "seen" else f"{e.meaning} [{TO_CHECK}]",
        )
        for e in entries
    )
    return Grid(title, ("Où", "Champ", "Valeur", "Sens"), rows)
