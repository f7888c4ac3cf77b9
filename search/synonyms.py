"""Words that mean the same to buyers: an abbreviation and what it stands for, two names of a trade.

The words of each activity are in the documents already (`activity_words`); here stand those that
cut across activities. Each line reads both ways.
"""

from typing import Final

_SAME: Final = (
    ("btp", "batiment et travaux publics"),
    ("esat", "etablissement et service d'accompagnement par le travail"),
    ("ea", "entreprise adaptee"),
    ("siae", "structure d'insertion par l'activite economique"),
    ("ei", "entreprise d'insertion"),
    ("aci", "atelier et chantier d'insertion"),
    ("etti", "entreprise de travail temporaire d'insertion"),
    ("espaces verts", "jardinage", "paysagiste"),
    ("menage", "nettoyage", "proprete", "entretien des locaux"),
    ("blanchisserie", "laverie", "pressing", "entretien du linge"),
    ("demenagement", "transfert de mobilier"),
    ("traiteur", "cocktail", "buffet", "restauration evenementielle"),
    ("deee", "d3e", "dechets electriques et electroniques"),
    ("ged", "gestion electronique de documents", "numerisation"),
    ("interim", "travail temporaire", "mise a disposition de personnel"),
    ("imprimerie", "impression", "reprographie"),
)


def synonyms() -> dict[str, tuple[str, ...]]:
    """For each phrase (folded: no accent, lower case), those that mean the same."""
    table: dict[str, tuple[str, ...]] = {}
    for line in _SAME:
        for phrase in line:
            table[phrase] = tuple(other for other in line if other != phrase)
    return table
