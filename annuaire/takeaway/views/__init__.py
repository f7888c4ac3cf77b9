"""The pages from which lists leave the site, one module a subject."""

from annuaire.takeaway.views.comparing import pages as comparing
from annuaire.takeaway.views.exports import pages as exports
from annuaire.takeaway.views.selection import pages as selection

BLUEPRINTS = (exports, selection, comparing)
