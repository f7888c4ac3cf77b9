"""What became of a request, in words; pure."""

from typing import Final

from annuaire.sourcing import rules

INTERESTED: Final = "interested"
DECLINED: Final = "declined"
ANSWERS: Final = {INTERESTED: "intéressée", DECLINED: "pas cette fois"}

#: Why a structure of a request was not written to.
NO_ADDRESS, STOPPED, BUSY, ENDED, SUSPENDED = "no_address", "stopped", "busy", "ended", "suspended"
OFTEN: Final = "often"
UNASKED: Final = {
    NO_ADDRESS: "aucune adresse électronique publiée : à contacter autrement",
    STOPPED: "a demandé à ne plus recevoir de demandes par ce site",
    BUSY: f"a déjà reçu {rules.STRUCTURE_WEEK} demandes en sept jours : à contacter autrement",
    OFTEN: f"a déjà reçu {rules.SENDER_WEEK} demandes de votre adresse en sept jours",
    ENDED: "ne figure plus dans les annuaires d’origine",
    SUSPENDED: "son adresse ne reçoit plus de courriels : à contacter autrement",
}

#: What became of the letter, by its state (annuaire.mail.models.MailLetter); sent is the usual.
DELIVERIES: Final = {
    "waiting": "courriel en attente d’envoi",
    "refused": "courriel non remis : adresse refusée, à contacter autrement",
    "dropped": "courriel non remis : adresse suspendue, à contacter autrement",
}
RETURNED: Final = "courriel revenu : l’adresse ne reçoit plus, à contacter autrement"

#: The kinds of SourcingEvent.
EVENTS: Final = {
    "written": "demande écrite",
    "confirmed": "adresse de l’expéditeur confirmée, demande envoyée",
    "asked": "courriel mis à l’envoi",
    "unasked": "non contactée",
    "reminded": "relance automatique",
    "nudged": "relance à la main",
    "answered": "réponse",
    "stopped": "ne veut plus recevoir de demandes",
    "resumed": "reçoit de nouveau des demandes",
    "closed": "réponses closes",
    "closed_early": "réponses closes par l’acheteur",
}

STATES: Final = {
    "draft": "à confirmer",
    "open": "en cours",
    "closed": "close",
}
