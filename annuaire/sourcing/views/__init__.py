"""The pages of requests, one module a subject."""

from annuaire.sourcing.views.answering import pages as answering
from annuaire.sourcing.views.asking import pages as asking
from annuaire.sourcing.views.following import pages as following
from annuaire.sourcing.views.notebook import pages as notebook

BLUEPRINTS = (asking, following, answering, notebook)
