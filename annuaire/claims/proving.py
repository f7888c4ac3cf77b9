"""To prove a claim: by what is mailed, by the code of a letter; and what a proof then opens."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from annuaire.accounts.members import members_of
from annuaire.accounts.models import User
from annuaire.claims.codes import MAX_TRIES, code_hash, new_code, same
from annuaire.claims.known import domain_of, is_shared_by_companies, known_of
from annuaire.claims.letters import Site, named, written
from annuaire.claims.models import Claim
from annuaire.claims.states import LASTS
from annuaire.claims.steps import claim_structure, hold_claim, log, step
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.mail import links
from annuaire.mail.service import queue
from annuaire.structures.models import Structure

LINK: Final = "claim"  # the purpose of the signed links
PROOF: Final = "/rattachements/preuve/"
CLOSED: Final = "Cinq codes faux ont été saisis : cette demande est close. Faites-en une nouvelle."
OWN_LETTER: Final = (
    "C’est votre propre demande : une autre personne de la modération doit en imprimer la lettre."
)
FORMER: Final = (
    "Ce lien a déjà servi, ou la demande a changé depuis : rien n’est à confirmer. Rien n’a été "
    "changé."
)


def send_proof(
    session: Session, claim: Claim, structure: Structure, user: User, site: Site
) -> None:
    """Mail to the claim's address who asks for what, with a page where to confirm or to deny."""
    token = links.sign(site.secret, LINK, [claim.id, claim.address])
    letter = written(
        claim.address or "",
        f"claim:{claim.id}:proof",
        site,
        f"Une personne demande à gérer la page de {structure.shown_name}",
        [
            f"{named(user.name, user.email)} demande à gérer la page de « {structure.shown_name} » "
            "dans l’annuaire des achats inclusifs.",
            "Si cette personne parle bien pour la structure, confirmez-le. Sinon, dites que ce "
            "n’est pas le cas : rien ne changera.",
        ],
        ("Répondre", PROOF + token),
        "Vous recevez ce courriel parce que les annuaires publient cette adresse pour la "
        "structure, ou que la personne l’a donnée comme la sienne.",
        purpose="confirm",
    )
    if not queue(session, letter):
        raise InvalidInputError(
            "Cette adresse ne reçoit pas nos courriels : choisissez une autre preuve.", "adresse"
        )


def proof_shown(session: Session, token: str, site: Site) -> tuple[Claim, Structure, User]:
    """What a mailed link asks: the claim, its structure and who claims, to be read. Raises
    LinkError, and InvalidInputError when there is nothing to confirm any more."""
    number, address = _opened(token, site)
    claim = session.get(Claim, number)
    if claim is None or claim.state != "mailed" or claim.address != address:
        raise InvalidInputError(FORMER)
    return claim, claim_structure(session, claim), session.get_one(User, claim.user_id)


def _opened(token: str, site: Site) -> tuple[int, str]:
    found = links.read(site.secret, LINK, token, int(LASTS["mailed"].total_seconds()))
    return int(found[0]), str(found[1])


def answer_proof(session: Session, token: str, site: Site, now: datetime, *, ours: bool) -> Claim:
    """Confirm or deny, as whoever reads the mail says. Raises LinkError, InvalidInputError."""
    number, address = _opened(token, site)
    claim, structure = hold_claim(session, number)
    if claim.state != "mailed" or claim.address != address:
        raise InvalidInputError(FORMER)
    if ours:
        proved(session, claim, structure, site, now)
    else:
        step(session, claim, structure, "deny", site, now, actor_id=None)
    return claim


