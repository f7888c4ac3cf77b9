"""The pages of claims."""

from annuaire.claims.views.claiming import pages as claiming
from annuaire.claims.views.team import pages as team

BLUEPRINTS = (claiming, team)
