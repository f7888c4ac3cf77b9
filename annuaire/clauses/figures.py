"""Figures of hours that go without their unit, in lists that « heures … : » announces; folded
text."""

import re

from annuaire.clauses import numbers
from annuaire.clauses.hours import LARGEST, HoursMention, labelled

# « lot 1 : 240, lot 2 : 120 », after « nombre d'heures »
_LISTED = re.compile(
    rf"(?:(?:lots?\s*(?:n\s?°\s?)?|\bl)\d{{1,3}}(?:\s?(?:,|et|a|-)\s?\d{{1,3}}){{0,12}}(?!\d)"
    r"|tranche \w+(?: n?°? ?\d)?(?!\d)|(?:phase|annee|periode) \d(?!\d)"
    r"|\d(?:ere?|eme|nde?|e) annee)"
    rf"[^.;:=\d]{{0,40}}?\s*[:=-]\s*(?P<n>{numbers.IN_DIGITS})"
    r"(?=\s*(?:chacun|par lot|[.,;)/](?!\d)|$))"
    # « 320 (lot 1) »
    rf"|(?<![\d,.])(?P<first>{numbers.IN_DIGITS})\s?(?=\(\s?lots?\s?(?:n\s?°\s?)?\d)"
)
_OF_TRADES = re.compile(r"heures\b[^.;:]{0,80}:")
_TRADE = re.compile(
    r"\s?(?!(?:voir )?(?:annexe|article|page|piece|phase|chapitre)s?\b)"
    rf"(?P<name>[a-z][a-z'/ -]{{1,40}}?)\s?[:=(-]?\s?(?P<n>{numbers.IN_DIGITS})\)?\s?"
    r"(?=[,;/.)]|et\b|-\s|$)(?:[,;/]|et\b|-\s)?"
)
_FLOOR = re.compile(r"mini(?:mum|male?)?")  # « mini 500 - maxi 900 »: what is owed
ANNOUNCED = re.compile(r"(?:heures|volumes? horaires?)\b[^.;]{0,80}?[:=]")


def listed(folded: str, start: int, end: int) -> list[HoursMention]:
    """The figures of a list of lots that an earlier « nombre d'heures : » announces."""
    return [
        labelled(value, match.start(match.lastgroup or 0), match.end())
        for match in _LISTED.finditer(folded, start, end)
        if (value := numbers.parse(match["n"] or match["first"])) is not None
        and 1 <= value <= LARGEST
    ]


def by_trade(folded: str, start: int, end: int) -> list[HoursMention]:
    """« VRD 420, espaces verts 210, éclairage 105 »: the figures of trades named without lots,
    after « heures d'insertion … : »."""
    announced = _OF_TRADES.search(folded, start, end)
    if announced is None:
        return []
    items = _TRADE.finditer(folded, announced.end(), end)
    found = [
        (match["name"].strip(), labelled(value, match.start("n"), match.end("n")))
        for match in items
        if (value := numbers.parse(match["n"])) is not None and 1 <= value <= LARGEST
    ]
    if floor := [mention for name, mention in found if _FLOOR.fullmatch(name)]:
        return floor[:1]
    return [mention for _, mention in found] if len(found) > 1 else []
