"""The pages of moderators."""

from annuaire.moderation.views.journal import pages as journal
from annuaire.moderation.views.letters import pages as letters
from annuaire.moderation.views.queues import pages as queues
from annuaire.moderation.views.structures import pages as structures

BLUEPRINTS = (queues, journal, letters, structures)
