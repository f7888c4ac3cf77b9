"""How deep the offer is for one trade around one place, and what that allows; pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from annuaire.advising.rules import (
    CLAUSE,
    CLAUSE_LENT,
    NONE,
    RESERVE,
    RESERVE_LOT,
    Rules,
    VerdictRule,
)
from annuaire.matching.fitness import LENDS, PERFORMS
from annuaire.structures.kinds import ESS, HANDICAP, INSERTION, KINDS
from annuaire.wording import km, pluriel, pourcent

LEAST_WAY: Final = 0.5  # how well a kind must work in the way asked for, to be counted
TOP: Final = 3

ONLY_INFERRED: Final = (
    "Le métier de ces structures n'est que déduit : appelez-en deux ou trois avant de réserver."
)

#: Families that a reservation admits, the route of the law, and how they are called.
RESERVABLE: Final = (
    (frozenset({INSERTION}), "reserved_siae", "d'insertion"),
    (frozenset({HANDICAP}), "reserved_handicap", "du handicap"),
    (frozenset({INSERTION, HANDICAP}), "reserved_both", "d'insertion ou du handicap"),
)
#: The same for a contract reserved to the social economy: it is never proposed by us, since the law
#: keeps it to some services.
RESERVED_ESS: Final = (
    frozenset({INSERTION, HANDICAP, ESS}),
    "reserved_ess",
    "de l'économie sociale et solidaire",
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A structure of the trade: `sure` when it declares it or won lots of it, else the trade was
    inferred, or a near one is known; `lots` are those known that it won in the trade."""

    key: str
    kinds: tuple[str, ...]
    sure: bool
    distance_km: float
    lots: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """Structures within a distance: those that surely do the trade, those that perhaps do."""

    km: int
    sure: int
    maybe: int


