"""The pages of « Mon espace »."""

from annuaire.workspace.views.facilitating import pages as facilitating
from annuaire.workspace.views.home import pages as home
from annuaire.workspace.views.keeping import pages as keeping
from annuaire.workspace.views.why_not import pages as why_not

BLUEPRINTS = (facilitating, home, keeping, why_not)
