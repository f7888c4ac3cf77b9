"""`annuaire clauses detect` of lines of JSON, texts and codes; how findings are printed."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import IO, Any

import click
import orjson

from annuaire.clauses.contradictions import compare
from annuaire.clauses.detect import detect, negations
from annuaire.clauses.findings import Code, PlainCode, PlainText
from annuaire.clauses.labels import citation_label
from annuaire.cli.output import print_json, say

# Keys of a line → the kind of text that the rules read.
KINDS = {
    "objet": "title",
    "title": "title",
    "titre": "title",
    "lot": "lot_title",
    "lot_title": "lot_title",
    "description": "description",
    "texte": "execution",
    "text": "execution",
    "execution": "execution",
    "criteres": "criteria",
    "criteria": "criteria",
}
CODES = "codes"


def detect_lines(file: str, lines: IO[bytes], as_json: bool) -> int:
    """Read lines {id, texte…} and print what each states. The exit code: 0 all read, 1 some
    refused, 2 none read.

    Texts: objet, lot, description, texte, criteres. `codes`: an object {field: value}.
    """
    refused = 0
    done = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row = _object(line)
        if row is None:
            refused += 1
            say(f"{file}, ligne {number} : ce n'est pas un objet JSON ; ligne laissée.")
            continue
        done += 1
        found = _read(row)
        name = row.get("id", row.get("idweb", number))
        if as_json:
            print_json({"id": name, **found})
        else:
            click.echo(f"{name} : {len(found['findings'])} clause(s) repérée(s)")
            print_found(found)
    return 0 if not refused else 1 if done else 2


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return row if isinstance(row, dict) else None


def _read(row: dict[str, Any]) -> dict[str, Any]:
    """What one line states, what it denies, and where its codes and texts disagree. Offsets are
    those of the value of the key named `field`."""
    keys: dict[str, str] = {}  # kind of text → the line's own key
    for key, kind in KINDS.items():
        if isinstance(row.get(key), str):
            keys.setdefault(kind, key)
    texts = [PlainText(kind, row[key]) for kind, key in keys.items()]
    codes = _codes(row.get(CODES))
    findings, denied = detect(texts, codes), negations(texts)
    return {
        "findings": [asdict(f) | {"field": keys.get(f.field, f.field)} for f in findings],
        "denied": [asdict(d) | {"field": keys.get(d.field, d.field)} for d in denied],
        "contradictions": [c.sentence for c in compare(findings, denied, codes)],
    }


def _codes(given: Any) -> list[Code]:
    if not isinstance(given, dict):
        return []
    return [PlainCode(field, str(value)) for field, value in given.items() if value is not None]


def print_found(found: Mapping[str, Any]) -> None:
    """Print findings, what is denied and contradictions; `where` is told where it is known."""
    for finding in found["findings"]:
        told = [finding["type"], *([finding["where"]] if "where" in finding else [])]
        if finding["lots"]:
            told.append(f"lots {', '.join(finding['lots'])}")
        if finding["hours"]:
            told.append(f"{finding['hours']:g} heures")
        if finding["share"]:
            told.append(f"{finding['share'] * 100:g} % du travail")
        if finding["weight"]:
            told.append(f"poids {finding['weight']:g}")
        if finding["article"]:
            told.append(_article(finding["article"], finding["article_cited"]))
        if finding["optional"]:
            told.append("facultative")
        click.echo(f"  - {', '.join(told)} : « {finding['evidence'].strip()} »")
    for denied in found["denied"]:
        click.echo(f"  - exclu : {denied['type']} : « {denied['evidence'].strip()} »")
    for sentence in found["contradictions"]:
        click.echo(f"  ! {sentence}")


def _article(today: str, cited: str | None) -> str:
    """« article L2112-2 », and the older one that the text cites."""
    other = cited is not None and cited != today
    return f"article {today}" + (f" (cité : {citation_label(cited)})" if cited and other else "")
