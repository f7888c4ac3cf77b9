"""What a letter may hold, whatever it is given."""

import pytest

from annuaire.errors import InvalidInputError
from annuaire.mail.letters import MAX_SUBJECT, address_key, one_line, usable_address, usable_link


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("Un marché de nettoyage", "Un marché de nettoyage"),
        ("  Deux\r\nBcc: autre@exemple.fr ", "Deux Bcc: autre@exemple.fr"),
        ("a\x00b\x1bc\u202ed\u2028e\ufeff", "abcd e"),
        ("\U0001f331 \u00ab\u00a0guillemets\u00a0\u00bb", "\U0001f331 « guillemets »"),
        ("\ud800moitié", "moitié"),
        ("x" * 5000, "x" * (MAX_SUBJECT - 1) + "…"),
        ("\n\t", ""),
    ],
)  # fmt: skip
def test_a_subject_is_one_visible_line(given: str, line: str) -> None:
    assert one_line(given) == line


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("Jeanne.Martin@Exemple.FR", "Jeanne.Martin@exemple.fr"),
        ("zoé@exemple.fr", "zoé@exemple.fr"),
        ("a@xn--lan-9la.fr", "a@élan.fr"),
        ("a+b@exemple.fr", "a+b@exemple.fr"),
    ],
)
def test_an_address_is_kept_as_written(given: str, written: str) -> None:
    assert usable_address(given) == written
    assert address_key(given.upper()) in {written.lower(), given.lower()}


@pytest.mark.parametrize(
    "given",
    [
        "", "a", "a@", "@exemple.fr", "a@localhost", "a@[127.0.0.1]", "a@exemple..fr",
        "a@exemple.fr, b@exemple.fr", "Jeanne <a@exemple.fr>", "a@exemple.fr\r\nBcc: b@exemple.fr",
        "a@exemple.fr\n", "a@exemple.fr\x00", '"a\r\n"@exemple.fr', "a b@exemple.fr",
        "a@exem\u202eple.fr", "a" * 65 + "@exemple.fr", "a@" + "b" * 300 + ".fr", "a@nulle.test",
    ],
)  # fmt: skip
def test_what_is_no_single_address_is_refused(given: str) -> None:
    with pytest.raises(InvalidInputError):
        usable_address(given)


@pytest.mark.parametrize(
    "given",
    [
        "javascript:alert(1)", "https://a.fr/>,<https://b.fr", "http://a.fr/\r\nX: y", "/alertes",
        "https://a.fr/" + "x" * 950,
    ],
)  # fmt: skip
def test_what_is_no_page_is_no_link(given: str) -> None:
    assert usable_link("https://annuaire.fr/alertes/quitter?j=a.b-c_d") is not None
    with pytest.raises(ValueError, match="no address"):
        usable_link(given)
