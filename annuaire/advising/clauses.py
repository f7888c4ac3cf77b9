"""Model texts for a route: clause of execution, reservation, criterion, note of choice; pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from annuaire.advising.hours import Total
from annuaire.errors import InvalidInputError
from annuaire.law.routes import Route, all_routes
from annuaire.wording import pluriel

CCAG: Final = {
    "travaux": "20.1 du cahier des clauses administratives générales des marchés de travaux",
    None: "16.1 du cahier des clauses administratives générales (fournitures et services)",
}
WHOM: Final = {
    "reserved_siae": "aux structures d'insertion par l'activité économique mentionnées à l'article "
    "L5132-4 du code du travail et aux structures équivalentes",
    "reserved_handicap": "aux entreprises adaptées, aux ESAT et aux structures équivalentes",
    "reserved_both": "aux structures d'insertion par l'activité économique, aux entreprises "
    "adaptées, aux ESAT et aux structures équivalentes de l'une ou l'autre famille",
    "reserved_ess": "aux entreprises de l'économie sociale et solidaire et aux structures "
    "équivalentes",
    "concession_reserved": "[aux structures d'insertion, aux EA et ESAT, ou aux deux]",
}
SHARE: Final = {
    "reserved_siae": "50 % au moins de travailleurs défavorisés",
    "reserved_handicap": "50 % au moins de travailleurs handicapés",
    "reserved_ess": "la qualité d'entreprise de l'économie sociale et solidaire",
}
ANY_SHARE: Final = "50 % au moins de travailleurs handicapés ou défavorisés"
NO_OBJECT: Final = "[objet du marché]"
NO_HOURS: Final = "[nombre] heures"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a model: `adapt` is what to think of before copying it; `hours` that the table of
    hours belongs there."""

    heading: str
    paragraphs: tuple[str, ...]
    bullets: tuple[str, ...]
    adapt: str
    hours: bool


@dataclass(frozen=True, slots=True)
class Model:
    """A model text filled in for a route; `hours` in words, or the gap to fill."""

    route: Route
    title: str
    adapt: str
    sections: tuple[Section, ...]
    hours: str


@cache
def _models() -> dict[str, Mapping[str, Any]]:
    text = files(__package__).joinpath("data/clauses.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["clause"]
    return {code: row for row in rows for code in row["routes"]}


def choices() -> list[tuple[str, str]]:
    """The routes that have a model, as (code, title), in the order of the law's data."""
    return [(route.code, route.title) for route in all_routes() if route.code in _models()]


def model(code: str, subject: str, nature: str | None, hours: Total | None) -> Model:
    """The model of a route, with the hours where they are known. Raises InvalidInputError for a
    route that does not exist."""
    route = next((route for route in all_routes() if route.code == code), None)
    row = _models().get(code)
    if route is None or row is None:
        raise InvalidInputError("Cette voie n'existe pas : choisissez dans la liste.", "voie")
    values = {
        "object": subject or NO_OBJECT,
        "articles": _cited(route.articles),
        "ccag": CCAG["travaux" if nature == "travaux" else None],
        "hours": pluriel(hours.hours, "heure") if hours and hours.hours else NO_HOURS,
        "whom": WHOM.get(code, ""),
        "share": SHARE.get(code, ANY_SHARE),
    }
    sections = tuple(
        Section(
            heading=section["heading"],
            paragraphs=tuple(p.format_map(values) for p in section.get("paragraphs", ())),
            bullets=tuple(b.format_map(values) for b in section.get("bullets", ())),
            adapt=section.get("adapt", "").format_map(values),
            hours=section.get("hours", False),
        )
        for section in row["section"]
    )
    return Model(route, row["title"], row["adapt"], sections, values["hours"])


def _cited(articles: tuple[str, ...]) -> str:
    """« de l'article L2112-2 », « des articles L2113-12 et R2113-7 »."""
    if len(articles) == 1:
        return f"de l'article {articles[0]}"
    return f"des articles {', '.join(articles[:-1])} et {articles[-1]}"
