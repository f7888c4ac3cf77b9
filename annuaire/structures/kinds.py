"""The statuses that a structure may hold, in full words, by family.

Sources: code du travail L5132-4 (SIAE), L1253-1 (GEIQ), L5213-13 and L5213-13-1 (EA, EATT),
L3332-17-1 (ESUS); code de l'action sociale et des familles L344-2 (ESAT).
"""

from dataclasses import dataclass
from typing import Final

INSERTION: Final = "insertion"
HANDICAP: Final = "handicap"
ESS: Final = "ess"

FAMILIES: Final = {
    INSERTION: "Insertion par l'activité économique et apparentées",
    HANDICAP: "Handicap",
    ESS: "Utilité sociale",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A status: its code, what it stands for, its family, and how it usually works:
    "lends" staff to others, or "performs" the service itself."""

    code: str
    label: str
    family: str
    way: str

    @property
    def full(self) -> str:
        """« Entreprise d'insertion (EI) »."""
        return f"{self.label} ({self.code})"


KINDS: Final = {
    kind.code: kind
    for kind in (
        Kind("EI", "Entreprise d'insertion", INSERTION, "performs"),
        Kind("ACI", "Atelier et chantier d'insertion", INSERTION, "performs"),
        Kind("AI", "Association intermédiaire", INSERTION, "lends"),
        Kind("ETTI", "Entreprise de travail temporaire d'insertion", INSERTION, "lends"),
        Kind("EITI", "Entreprise d'insertion par le travail indépendant", INSERTION, "performs"),
        Kind(
            "GEIQ",
            "Groupement d'employeurs pour l'insertion et la qualification",
            INSERTION,
            "lends",
        ),
        Kind("RQ", "Régie de quartier", INSERTION, "performs"),
        Kind("SEP", "Structure d'emploi pénitentiaire", INSERTION, "performs"),
        Kind(
            "ESAT", "Établissement et service d'accompagnement par le travail", HANDICAP, "performs"
        ),
        Kind("EA", "Entreprise adaptée", HANDICAP, "performs"),
        Kind("EATT", "Entreprise adaptée de travail temporaire", HANDICAP, "lends"),
        Kind("ESUS", "Entreprise solidaire d'utilité sociale", ESS, "performs"),
    )
}


def kind_label(code: str) -> str:
    """The status in full words with its abbreviation; the code itself when it is unknown."""
    kind = KINDS.get(code)
    return kind.full if kind else code


def families_of(codes: list[str]) -> list[str]:
    """The families of some statuses, in the order of FAMILIES, without repetition."""
    held = {KINDS[code].family for code in codes if code in KINDS}
    return [family for family in FAMILIES if family in held]
