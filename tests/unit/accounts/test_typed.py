"""Names, addresses and numbers as people type them, or as who attacks does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.accounts import domains, typed
from annuaire.accounts.policy import PolicyError, table
from annuaire.errors import InvalidInputError


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Camille   Essai ", "Camille Essai"),
        ("Zoé D’Été-Œuvrard", "Zoé D’Été-Œuvrard"),
        ("Zoe\u0301", "Zoé"),
        ("J.P. Durand", "J.P. Durand"),
        ("Dr. Essai", "Dr. Essai"),
        ("S.I.V.O.M. de l’Essai", "S.I.V.O.M. de l’Essai"),
        ("محمد", "محمد"),
        ("李雷", "李雷"),
    ],
)
def test_name_is_kept_plain(text: str, kept: str) -> None:
    assert typed.name(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "123", "a\0b", "a\u202eb", "a\u200bb", "a\u2066b", "\ufeffa", "a\ud800b",
        "x" * 101, "http://mal.fr", "www.mal.fr gagnez", "ecrivez a@mal.fr", "gagnez sur mal.fr",
        "t.co", "Gagnez.sur.MAL.FR", "mal.fr/a", "tel:0601020304", "WWW mal", "192.0.2.1",
        "a\x1b[31m",
    ],
)  # fmt: skip
def test_name_that_deceives_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        typed.name(text)


@pytest.mark.parametrize("text", ["Camille@Exemple.FR", " camille@exemple.fr\n"])
def test_address_is_one_whatever_its_case(text: str) -> None:
    assert typed.email(text) == "camille@exemple.fr"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "camille",
        "a@b",
        "a@b.fr, c@d.fr",
        "a@b.fr\nBcc: c@d.fr",
        "A <a@b.fr>",
        "a" * 300 + "@b.fr",
    ],
)
def test_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        typed.email(text)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    values, errors = typed.read({"a": text}, a=typed.name, b=typed.email, c=typed.siret)
    assert len(values) + len(errors) == 3


@pytest.mark.parametrize(
    ("text", "kept"),
    [("215 903 501 00017", "21590350100017"), ("35600000000048", "35600000000048")],
)
def test_siret_is_kept_as_digits(text: str, kept: str) -> None:
    assert typed.siret(text) == kept


@pytest.mark.parametrize("text", ["", "21590350100018", "2159035010001", "٢١٥٩٠٣٥٠١٠٠٠١٧", "siret"])
def test_false_siret_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        typed.siret(text)


@pytest.mark.parametrize(
    ("email", "siret", "vouched"),
    [
        ("a@interieur.gouv.fr", "11001401600015", True),
        ("a@gouv.fr", "11001401600015", True),
        ("a@interieur.gouv.fr", "21590350100017", False),  # a commune is not the State
        ("a@paris.fr", "21750001600019", True),
        ("a@paris.fr", "21590350100017", False),
        ("a@gouv.fr.mal.com", "11001401600015", False),
        ("a@fauxgouv.fr", "11001401600015", False),
        ("a@mairie-exemple.fr", "21590350100017", False),
        ("a@gmail.com", "11001401600015", False),
    ],
)
def test_domain_vouches_for_its_own_body_alone(email: str, siret: str, vouched: bool) -> None:
    assert domains.vouches(email, siret) is vouched


def test_personal_domains_are_told() -> None:
    assert domains.is_personal("a@Gmail.com".lower())
    assert not domains.is_personal("a@mairie-exemple.fr")


def test_table_refuses_a_word_that_it_does_not_know(tmp_path) -> None:  # type: ignore[no-untyped-def]
    wrong = tmp_path / "policy.toml"
    wrong.write_text('[pages]\nhome = "visiteur"\n', encoding="utf-8")
    with pytest.raises(PolicyError, match=r"pages\.home"):
        table(wrong)
