"""What is known of a structure's trades when the lots that it won say nothing: a need is taught
only by lots won before it (`annuaire.matching.meeting`)."""

from annuaire.activities.inferring import infer
from annuaire.structures.models import Structure

WON = "won"

#: An activity with its origin, evidence and weight, as in StructureActivity.
Known = tuple[str, str, str, float]


def known_without_wins(structure: Structure) -> list[Known]:
    """The activities of a structure; those that won lots prove are replaced by what its names, NAF
    code and presentation say of them, or left out."""
    kept = [(a.code, a.origin, a.evidence, a.weight) for a in structure.activities]
    proven = sorted(code for code, origin, *_ in kept if origin == WON)
    if not proven:
        return kept
    name = f"{structure.name} {structure.brand or ''}".strip()
    guessed = infer(name, structure.naf, structure.description)
    instead = [guessed[code] for code in proven if code in guessed]
    return [
        *(activity for activity in kept if activity[1] != WON),
        *((g.code, g.origin, g.evidence, g.weight) for g in instead),
    ]
