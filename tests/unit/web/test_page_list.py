"""No page of the site escapes what all pages are held to."""

from flask import Flask
from werkzeug.exceptions import NotFound

from annuaire.accounts.policy import table
from annuaire.problems import answers_programs
from tests.browser.pages import PAGES

#: Opened by a signed address alone: tests/browser/test_sourcing.py looks at them.
SIGNED = frozenset(
    f"/demandes/{page}/<token>" for page in ("confirmer", "suivi", "repondre", "arreter", "carnet")
)
#: Answers to programs, and files, whose address has no ending.
DATA = frozenset(
    {"/structures/suggestions", "/espace/structure/<key>/fiche/justificatifs/<int:file_id>"}
)
FILES = frozenset({"/donnees/export/<name>"})
#: What mails and the second factor open, seen by tests/browser/test_accounts.py with all that asks
#: for an account; and the way to a provider, which is no page.
ELSEWHERE = frozenset(
    {
        "/connexion/code",
        "/connexion/lien/<token>",
        "/connexion/fournisseur",
        "/connexion/fournisseur/retour",
        "/connexion/fournisseur/sortie",
        "/espace/compte/courriel/<token>",
        "/invitation/<token>",
    }
)


#: What asks for an account, by the browser test that looks at it with axe.
SIGNED_IN = frozenset(
    {
        # test_accounts.py
        "/espace/compte", "/espace/compte/courriel", "/espace/compte/double-authentification",
        "/espace/compte/effacer", "/espace/compte/mot-de-passe",
        # test_claims.py
        "/connexion/confirmer", "/espace", "/espace/cles", "/espace/consultations",
        "/espace/consultations/<int:number>", "/espace/garde",
        "/espace/invitations/<int:number>", "/espace/organisations",
        "/espace/rattachements/<int:number>", "/espace/territoires", "/moderation",
        "/moderation/<queue>", "/moderation/<queue>/<int:number>",
        "/moderation/decisions", "/moderation/journal",
        "/moderation/lettres/<int:number>", "/moderation/statistiques",
        "/moderation/structures/<key>", "/structures/<key>/audience", "/structures/<key>/demandes",
        "/structures/<key>/equipe", "/structures/<key>/pourquoi", "/structures/<key>/rattachement",
        # test_profiles.py
        "/espace/structure/<key>/fiche", "/espace/structure/<key>/fiche/<subject>",
        "/espace/structure/<key>/fiche/historique",
        # test_every_page.py, as the page of sign-in to which it leads; a search that leads on
        "/espace/alertes", "/moderation/chercher",
    }
)  # fmt: skip


def test_every_page_that_asks_for_an_account_is_looked_at_too(app: Flask) -> None:
    pages = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and "." not in rule.rule and rule.rule not in DATA
        if not table()[rule.endpoint] & {"visitor", "key"}
    }
    assert pages == SIGNED_IN


def test_every_page_is_among_those_that_the_browser_looks_at(app: Flask) -> None:
    pages = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint != "static"
        if "." not in rule.rule and rule.rule not in DATA | ELSEWHERE | FILES
        if "visitor" in table()[rule.endpoint]
        if not answers_programs(rule.rule) or rule.rule == "/api/v1/docs"
    }
    seen = set()
    site = app.url_map.bind("localhost")
    for address in PAGES:
        try:
            rule, _ = site.match(address.partition("?")[0], method="GET", return_rule=True)
        except NotFound:
            continue  # the page that says so
        seen.add(rule.rule)
    assert pages - seen - SIGNED == set()
