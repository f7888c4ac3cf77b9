"""Letters made of templates."""

import pytest
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader, UndefinedError

from annuaire.config import ROOT
from annuaire.mail import rendering
from annuaire.mail.letters import Letter
from annuaire.wording import euros

LOADING = ("<img", "<script", "<link", "url(", "src=", "@import")
TRIAL = {
    "mail/trial.txt": (
        '{% extends "mail/base.txt" %}'
        "{% block subject %}\n {{ title }} \n{% endblock %}"
        "{% block content %}{{ title }}\n\n\n\n{{ amount | euros }}{% endblock %}"
        "{% block why %}Parce que vous l’avez demandé.{% endblock %}"
    ),
    "mail/trial.html": (
        '{% extends "mail/base.html" %}{% from "mail/parts.html" import button, title as heading %}'
        "{% block content %}{% call heading() %}{{ title }}{% endcall %}"
        '{{ button("https://annuaire.fr/a?b=1&c=2", "Voir") }}{% endblock %}'
    ),
}


@pytest.fixture(autouse=True)
def _templates(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = rendering._environment()
    own = ChoiceLoader([DictLoader(TRIAL), FileSystemLoader(ROOT / "templates")])
    monkeypatch.setattr(environment, "loader", own)


def letter(**values: object) -> Letter:
    given = {"title": "L’offre <b>\r\nBcc: x", "amount": 1200} | values
    return rendering.render("trial", to="a@exemple.fr", once="trial-1", purpose="trial", **given)  # type: ignore[arg-type] # values of any kind


def test_the_subject_is_on_one_line_and_stands_nowhere_in_the_text_by_itself() -> None:
    made = letter()
    assert made.subject == "L’offre <b> Bcc: x"
    assert made.text.splitlines()[:5] == ["L’offre <b>", "Bcc: x", "", euros(1200), ""]


def test_the_page_escapes_and_the_text_does_not() -> None:
    made = letter()
    assert "<b>" in made.text
    assert "L’offre &lt;b&gt;" in made.html
    assert "<b>" not in made.html


def test_a_missing_value_makes_no_letter() -> None:
    with pytest.raises(UndefinedError):
        rendering.render("trial", to="a@exemple.fr", once="1", purpose="trial", title="x")


def test_a_letter_that_can_be_left_says_how_in_both_parts() -> None:
    address = "https://annuaire.fr/quitter/abc"
    made = letter(unsubscribe=address, public_url="https://annuaire.fr")
    assert made.unsubscribe == address
    assert f"Ne plus recevoir ces courriels : {address}" in made.text
    assert f'<a href="{address}"' in made.html
    assert "Ne plus recevoir" not in letter().html + letter().text


def test_a_letter_loads_nothing_from_elsewhere() -> None:
    html = letter(public_url="https://annuaire.fr").html
    assert [part for part in LOADING if part in html] == []


MAIL = ROOT / "templates" / "mail"
WHOLE = '{% extends "mail/base.'
NAMES = sorted(
    {path.stem for path in MAIL.iterdir() if path.read_text(encoding="utf-8").startswith(WHOLE)}
)


@pytest.mark.parametrize("name", NAMES)
def test_each_letter_has_a_page_a_text_and_a_subject(name: str) -> None:
    html = (MAIL / f"{name}.html").read_text(encoding="utf-8")
    text = (MAIL / f"{name}.txt").read_text(encoding="utf-8")
    assert html.startswith('{% extends "mail/base.html" %}')
    assert text.startswith('{% extends "mail/base.txt" %}')
    assert "{% block subject %}" in text
    for block in ("content", "why"):
        assert f"{{% block {block} %}}" in html
        assert f"{{% block {block} %}}" in text


def test_no_part_of_a_letter_loads_anything() -> None:
    assert NAMES
    written = "".join(path.read_text(encoding="utf-8") for path in MAIL.iterdir())
    assert [part for part in LOADING if part in written] == []


def test_a_page_begins_as_a_page_and_says_its_language() -> None:
    assert letter().html.startswith('<!doctype html>\n<html lang="fr">')
