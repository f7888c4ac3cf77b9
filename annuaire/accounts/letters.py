"""The letters of the accounts: links to sign in, to confirm, to join; word of what changed."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from annuaire.accounts.tokens import hash_of, new_token
from annuaire.mail.rendering import render
from annuaire.mail.service import queue

#: Letters that carry a link leave first; word of a change waits for nobody.
TOKEN_LENGTH: Final = 43  # a shorter address holds none, and is in many letters
LINK, WORD = "sign_in", "account"
ASKED: Final = (
    "Ce message part parce que cette adresse a été écrite sur annuaire. Si ce n’était pas vous, "
    "ne faites rien : le lien ne sert à personne d’autre."
)
YOURS: Final = "Ce message part parce qu’un compte d’annuaire porte cette adresse."


@dataclass(frozen=True, slots=True)
class _Text:
    title: str
    sentences: tuple[str, ...]
    button: str = ""
    why: str = YOURS


_ONCE = "Le lien sert une fois, pendant {lasts}."
_IF_NOT_YOU = (
    "Si ce n’était pas vous, connectez-vous, fermez les autres sessions et changez de mot de passe."
)

TEXTS: Final = {
    "sign_in": _Text(
        "Votre lien de connexion",
        ("Ouvrez ce lien pour vous connecter à annuaire. " + _ONCE,),
        "Se connecter",
        ASKED,
    ),
    "sign_up": _Text(
        "Créer votre compte",
        ("Ouvrez ce lien pour confirmer votre adresse et créer votre compte. " + _ONCE,),
        "Créer mon compte",
        ASKED,
    ),
    "known": _Text(
        "Vous avez déjà un compte",
        ("Cette adresse a déjà un compte sur annuaire : ce lien vous y connecte. " + _ONCE,),
        "Se connecter",
        ASKED,
    ),
    "unknown": _Text(
        "Aucun compte à cette adresse",
        (
            "Une connexion a été demandée pour cette adresse, qui n’a pas de compte sur annuaire.",
            "Ce lien en crée un. " + _ONCE,
        ),
        "Créer mon compte",
        ASKED,
    ),
    "suspended": _Text(
        "Votre compte est suspendu",
        ("Une connexion a été demandée, mais la modération a suspendu ce compte.",),
    ),
    "email_new": _Text(
        "Confirmer votre nouvelle adresse",
        (
            "Ouvrez ce lien pour que votre compte d’annuaire porte cette adresse. " + _ONCE,
            "Un second lien est parti à votre adresse actuelle : il faut ouvrir les deux.",
        ),
        "Confirmer cette adresse",
        ASKED,
    ),
    "email_old": _Text(
        "Confirmer le changement d’adresse",
        (
            "Un changement d’adresse a été demandé depuis votre compte. " + _ONCE,
            "Si ce n’était pas vous, n’ouvrez pas ce lien : rien ne changera.",
        ),
        "Confirmer le changement",
    ),
    "email_taken": _Text(
        "Cette adresse a déjà un compte",
        (
            "Un autre compte d’annuaire a demandé à porter cette adresse, qui en a déjà un : "
            "rien n’a changé.",
        ),
    ),
    "email_changed": _Text(
        "Votre adresse a changé",
        (
            "Votre compte d’annuaire porte maintenant l’adresse {email}.",
            "Vos alertes, vos demandes aux structures, vos achats notés, vos signalements et vos "
            "clés d’API ont suivi : rien n’en reste sous cette adresse-ci.",
            _IF_NOT_YOU,
        ),
    ),
    "password_changed": _Text(
        "Votre mot de passe a changé",
        ("Le mot de passe de votre compte vient de changer.", _IF_NOT_YOU),
    ),
    "totp_on": _Text(
        "Double authentification activée",
        ("Votre compte demande désormais un code à chaque connexion.", _IF_NOT_YOU),
    ),
    "totp_off": _Text(
        "Double authentification retirée",
        ("Votre compte ne demande plus de code à la connexion.", _IF_NOT_YOU),
    ),
    "recovery_used": _Text(
        "Un code de secours a servi",
        ("Un de vos codes de secours vient de servir ; il en reste {left}.", _IF_NOT_YOU),
    ),
    "invitation": _Text(
        "Rejoindre {organisation} sur annuaire",
        (
            "{inviter} vous invite à rejoindre {organisation} sur annuaire, l’annuaire des achats "
            "inclusifs. " + _ONCE,
        ),
        "Répondre à l’invitation",
        "Ce message part parce que cette personne a écrit votre adresse. Si vous ne la connaissez "
        "pas, ne faites rien.",
    ),
    "dormant": _Text(
        "Votre compte va être effacé",
        (
            "Vous ne vous êtes pas connecté depuis bientôt trois ans : votre compte et ce qu’il "
            "contient seront effacés le {day}.",
            "Pour le garder, il suffit de vous connecter.",
        ),
        "Se connecter",
    ),
    "erased": _Text(
        "Votre compte est effacé",
        ("Votre compte d’annuaire et ce qu’il contenait viennent d’être effacés.",),
        "",
        "Ce message est le dernier : cette adresse n’est plus dans annuaire.",
    ),
    "granted": _Text(
        "Votre demande est acceptée",
        ("La modération a accepté : {what}.",),
    ),
    "refused": _Text(
        "Votre demande n’est pas acceptée",
        ("La modération n’a pas accepté : {what}. Raison : {reason}",),
    ),
}


def send(session: Session, kind: str, to: str, site: str, *, link: str = "", **values: str) -> bool:
    """Queue a letter in the caller's transaction. `site` is our public address, `link` the path
    that its button opens; False when that address takes no letters."""
    text = TEXTS[kind]
    own = link if len(link) > TOKEN_LENGTH else new_token()
    letter = render(
        "account",
        to=to,
        once=f"account:{kind}:{hash_of(own)[:40]}",
        purpose=LINK if text.button else WORD,
        public_url=site,
        title=text.title.format(**values),
        sentences=[sentence.format(**values) for sentence in text.sentences],
        button=(text.button, f"{site}{link}") if text.button else None,
        why=text.why,
    )
    return queue(session, letter)
