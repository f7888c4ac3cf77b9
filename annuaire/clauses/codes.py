"""Clauses that a notice states by a code: eForms, DECP, BOAMP."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from annuaire.clauses import citations, lot_numbers
from annuaire.clauses.findings import Code, Finding
from annuaire.clauses.fold import fold
from annuaire.clauses.rules import raw

_NONE = re.compile(r"^(?:pas de|aucune?|none|no|non|sans)\b")


@dataclass(frozen=True, slots=True)
class CodeRule:
    """Fields (folded, letters and digits only), values and what they prove."""

    id: str
    fields: frozenset[str]
    value: re.Pattern[str]
    type: str
    confidence: float
    note: str


@cache
def all_code_rules() -> tuple[CodeRule, ...]:
    """Every rule of `data/codes.toml`."""
    return tuple(
        CodeRule(
            id=row["id"],
            fields=frozenset(field_key(name) for name in row["field"]),
            value=re.compile(rf"(?<![a-z0-9])(?:{row['value']})"),
            type=row["type"],
            confidence=row["confidence"],
            note=row["note"],
        )
        for row in raw("codes")["code"]
    )


@dataclass(frozen=True, slots=True)
class DenialRule:
    """Fields and values by which a notice says that it has none of some types; `says` is French."""

    fields: frozenset[str]
    value: re.Pattern[str]
    denies: frozenset[str]
    says: str


@cache
def all_denial_rules() -> tuple[DenialRule, ...]:
    """Every « none » of `data/codes.toml`."""
    return tuple(
        DenialRule(
            fields=frozenset(field_key(name) for name in row["field"]),
            value=re.compile(rf"(?:{row['value']})"),
            denies=frozenset(row["denies"]),
            says=row["says"],
        )
        for row in raw("codes")["none"]
    )


def denial(code: Code) -> DenialRule | None:
    """What a code denies (« BT-71 none », « Pas de considération sociale »), or None when it
    denies nothing."""
    key, value = field_key(code.field), fold(code.value).strip()
    rules = (rule for rule in all_denial_rules() if key in rule.fields)
    return next((rule for rule in rules if rule.value.match(value)), None)


@lru_cache(maxsize=1024)
def field_key(name: str) -> str:
    """« BT-71-Lot », « bt_71 » → « bt71 »: how field names are compared."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"-lot$|-part$", "", fold(name)))


def read(code: Code) -> list[Finding]:
    """What one coded value proves; several values may stand in it, parted by « , » or « ; »."""
    key = field_key(code.field)
    rules = [rule for rule in all_code_rules() if key in rule.fields]
    if not rules:
        return []
    values = [part.strip() for part in re.split(r"[,;]", fold(code.value))]
    own = lot_numbers.clean_number(fold(code.lot_number)) if code.lot_number else None
    found: dict[str, Finding] = {}
    for value in values:
        if _NONE.match(value):
            continue
        for rule in rules:
            if rule.type in found or not rule.value.search(value):
                continue
            found[rule.type] = Finding(
                type=rule.type,
                source="code",
                field=code.field,
                evidence=code.value,
                start=0,
                end=0,
                mark_start=0,
                mark_end=0,
                lots=(own,) if own else (),
                article=citations.choose(rule.type, [])[0],
                confidence=rule.confidence,
                rule=rule.id,
            )
    return list(found.values())
