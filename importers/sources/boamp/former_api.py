"""One notice in schema v230 whole: of the API of before 2020 (`gestion`, `donnee`), or XML."""

from collections.abc import Iterator
from typing import Any

from annuaire.clauses.lot_titles import lots_in_description
from annuaire.contracts.records import CodeField, LotRecord, NoticeRecord
from importers.files.fields import Warnings
from importers.rows import InvalidRow
from importers.sources.boamp import common
from importers.sources.boamp.award_lots import with_lots
from importers.sources.boamp.tree import day, every, first, moment, raw, text
from importers.sources.boamp.v230 import normal, read_v230

NATURES = {
    "preinformation": "planned",
    "periodique": "planned",
    "appeloffre": "call",
    "attribution": "award",
    "modification": "modification",
    "rectificatif": "correction",
}
STATUSES = {"rectificatif": "correction", "annulation": "cancellation"}


def transform_former(item: dict[str, Any], warnings: Warnings) -> NoticeRecord:
    """A record as a notice. Raises InvalidRow without a number, a date or a title."""
    body = item.get("donnee", item.get("donnees"))
    management = normal(item.get("gestion"), drop_null=True)
    kind = first(management, "reference", "typeavis")
    index = first(management, "indexation")
    idweb = common.read_idweb(raw(first(management, "reference", "idweb")))
    published = day(first(index, "datepublication"))
    if published is None:
        raise InvalidRow("datepublication", "date", "La date de publication est illisible.")
    detail = read_v230(body if isinstance(body, dict) else {}, nulls_are_absent=True)
    title = common.title_of(
        detail.title or raw(first(index, "resumeobjet")), "titremarche", warnings
    )
    places = [raw(leaf) for leaf in every(index, "deppublication")]
    awards, award_lots = with_lots(title, detail.awards)
    written = lots_in_description(detail.description or "")
    lots = detail.lots or award_lots or tuple(LotRecord(n, t, origin="text") for n, t in written)
    return NoticeRecord(
        source="boamp",
        source_key=idweb,
        title=title,
        nature=_present(kind, "statut", STATUSES) or _present(kind, "nature", NATURES) or "other",
        buyer=common.placed(detail.buyer, common.NO_BUYER),
        published_on=published,
        expires_on=day(first(index, "datefindiffusion")),
        deadline=moment(first(index, "datelimitereponse")) or detail.deadline,
        family=(_present(kind, "famille", {f: f.upper() for f in common.FAMILIES})),
        description=detail.description if detail.description != title else None,
        cpv=detail.cpv,
        descriptors=tuple(
            label
            for node in every(index, "descripteurs", "descripteur")
            if (label := text(node, "libelle", limit=200))
        ),
        departements=common.read_departements(places, "deppublication", warnings),
        reference=detail.reference,
        linked_keys=tuple(_linked(management)),
        outcome=detail.outcome,
        types=detail.types,
        url=common.notice_url(idweb),
        lots=lots,
        whole=detail.whole,
        awards=detail.awards if detail.lots else awards,
        texts=detail.texts,
        codes=detail.codes + tuple(_criteria(index)),
    )


def _linked(management: Any) -> Iterator[str]:
    """The notices that this one follows, as numbers."""
    for leaf in every(management, "marche", "annonceanterieur", "reference", "idweb"):
        number = raw(leaf).strip().replace("_", "-")
        if common.is_idweb(number):
            yield number


def _criteria(index: Any) -> Iterator[CodeField]:
    """DILA's own flags: « sociaux », « environnementaux », elements that say it by being there."""
    for node in every(index, "criteressociauxenv"):
        for key in node if isinstance(node, dict) else ():
            yield CodeField("CRITERES_SOCIAUX_ENV", key)


def _present(node: Any, key: str, values: dict[str, str]) -> str | None:
    """The value of the one child that is not null."""
    children = first(node, key)
    if not isinstance(children, dict):
        return None
    return next((v for child, v in values.items() if children.get(child) is not None), None)
