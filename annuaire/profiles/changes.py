"""What an edit changes, whether it is risky, and how it is undone; pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

#: Field → (value before, value after), None for nothing. JSON makes lists of the pairs.
Diff = dict[str, tuple[Any, Any]]
Content = dict[str, Any]

#: Edits of these last days, that nobody reviewed yet, count with a new one.
RISK_DAYS: Final = 30
NAME, CONTACT, ACTIVITIES = "nom", "contact", "activités"
_CONTACTS: Final = ("phone", "email", "website")
#: A page that lost all three may have been taken over: a person looks first.
RISKY_TOGETHER: Final = frozenset({NAME, CONTACT, ACTIVITIES})


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Diff:
    """The fields of `after` whose value differs; what is empty is None."""
    return {
        name: (before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value
    }


def applied(content: Mapping[str, Any], diff: Mapping[str, Any]) -> Content:
    """A content with the new values of a diff; what is emptied is left out."""
    changed = {**content, **{name: pair[1] for name, pair in diff.items()}}
    return {name: value for name, value in changed.items() if value is not None}


def reversed_diff(diff: Mapping[str, Any]) -> Diff:
    """The diff that puts back what was before."""
    return {name: (pair[1], pair[0]) for name, pair in diff.items()}


def overtaken(content: Mapping[str, Any], diff: Mapping[str, Any]) -> list[str]:
    """The fields of an edit that a later one changed again: undoing it would lose that."""
    return sorted(name for name, pair in diff.items() if content.get(name) != pair[1])


def replaced(diff: Mapping[str, Any], shown: Mapping[str, Any]) -> frozenset[str]:
    """What a diff makes disappear of what the page showed: its name, its contacts, its
    activities. `shown` holds what directories say (name, brand, phone, email, website, and
    `activities`, codes): what is added beside replaces nothing."""
    found = set()
    if "brand" in diff and diff["brand"][1] not in (None, shown.get("name"), shown.get("brand")):
        found.add(NAME)
    for name in _CONTACTS:
        was = diff[name][0] or shown.get(name) if name in diff else None
        if was and diff[name][1] and diff[name][1] != was:
            found.add(CONTACT)
    if "activities" in diff:
        was_done = {*(diff["activities"][0] or ()), *shown.get("activities", ())}
        now_done = diff["activities"][1] or ()
        if was_done and now_done and was_done.isdisjoint(now_done):
            found.add(ACTIVITIES)
    return frozenset(found)


def is_risky(now: frozenset[str], before: Iterable[frozenset[str]]) -> bool:
    """Whether an edit, with those of the last days that nobody reviewed, replaces name, contact
    and activities all together."""
    return bool(now) and now.union(*before) >= RISKY_TOGETHER
