"""Who helps with social clauses at a place: facilitators who chose to be named, the one of the most
precise territory first; pure.

Territories are those of `annuaire.accounts.territories`: the code of a département (« 59 »), or the
token of an intercommunalité or of a région (« epci:200093201 », « region:32 »).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from annuaire.wording import telephone

MOST: Final = 3  # named at one place
NOBODY: Final = "Aucun facilitateur de ce lieu n'a choisi d'être nommé ici."
NO_PLACE: Final = "Le lieu n'est pas connu : aucun facilitateur ne peut être nommé."
ASK: Final = (
    "Un facilitateur des clauses sociales aide l'acheteur à choisir et à écrire la clause, puis à "
    "la suivre. Seuls ceux qui l'ont voulu sont nommés ici. À défaut, demandez qui il est à votre "
    "intercommunalité, à votre département, à la maison de l'emploi ou au PLIE (plan local pour "
    "l'insertion et l'emploi) du lieu."
)


@dataclass(frozen=True, slots=True)
class Facilitator:
    """One who agreed to be named: their employer, as a moderator saw it; what they do there; how
    to reach them. `code` is the territory that they look after, `territory` its name."""

    user_id: int
    code: str
    territory: str
    employer: str
    role: str
    email: str | None
    phone: str | None

    @property
    def sentence(self) -> str:
        """« Maison de l'emploi, pour Nord (59) : chargée des clauses, 03 20 00 00 00 »."""
        reached = ", ".join(filter(None, (self.email, telephone(self.phone))))
        return f"{self.employer}, pour {self.territory} : {self.role}, {reached}"


@dataclass(frozen=True, slots=True)
class Ground:
    """A place as territories cover it: the codes of those that hold it whole, tier by tier, the
    most precise first. Without any, the place is not known."""

    tiers: tuple[frozenset[str], ...] = ()

    @property
    def codes(self) -> frozenset[str]:
        return frozenset().union(*self.tiers)

    @property
    def nobody(self) -> str:
        """What is said where nobody is named."""
        return NOBODY if self.tiers else NO_PLACE


def nearest(known: Iterable[Facilitator], ground: Ground) -> tuple[Facilitator, ...]:
    """Those who look after a place, each once, by their most precise territory; at most MOST.
    Those of one tier come by the name of their employer."""
    tier_of = {code: number for number, tier in enumerate(ground.tiers) for code in tier}
    here = sorted(
        (one for one in known if one.code in tier_of),
        key=lambda one: (tier_of[one.code], one.employer.casefold(), one.user_id, one.code),
    )
    first = {one.user_id: one for one in reversed(here)}
    return tuple(one for one in here if first[one.user_id] is one)[:MOST]
