"""From a title, a CPV code, a NAF code or a name to the activities that fit, with the evidence."""

import math
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from annuaire.activities import cpv as cpv_codes
from annuaire.activities import naf as naf_codes
from annuaire.activities.lexicon import Lexicon, Word, compile_words, purchases, subjects
from annuaire.activities.reading import Reading, read
from annuaire.activities.taxonomy import DATA, taxonomy
from annuaire.activities.text import fold, stems

Origin = Literal["cpv", "naf", "text"]
SCALE = 4.0  # weight at which a score is 0.63
ENOUGH = 1.2  # below this weight, a leaf is no guess
CLEAR = 2.4  # above this weight of its best leaf, a text needs its surroundings less
#: Below this weight of its best leaf, a text of more words than `SHORT` has no guess at all: one
#: vague word among many says little of them.
FIRST_OF_MANY, SHORT = 1.7, 3
BESIDE_BEST = 0.2  # a guess under this share of the best is left out
SUBJECT = 2.8  # weight of a subject of the BOAMP's index when it is alone
SUBJECT_BESIDE_CLEAR = 0.6  # subjects and title of the notice, beside a text that is clear
CONTEXT_TEXT = 0.9
#: Subjects of that many trades of building together mean works of all of them.
SEVERAL_TRADES, WORKS = 4, "travaux-chantiers"
# Weight of a CPV code by the number of digits of the prefix that the leaf holds.
CPV_WEIGHT = {2: 1.3, 3: 2.5, 4: 4.0, 5: 5.0, 6: 5.5, 7: 6.0, 8: 6.0}
NAF_WEIGHT = 4.0
NAME_FACTOR, NAME_ENOUGH = 0.5, 0.6  # a name is inferred, less sure than a code
MAX_DESCRIPTION = 3_000  # characters: what a structure does is said first
DESCRIPTION_ENOUGH = 1.1  # one word far from the start says nothing


@dataclass(frozen=True, slots=True)
class Guess:
    """An activity, how sure (0 to 1), what gave it, and the words or code that gave it."""

    code: str
    score: float
    origin: Origin
    evidence: str


@cache
def _cpv_leaves() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for leaf in (*taxonomy().leaves, *taxonomy().outside):
        for prefix in leaf.cpv:
            found.setdefault(prefix.rstrip("0").ljust(2, "0"), []).append(leaf.code)
    return {prefix: tuple(leaves) for prefix, leaves in found.items()}


@cache
def _naf_leaves() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for leaf in taxonomy().leaves:
        for code in leaf.naf:
            found.setdefault(code, []).append(leaf.code)
    return {code: tuple(leaves) for code, leaves in found.items()}


@cache
def _building() -> frozenset[str]:
    return frozenset(leaf.code for leaf in taxonomy().children("batiment"))


@cache
def _outside() -> frozenset[str]:
    return frozenset(leaf.code for leaf in taxonomy().outside)


def _read_cpv(code: str | None, out: Reading) -> None:
    """The longest prefix held by a leaf counts whole, shorter ones for a third."""
    short = cpv_codes.normalise(code)
    if short is None:
        return
    factor = 1.0
    for length in range(8, 1, -1):
        if length > 2 and short[length - 1] == "0":
            continue
        leaves = _cpv_leaves().get(short[:length], ())
        for leaf in leaves:
            weight = CPV_WEIGHT[length] * factor * len(leaves) ** -0.5
            out.add(leaf, weight, cpv_codes.full(short) or short)
        if leaves:
            factor = 0.33


def _read_naf(code: str | None, out: Reading) -> None:
    short = naf_codes.normalise(code)
    leaves = _naf_leaves().get(short, ()) if short else ()
    for rank, leaf in enumerate(leaves):
        out.add(leaf, NAF_WEIGHT * len(leaves) ** -0.5 / (1 + 0.1 * rank), short or "")


@lru_cache(maxsize=5_000)
def _subject_key(segment: str) -> str:
    """A segment as the subjects are filed: a few hundred come back in every other notice."""
    return fold(segment)


def _read_context(context: str, text: str) -> Reading:
    """Segments cut by « | » or line ends: subjects of the BOAMP's index, or plain text. A segment
    that only repeats `text` proves nothing more."""
    out, own = Reading(), text.strip()
    segments = [s.strip() for s in context.replace("\n", "|").split("|") if s.strip()]
    folded = [_subject_key(segment) for segment in segments]
    known = [key for key in folded if key in subjects()]
    for segment, key in zip(segments, folded, strict=True):
        leaves = subjects().get(key)
        if leaves is None and not (len(segment) == len(own) and key == fold(own)):
            out.add_all(read(segment, purchases()), CONTEXT_TEXT)
        for rank, leaf in enumerate(leaves or ()):
            out.add(leaf, SUBJECT * len(known) ** -0.5 / (1 + 0.5 * rank), segment)
    if len({subjects()[key][0] for key in known} & _building()) >= SEVERAL_TRADES:
        out.add(WORKS, SUBJECT, "corps d'état")
    return out


