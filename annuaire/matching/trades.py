"""The trades that one need asks for together: « nettoyage des bureaux, espaces verts et linge »."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from annuaire.activities.classify import Guess, classify
from annuaire.activities.taxonomy import proximity, taxonomy
from annuaire.activities.text import stems, title_words, words
from annuaire.matching.lexicon import one_hand, trade_codes, works
from annuaire.matching.parting import is_list, of_its_lot, parts

MOST: Final = 6
SURE: Final = 0.5  # score from which a part of the text is a trade by itself
SURE_WORD: Final = 0.6  # score in the whole text from which a lone word is a trade of its own
LISTED: Final = 0.3  # score from which a part of a bare list is a trade
IN_WHOLE: Final = 0.3  # score that the same trade must have in the whole text
SAME: Final = 0.5  # proximity in the taxonomy from which two parts are one trade
READ: Final = 12  # activities of the whole text that are looked at
HEAD: Final = 2  # first telling words of a part, among which its trade must be said
MAX_LABEL: Final = 60  # characters

#: A word that says what is done, not to what: it is no trade by itself.
_ACT = re.compile(
    r"(?<!\bmén)(?<!\bjardin)(?<!\bbricol)(?:age|ions?|ance|ence|ments?|ture|tien|ports?|tri|collectes?|[ée]tudes?|diagnostics?|travaux)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Trade:
    """One of several trades of a need: the words that say it, its activity, how sure."""

    words: str
    code: str
    score: float


def trades(text: str) -> tuple[Trade, ...]:
    """The different trades that a text names, in its order; empty when it names fewer than two.

    A part counts only when the whole text says the same: « vitres » alone would be anything. A lone
    word for a thing (« linge ») counts when the whole text is sure of its trade and no other part
    says that: « collecte et traitement des déchets végétaux » is one trade. In a bare list
    (« linge, espaces verts ») each part speaks for itself. A study, or the upkeep of a thing
    beside the thing's own trade, is no trade more (`data/trades.toml`).
    """
    text = of_its_lot(text)
    cut = parts(text)
    if len(cut) < 2:
        return ()
    listed = is_list(cut)
    whole = {guess.code: guess.score for guess in classify(text, limit=READ)}
    read = [classify(part, limit=READ) for part in cut]
    found: list[Trade] = []
    for part, guesses in zip(cut, read, strict=True):
        others = [other for other in read if other is not guesses]
        code, score = _listed(part, guesses, others) if listed else ("", 0.0)
        if not code:
            code, score = _trade(part, guesses, others, whole)
        trade = Trade(part, code, score)
        if code and _is_more(trade, found):
            found.append(trade)
    found = [t for t in found if not _is_works_of(t, found)]
    named = tuple(Trade(_label(t.words), t.code, t.score) for t in found[:MOST])
    return named if len(named) > 1 else ()


def _is_more(trade: Trade, found: Sequence[Trade]) -> bool:
    """Whether a part is a trade beside those already found."""
    if trade.code in trade_codes("beside") or any(_is_one(trade, other) for other in found):
        return False
    first = found[0].code if found else ""
    takes = {first, taxonomy().group_of(first)} & trade_codes("takes")
    return not takes or bool(_ACT.search(trade.words.split()[0]))


def _is_one(trade: Trade, other: Trade) -> bool:
    """Whether two parts are one trade: near in the taxonomy, or done by one hand."""
    both = frozenset((trade.code, other.code))
    group = taxonomy().group_of(trade.code)
    return (
        proximity(trade.code, other.code) >= SAME
        or both in one_hand()
        or (group == taxonomy().group_of(other.code) and group in trade_codes("one_supplier"))
    )


def _is_works_of(trade: Trade, found: Sequence[Trade]) -> bool:
    """Whether a part only says that works are done, beside parts that say of which trade."""
    leaf, group, own = works()
    return (
        trade.code == leaf
        and own.isdisjoint(words(trade.words))
        and any(o.code != leaf and taxonomy().group_of(o.code) == group for o in found)
    )


def _opens(part: str, evidence: str) -> bool:
    """Whether what tells the trade is among the first words of the part: « vitrerie du centre du
    livre » sells no books."""
    told = set(stems(evidence))
    said = [word for word in words(part) if word.isalpha() and word not in title_words("empty")]
    return not told.isdisjoint(stems(" ".join(said))[:HEAD])


def _label(part: str) -> str:
    """The part, cut after a word when it is long."""
    if len(part) <= MAX_LABEL:
        return part
    return f"{part[:MAX_LABEL].rsplit(' ', 1)[0]}…"


def _listed(
    part: str, guesses: Sequence[Guess], others: Sequence[Sequence[Guess]]
) -> tuple[str, float]:
    """The trade of a part of a bare list; ("", 0.0) when it is none, or another part says it."""
    if not guesses or guesses[0].score < LISTED or (_ACT.search(part) and guesses[0].score < SURE):
        return "", 0.0
    best = guesses[0]
    elsewhere = {guess.code for other in others for guess in other}
    return (best.code, best.score) if best.code not in elsewhere else ("", 0.0)


def _trade(
    part: str,
    guesses: Sequence[Guess],
    others: Sequence[Sequence[Guess]],
    whole: Mapping[str, float],
) -> tuple[str, float]:
    """The trade of a part and how sure; ("", 0.0) when it is none by itself."""
    if guesses and guesses[0].score >= SURE:
        best = guesses[0]
        sure = whole.get(best.code, 0.0) >= IN_WHOLE and _opens(part, best.evidence)
        return (best.code, best.score) if sure else ("", 0.0)
    if not guesses or len(part.split()) > 1 or _ACT.search(part):
        return "", 0.0
    code = guesses[0].code
    elsewhere = {guess.code for other in others for guess in other}
    score = whole.get(code, 0.0)
    return (code, score) if score >= SURE_WORD and code not in elsewhere else ("", 0.0)
