"""Claims in words: what each act in the log says."""

from typing import Final

ACTS: Final = {
    "claim.start": "rattachement demandé",
    "claim.print": "lettre avec un code imprimée",
    "claim.prove": "preuve reçue, rattachement accordé",
    "claim.prove_beside": "preuve reçue, question posée aux personnes rattachées",
    "claim.prove_shared": "preuve reçue d’un domaine partagé, examen demandé",
    "claim.deny": "démenti par l’adresse écrite",
    "claim.wrong_code": "code faux",
    "claim.exhaust": "cinq codes faux, demande close",
    "claim.admit": "accepté par une personne rattachée",
    "claim.dismiss": "refusé par une personne rattachée",
    "claim.silence": "sans réponse, passé à la modération",
    "claim.accept": "accepté par la modération",
    "claim.refuse": "refusé par la modération",
    "claim.revoke": "retiré par la modération",
    "claim.undo": "décision de la modération annulée",
    "claim.contest": "contesté",
    "claim.expire": "expiré",
    "claim.renew": "prolongé de deux ans",
    "claim.abandon": "demande abandonnée",
    "claim.leave": "structure quittée",
    "claim.invite": "collègue invité",
    "claim.withdraw_invitation": "invitation retirée",
    "claim.answer_invitation": "réponse à une invitation",
}
