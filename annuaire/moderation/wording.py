"""The log of acts in words. A room adds its own acts here."""

from typing import Final

from annuaire.accounts.wording import ACTS as ACCOUNTS
from annuaire.claims.wording import ACTS as CLAIMS

ACTS: Final = {
    **ACCOUNTS,
    **CLAIMS,
    "accounts.seat_undone": "décision sur une organisation annulée",
    "accounts.territory_undone": "décision sur un territoire annulée",
    "profile.edit": "fiche modifiée",
    "profile.undo": "modification de fiche annulée",
    "profile.accepted": "modification de fiche acceptée",
    "profile.refused": "modification de fiche refusée",
    "profile.reopened": "décision sur une modification annulée",
    "consultations.published": "consultation publiée par un acheteur",
    "consultations.withdrawn": "consultation retirée par un acheteur",
    "moderation.accept": "accepté par la modération",
    "moderation.refuse": "refusé par la modération",
    "moderation.undo": "décision de la modération annulée",
    "moderation.decision": "décision sur une structure",
}
OBJECTS: Final = {
    "account": "compte",
    "consultation": "consultation",
    "structure": "structure",
    "claim": "rattachement",
    "claim_invitation": "invitation",
    "rattachements": "file des rattachements",
    "modifications": "file des modifications",
    "signalements": "file des signalements",
    "organisations": "file des acheteurs",
    "consultations": "file des consultations",
    "facilitateurs": "file des facilitateurs",
    "doublons": "file des doublons",
    "lectures": "file des lectures retenues",
    "remarques": "file des remarques des lectures",
}


def act_label(action: str) -> str:
    """An act in words; its code when its room gives none."""
    return ACTS.get(action, action)
