import pytest

from annuaire.advising.clauses import NO_HOURS, NO_OBJECT, choices, model
from annuaire.advising.hours import Part, Rule, count
from annuaire.errors import InvalidInputError
from annuaire.law.routes import all_routes


def text_of(code: str, subject: str = "", nature: str | None = None, *, hours: bool = False) -> str:
    total = count([Part(1_000_000, 0.5)], Rule()) if hours else None
    found = model(code, subject, nature, total)
    return " ".join(" ".join((*s.paragraphs, *s.bullets, s.adapt)) for s in found.sections)


def test_every_route_has_a_model() -> None:
    assert [code for code, _ in choices()] == [route.code for route in all_routes()]


@pytest.mark.parametrize("code", [code for code, _ in choices()])
def test_every_model_cites_its_articles_and_says_that_it_is_to_be_adapted(code: str) -> None:
    found = model(code, "Objet {étrange}", "travaux", None)
    said = text_of(code, "Objet {étrange}")
    assert all(article in said for article in found.route.articles)
    assert "adapter" in found.adapt
    assert "Objet {étrange}" in said


@pytest.mark.parametrize(
    ("code", "nature", "words"),
    [
        ("clause", "travaux", "20.1 du cahier des clauses administratives générales des marchés"),
        ("clause", "services", "16.1 du cahier des clauses administratives générales"),
        ("clause", None, "embauche directe"),
        ("clause", None, "mise à disposition de personnel"),
        ("clause", None, "sous-traitance ou la cotraitance"),
        ("clause", None, "pénalité"),
        ("reserved_siae", None, "structures d'insertion par l'activité économique"),
        ("reserved_handicap", None, "travailleurs handicapés"),
        ("reserved_both", None, "L2113-14"),
        ("criterion", None, "% de la note"),
        ("direct", None, "n'est pas choisi systématiquement"),
    ],
)
def test_models_say_what_the_route_needs(code: str, nature: str | None, words: str) -> None:
    assert words in text_of(code, nature=nature)


def test_hours_are_filled_in_or_left_to_fill() -> None:
    assert "833\u00a0heures d'insertion" in text_of("clause", hours=True)
    assert NO_HOURS in text_of("clause")
    assert NO_OBJECT in text_of("clause")


@pytest.mark.parametrize("code", ["", "magie", "environment"])
def test_unknown_route_is_refused(code: str) -> None:
    with pytest.raises(InvalidInputError):
        model(code, "", None, None)
