"""What the accounts keep in a code, as people read it."""

from collections.abc import Iterable
from typing import Any, Final

from annuaire.accounts.audit import AuditEntry

ACTS: Final = {
    "accounts.made": "compte créé",
    "accounts.provider_tied": "compte relié à un fournisseur d’identité",
    "accounts.renamed": "nom changé",
    "accounts.email_change_asked": "changement d’adresse demandé",
    "accounts.email_changed": "adresse changée",
    "accounts.password_changed": "mot de passe changé",
    "accounts.totp_on": "double authentification activée",
    "accounts.totp_off": "double authentification retirée",
    "accounts.recovery_codes_renewed": "codes de secours renouvelés",
    "accounts.recovery_code_used": "code de secours utilisé",
    "accounts.seat_taken": "organisation ajoutée",
    "accounts.seat_left": "organisation quittée",
    "accounts.seat_unverified": "organisation à vérifier de nouveau",
    "accounts.invited": "collègue invité",
    "accounts.territory_asked": "territoire demandé",
    "accounts.territory_left": "territoire quitté",
    "accounts.seat_verified": "organisation vérifiée",
    "accounts.seat_refused": "organisation refusée",
    "accounts.territory_granted": "territoire accordé",
    "accounts.territory_refused": "territoire refusé",
    "accounts.contact_shown": "nommé auprès des acheteurs",
    "accounts.contact_withdrawn": "plus nommé auprès des acheteurs",
    "accounts.suspended": "compte suspendu",
    "accounts.restored": "compte rétabli",
    "accounts.role_given": "rôle donné",
    "accounts.erased": "compte effacé",
}
METHODS: Final = {
    "link": "par lien",
    "password": "par mot de passe",
    "provider": "par fournisseur d’identité",
}
ROLES: Final = {
    "user": "utilisateur",
    "moderator": "modérateur",
    "administrator": "administrateur",
}
_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def acts_in_words(entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """Acts as a page lists them; one of another room keeps its code."""
    return [{"at": e.at, "what": ACTS.get(e.action, e.action), "reason": e.reason} for e in entries]


def agent_in_words(agent: str) -> str:
    """« Firefox, Windows »: what a person recognises of how a browser calls itself."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "Navigateur inconnu")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return f"{browser}, {system}" if system else browser