def _guesses(
    readings: Iterable[tuple[Origin, Reading]],
    limit: int,
    enough: float = ENOUGH,
    first: float = 0.0,
) -> list[Guess]:
    """The best leaves of all readings together; none when what is outside weighs most, or as much
    as the best, or when the best weighs less than `first`."""
    total: dict[str, float] = {}
    best: dict[str, tuple[float, Origin, str]] = {}
    for origin, reading in readings:
        for leaf, weight in reading.weights.items():
            total[leaf] = total.get(leaf, 0.0) + weight
            if weight > best.get(leaf, (0.0, origin, ""))[0]:
                found = sorted(reading.evidence[leaf], key=lambda e: -e[0])
                best[leaf] = (weight, origin, ", ".join(dict.fromkeys(e for _, e in found[:3])))
    ranked = sorted(total, key=lambda leaf: (-total[leaf], leaf not in _outside(), leaf))
    if not ranked or ranked[0] in _outside() or total[ranked[0]] < first:
        return []
    floor = max(enough, total[ranked[0]] * BESIDE_BEST)
    kept = [leaf for leaf in ranked if leaf not in _outside() and total[leaf] >= floor]
    return [
        Guess(leaf, round(1 - math.exp(-total[leaf] / SCALE), 3), best[leaf][1], best[leaf][2])
        for leaf in kept[:limit]
    ]


def classify(
    text: str,
    *,
    context: str = "",
    cpv: str | None = None,
    naf: str | None = None,
    limit: int = 3,
) -> list[Guess]:
    """The activities that a purchase calls for, best first; empty when none fits.

    `text` is the title of the lot or notice. `context` holds what surrounds it, cut by « | »:
    subjects of the BOAMP's index, the notice's title beside a lot's. Unknown codes are ignored.
    """
    own = read(text, purchases())
    around = _read_context(context, text)
    clear = max(own.weights.values(), default=0.0) > CLEAR
    own.add_around(around, SUBJECT_BESIDE_CLEAR if clear else 1.0)
    coded, trade = Reading(), Reading()
    _read_cpv(cpv, coded)
    _read_naf(naf, trade)
    first = FIRST_OF_MANY if own.length > SHORT else ENOUGH
    return _guesses((("text", own), ("cpv", coded), ("naf", trade)), limit, first=first)


def from_cpv(cpv: str | None, limit: int = 3) -> list[Guess]:
    """The activities that a CPV code calls for; empty when unknown or when none fits."""
    out = Reading()
    _read_cpv(cpv, out)
    return _guesses((("cpv", out),), limit)


def from_naf(naf: str | None, limit: int = 5) -> list[Guess]:
    """The activities that a structure of this NAF code is likely to offer."""
    out = Reading()
    _read_naf(naf, out)
    return _guesses((("naf", out),), limit)


def _words_of(file: str) -> dict[str, Any]:
    return tomllib.loads((DATA / file).read_text(encoding="utf-8"))


def _telling(silent: Iterable[str]) -> list[tuple[str, str, Word]]:
    """The strong phrases that say something of a structure's own trade."""
    unsaid = {tuple(stems(phrase)) for phrase in silent}
    return [
        (leaf.code, phrase, Word(2.0))
        for leaf in taxonomy().leaves
        for phrase in leaf.strong
        if tuple(stems(phrase)) not in unsaid
    ]


@cache
def _names() -> tuple[Lexicon, frozenset[tuple[str, ...]]]:
    """What names of structures say, and the phrases that say nothing."""
    data = _words_of("names.toml")
    rows = _telling(data["silent"])
    rows += [
        (leaf, phrase, Word(3.0 / (1 + rank)))
        for phrase, leaves in data["words"].items()
        for rank, leaf in enumerate(leaves)
    ]
    return compile_words(rows), frozenset(tuple(stems(trap)) for trap in data["traps"])


def from_name(name: str, limit: int = 3) -> list[Guess]:
    """The activities that the name of a structure suggests: inferred, with low scores."""
    lexicon, traps = _names()
    roots = stems(name)
    grams = {tuple(roots[i : i + n]) for i in range(len(roots)) for n in (1, 2, 3)}
    if grams & traps:
        return []
    out = Reading()
    out.add_all(read(name, lexicon), NAME_FACTOR)
    return _guesses((("text", out),), limit, NAME_ENOUGH)


@cache
def _descriptions() -> Lexicon:
    """What structures say of themselves. Words of names are too short for prose (« net »), and
    « a + b » is not looked for: in a long text its words stand far apart."""
    data = _words_of("descriptions.toml")
    silent = (*_words_of("names.toml")["silent"], *data["silent"])
    rows = [row for row in _telling(silent) if "+" not in row[1]]
    rows += [
        (leaf, phrase, Word(2.0)) for phrase, leaves in data["words"].items() for leaf in leaves
    ]
    return compile_words(rows)


def from_description(text: str, limit: int = 5) -> list[Guess]:
    """The activities that a structure's own presentation names, surest first; sentences on its
    people and its mission are passed over."""
    out = read(text[:MAX_DESCRIPTION], _descriptions())
    return _guesses((("text", out),), limit, DESCRIPTION_ENOUGH)
