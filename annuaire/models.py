"""Every model of the product, so that migrations and tests see all tables."""

from importlib import import_module

AREAS = (
    "annuaire.runs",
    "annuaire.outbox",
    "annuaire.addresses",
    "annuaire.structures.models",
    "annuaire.structures.duplicates.models",
    "annuaire.structures.decision_models",
    "annuaire.contracts.models",
    "annuaire.matching.models",
    "annuaire.plans.models",
    "annuaire.sourcing.models",
    "annuaire.platforms.models",
    "annuaire.consultations.models",
    "annuaire.claims.models",
    "annuaire.moderation.models",
    "annuaire.workspace.models",
    "annuaire.accounts.models",
    "annuaire.accounts.audit",
    "annuaire.mail.models",
    "annuaire.alerts.models",
    "annuaire.profiles.models",
)


def load_all() -> None:
    """Import the modules that declare tables."""
    for area in AREAS:
        import_module(area)
