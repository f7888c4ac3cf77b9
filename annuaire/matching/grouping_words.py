"""What is said of groups, in French; pure."""

from collections.abc import Sequence
from typing import Final

from annuaire.wording import euros, km

NUMBERS: Final = {2: "Deux", 3: "Trois", 4: "Quatre", 5: "Cinq"}
SHOWN: Final = 4  # parts named in a sentence

#: What a buyer must know before speaking of a group. Articles of the code de la commande publique.
CAUTIONS: Final = (
    "Un groupement se forme entre les structures : vous pouvez leur en parler pendant le sourcing "
    "(R2111-1), pas le composer à leur place ni avantager celles à qui vous en parlez (R2111-2).",
    "Groupement conjoint : chaque membre répond de sa part ; solidaire : chacun répond de tout "
    "(R2142-20). Un seul membre, le mandataire, vous parle au nom des autres (R2142-24).",
    "Vous ne pouvez pas exiger une forme de groupement pour répondre ; vous le pouvez après "
    "l'attribution si la bonne exécution le demande et que la consultation le dit (R2142-22).",
    "Autre façon de faire : la sous-traitance (L2193-1 et suivants) ; le titulaire répond alors "
    "seul de tout. Pour un marché réservé, vérifiez que chaque membre est admis.",
)
PARTS_UNSURE: Final = (
    "Les parts viennent des effectifs connus, à raison de 60 000 € HT par an et par personne."
)


def gap_sentence(label: str, within_km: float, *, known: bool = True) -> str:
    """« Aucune structure connue pour « désamiantage » à moins de 100 km. »"""
    if not known:
        return f"Activité non reconnue pour « {label} » : personne n'a été cherché."
    return f"Aucune structure connue pour « {label} » à moins de {km(within_km)}."


def group_sentence(
    members: Sequence[tuple[str, Sequence[str], float | None]],
    amount_eur: float | None = None,
) -> str:
    """Why this group: who does what, and how far the farthest is."""
    count = NUMBERS.get(len(members), str(len(members)))
    if amount_eur is not None:
        first = f"{count} structures dont les moyens réunis atteignent {euros(amount_eur)} HT"
    else:
        roles = "; ".join(f"{name} pour {_listed(takes)}" for name, takes, _ in members if takes)
        first = f"{count} structures se complètent : {roles.replace('; ', ' ; ')}"
    far = [distance for _, _, distance in members if distance is not None]
    tail = f" ; la plus éloignée est à {km(max(far))}" if far else ""
    return f"{first}{tail}."


def _listed(takes: Sequence[str]) -> str:
    named = [f"« {label} »" for label in takes[:SHOWN]]
    if len(takes) > SHOWN:
        named.append("…")
    return ", ".join(named)
