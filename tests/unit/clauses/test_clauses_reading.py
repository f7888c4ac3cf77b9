"""Numbers, lots, hours, shares and folding, each by itself."""

import pytest

from annuaire.clauses import hours, lots, numbers, sentences, shares, sums
from annuaire.clauses.fold import fold, plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("cent quarante", 140),
        ("mille cinq cents", 1500),
        ("quatre-vingt-dix", 90),
        ("quatre-vingts", 80),
        ("soixante et onze", 71),
        ("deux mille trois cent soixante et onze", 2371),
        ("1 500", 1500),
        ("1.500", 1500),
        ("2,5", 2.5),
        ("12 000,50", 12000.5),
        ("vingt chats", None),
        ("", None),
    ],
)
def test_number_is_read_in_digits_and_words(text: str, value: float | None) -> None:
    assert numbers.parse(text) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lots 6 et 7", ["6", "7"]),
        ("lots 1 à 4 et 6", ["1", "2", "3", "4", "6"]),
        ("lot n° 3", ["3"]),
        ("du/des lot(s) no 02, 03, 04", ["2", "3", "4"]),
        ("les lots no2 et no5", ["2", "5"]),
        ("lots 1A, 1B, 10 A, 10B, 11, le maître", ["1A", "1B", "10A", "10B", "11"]),
        ("lots 1 - 3 - 4 et 7.", ["1", "3", "4", "7"]),
        ("lots 1 / 2 / 3", ["1", "2", "3"]),
        ("deux lots (2 et 8)", ["2", "8"]),
        ("lots 2-5", ["2", "3", "4", "5"]),
        ("lots A et B", ["A", "B"]),
        ("lots un à trois", ["1", "2", "3"]),
        ("Lot 1:1200 hLot 2: 250 h", ["1", "2"]),
        ("35 heureslot 06 - Plâtrerie", ["6"]),
        ("lots suivants : 1, 2 et 5", ["1", "2", "5"]),
        ("lot 2 - 500 heures", ["2"]),
        ("lot 1 à prix unitaire", ["1"]),
        ("lots 1 à 6 sauf les lots 2 et 4", ["1", "3", "5", "6"]),
        ("tous les lots sauf le lot 3", []),
        ("nombre de lots : 4", []),
        ("lot unique", []),
        ("lot 2024", []),
        ("îlot 3", []),
    ],
)
def test_lots_are_read_as_people_write_them(text: str, expected: list[str]) -> None:
    assert list(lots.union(lots.mentions(fold(text)))) == expected


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("630 heures de travail", 630),
        ("1 500 h", 1500),
        ("2 100 heurs", 2100),
        ("cent quarante heures", 140),
        ("250 heures, soit 120 heures en tranche ferme et 130 heures en tranche optionnelle", 250),
        ("tranche ferme : 300 heures et tranche optionnelle 1 : 300 heures", 600),
        ("140 heures, dont 35 heures de formation", 140),
        ("60 heures annuelles (120 h par période de 2 ans)", 120),
        ("respectivement 70, 105 et 35 heures", 210),
        ("entre 20 et 40 heures", 20),
        ("de 35 à 70 heures", 35),
        ("le volume passera de 100 à 150 heures", 150),
        ("le volume passe de 100 heures à 150 heures", 150),
        ("volume abaissé de 300 heures d'insertion à 150 heures", 150),
        ("intervention sous 4 heures", None),
        ("de 8 h à 18 h", None),
        ("à 12 heures", None),
        ("35 heures par semaine", None),
        ("1 heure pour 1 500 € HT", None),
        ("24 heures sur 24", None),
    ],
)
def test_hours_of_work_are_summed_and_told_from_times(text: str, total: float | None) -> None:
    folded = fold(text)
    assert sums.total(hours.mentions(folded, 0, len(folded))) == total


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Taux d'insertion 2.50 %", 0.025),
        ("(taux de main d'oeuvre 15% - Taux d'insertion 2.50 %)", 0.025),
        ("Cette clause est de 5%.", 0.05),
        ("7 % du temps total de travail", 0.07),
        ("au moins huit pour cent des heures travaillées", 0.08),
        ("taux Rh de 20 %", None),
        ("pénalité de 10 % du montant", None),
        ("50 % de travailleurs handicapés", None),
        ("prix 60 %, valeur technique 40 %", None),
    ],
)
def test_share_is_that_of_the_work_only(text: str, share: float | None) -> None:
    folded = fold(text)
    assert shares.share(folded, 0, len(folded)) == share


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CCAP.Début d'exécution. L'art. 3 du C.C.A.P.", 3),
        ("Selon l'article L.2113-12 et 1.5.2", 1),
        ("une clause\nd'insertion", 1),
        ("CLAUSE\nD'INSERTION", 1),
        ("Lot 1 : 60 h\nLot 2 : 50 h", 2),
        ("50 heureslot 06 - peinture", 2),
        ("", 0),
        ("  \n ", 0),
    ],
)
def test_sentences_are_cut_where_readers_pause(text: str, expected: int) -> None:
    assert len(sentences.spans(text)) == expected


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Clause d’insertion", "clause d'insertion"),
        ("MARCHÉ RÉSERVÉ", "marche reserve"),
        ("march\ufffd r\ufffdserv\ufffd", "marche reserve"),
        ("d?insertion", "d'insertion"),
        ("LOT N? 2", "lot n° 2"),
        ("rÃ©servÃ©", "reserve"),
        ("l&#039;insertion", "l'insertion"),
        ("inser-\ntion", "insertion"),
        ("c l a u s e", "clause"),
        ("c1ause", "clause"),
        ("mise en œuvre", "mise en ouvre"),
    ],
)
def test_damaged_text_is_mended_for_the_rules(text: str, folded: str) -> None:
    prepared = plain(text)
    assert prepared.folded == folded
    assert len(prepared.clean) == len(prepared.folded)
