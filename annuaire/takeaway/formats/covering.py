"""The first sheet of a workbook: what was asked, when, how many, from which sources."""

from collections.abc import Iterator

from annuaire.takeaway.tables import Cover, SourceRead
from annuaire.wording import date_heure_fr


def cover_rows(cover: Cover) -> Iterator[tuple[str, ...]]:
    """The lines of the first sheet, as texts."""
    yield (cover.title, "")
    yield ("Fait le", date_heure_fr(cover.made_at))
    yield from cover.lines
    if cover.sources:
        yield ("", "")
        yield ("Source", "Producteur", "Licence", "Dernière lecture")
        for source in cover.sources:
            yield (source.title, source.publisher, source.licence, read_words(source))
    for note in cover.notes:
        yield ("", "")
        yield ("À savoir", note)


def read_words(source: SourceRead) -> str:
    """When the source was last read, in words."""
    return date_heure_fr(source.read_at) if source.read_at else "jamais lue jusqu’au bout"
