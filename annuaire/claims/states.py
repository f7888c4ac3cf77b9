"""The life of a claim: a table of states and events, and nothing else. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from annuaire.errors import InvalidInputError

#: Every state, as people read it.
STATES: Final = {
    "mailed": "confirmation attendue par courriel",
    "letter_wanted": "lettre à poster par la modération",
    "letter_sent": "code de la lettre attendu",
    "asked": "réponse des personnes déjà rattachées attendue",
    "moderated": "examen par la modération",
    "held": "accordé",
    "contested": "accordé, contesté : examen par la modération",
    "refused": "refusé",
    "expired": "expiré",
    "abandoned": "abandonné",
    "left": "quitté",
    "revoked": "retiré par la modération",
}
#: How the claimant means to prove it.
METHODS: Final = {
    "email": "courriel à l’adresse connue des annuaires",
    "domain": "adresse au nom de domaine de la structure",
    "letter": "code envoyé par la poste",
    "word": "examen par la modération",
    "invited": "invitation d’une personne rattachée",
}
FIRST: Final = {
    "email": "mailed",
    "domain": "mailed",
    "letter": "letter_wanted",
    "word": "moderated",
    "invited": "held",
}
#: Whoever is in one of these speaks for the structure.
HOLDING: Final = frozenset({"held", "contested"})
WAITING: Final = frozenset({"mailed", "letter_wanted", "letter_sent", "asked", "moderated"})
OPEN: Final = HOLDING | WAITING
CLOSED: Final = frozenset(STATES) - OPEN
#: What waits for a moderator.
QUEUED: Final = frozenset({"moderated", "contested", "letter_wanted"})

#: event → state before → state after. What is not here is refused.
TABLE: Final[Mapping[str, Mapping[str, str]]] = {
    # a moderator printed the letter with its code; again when it got lost
    "print": {"letter_wanted": "letter_sent", "letter_sent": "letter_sent"},
    # the proof was given: alone; beside people who hold the structure; by what others share
    "prove": {"mailed": "held", "letter_sent": "held"},
    "prove_beside": {"mailed": "asked", "letter_sent": "asked"},
    "prove_shared": {"mailed": "moderated"},
    # the address written to says that it is not theirs; too many wrong codes
    "deny": {"mailed": "refused"},
    "exhaust": {"letter_sent": "expired"},
    # those who hold the structure already say yes, no, or nothing
    "admit": {"asked": "held"},
    "dismiss": {"asked": "refused"},
    "silence": {"asked": "moderated"},
    # a moderator decides
    "accept": {"moderated": "held", "contested": "held", "letter_wanted": "held"},
    "refuse": {"moderated": "refused", "contested": "revoked", "letter_wanted": "refused"},
    "revoke": {"held": "revoked"},
    # the claimant asks for another look, or someone else does of what was granted
    "contest": {"refused": "moderated", "held": "contested"},
    # time, and the claimant's own will
    "expire": {"mailed": "expired", "letter_sent": "expired", "held": "expired"},
    "renew": {"held": "held"},
    "abandon": dict.fromkeys(sorted(WAITING), "abandoned"),
    "leave": {"held": "left", "contested": "left"},
}
#: A moderator's decisions: each is undone while nothing came after it.
UNDOABLE: Final = frozenset({"accept", "refuse", "revoke"})

#: How long each state may last, and what ends it.
LASTS: Final = {
    "mailed": timedelta(days=7),
    "letter_sent": timedelta(days=30),
    "asked": timedelta(days=10),
    "held": timedelta(days=730),
}
AT_END: Final = {
    "mailed": "expire",
    "letter_sent": "expire",
    "asked": "silence",
    "held": "expire",
}
RENEWABLE: Final = timedelta(days=60)  # before the end
CONTESTABLE: Final = timedelta(days=30)  # after a refusal


def after(state: str, event: str) -> str:
    """The state to which an event leads. Raises InvalidInputError for one that the state does not
    know: it came too late, or twice."""
    found = TABLE[event].get(state)
    if found is None:
        raise InvalidInputError(
            f"Ce rattachement est dans l’état « {STATES[state]} » : cette action ne s’y applique "
            "plus. Rien n’a été changé."
        )
    return found


def undone(state: str, last_event: str | None, state_before: str | None) -> str:
    """The state before a moderator's decision. Raises InvalidInputError when the last step was
    none: what came after it would be lost."""
    if last_event not in UNDOABLE or state_before is None:
        raise InvalidInputError(
            f"Ce rattachement est dans l’état « {STATES[state]} », et sa dernière étape n’est pas "
            "une décision de la modération : elle ne s’annule pas."
        )
    return state_before
