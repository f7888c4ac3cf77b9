"""How values are written on the pages."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire import wording


def plain(text: str) -> str:
    """Unbreakable spaces made ordinary, for tables that one can read."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("", ""),
        (date(2026, 3, 1), "1er mars 2026"),
        ("2026-08-22", "22 août 2026"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "1er janvier 2027"),
        ("2e trimestre", "2e trimestre"),
    ],
)
def test_date_fr_writes_the_french_day(value: date | str | None, expected: str) -> None:
    assert plain(wording.date_fr(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 7, 1, 10, 0, tzinfo=UTC), "1er juillet 2026 à 12 h"),
        (datetime(2026, 1, 2, 11, 5, tzinfo=UTC), "2 janvier 2026 à 12 h 05"),
        (date(2026, 1, 2), "2 janvier 2026"),
        ("demain", "demain"),
        (None, ""),
    ],
)
def test_date_heure_fr_writes_paris_time(value: date | str | None, expected: str) -> None:
    assert plain(wording.date_heure_fr(value)) == expected


@pytest.mark.parametrize(
    ("function", "value", "expected"),
    [
        (wording.nombre, 12345.5, "12 345,5"),
        (wording.nombre, -3, "−3"),
        (wording.nombre, 100, "100"),
        (wording.nombre, None, ""),
        (wording.nombre, float("nan"), ""),
        (wording.euros, 1234567.4, "1 234 567 €"),
        (wording.euros, 12.5, "12,50 €"),
        (wording.euros, 0, "0 €"),
        (wording.euros, None, ""),
        (wording.km, 0.2, "moins de 1 km"),
        (wording.km, 3.42, "3,4 km"),
        (wording.km, 9.96, "10 km"),
        (wording.km, 1234.0, "1 234 km"),
        (wording.km, None, ""),
        (wording.pourcent, 0.075, "7,5 %"),
        (wording.siret_fr, "12345678900012", "123 456 789 00012"),
        (wording.siret_fr, "123456789", "123 456 789"),
        (wording.siret_fr, "590000123", "590 000 123"),
        (wording.siret_fr, "abc", "abc"),
        (wording.telephone, "+33 3 20 00 00 01", "03 20 00 00 01"),
        (wording.telephone, "0320000001", "03 20 00 00 01"),
        (wording.telephone, "poste 12", "poste 12"),
        (wording.lien_telephone, "03 20 00 00 01", "tel:0320000001"),
        (wording.lien_telephone, "poste", ""),
    ],
)
def test_values_are_written_as_on_paper(function, value, expected: str) -> None:  # type: ignore[no-untyped-def]
    assert plain(function(value)) == expected


@pytest.mark.parametrize(
    ("count", "words", "expected"),
    [
        (0, ("structure",), "0 structure"),
        (1, ("structure",), "1 structure"),
        (2, ("structure",), "2 structures"),
        (1500, ("lot publié",), "1 500 lots publiés"),
        (2, ("avis",), "2 avis"),
        (3, ("travail", "travaux"), "3 travaux"),
    ],
)
def test_pluriel_begins_at_two(count: int, words: tuple[str, ...], expected: str) -> None:
    assert plain(wording.pluriel(count, *words)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://exemple.fr/a?b=c", "https://exemple.fr/a?b=c"),
        ("www.exemple.fr", "https://www.exemple.fr"),
        ("javascript:alert(1)", ""),
        ("javascript://exemple.fr/%0aalert(1)", ""),
        ("data:text/html,x", ""),
        ("pas de site", ""),
        ("https://[", ""),
        (None, ""),
    ],
)
def test_lien_web_gives_only_web_addresses(value: str | None, expected: str) -> None:
    assert wording.lien_web(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("l&#39;<mark>entretien</mark>", "l&#39;<mark>entretien</mark>"),
        ("<script>x</script><mark>a</mark>", "&lt;script&gt;x&lt;/script&gt;<mark>a</mark>"),
        ("<mark onclick=x>a</mark>", "&lt;mark onclick=x&gt;a</mark>"),
        (None, ""),
    ],
)
def test_marque_lets_only_marks_through(value: str | None, expected: str) -> None:
    assert wording.marque(value) == expected


@given(st.text(alphabet="<>mark/ &a\"'="))
def test_marque_never_leaves_another_tag(text: str) -> None:
    rest = wording.marque(text).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in rest


@given(st.floats())
def test_numbers_never_fail(value: float) -> None:
    for function in (wording.nombre, wording.euros, wording.km):
        assert isinstance(function(value), str)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (None, ""),
        ("d'après « lavage », à 10 % : non ?", "d'après «~lavage~», à 10~%~: non~?"),
        ("BT-71 = none ; 92 000 € HT, 5 km", "BT-71 = none~; 92 000~€~HT, 5~km"),
        ("voir https://exemple.fr/?a=1 :ok", "voir https://exemple.fr/?a=1 :ok"),
    ],
)
def test_insecable_keeps_together_what_french_does_not_part(
    sentence: str | None, expected: str
) -> None:
    assert wording.insecable(sentence) == expected.replace("~", wording.NBSP)
