"""Lists and tables that give each lot its hours, one row after another; folded text.

A row is a label (a lot, its title or both), then an amount or a word for none. Rows follow one
another whatever parts them: lines, semicolons, bars, dashes, or nothing in a text that lost them.
"""

import re
from dataclasses import dataclass

from annuaire.clauses import numbers
from annuaire.clauses.hours import LARGEST, UNIT
from annuaire.clauses.lots import clean_number, mentions, sort_key

_NUMBER = r"(?:\d{1,3}(?:\s?[a-h](?![a-z0-9']))?|[a-h](?![a-z0-9'])|[ivx]{1,5}(?![a-z0-9']))"
_SIGN = r"(?:n\s?°\s?s?|nos?\s?(?=\d)|n\.\s?|#)?\s?"
_LOT = rf"(?:macro-?\s?)?lots?\s?(?:\(s\)\s?)?{_SIGN}"
_MORE = rf"(?:\s?(?:,|et|a|&|/|-)\s?(?:(?:le|les|{_LOT}|{_SIGN})\s?)?{_NUMBER})*"
_ONE = rf"(?:{_LOT}|\bl(?=\d))(?P<one>{_NUMBER})"
_SEVERAL = rf"(?:macro-?\s?)?lots\s?(?:\(s\)\s?)?{_SIGN}(?P<several>{_NUMBER}{_MORE})"
_BRACKETED = rf"(?P<name>[a-z][^;|:\d()]{{2,60}}?)\s?\(\s?{_LOT}(?P<inner>{_NUMBER})\s?\)"
_BULLET = r"[^\w(]*(?:(?:et|puis|enfin|dont)\s)?(?:(?:pour|sur|dans|au|aux|le|les|la|du)\s){0,2}"
_NONE = (
    r"(?:neant|sans objet|non concernee?s?|non soumis|non\b|aucune?\b|pas de clause|s\.?o\.?\b|0\b"
    r"|exempte\w*|dispense\w*|[-/](?=\s*(?:[|;]|$)))"
)
# What an amount is not: a share, a price, a quantity of something else.
_NOT_UNIT = r"(?!\s?(?:%|€|k€|euros?|m2|m3|ml|km|mois|ans?\b|jours?|points?|etp|[/°]))"
_HOURS = (
    rf"(?P<n>{numbers.NUMBER})(?:\s?\([^()]{{1,40}}\))?\s?(?:{UNIT})"
    r"(?![^;|,.]{0,20}\b(?:par jour|par semaine|hebdomad))"
)
_BARE = rf"(?<![\d,.])(?P<n>{numbers.IN_DIGITS})(?:\s?(?:{UNIT}))?{_NOT_UNIT}(?=\s*(?:[;,|)/](?!\d)|\.(?!\d)|-\s|\(|et\b|mini|au\s(?:moins|mini)|chacun|par lot|/\s?lot|/?\s?(?:par\s)?an\b|lots?\b|$))"
_TITLE = r"(?:(?!\blots?\s?(?:n\s?°)?\s?\d|\.\s[a-z]{3}|\bdeuxieme\b)[^;|])"
