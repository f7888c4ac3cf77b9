"""The pages of the accounts."""

from annuaire.accounts.views.account import pages as account
from annuaire.accounts.views.buying import pages as buying
from annuaire.accounts.views.provider import pages as provider
from annuaire.accounts.views.security import pages as security
from annuaire.accounts.views.signing_in import pages as signing_in
from annuaire.accounts.views.signing_up import pages as signing_up

BLUEPRINTS = (signing_in, signing_up, provider, account, security, buying)
