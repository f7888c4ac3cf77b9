"""Which kinds of structure can do what: by the reservation of a lot and the way of working.

Code de la commande publique L2113-12 (EA, ESAT and the like), L2113-13 (SIAE of L5132-4 code du
travail and the like), L2113-14 (both), L2113-15 (social utility); lent staff: L5132-6 and -7 code
du travail (ETTI, AI), L1253-1 (GEIQ), L5213-13-1 (EATT).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from annuaire.structures.kinds import ESS, HANDICAP, INSERTION, KINDS, kind_label

#: Clause type → the article, who may answer (families), in words.
RESERVATIONS: Final = {
    "reserved_handicap": (
        "L2113-12",
        frozenset({HANDICAP}),
        "aux entreprises adaptées, ESAT et structures équivalentes",
    ),
    "reserved_siae": (
        "L2113-13",
        frozenset({INSERTION}),
        "aux structures d'insertion par l'activité économique et équivalentes",
    ),
    "reserved_ess": (
        "L2113-15",
        frozenset({INSERTION, HANDICAP, ESS}),
        "aux entreprises de l'économie sociale et solidaire",
    ),
    "reserved_unspecified": (
        "L2113-14",
        frozenset({INSERTION, HANDICAP}),
        "aux structures d'insertion ou du handicap",
    ),
}

#: Not SIAE by law (L5132-4), yet working alike: equivalence is for the buyer to check.
EQUIVALENT: Final = frozenset({"GEIQ", "RQ", "SEP"})

#: How well a kind performs a service itself, and how well it lends staff, in [0, 1].
PERFORMS: Final = {
    "EI": 1.0, "ACI": 0.9, "RQ": 1.0, "EA": 1.0, "ESAT": 0.9, "EITI": 0.8, "SEP": 0.7,
    "ESUS": 0.7, "AI": 0.6, "ETTI": 0.1, "EATT": 0.1, "GEIQ": 0.0,
}  # fmt: skip
LENDS: Final = {
    "AI": 1.0, "ETTI": 1.0, "EATT": 1.0, "GEIQ": 0.7, "EITI": 0.2, "ACI": 0.2, "EI": 0.1,
    "EA": 0.1, "ESAT": 0.3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fit:
    """How a structure's kinds fit a need: score in [0, 1], a French reason and cautions.
    `barred` says that the law keeps it from answering."""

    score: float
    reason: str | None
    cautions: tuple[str, ...] = ()
    barred: bool = False


@lru_cache(maxsize=4096)
def fit(kinds: tuple[str, ...], reserved: tuple[str, ...], *, lent: bool) -> Fit:
    """How well a structure that holds these statuses suits the way of working and a reservation.

    With several reservations found (lots that differ, or a doubt), one that admits is enough.
    """
    cautions: list[str] = []
    known = [RESERVATIONS[r] for r in reserved if r in RESERVATIONS]
    families = {KINDS[kind].family for kind in kinds if kind in KINDS}
    admitting = [r for r in known if families & r[1]]
    if known and not admitting:
        article, _, whom = known[0]
        held = ", ".join(kinds) or "aucun statut connu"
        return Fit(0.0, None, (f"Lot réservé {whom} ({article}) : statut {held}.",), barred=True)
    if admitting:
        cautions += _doubts(kinds, admitting)
    score, best = _way(kinds, lent=lent)
    reason = _reason(best, admitting, lent=lent) if best and score >= 0.5 else None
    if best and not lent and KINDS[best].way == "lends" and score < 0.5:
        cautions.append(
            f"{kind_label(best)} : met surtout du personnel à disposition ; à retenir pour une "
            "clause d'insertion plutôt que pour exécuter la prestation."
        )
    if best and lent and score < 0.5:
        cautions.append(f"{kind_label(best)} : ne met pas de personnel à disposition d'ordinaire.")
    return Fit(score, reason, tuple(cautions))


def admitted(reserved: Sequence[str]) -> frozenset[str] | None:
    """The families that a reservation admits; None when nothing is reserved."""
    known = [RESERVATIONS[r][1] for r in reserved if r in RESERVATIONS]
    return frozenset[str]().union(*known) if known else None


def reservation_sentence(reserved: Sequence[str]) -> str | None:
    """« Lot réservé … : seules les structures admises sont proposées. », None without one."""
    known = [RESERVATIONS[r] for r in reserved if r in RESERVATIONS]
    if not known:
        return None
    whom = " ou ".join(dict.fromkeys(f"{words} ({article})" for article, _, words in known))
    return f"Lot réservé {whom} : seules les structures admises sont proposées."


def _way(kinds: Sequence[str], *, lent: bool) -> tuple[float, str | None]:
    table = LENDS if lent else PERFORMS
    known = [(table.get(kind, 0.0), kind) for kind in kinds if kind in KINDS]
    return max(known, key=lambda pair: pair[0]) if known else (0.3, None)


def _reason(kind: str, admitting: Sequence[tuple[str, frozenset[str], str]], *, lent: bool) -> str:
    if admitting:
        article, _, whom = admitting[0]
        return f"{kind_label(kind)} : peut répondre à un lot réservé {whom} ({article})."
    does = "met du personnel à disposition" if lent else "exécute elle-même la prestation"
    return f"{kind_label(kind)} : {does}."


def _doubts(
    kinds: Sequence[str], admitting: Sequence[tuple[str, frozenset[str], str]]
) -> list[str]:
    articles = {article for article, _, _ in admitting}
    insertion = [k for k in kinds if k in KINDS and KINDS[k].family == INSERTION]
    only_alike = insertion and all(kind in EQUIVALENT for kind in insertion)
    if articles == {"L2113-13"} and only_alike:
        return [
            f"{kind_label(insertion[0])} : n'est pas une SIAE au sens de l'article L5132-4 du code "
            "du travail ; vérifiez qu'elle est équivalente (L2113-13)."
        ]
    return []
