"""The pages of activities, of territories, and of what no structure covers."""

import csv
import io
from typing import Any

from flask import Blueprint, Response, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from annuaire.activities.taxonomy import Activity, Group, taxonomy
from annuaire.asking import arguments, today, values
from annuaire.contracts.presenting import card as contract_card
from annuaire.coverage import presenting, service
from annuaire.coverage.asking import RADII_KM, Asked, read
from annuaire.coverage.finding import NEAR_KM, Found, find, nearest_outside
from annuaire.errors import NotFoundError
from annuaire.extensions import engine, session, settings
from annuaire.geo.gazetteer import Commune, Departement, departement_label, gazetteer
from annuaire.paging import address
from annuaire.structures.kinds import FAMILIES
from annuaire.structures.presenting import card as structure_card

pages = Blueprint("coverage", __name__)

FEW = 5  # structures in a département under which the nearest ones outside are shown
SHOWN_TOWNS = 24
SHOWN_ACTIVITIES = 60


@pages.get("/activites")
def activities() -> str:
    """Every activity with how many structures do it."""
    tree = presenting.activity_tree(service.counts_by_activity(session()))
    return render_template("coverage/activities.html", groups=tree)


@pages.get("/activites/<code>")
def activity(code: str) -> str:
    """An activity in the whole country."""
    node = _node(code)
    found = find(engine(), today(), node=node, shown=10)
    counts = dict(found.structures.facets["departement"])
    return render_template(
        "coverage/activity.html",
        activity=presenting.activity_head(node),
        families=presenting.families(dict(found.structures.facets["families"])),
        departements=presenting.by_departement(node.code, counts),
        canonical=_canonical(f"/activites/{node.code}"),
        **_lists(found),
    )


@pages.get("/activites/<code>/<departement>")
def activity_in(code: str, departement: str) -> str:
    """An activity in one département: its structures, and the nearest outside when it has few."""
    node, place = _node(code), _departement(departement)
    found = find(engine(), today(), node=node, departement=place.code)
    return render_template(
        "coverage/activity_in.html",
        activity=presenting.activity_head(node),
        place=_place(place),
        outside=_outside(node, place) if found.structures.total < FEW else [],
        canonical=_canonical(f"/activites/{node.code}/{place.code}"),
        **_lists(found),
    )


@pages.get("/departements/<code>")
def departement(code: str) -> str:
    """A département: what can be bought there from inclusive structures."""
    place = _departement(code)
    found = find(engine(), today(), departement=place.code, shown=0)
    towns = sorted(
        gazetteer().communes_of_departement(place.code), key=lambda c: (-c.population, c.code)
    )
    return render_template(
        "coverage/departement.html",
        place=_place(place),
        families=presenting.families(dict(found.structures.facets["families"])),
        activities=_activities_here(found, f"/{place.code}"),
        towns=[{"label": t.name, "url": f"/communes/{t.code}"} for t in towns[:SHOWN_TOWNS]],
        canonical=_canonical(f"/departements/{place.code}"),
        **_lists(found),
    )


@pages.get("/communes/<code>")
def commune(code: str) -> str | BaseResponse:
    """A commune: the structures within 25 km, the nearest first."""
    town = gazetteer().commune(code)
    if town is None:
        raise NotFoundError(f"Aucune commune ne porte le code INSEE « {code[:10]} ».")
    if town.code != code:
        return redirect(f"/communes/{town.code}", 301)
    found = find(engine(), today(), commune=town)
    return render_template(
        "coverage/commune.html",
        town={"label": town.name, "departement": departement_label(town.departement)},
        departement_url=f"/departements/{town.departement}",
        near_km=NEAR_KM,
        search={"lieu": f"commune:{town.code}", "rayon": f"{NEAR_KM:g}"},
        activities=_activities_here(found, f"/{town.departement}"),
        canonical=_canonical(f"/communes/{town.code}"),
        **_lists(found),
    )


