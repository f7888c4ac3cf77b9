"""What a number may be found to be, in words; no verdict claims more than the register knows."""

from dataclasses import dataclass
from typing import Final

INCLUSIVE: Final = "inclusive"
ESUS: Final = "esus"
COMPANY: Final = "entreprise"
ENDED: Final = "terminee"
UNKNOWN: Final = "inconnue"
INVALID: Final = "invalide"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`label` for a table, `meaning` for a sentence."""

    label: str
    meaning: str


VERDICTS: Final = {
    INCLUSIVE: Verdict(
        "Inclusive aujourd’hui",
        "Cet établissement a aujourd’hui au moins un statut d’insertion ou de handicap.",
    ),
    ESUS: Verdict(
        "ESUS seulement",
        "L’entreprise a l’agrément d’entreprise solidaire d’utilité sociale (ESUS). Cet agrément "
        "ne suffit pas pour un marché réservé à l’insertion ou au handicap.",
    ),
    COMPANY: Verdict(
        "Entreprise, pas ce numéro",
        "L’entreprise a au moins un établissement inclusif aujourd’hui, mais l’annuaire n’a pas de "
        "statut en cours sous ce numéro précis : vérifiez lequel exécutera le marché.",
    ),
    ENDED: Verdict(
        "Ne l’est plus",
        "L’annuaire connaît un statut passé, qui n’est plus en cours aujourd’hui.",
    ),
    UNKNOWN: Verdict(
        "Inconnue",
        "Aucune des sources lues ne cite ce numéro. Cela ne prouve rien : une source peut être "
        "incomplète, un ESAT n’y avoir que son numéro FINESS, un agrément être récent.",
    ),
    INVALID: Verdict("Numéro invalide", "Ce numéro ne peut pas être celui d’un établissement."),
}
