"""The declared table of what puts a result before another.

A word found scores column weight (search/schema.py) times the weight of how it was found, best
of all columns; the words' mean is the text's score, from 0 to 1 before bonuses. Distance,
validity and quality add a little. What is equal after that turns by day. The weights of the
columns stand in search/schema.py: the name, then the activity, the place, the description.
"""

from datetime import date

EXACT = 1.0  # the word as typed
SYNONYM = 0.9  # another word for it
STEM = 0.85  # plural, feminine, another ending
PREFIX = 0.7  # the last word, still being typed
TYPO = (0.0, 0.6, 0.45)  # one, two letters away
OTHER_COLUMNS = 0.1  # share of what the word scores in the columns beside the best one

SIDE_BY_SIDE = 0.15  # bonus: all the words, in order, in one field
WHOLE_NAME = 0.5  # bonus: the words are the whole name
WHOLE_TOWN = 0.1  # bonus: words are the whole name of the town (Montreuil, not Montreuil-Juigné)

NEAR = 0.25  # bonus at no distance, half of it at HALF_KM
HALF_KM = 25.0
VALID = 0.1  # bonus of what is still valid: a structure that holds a status today
QUALITY = 0.05  # bonus of a complete profile
QUALITY_LEVELS = 5  # quality counts in steps, so that equals are many and turn

SCORE_DIGITS = 3  # scores equal to that many decimals are equal

TYPO_FROM = 5  # letters: a shorter word must be right
FORGIVEN_FROM = 4  # … or one letter more, when nothing at all is found otherwise
TWO_TYPOS_FROM = 9
TRUSTED_FROM = 3  # a word that so many documents hold is taken as spelled right

TURNS = 7  # orders among equals, one a day


def typos_allowed(word: str, *, forgiving: bool = False) -> int:
    """How many letters may be wrong in a word: 0, 1 or 2. `forgiving`: once nothing was found."""
    least = FORGIVEN_FROM if forgiving else TYPO_FROM
    if len(word) < least or any(c.isdigit() for c in word):
        return 0
    return 1 if len(word) < TWO_TYPOS_FROM else 2


def turn_of(day: str) -> int:
    """Which of the orders among equals a day (ISO date, or nothing) has; bad dates are day 0."""
    try:
        return date.fromisoformat(day).toordinal() % TURNS
    except ValueError:
        return 0
