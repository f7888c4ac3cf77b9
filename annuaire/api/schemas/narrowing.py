"""The filters of the suggestions of a need, named as in the addresses of the site."""

from marshmallow import validate

from annuaire.api.schemas.french import Sent, Several, Text, Whole
from annuaire.matching.narrowing import DISTANCES
from annuaire.structures.kinds import FAMILIES, KINDS


def _codes(codes: list[str], description: str) -> Several:
    return Several(
        Text(validate=validate.OneOf(codes, error="Choisissez parmi : {choices}.")),
        validate=validate.Length(max=len(codes), error="Au plus {max} valeurs."),
        metadata={"description": description},
    )


def _yes(description: str) -> Text:
    return Text(
        validate=validate.OneOf(["oui"], error="Seule valeur possible : oui."),
        metadata={"description": description},
    )


class FiltersSent(Sent):
    """Which structures are shown; ranks, groups and routes do not change."""

    famille = _codes(list(FAMILIES), "Familles gardées.")
    type = _codes(list(KINDS), "Types de structure gardés.")
    distance = Whole(
        validate=validate.OneOf(DISTANCES, error="Choisissez parmi : {choices}."),
        metadata={"description": "Kilomètres, au plus."},
    )
    declaree = _yes("L’activité est déclarée par la structure, non déduite.")
    disponible = _yes("Sa fiche la dit disponible, depuis soixante jours au plus.")
    cotraitance = _yes("Sa fiche la dit prête à co-traiter.")
