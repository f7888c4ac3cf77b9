"""Gaps and territories as pages show them: plain values in French."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from annuaire.activities import cpv
from annuaire.activities.taxonomy import Activity, Group, proximity, taxonomy
from annuaire.coverage.outlines import HEIGHT, WIDTH, shapes
from annuaire.coverage.service import Coverage, Gap
from annuaire.geo.gazetteer import gazetteer
from annuaire.geo.names import name_key
from annuaire.structures.kinds import FAMILIES

#: Up to which share of the inhabitants beyond the radius, in which words.
LEVELS = (
    (0.0, "personne au-delà du rayon"),
    (0.1, "jusqu’à 10 % des habitants au-delà"),
    (0.5, "de 10 à 50 %"),
    (0.999, "plus de 50 %"),
    (1.0, "tous au-delà : zone blanche"),
)
SHOWN_CPV = 8
SHOWN_NEAR = 8


def level(gap: Gap) -> int:
    """The rank in LEVELS of a territory: the map's shade, and the words of the table."""
    return next(n for n, (most, _) in enumerate(LEVELS) if gap.share_far <= most)


def coverage_map(found: Coverage) -> dict[str, Any]:
    """The map: each département's outline with its shade, and what each shade means."""
    by_code = {gap.code: gap for gap in found.rows}
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "shapes": [
            {
                "path": shape.path,
                "level": level(by_code[shape.code]) if shape.code in by_code else "none",
                "name": f"{shape.name} ({shape.code})",
                "words": LEVELS[level(by_code[shape.code])][1] if shape.code in by_code else "",
            }
            for shape in shapes()
        ],
        "legend": [{"level": n, "words": words} for n, (_, words) in enumerate(LEVELS)],
    }


def activity_options() -> list[dict[str, Any]]:
    """Groups with their leaves, for a list to choose from."""
    return [
        {
            "code": group.code,
            "label": group.label,
            "leaves": [{"code": leaf.code, "label": leaf.label} for leaf in group.leaves],
        }
        for group in taxonomy().groups
    ]


def activity_tree(counts: dict[str, tuple[int, int]]) -> list[dict[str, Any]]:
    """Groups with their leaves and how many structures do each, for the page of activities."""
    return [
        {
            "code": group.code,
            "label": group.label,
            "leaves": [
                {
                    "label": leaf.label,
                    "url": f"/activites/{leaf.code}",
                    "structures": counts.get(leaf.code, (0, 0))[0],
                    "departements": counts.get(leaf.code, (0, 0))[1],
                }
                for leaf in group.leaves
            ],
        }
        for group in taxonomy().groups
    ]


def activity_head(node: Activity | Group) -> dict[str, Any]:
    """What an activity is: its group, its CPV codes, its neighbours."""
    leaf = isinstance(node, Activity)
    group = taxonomy().get(node.group) if isinstance(node, Activity) else None
    return {
        "code": node.code,
        "label": node.label,
        "group": {"label": group.label, "url": f"/activites/{group.code}"} if group else None,
        "filter": "activite" if leaf else "domaine",
        "cpv": [*_cpv_lines(node)] if isinstance(node, Activity) else [],
        "near": [
            {"label": other.label, "url": f"/activites/{other.code}"} for other in _near(node)
        ],
    }


def _cpv_lines(leaf: Activity) -> Iterable[dict[str, str]]:
    for prefix in leaf.cpv[:SHOWN_CPV]:
        code = prefix.ljust(8, "0")
        if label := cpv.label(code):
            yield {"code": cpv.full(code) or code, "label": label}


def _near(node: Activity | Group) -> Sequence[Activity]:
    if isinstance(node, Group):
        return node.leaves
    scored = [(proximity(node.code, leaf.code), leaf) for leaf in taxonomy().leaves]
    ranked = sorted(
        ((score, leaf) for score, leaf in scored if score > 0 and leaf.code != node.code),
        key=lambda pair: (-pair[0], pair[1].label),
    )
    return [leaf for _, leaf in ranked[:SHOWN_NEAR]]


def by_departement(code: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Every département with how many structures of an activity it has: those that have some by
    name, then the others."""
    lines = [
        {
            "label": f"{departement.name} ({departement.code})",
            "url": f"/activites/{code}/{departement.code}",
            "count": counts.get(departement.code, 0),
        }
        for departement in sorted(gazetteer().departements, key=lambda d: name_key(d.name))
        if departement.code in _inhabited_departements()
    ]
    return sorted(lines, key=lambda line: not line["count"])  # stable


@cache
def _inhabited_departements() -> frozenset[str]:
    return frozenset(commune.departement for commune in gazetteer().communes)


def families(counts: dict[str, int]) -> list[dict[str, Any]]:
    """How many of each family, in the house's order."""
    return [
        {"label": label, "code": code, "count": counts[code]}
        for code, label in FAMILIES.items()
        if counts.get(code)
    ]