@dataclass(frozen=True, slots=True)
class Depth:
    """The offer of some families. `nearest_km` and `third_km` are how far the first and the third
    are; `top_share` is the share of the three that won most in `known_lots`, None under the least
    number of lots."""

    families: frozenset[str]
    bands: tuple[Band, ...]
    nearest_km: float | None
    third_km: float | None
    known_lots: int
    top_share: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the depth allows: the rule that held, the families concerned, the code of the law's
    route (None without one), and why, in French sentences."""

    rule: VerdictRule
    depth: Depth
    route: str | None
    reasons: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def label(self) -> str:
        return self.rule.label


def measure(
    neighbours: Sequence[Neighbour], families: Collection[str], rules: Rules, *, lent: bool = False
) -> Depth:
    """The depth that the structures of some families give, in the way asked for (a service, or
    staff that is lent)."""
    wanted = frozenset(families)
    kept = [n for n in neighbours if _fits(n, wanted, lent=lent)]
    kept.sort(key=lambda n: n.distance_km)
    bands = tuple(
        Band(
            km=reach,
            sure=sum(n.sure for n in kept if n.distance_km <= reach),
            maybe=sum(not n.sure for n in kept if n.distance_km <= reach),
        )
        for reach in rules.bands_km
    )
    won = sorted((n.lots for n in kept), reverse=True)
    known = sum(won)
    return Depth(
        families=wanted,
        bands=bands,
        nearest_km=kept[0].distance_km if kept else None,
        third_km=kept[TOP - 1].distance_km if len(kept) >= TOP else None,
        known_lots=known,
        top_share=sum(won[:TOP]) / known if known >= rules.least_known_lots else None,
    )


def _fits(neighbour: Neighbour, families: frozenset[str], *, lent: bool) -> bool:
    table = LENDS if lent else PERFORMS
    return any(
        KINDS[kind].family in families and table.get(kind, 0.0) >= LEAST_WAY
        for kind in neighbour.kinds
        if kind in KINDS
    )


def strength(depth: Depth, within_km: int, rules: Rules) -> float:
    """Structures that count within a distance: a doubtful one counts for less."""
    band = next((b for b in reversed(depth.bands) if b.km <= within_km), None)
    return band.sure + rules.maybe_counts * band.maybe if band else 0.0


def judge(depths: Sequence[Depth], lenders: int, amount_eur: float | None, rules: Rules) -> Verdict:
    """The first rule that the depth of one family, else of several, meets (`depths` in the order of
    preference). `lenders` are structures near that lend staff, whatever their trade."""
    for rule in rules.verdicts:
        if rule.code == CLAUSE_LENT and not lenders:
            continue
        held = [depth for depth in depths if _holds(rule, depth, amount_eur, rules)]
        if held:
            return _verdict(rule, _best(held, rule, rules), lenders, amount_eur, rules)
    raise ValueError("the last rule of data/depth.toml must hold always")


def _best(held: Sequence[Depth], rule: VerdictRule, rules: Rules) -> Depth:
    """The family with the most; several together only where none does alone."""
    fewest = min(len(depth.families) for depth in held)
    alone = [depth for depth in held if len(depth.families) == fewest]
    return max(alone, key=lambda depth: strength(depth, rule.within_km or 100, rules))


def _holds(rule: VerdictRule, depth: Depth, amount_eur: float | None, rules: Rules) -> bool:
    great = amount_eur is not None and amount_eur >= rules.great_amount_eur
    least = rule.least_strength_great if great else rule.least_strength
    if strength(depth, rule.within_km, rules) < least:
        return False
    return rule.concentrated or not concentrated(depth, rules)


def concentrated(depth: Depth, rules: Rules) -> bool:
    """Whether three structures hold most of the known lots."""
    return depth.top_share is not None and depth.top_share >= rules.concentrated_share


def _verdict(
    rule: VerdictRule, depth: Depth, lenders: int, amount_eur: float | None, rules: Rules
) -> Verdict:
    named = {families: (route, words) for families, route, words in (*RESERVABLE, RESERVED_ESS)}
    route, words = named.get(depth.families, (None, "admises"))
    if rule.code not in (RESERVE, RESERVE_LOT):
        route = None if rule.code == NONE else CLAUSE
    reach = rule.within_km or rules.bands_km[-1]
    band = next(b for b in reversed(depth.bands) if b.km <= reach)
    said = [f"{_counted(band, reach, words)} : {rule.sentence}."]
    if rule.code in (RESERVE, RESERVE_LOT) and not band.sure:
        said.append(ONLY_INFERRED)
    if depth.top_share is not None and rule.code != NONE:
        said.append(
            f"Les {TOP} qui ont le plus gagné tiennent {pourcent(depth.top_share)} des "
            f"{pluriel(depth.known_lots, 'lot')} de ce genre connus"
            + (
                " : l'offre est concentrée, un marché entier réservé aurait peu de candidats."
                if concentrated(depth, rules)
                else "."
            )
        )
    if amount_eur is not None and amount_eur >= rules.great_amount_eur and rule.code != RESERVE:
        said.append(
            "Le montant est grand au regard des moyens habituels de ces structures : il faudrait "
            "une offre plus nombreuse pour réserver le marché entier."
        )
    if depth.third_km is not None:
        said.append(f"La troisième la plus proche est à {km(depth.third_km)}.")
    if lenders:
        near = pluriel(lenders, "structure")
        said.append(
            f"À moins de {rules.lenders_km} km, {near} de mise à disposition (AI, ETTI, EATT, "
            "GEIQ) peuvent servir une clause."
        )
    return Verdict(rule, depth, route, tuple(said))


def _counted(band: Band, reach: int, words: str) -> str:
    """« À moins de 50 km, 3 structures d'insertion exercent sûrement ce métier et 6 peut-être »."""
    near = f"À moins de {reach} km"
    if not band.sure and not band.maybe:
        return f"{near}, aucune structure {words} de ce métier n'est connue"
    perhaps = "l'exercent" if band.maybe > 1 else "l'exerce"
    if not band.sure:
        return (
            f"{near}, aucune structure {words} ne déclare ce métier, mais "
            f"{pluriel(band.maybe, 'structure')} {perhaps} peut-être (d'après le nom, le code NAF "
            "ou un métier voisin)"
        )
    does = "exercent" if band.sure > 1 else "exerce"
    said = f"{near}, {pluriel(band.sure, 'structure')} {words} {does} sûrement ce métier"
    return f"{said} et {band.maybe} {perhaps} peut-être" if band.maybe else said
