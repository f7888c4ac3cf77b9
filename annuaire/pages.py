"""The pages that belong to no area: home, help, legal pages, robots."""

from flask import Blueprint, Response, render_template

from annuaire.clauses.labels import LABELS
from annuaire.contracts.queries import count_contracts, count_with_social_clause, newest_publication
from annuaire.extensions import session, settings
from annuaire.freshness import PUBLICATIONS
from annuaire.runs import last_done
from annuaire.structures.kinds import FAMILIES, KINDS
from annuaire.structures.merge import ADDING
from annuaire.structures.queries import count_living

pages = Blueprint("pages", __name__)

LEGAL = {
    "/mentions-legales": "legal/mentions.html",
    "/confidentialite": "legal/confidentialite.html",
    "/conditions": "legal/conditions.html",
    "/accessibilite": "legal/accessibilite.html",
}


@pages.get("/")
def home() -> str:
    """One search box, two doors, the figures of the register with their dates."""
    db = session()
    done = last_done(db)
    others = PUBLICATIONS | ADDING
    directories = [run.ended_at for name, run in done.items() if name not in others]
    newest = db.scalar(newest_publication())
    figures = [
        {
            "label": "structures",
            "number": db.scalar(count_living()) or 0,
            "date": max(filter(None, directories), default=None),
        },
        {"label": "marchés", "number": db.scalar(count_contracts()) or 0, "date": newest},
        {
            "label": "marchés avec une clause sociale repérée",
            "number": db.scalar(count_with_social_clause()) or 0,
            "date": newest,
        },
    ]
    return render_template("home.html", figures=figures)


@pages.get("/aide")
def help_page() -> str:
    """How to search, read and correct."""
    return render_template("help.html", kinds=KINDS.values(), families=FAMILIES, clauses=LABELS)


@pages.get("/robots.txt")
def robots() -> Response:
    """Search engines may read all but the endless combinations of filters."""
    lines = (
        "User-agent: *",
        "Disallow: /structures/carte.json",
        "Disallow: /structures/comparer",
        "Disallow: /structures/export.",
        "Disallow: /structures/fiche-sourcing",
        "Disallow: /marches/carte.json",
        "Disallow: /marches/export",
        "Disallow: /ma-selection",
        "Disallow: /verifier/",
        "Disallow: /besoins/",
        "Disallow: /marches/*/faisabilite",
        "Disallow: /marches/*/dossier-sourcing",
        "Disallow: /structures/*/signaler",
        "Disallow: /connexion/",
        "Disallow: /espace/",
        "Disallow: /invitation/",
        "Disallow: /moderation/",
        "Disallow: /api/v1/",
        "Allow: /api/v1/docs",
        "Disallow: /flux/",
        f"Sitemap: {settings().public_url}/sitemap.xml",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _legal(template: str) -> str:
    return render_template(template)


for _path, _template in LEGAL.items():
    pages.add_url_rule(
        _path, _template.removeprefix("legal/").removesuffix(".html"), _legal,
        defaults={"template": _template},
    )  # fmt: skip