def proved(
    session: Session,
    claim: Claim,
    structure: Structure,
    site: Site,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """What a proof opens: the structure, or the question to those who hold it already, or a look
    by the moderators when the domain is that of several companies."""
    others = [u for u in session.scalars(members_of(structure.id)) if u.id != claim.user_id]
    domain = domain_of(claim.address or "")
    if claim.method == "domain" and is_shared_by_companies(session, domain):
        event = "prove_shared"
    else:
        event = "prove_beside" if others else "prove"
    step(session, claim, structure, event, site, now, actor_id=actor_id)
    if event == "prove_beside":
        for other in others:
            _ask(session, claim, structure, other, site)
    elif event == "prove" and claim.method != "email":
        _tell_known(session, claim, structure, site)


def _ask(session: Session, claim: Claim, structure: Structure, other: User, site: Site) -> None:
    claimant = session.get_one(User, claim.user_id)
    letter = written(
        other.email,
        f"claim:{claim.id}:ask:{other.id}",
        site,
        f"Une personne demande à être rattachée à {structure.shown_name}",
        [
            f"{named(claimant.name, claimant.email)} a prouvé son lien avec "
            f"« {structure.shown_name} » et demande à gérer sa page avec vous.",
            "Vous avez dix jours pour accepter ou refuser ; sans réponse, la modération décide.",
        ],
        ("Répondre", f"/structures/{structure.key}/equipe"),
        "Vous recevez ce courriel parce que vous êtes rattaché à cette structure.",
    )
    queue(session, letter)


def _tell_known(session: Session, claim: Claim, structure: Structure, site: Site) -> None:
    """Tell the addresses that the directories know who holds the page now: they can object."""
    claimant = session.get_one(User, claim.user_id)
    for number, email in enumerate(known_of(session, structure).emails):
        if email in (claimant.email, claim.address):
            continue
        letter = written(
            email,
            f"claim:{claim.id}:told:{number}",
            site,
            f"Une personne gère la page de {structure.shown_name}",
            [
                f"{named(claimant.name, claimant.email)} a prouvé son lien avec "
                f"« {structure.shown_name} » et gère désormais sa page dans l’annuaire des achats "
                "inclusifs.",
                "Si ce n’est pas normal, signalez-le : la modération examinera ce rattachement.",
            ],
            ("Signaler", f"/structures/{structure.key}/signaler"),
            "Vous recevez ce courriel parce que les annuaires publient cette adresse pour la "
            "structure.",
        )
        queue(session, letter)


def print_code(
    session: Session, claim_id: int, site: Site, now: datetime, moderator_id: int
) -> tuple[Claim, Structure, str]:
    """Draw the code of a letter that a moderator prints and posts now; a former one serves no
    more. The code is shown once and kept nowhere. Nobody prints that of their own claim: they
    would read what must come by post. Raises NotFoundError, InvalidInputError."""
    claim, structure = hold_claim(session, claim_id)
    if claim.user_id == moderator_id:
        raise InvalidInputError(OWN_LETTER)
    if claim.method != "letter":
        raise InvalidInputError("Ce rattachement ne se prouve pas par une lettre.")
    step(session, claim, structure, "print", site, now, actor_id=moderator_id)
    code = new_code()
    claim.code_hash, claim.tries = code_hash(site.secret, claim.id, code), 0
    session.flush()
    return claim, structure, code


def try_code(
    session: Session, claim_id: int, user_id: int, code: str, site: Site, now: datetime
) -> str:
    """Try the code of the letter: "" when it is right, else what to say. It is an answer and no
    error, as a wrong try is kept. Raises NotFoundError, InvalidInputError."""
    claim, structure = hold_claim(session, claim_id)
    refuse_others(claim, user_id)
    if claim.state != "letter_sent" or claim.code_hash is None:
        raise InvalidInputError("Aucun code n’est attendu pour cette demande.")
    if claim.due_at is not None and claim.due_at <= now:
        step(session, claim, structure, "expire", site, now, actor_id=None)
        return "Ce code a expiré : faites une nouvelle demande."
    if same(claim.code_hash, code_hash(site.secret, claim.id, code)):
        claim.code_hash = None
        proved(session, claim, structure, site, now, actor_id=user_id)
        return ""
    claim.tries += 1
    left = MAX_TRIES - claim.tries
    if left <= 0:
        claim.code_hash = None
        step(session, claim, structure, "exhaust", site, now, actor_id=user_id)
        return CLOSED
    log(session, claim, structure, "wrong_code", claim.state, user_id, tries=claim.tries)
    return f"Ce code n’est pas le bon : vérifiez la lettre. Essais restants : {left}."


def refuse_others(claim: Claim, user_id: int) -> None:
    """Raises NotFoundError unless the claim is this person's: others learn nothing of it."""
    if claim.user_id != user_id:
        raise NotFoundError(f"Aucun rattachement ne porte le numéro {claim.id}.")
