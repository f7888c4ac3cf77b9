"""The letters of a request: to the structures that it asks, and to its buyer."""

from typing import Final, Literal

from annuaire.accounts.domains import is_personal
from annuaire.mail.letters import Letter
from annuaire.mail.rendering import render
from annuaire.sourcing.links import Links
from annuaire.sourcing.models import AskedStructure, SourcingRequest
from annuaire.sourcing.rules import KINDS
from annuaire.sourcing.wording import ANSWERS
from annuaire.wording import date_fr, pluriel

Reminder = Literal["", "remind", "nudge"]
PURPOSE: Final = "sourcing"
WHY_BUYER: Final = (
    "Vous recevez ce courriel parce que cette adresse a été donnée pour une demande à des "
    "structures inclusives."
)


def ask(
    request: SourcingRequest,
    asked: AskedStructure,
    links: Links,
    reminder: Reminder = "",
) -> Letter:
    """The request as a structure reads it; `reminder` makes it one of the two reminders."""
    return render(
        "sourcing_request",
        to=asked.email or "",
        once=key_of(asked, reminder),
        purpose=PURPOSE,
        reply_to=request.sender_email,
        unsubscribe=links.url("arreter", [asked.structure_id, asked.address]),
        public_url=links.public_url,
        reminder=bool(reminder),
        kind=KINDS[request.kind].label,
        request=request,
        personal=is_personal(request.sender_email),
        structure=asked.name,
        answer_url=links.url("repondre", asked.id),
        structure_url=f"{links.public_url}/structures/{asked.key}",
    )


def key_of(asked: AskedStructure, reminder: Reminder = "") -> str:
    """The key of a letter to a structure, under which its fate is known."""
    return f"sourcing:{asked.id}:{reminder or 'ask'}"


def to_confirm(request: SourcingRequest, links: Links) -> Letter:
    """What a sender opens before anything leaves."""
    count = sum(asked.email is not None for asked in request.asked)
    return _notice(
        request,
        links,
        "confirm",
        f"À confirmer : « {request.subject} »",
        [
            f"Votre demande à {pluriel(count, 'structure')} est prête. Rien n'est parti : "
            "relisez-la et confirmez-la par le lien ci-dessous, dans les 48 heures.",
            "Si vous n'avez rien demandé, ne faites rien : elle sera effacée.",
        ],
        ("Relire et confirmer", links.url("confirmer", request.id)),
        purpose="confirm",
    )


def sent(request: SourcingRequest, links: Links) -> Letter:
    """The request has left; this letter keeps the address of its page."""
    count = sum(asked.asked_at is not None for asked in request.asked)
    return _notice(
        request,
        links,
        "sent",
        f"Votre demande est partie : « {request.subject} »",
        [
            f"{pluriel(count, 'structure')} reçoivent votre demande. "
            f"Dernier jour pour répondre : {date_fr(request.deadline)}."
            if count > 1
            else f"{pluriel(count, 'structure')} reçoit votre demande. "
            f"Dernier jour pour répondre : {date_fr(request.deadline)}.",
            "Gardez ce courriel : son lien mène aux réponses et au journal daté, à joindre au "
            "dossier de l'achat. Qui a ce lien voit cette page.",
        ],
        ("Suivre les réponses", links.url("suivi", request.id)),
    )


def answered(asked: AskedStructure, links: Links, event: str) -> Letter:
    """A structure has answered, or changed its answer."""
    request = asked.request
    said = ANSWERS[asked.answer or ""]
    lines = [f"{asked.name} : {said}."]
    if asked.message:
        lines.append(f"« {asked.message} »")
    if asked.contact:
        lines.append(f"Contact : {asked.contact}")
    return _notice(
        request,
        links,
        f"answer:{event}",
        f"{asked.name} : {said} (« {request.subject} »)",
        lines,
        ("Voir toutes les réponses", links.url("suivi", request.id)),
    )


def closed(request: SourcingRequest, links: Links) -> Letter:
    """The last day has passed: who answered what."""
    counts = [
        (sum(a.answer == answer for a in request.asked), words) for answer, words in ANSWERS.items()
    ]
    silent = sum(bool(a.asked_at and a.answer is None) for a in request.asked)
    told = [f"{count} {words}" for count, words in [*counts, (silent, "sans réponse")] if count]
    return _notice(
        request,
        links,
        "closed",
        f"Réponses closes : « {request.subject} »",
        [
            f"Le dernier jour pour répondre est passé : {', '.join(told) or 'aucune réponse'}.",
            "La page dit qui a été contacté, quand, et ce que chacun a répondu. Téléchargez le "
            "journal pour le dossier de l'achat : la page est effacée dans un an.",
        ],
        ("Voir les réponses", links.url("suivi", request.id)),
    )


def own_requests(email: str, sender_key: str, links: Links, once: str) -> Letter:
    """The way back to all the requests of an address."""
    return render(
        "sourcing_notice",
        to=email,
        once=once,
        purpose="confirm",
        public_url=links.public_url,
        subject="Vos demandes aux structures",
        lines=["Le lien ci-dessous mène à vos demandes et aux achats que vous avez notés."],
        button=("Ouvrir mon carnet", links.url("carnet", sender_key)),
        why="Vous recevez ce courriel parce que ce lien a été demandé pour cette adresse.",
    )


def _notice(
    request: SourcingRequest,
    links: Links,
    once: str,
    subject: str,
    lines: list[str],
    button: tuple[str, str],
    purpose: str = PURPOSE,
) -> Letter:
    return render(
        "sourcing_notice",
        to=request.sender_email,
        once=f"sourcing:request:{request.id}:{once}",
        purpose=purpose,
        public_url=links.public_url,
        subject=subject,
        lines=lines,
        button=button,
        why=WHY_BUYER,
    )
