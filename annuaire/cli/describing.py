"""`annuaire structure|conflicts`: where what is shown comes from, and what sources contradict."""

from collections.abc import Iterable
from typing import Any

import click
from sqlalchemy.orm import Session

from annuaire.cli.context import application
from annuaire.cli.deciding import described, sentence
from annuaire.cli.output import json_option, plain_key, print_json
from annuaire.db import reading
from annuaire.extensions import session
from annuaire.runs import runs_by_id
from annuaire.structures.conflicts import Conflict, find_conflicts
from annuaire.structures.decision_models import StructureChange
from annuaire.structures.decisions import decisions_of
from annuaire.structures.fields import LABELS, STATUS_LABEL
from annuaire.structures.history import changes_of
from annuaire.structures.models import SourceRecord, Structure
from annuaire.structures.provenance import FieldOrigin, origins_of
from annuaire.structures.service import by_siret, records_of


@click.command()
@click.argument("key")
@json_option
def structure(key: str, as_json: bool) -> None:
    """Une structure et d'où vient ce qu'elle montre : champs, sources, décisions, historique."""
    with application():
        db_session = reading(session())
        found = _everything(db_session, by_siret(db_session, plain_key(key), withdrawn=True))
    print_json(found) if as_json else _print(found)


def _everything(db_session: Session, structure: Structure) -> dict[str, Any]:
    records = records_of(db_session, structure.id)
    decisions = db_session.scalars(decisions_of(structure.id)).all()
    runs = runs_by_id(db_session, {record.run_id for record in records})
    return {
        "key": structure.key,
        "name": structure.shown_name,
        "ended_on": _iso(structure.ended_on),
        "withdrawn_on": _iso(structure.withdrawn_on),
        "statuses": [
            {
                "kind": status.kind,
                "source": status.source,
                "valid_from": _iso(status.valid_from),
                "valid_to": _iso(status.valid_to),
                "ended_on": _iso(status.ended_on),
            }
            for status in structure.statuses
        ],
        "fields": [_field(origin) for origin in origins_of(structure, records, runs, decisions)],
        "records": [_record(record) for record in records],
        "decisions": [*described(decisions)],
        "history": [_change(change) for change in db_session.scalars(changes_of(structure.id))],
    }


def _field(origin: FieldOrigin) -> dict[str, Any]:
    return {
        "field": origin.field,
        "value": origin.value,
        "source": origin.source,
        ("decision" if origin.corrected else "run"): origin.run_id,
        "said_at": _iso(origin.said_at),
        "conflicts": [{"source": o.source, "value": o.value} for o in origin.others],
    }


def _record(record: SourceRecord) -> dict[str, Any]:
    return {
        "source": record.source,
        "source_key": record.source_key,
        "run": record.run_id,
        "ended_on": _iso(record.ended_on),
        "data": record.data,
    }


def _change(change: StructureChange) -> dict[str, Any]:
    return {
        "field": change.field,
        "old": change.old,
        "new": change.new,
        "source": change.source,
        "run": change.run_id,
        "changed_at": _iso(change.changed_at),
    }


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _print(found: dict[str, Any]) -> None:
    click.echo(f"{found['name']} ({found['key']})")
    for word, day in (("Retirée", found["withdrawn_on"]), ("Close", found["ended_on"])):
        if day:
            click.echo(f"{word} le {day}.")
    for status in found["statuses"]:
        dates = f"{status['valid_from'] or '…'} – {status['ended_on'] or status['valid_to'] or '…'}"
        click.echo(f"  {STATUS_LABEL} {status['kind']} ({dates}), selon {status['source']}")
    for line in found["fields"]:
        number = f"décision {line['decision']}" if "decision" in line else f"lecture {line['run']}"
        origin = f"{line['source']}, {number}" if line["source"] else "calculé ici"
        click.echo(f"  {LABELS[line['field']]} : {line['value']} ({origin})")
        for other in line["conflicts"]:
            click.echo(f"      selon {other['source']} : {other['value']}")
    _print_list("Décisions", map(sentence, found["decisions"]))
    _print_list("Historique", map(_change_sentence, found["history"]))
    _print_list("Fiches des sources", map(_record_sentence, found["records"]))


def _print_list(title: str, lines: Iterable[str]) -> None:
    for rank, line in enumerate(lines):
        if not rank:
            click.echo(f"{title} :")
        click.echo(f"  {line}")


def _change_sentence(change: dict[str, Any]) -> str:
    label = LABELS.get(change["field"], STATUS_LABEL if change["field"] == "status" else "fin")
    said_by = f", selon {change['source']}" if change["source"] else ""
    return (
        f"{change['changed_at'][:10]} {label} : {change['old'] or '(rien)'} → "
        f"{change['new'] or '(rien)'}{said_by}"
    )


def _record_sentence(record: dict[str, Any]) -> str:
    end = f", close le {record['ended_on']}" if record["ended_on"] else ""
    return f"{record['source']} {record['source_key']}, lecture {record['run']}{end}"


@click.command()
@click.option("--field", metavar="CHAMP", help="Un seul champ.")
@click.option("--source", metavar="SOURCE", help="Les seuls conflits de cette source.")
@click.option("--page", default=1, show_default=True, type=click.IntRange(1, 10**9))
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1_000))
@json_option
def conflicts(field: str | None, source: str | None, page: int, limit: int, as_json: bool) -> None:
    """Les champs sur lesquels des sources se contredisent, comptés puis montrés par pages."""
    with application():
        found = find_conflicts(reading(session()), field, source, (page - 1) * limit, limit)
    counts: list[dict[str, Any]] = [
        {"field": name, "sources": [one, other], "count": count}
        for (name, one, other), count in found.by_pair.most_common()
    ]
    if as_json:
        rows = [_conflict(conflict) for conflict in found.page]
        print_json({"total": found.total, "page": page, "counts": counts, "conflicts": rows})
        return
    click.echo(f"{found.total} désaccords entre sources.")
    for row in counts:
        click.echo(f"{row['count']:>7}  {LABELS[row['field']]} : {' / '.join(row['sources'])}")
    for conflict in found.page:
        click.echo(f"- {conflict.name} ({conflict.key}), {LABELS[conflict.field]}")
        for name, value in conflict.said.items():
            click.echo(f"    {name} : {value}")


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "key": conflict.key,
        "name": conflict.name,
        "field": conflict.field,
        "said": conflict.said,
    }
