"""What is written at each step of a claim, and to whom. Pure, but for the templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from annuaire.accounts.typed import holds_link
from annuaire.mail.letters import Letter
from annuaire.mail.rendering import render

PURPOSE: Final = "claim"


@dataclass(frozen=True, slots=True)
class Site:
    """What letters need of the site: its public address, and the secret that signs their links."""

    url: str
    secret: str


#: By event, what the claimant is told: subject and sentences. {name} is the structure.
TO_CLAIMANT: Final[Mapping[str, tuple[str, str]]] = {
    "mailed": (
        "Votre demande de rattachement à {name}",
        "Un courriel est parti à {where} : la personne qui le lit y confirme votre demande, sous "
        "sept jours.",
    ),
    "letter_wanted": (
        "Votre demande de rattachement à {name}",
        "La modération postera une lettre à l’adresse de la structure. Elle porte un code, à "
        "recopier dans votre espace.",
    ),
    "moderated": (
        "Votre demande de rattachement à {name}",
        "La modération l’examine ; vous recevrez sa réponse par courriel.",
    ),
    "print": (
        "La lettre pour {name} est prête",
        "Elle porte un code, valable trente jours : recopiez-le dans votre espace.",
    ),
    "prove": (
        "Vous êtes rattaché à {name}",
        "Votre preuve est reçue. Vous pouvez modifier la page de la structure, inviter des "
        "collègues et voir les marchés qui lui conviennent.",
    ),
    "prove_beside": (
        "Votre demande de rattachement à {name}",
        "Votre preuve est reçue. D’autres personnes sont déjà rattachées à cette structure : elles "
        "ont dix jours pour répondre ; sans réponse, la modération décide.",
    ),
    "prove_shared": (
        "Votre demande de rattachement à {name}",
        "Votre adresse est confirmée. Comme plusieurs entreprises partagent ce nom de domaine, la "
        "modération vérifie à laquelle vous appartenez.",
    ),
    "deny": (
        "Votre demande de rattachement à {name} est refusée",
        "La personne qui a reçu le courriel de confirmation a répondu que cette demande n’est pas "
        "la sienne. Vous pouvez demander un examen par la modération sous trente jours.",
    ),
    "exhaust": (
        "Votre demande de rattachement à {name} est close",
        "Cinq codes faux ont été saisis. Vous pouvez faire une nouvelle demande.",
    ),
    "admit": (
        "Vous êtes rattaché à {name}",
        "Une personne déjà rattachée a accepté votre demande.",
    ),
    "dismiss": (
        "Votre demande de rattachement à {name} est refusée",
        "Une personne déjà rattachée l’a refusée. Vous pouvez demander un examen par la modération "
        "sous trente jours.",
    ),
    "silence": (
        "Votre demande de rattachement à {name} passe à la modération",
        "Les personnes déjà rattachées n’ont pas répondu en dix jours.",
    ),
    "accept": ("Vous êtes rattaché à {name}", "La modération a accepté."),
    "refuse": (
        "Votre rattachement à {name} est refusé",
        "La modération a refusé. Vous pouvez demander un nouvel examen sous trente jours.",
    ),
    "revoke": (
        "Votre rattachement à {name} est retiré",
        "La modération l’a retiré : vous ne modifiez plus la page de la structure.",
    ),
    "undo": (
        "Votre rattachement à {name} : la décision est annulée",
        "La modération a annulé sa dernière décision : la demande est de nouveau dans l’état "
        "« {state} ».",
    ),
    "contest": (
        "Le rattachement à {name} est à l’examen",
        "La modération examine ce rattachement ; vous recevrez sa réponse par courriel.",
    ),
    "expire": (
        "Votre rattachement à {name} a expiré",
        "Le délai est passé. Vous pouvez faire une nouvelle demande.",
    ),
    "renew": ("Votre rattachement à {name} est prolongé", "Il vaut deux ans de plus."),
    "remind": (
        "Votre rattachement à {name} expire bientôt",
        "Il prend fin le {due}. Prolongez-le dans votre espace si vous y travaillez toujours.",
    ),
    "abandon": (
        "Votre demande de rattachement à {name} est abandonnée",
        "Vous l’avez abandonnée : rien n’a été changé.",
    ),
    "leave": (
        "Vous n’êtes plus rattaché à {name}",
        "Vous avez quitté cette structure. Sa page reste ce qu’elle est.",
    ),
    "invited": ("Vous êtes rattaché à {name}", "Vous avez accepté l’invitation."),
}


def named(name: str, email: str) -> str:
    """Who writes, for those who do not know them: « Jeanne (jeanne@exemple.fr) »; by the address
    alone when the name holds what a mail program would make a link of."""
    return email if holds_link(name) else f"{name} ({email})"


def written(
    to: str,
    once: str,
    site: Site,
    subject: str,
    sentences: list[str],
    action: tuple[str, str] | None,
    why: str,
    *,
    purpose: str = PURPOSE,
) -> Letter:
    """A letter of the claims: `action` is a button, its words and its path."""
    return render(
        "claim",
        to=to,
        once=once,
        purpose=purpose,
        public_url=site.url,
        title=subject,
        sentences=sentences,
        action=(action[0], site.url + action[1]) if action else None,
        why=why,
    )
