"""The CSV archive of notices, one row a notice, with the awards of each lot as JSON."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from annuaire.clauses.lot_titles import TITLE_LIMIT
from annuaire.contracts.records import (
    AwardRecord,
    BuyerRecord,
    CodeField,
    NoticeRecord,
)
from importers.files.fields import Warnings, shown
from importers.files.tables import Cells, read_table
from importers.files.text import plain
from importers.rows import InvalidRow, Row, Warned, transformed
from importers.sources.boamp import common
from importers.sources.boamp.award_lots import with_lots

REQUIRED = ("idweb", "date_publication", "objet", "nature", "acheteur")
OPTIONAL = (
    "date_fin_diffusion",
    "departements",
    "famille",
    "statut",
    "cp",
    "ville",
    "attributions_json",
    "descripteurs_codes",
    "descripteurs_libelles",
    "criteres_sociaux",
    "criteres_environnementaux",
)
IGNORED = ("perimetre",)  # the directive, which the law room tells from the amounts
NATURES = {
    "appeloffre": "call",
    "attribution": "award",
    "rectificatif": "correction",
    "modification": "modification",
    "intentionconclure": "other",
    "preinformation": "planned",
    "periodique": "planned",
}
MAX_AMOUNT = 1e18  # absurd ones are kept, and marked where they are shown
STATUSES = {"annulation": "cancellation", "rectificatif": "correction"}


def read_archive(path: Path) -> Iterator[Row[NoticeRecord]]:
    """The notices of the archive, streamed. Raises UnreadableFile as `read_table` does."""
    return transformed(read_table(path, REQUIRED, (*OPTIONAL, *IGNORED)), transform)


def transform(cells: Cells, warnings: Warnings) -> NoticeRecord:
    """One row as a notice. Raises InvalidRow without a number, a date or a title."""
    cells = dict.fromkeys(OPTIONAL, "") | cells
    idweb = common.read_idweb(cells.pop("idweb"))
    published = common.read_day(cells["date_publication"], "date_publication", [])
    if published is None:
        value = shown(cells["date_publication"])
        raise InvalidRow(
            "date_publication", "date", f"La date de publication {value} est illisible."
        )
    title = common.title_of(cells.pop("objet"), "objet", warnings)
    awards, lots = with_lots(title, _read_awards(cells.pop("attributions_json"), warnings))
    labels = (plain(label) for label in cells.pop("descripteurs_libelles").split(" | "))
    places = cells.pop("departements").split()
    return NoticeRecord(
        source="boamp",
        source_key=idweb,
        title=title,
        nature=_read_nature(cells, warnings),
        buyer=_read_buyer(cells, warnings),
        published_on=published,
        expires_on=common.read_day(cells.pop("date_fin_diffusion"), "date_fin_diffusion", warnings),
        family=cells.pop("famille").strip().upper() or None,
        descriptors=tuple(label for label in labels if label),
        departements=common.read_departements(places, "departements", warnings),
        url=common.notice_url(idweb),
        lots=lots,
        awards=awards,
        codes=_read_codes(cells),
    )


def _read_nature(cells: Cells, warnings: Warnings) -> str:
    value, status = cells.pop("nature").strip(), cells.pop("statut").strip()
    if value not in NATURES:
        message = f"La nature d'avis {shown(value)} est inconnue."
        warnings.append(Warned("nature", "nature", message))
    return STATUSES.get(status) or NATURES.get(value, "other")


def _read_buyer(cells: Cells, warnings: Warnings) -> BuyerRecord:
    name = plain(cells.pop("acheteur"))[: common.NAME_LIMIT]
    if not name:
        warnings.append(Warned("acheteur", "vide", "Le nom de l'acheteur manque."))
    postcode, city = common.read_postcode(cells.pop("cp")), plain(cells.pop("ville"))[:100] or None
    return BuyerRecord(
        name=name or common.NO_BUYER,
        postcode=postcode,
        city=city,
        departement=common.departement_of(postcode, city),
    )


def _read_codes(cells: Cells) -> tuple[CodeField, ...]:
    """DILA's flags, only when set: a flag « non » proves nothing."""
    flags = ("criteres_sociaux", "criteres_environnementaux")
    return tuple(CodeField(f, "oui") for f in flags if cells.pop(f).strip() == "oui")


def _read_awards(text: str, warnings: Warnings) -> list[AwardRecord]:
    if not text.strip():
        return []
    try:
        items: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        items = None
    if not isinstance(items, list):
        message = "Les attributions sont illisibles, elles sont ignorées."
        warnings.append(Warned("attributions_json", "json", message))
        return []
    read = (_read_award(item, warnings) for item in items if isinstance(item, dict))
    return [award for award in read if award]


def _read_award(item: dict[str, Any], warnings: Warnings) -> AwardRecord | None:
    winner = plain(str(item.get("titulaire") or ""))[: common.NAME_LIMIT]
    if not winner:
        return None
    amount = item.get("montant")
    good = (
        isinstance(amount, int | float) and not isinstance(amount, bool) and 0 < amount < MAX_AMOUNT
    )
    currency = item.get("devise") or "EUR"
    if good and currency != "EUR":
        message = f"Un montant en {shown(str(currency), 10)} n'est pas converti, il est ignoré."
        warnings.append(Warned("attributions_json", "devise", message))
        good = False
    return AwardRecord(
        winner=winner,
        amount_eur=float(amount) if good and amount is not None else None,
        awarded_on=common.read_day(str(item.get("date") or ""), "attributions_json", warnings),
        lot_title=plain(str(item.get("lot") or ""))[:TITLE_LIMIT] or None,
    )