@pages.get("/zones-blanches")
def gaps() -> tuple[str, int]:
    """Where an activity has no structure within a radius: a map and a table."""
    asked = read(values())
    found = _coverage(asked) if asked.activity else None
    body = render_template(
        "coverage/gaps.html",
        asked=asked,
        errors=asked.errors,
        activities=presenting.activity_options(),
        radii=[(str(km), f"{km} km") for km in RADII_KM],
        families=[("", "toutes"), *FAMILIES.items()],
        label=taxonomy().label(asked.activity) if asked.activity else "",
        place=departement_label(asked.departement) if asked.departement else None,
        coverage=found,
        map=presenting.coverage_map(found) if found and not asked.departement else None,
        levels=presenting.LEVELS,
        level=presenting.level,
        into=lambda code: address("/zones-blanches", arguments(), departement=code),
        whole=address("/zones-blanches", arguments(), departement=None),
        export=address("/zones-blanches.csv", arguments()),
    )
    return body, 400 if asked.errors else 200


@pages.get("/zones-blanches.csv")
def gaps_csv() -> Response:
    """The same table for a spreadsheet: « ; » and a byte order mark, as French Excel expects."""
    asked = read(values())
    if asked.errors or not asked.activity:
        raise NotFoundError("Choisissez d'abord une activité sur la page des zones blanches.")
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(
        ["code", "territoire", "structures", "communes", f"communes à plus de {asked.radius_km} km",
         "habitants", f"habitants à plus de {asked.radius_km} km", "distance médiane (km)"]
    )  # fmt: skip
    for gap in _coverage(asked).rows:
        median = "" if gap.median_km is None else f"{gap.median_km:.1f}".replace(".", ",")
        writer.writerow(
            [gap.code, gap.name, "" if gap.structures is None else gap.structures, gap.communes,
             gap.communes_far, gap.population, gap.population_far, median]
        )  # fmt: skip
    response = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    name = f"zones-blanches-{asked.activity}-{asked.radius_km}km.csv"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def _coverage(asked: Asked) -> service.Coverage:
    return service.coverage(
        session(),
        asked.activity,
        asked.radius_km,
        today(),
        family=asked.family,
        departement=asked.departement,
    )


def _node(code: str) -> Activity | Group:
    node = taxonomy().get(code)
    if node is None:
        raise NotFoundError(f"Aucune activité ne porte le code « {code[:40]} ».")
    return node


def _departement(code: str) -> Departement:
    found = gazetteer().departement(code)
    if found is None:
        raise NotFoundError(f"Aucun département ne porte le code « {code[:10]} ».")
    return found


def _place(place: Departement) -> dict[str, str]:
    region = gazetteer().region(place.region)
    label = f"{place.name} ({place.code})"
    return {"code": place.code, "label": label, "region": region.name if region else ""}


def _outside(node: Activity | Group, place: Departement) -> list[dict[str, Any]]:
    """The nearest structures of other départements, from the largest town of this one."""
    communes = gazetteer().communes_of_departement(place.code)
    town: Commune | None = max(communes, key=lambda c: c.population, default=None)
    hits = nearest_outside(engine(), node, town, place.code, 2 * FEW)
    cards = [
        structure_card(hit) | {"from_town": town.name if town else ""}
        for hit in (hits.hits if hits else ())
        if hit.document.get("departement") != place.code
    ]
    return cards[:FEW]


def _activities_here(found: Found, suffix: str) -> list[dict[str, Any]]:
    """The activities of the structures found, most structures first."""
    counts = found.structures.facets["activities"]
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_ACTIVITIES]
    return [
        {"label": taxonomy().label(code), "url": f"/activites/{code}{suffix}", "count": number}
        for code, number in ranked
    ]


def _lists(found: Found) -> dict[str, Any]:
    day = today()
    return {
        "total": found.structures.total,
        "cards": [structure_card(hit) for hit in found.structures.hits],
        "contracts": [contract_card(hit, day) for hit in found.contracts.hits],
        "contracts_total": found.contracts.total,
        "contracts_social": found.contracts.facets.get("social", {}).get("oui", 0),
    }


def _canonical(path: str) -> str:
    return settings().public_url + path
