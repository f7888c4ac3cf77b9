"""Scoring the classifier on a labelled file."""

from pathlib import Path

import pytest

from annuaire.activities.evaluate import evaluate_file, score
from annuaire.errors import InvalidInputError


def _row(objet: str, sectors: str, sure: str = "yes", lot: str = "") -> dict[str, str]:
    return {"objet": objet, "lot": lot, "descripteurs": "", "sectors": sectors, "sure": sure}


ROWS = [
    _row("Nettoyage de locaux", "Nettoyage de locaux"),
    _row("Prestations de gardiennage", "Autre (Sécurité) | Poste de garde / Accueil", "no"),
    _row("Blanchisserie", "Plomberie"),
    _row("Travaux", "Blanchisserie", lot="Blanchissage du linge"),
    _row("Assurance des biens", ""),
    _row("Impression du bulletin", ""),
]


def test_score_counts_hits_on_any_listed_sector_and_nones_apart() -> None:
    assert score(ROWS) == {
        "n": 6,
        "top1": 0.75,
        "top3": 0.75,
        "none_recognised": 0.5,
        "sure": {"n": 3, "top1": 0.6667, "top3": 0.6667},
    }


def test_score_of_nothing_has_no_shares() -> None:
    empty = {"n": 0, "top1": None, "top3": None}
    assert score([]) == {**empty, "none_recognised": None, "sure": empty}


def test_labels_are_never_read_as_input() -> None:
    hidden = [_row("2021-12", "Blanchisserie"), _row("2021-13", "")]
    assert score(hidden)["top1"] == 0.0


@pytest.mark.parametrize(
    "content", [b"objet,lot\nx,y\n", b"", b"\xff\xfe\x00bad", b"objet\x00,lot\n"]
)
def test_file_of_another_format_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "titres.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidInputError, match=r"titres\.csv"):
        evaluate_file(path)


def test_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"absent\.csv"):
        evaluate_file(tmp_path / "absent.csv")


def test_real_titles_reach_the_targets(shared_data: Path) -> None:
    found = evaluate_file(shared_data / "benchmarks/titles_to_activities.csv")
    assert found["n"] == 300
    assert found["top1"] >= 0.80
    assert found["top3"] >= 0.92
    assert found["none_recognised"] >= 0.80
    assert found["sure"]["top1"] >= 0.85
