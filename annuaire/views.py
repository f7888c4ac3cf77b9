"""Every page of the site, put together."""

from flask import Flask

from annuaire.accounts.views import BLUEPRINTS as ACCOUNTS
from annuaire.advising.views import pages as advising
from annuaire.alerts.own_views import pages as own_alerts
from annuaire.alerts.views import pages as alerts
from annuaire.api.views import BLUEPRINTS as API
from annuaire.claims.views import BLUEPRINTS as CLAIMS
from annuaire.consultations.views import pages as consultations
from annuaire.contracts.buyer_views import pages as buyers
from annuaire.contracts.views import pages as contracts
from annuaire.coverage.views import pages as coverage
from annuaire.documents.views import pages as documents
from annuaire.extensions import session
from annuaire.matching.contest_views import pages as contests
from annuaire.matching.opportunity_views import pages as opportunities
from annuaire.matching.views import pages as matching
from annuaire.moderation.views import BLUEPRINTS as MODERATION
from annuaire.pages import pages as general
from annuaire.plans.views import pages as plans
from annuaire.platforms.views import pages as keys
from annuaire.profiles.upload_views import pages as profile_files
from annuaire.profiles.views import pages as profiles
from annuaire.sitemaps import pages as sitemaps
from annuaire.sources import pages as sources
from annuaire.sourcing.views import BLUEPRINTS as SOURCING
from annuaire.structures.report_views import pages as reports
from annuaire.structures.samples import has_samples
from annuaire.structures.views import pages as structures
from annuaire.takeaway.views import BLUEPRINTS as TAKEAWAY
from annuaire.takeaway.views.kept import selected
from annuaire.workspace.views import BLUEPRINTS as WORKSPACE


def register_pages(app: Flask) -> None:
    """Give `app` the pages of every area, and what all templates know."""
    for blueprint in (
        general, structures, reports, contracts, buyers, matching, contests, opportunities,
        advising, coverage, documents, consultations, plans, keys, sources, sitemaps, profiles,
        profile_files, alerts, own_alerts, *SOURCING, *TAKEAWAY, *API, *ACCOUNTS, *CLAIMS,
        *MODERATION, *WORKSPACE,
    ):  # fmt: skip
        app.register_blueprint(blueprint)

    @app.context_processor
    def for_all_pages() -> dict[str, object]:
        return {"sample_data": has_samples(session()), "selected_keys": selected()}
