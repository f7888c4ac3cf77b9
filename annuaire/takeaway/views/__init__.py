"""The pages from which lists leave the site, one module a subject."""

from annuaire.takeaway.views.attesting import pages as attesting
from annuaire.takeaway.views.checking import pages as checking
from annuaire.takeaway.views.clauses import pages as clauses
from annuaire.takeaway.views.comparing import pages as comparing
from annuaire.takeaway.views.documents import pages as documents
from annuaire.takeaway.views.exports import pages as exports
from annuaire.takeaway.views.papers import pages as papers
from annuaire.takeaway.views.selection import pages as selection

BLUEPRINTS = (exports, selection, comparing, checking, attesting, papers, clauses, documents)
