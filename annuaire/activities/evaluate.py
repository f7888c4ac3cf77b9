"""Scoring the classifier on a labelled file of titles."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from annuaire.activities.classify import Guess, classify
from annuaire.activities.crosswalk import peer_sectors
from annuaire.errors import InvalidInputError

COLUMNS = ("objet", "lot", "descripteurs", "sectors", "sure")


def guess(row: Mapping[str, str]) -> list[Guess]:
    """What the classifier says of a row, from its texts only, never from its labels."""
    if row["lot"]:
        return classify(
            row["lot"], context=f"{row['objet'].replace('|', ' ')} | {row['descripteurs']}"
        )
    return classify(row["objet"], context=row["descripteurs"])


def score(rows: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """Shares of rows with a sector whose first, or first three, activities hit a listed one.

    `n` counts every row; `top1` and `top3` are over the rows with a sector, `none_recognised` over
    the rows without; shares are None when there is no such row.
    """
    counts: Counter[str] = Counter()
    for row in rows:
        wanted = set(filter(None, row["sectors"].split(" | ")))
        hits = [bool(wanted & set(peer_sectors(found.code))) for found in guess(row)]
        counts["n"] += 1
        if not wanted:
            counts["none"] += 1
            counts["none_right"] += not hits
            continue
        for kind in ("all", "sure") if row["sure"] == "yes" else ("all",):
            counts[kind] += 1
            counts[f"{kind}_1"] += any(hits[:1])
            counts[f"{kind}_3"] += any(hits[:3])

    def share(part: str, whole: str) -> float | None:
        return round(counts[part] / counts[whole], 4) if counts[whole] else None

    return {
        "n": counts["n"],
        "top1": share("all_1", "all"),
        "top3": share("all_3", "all"),
        "none_recognised": share("none_right", "none"),
        "sure": {
            "n": counts["sure"],
            "top1": share("sure_1", "sure"),
            "top3": share("sure_3", "sure"),
        },
    }


def evaluate_file(path: Path) -> dict[str, Any]:
    """`score` on a csv file in the format of `titles_to_activities.csv`.

    Raises InvalidInputError when the file is not text, or lacks a column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise InvalidInputError(f"{path.name} : colonnes absentes : {', '.join(missing)}")
            return score([{name: row[name] or "" for name in COLUMNS} for row in reader])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidInputError(f"{path.name} : fichier illisible ({error})") from error
