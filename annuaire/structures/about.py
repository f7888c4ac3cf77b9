"""What a structure's page says of itself: where its data come from, what changed, how to cite it.
Plain values in French."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from annuaire.geo.gazetteer import departement_label
from annuaire.structures.decided import OWN_SOURCE, PROFILE, Decided
from annuaire.structures.decision_models import StructureChange
from annuaire.structures.fields import HIDEABLE, LABELS
from annuaire.structures.kinds import kind_label
from annuaire.structures.models import Structure
from annuaire.structures.provenance import FieldOrigin
from annuaire.wording import NBSP, date_fr, pluriel, telephone

CONTACTS = frozenset({"phone", "email"})  # a former one may be a person's: not shown again


@dataclass(frozen=True, slots=True)
class OriginLine:
    """A row of the provenance table; `run_url` leads to the reading, when there was one."""

    label: str
    value: str
    source: str
    run_id: int | None
    run_url: str | None
    said_at: datetime | None
    others: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change in words, with who said it."""

    changed_at: datetime
    sentence: str
    source: str
    run_url: str | None


def origin_lines(origins: Iterable[FieldOrigin], titles: Mapping[str, str]) -> list[OriginLine]:
    """The provenance table. What a structure corrected is not shown beside its former value."""
    return [
        OriginLine(
            label=LABELS[origin.field],
            value=shown_value(origin.field, origin.value),
            source=titles.get(origin.source, origin.source) if origin.source else "Calculé ici",
            run_id=None if origin.corrected else origin.run_id,
            run_url=None if origin.corrected else run_url(origin.source, origin.run_id),
            said_at=origin.said_at,
            others=[
                (titles.get(other.source, other.source), shown_value(origin.field, other.value))
                for other in origin.others
                if not origin.corrected
            ],
        )
        for origin in origins
    ]


_YES_NO = {"True": "oui", "False": "non"}


def shown_value(field: str, value: str) -> str:
    """A field's value as the page writes it elsewhere."""
    return telephone(value) if field == "phone" else _YES_NO.get(value, value)


def run_url(source: str | None, run_id: int | None) -> str | None:
    """Where a reading is shown."""
    return f"/sources/{source}?lecture={run_id}" if source and run_id else None


def change_lines(
    changes: Iterable[StructureChange], decided: Decided, titles: Mapping[str, str]
) -> list[ChangeLine]:
    """The history, the newest first; nothing of a field that was objected to."""
    unseen = {name for field in decided.hidden for name in HIDEABLE[field]}
    return [
        ChangeLine(
            changed_at=change.changed_at,
            sentence=_sentence(change),
            source=titles.get(change.source, change.source) if change.source else "",
            run_url=run_url(change.source, change.run_id),
        )
        for change in changes
        if change.field not in unseen
    ]


def _sentence(change: StructureChange) -> str:
    if change.field == "status":
        if change.new:
            return f"Statut inscrit : {kind_label(change.new)}"
        return f"Statut retiré : {kind_label(change.old or '')}"
    if change.field == "ended_on":
        if change.new:
            return "N'est plus dans les annuaires d'origine"
        return "De nouveau dans les annuaires d'origine"
    label = LABELS.get(change.field, change.field).capitalize()
    if change.source in (OWN_SOURCE, PROFILE):
        return f"{label} : corrigé par la structure"  # its former value may be what it objects to
    if change.field in CONTACTS:
        return f"{label} : changé"
    old, new = (shown_value(change.field, value or "") for value in (change.old, change.new))
    return f"{label} : «{NBSP}{old}{NBSP}» devient «{NBSP}{new}{NBSP}»"


def served(awards: Sequence[Mapping[str, Any]]) -> list[str]:
    """The départements where lots were won, by name, most lots first: « Nord (59) »."""
    counts = Counter(award["departement"] for award in awards if award["departement"])
    return [label for code, _ in counts.most_common() if (label := departement_label(code))]


def summary(structure: Structure, kinds: Sequence[str], activities: Sequence[str]) -> str:
    """One sentence for who shares the page or finds it: what, where, which trades."""
    where = f" à {structure.city}" if structure.city else ""
    what = ", ".join(kinds[:2]) or "Structure inclusive"
    trades = f" : {', '.join(activities[:4])}" if activities else ""
    return f"{what}{where}{trades}."


def citation(structure: Structure, public_url: str, sources: Sequence[str], today: date) -> str:
    """How to cite the page."""
    told = f" Données{NBSP}: {' ; '.join(sources)}." if sources else ""
    return (
        f"« {structure.shown_name} », annuaire, {public_url}/structures/{structure.key}, page "
        f"consultée le {date_fr(today)}.{told}"
    )


def place_note(awards: Sequence[Mapping[str, Any]]) -> str | None:
    """Where it worked, as far as award notices tell: no source publishes a service area."""
    counts = Counter(award["departement"] for award in awards if award["departement"])
    labels = [
        f"{label}, {pluriel(count, 'lot')}"
        for code, count in counts.most_common()
        if (label := departement_label(code))
    ]
    return " ; ".join(labels) or None
