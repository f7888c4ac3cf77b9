"""One record of the Opendatasoft API v2.1 (dataset `boamp`) as a notice."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

import orjson

from annuaire.clauses.lot_titles import lots_in_description, lots_in_title
from annuaire.contracts.records import AwardRecord, BuyerRecord, CodeField, LotRecord, NoticeRecord
from annuaire.words import title_key
from importers.files.fields import Warnings, shown
from importers.files.json_items import news
from importers.rows import InvalidRow, Warned
from importers.sources.boamp import common
from importers.sources.boamp.award_lots import with_lots
from importers.sources.boamp.detail import Detail
from importers.sources.boamp.eforms import read_eforms
from importers.sources.boamp.fnsimple import read_fnsimple
from importers.sources.boamp.mapa import read_mapa
from importers.sources.boamp.tree import day, every, lines, moment, raw, text
from importers.sources.boamp.v230 import read_v230

Record = dict[str, Any]
DateT = TypeVar("DateT", date, datetime)

SHAPES = {"EFORMS": read_eforms, "FNSimple": read_fnsimple, "MAPA": read_mapa}
NATURES = (  # beginning of the code or label, as `title_key` gives it
    ("rectificatif", "correction"),
    ("annulation", "cancellation"),
    ("modification", "modification"),
    ("attribution", "award"),
    ("resultat", "award"),
    ("appel", "call"),
    ("avis de marche", "call"),
    ("pre", "planned"),
    ("periodique", "planned"),
)
_ENVELOPE = ("record", "fields")  # how former versions of the API wrapped a record
#: The fields of the dataset `boamp`, those that nothing is read from included.
LISTED = frozenset({
    "annonce_lie", "annonces_anterieures", "code_departement", "code_departement_prestation",
    "contractfolderid", "criteres", "datefindiffusion", "datelimitereponse", "dateparution", "dc",
    "descripteur_code", "descripteur_libelle", "donnees", "etat", "famille", "famille_libelle",
    "filename", "gestion", "id", "idweb", "marche_public_simplifie",
    "marche_public_simplifie_label", "nature", "nature_categorise", "nature_categorise_libelle",
    "nature_libelle", "nomacheteur", "objet", "perimetre", "procedure_categorise",
    "procedure_libelle", "source_schema", "sousnature", "sousnature_libelle", "soustype_procedure",
    "titulaire", "type_avis", "type_marche", "type_marche_facette", "type_procedure", "url_avis",
})  # fmt: skip


def new_fields(item: object, told: set[str]) -> list[Warned]:
    """What a record says under a name that is not listed, told once a file; nothing of the former
    API's own documents (`former_api`)."""
    if not isinstance(item, dict) or ("gestion" in item and "donnee" in item):
        return []
    return news(_unwrapped(item), LISTED, told)


def transform(record: Record, warnings: Warnings) -> NoticeRecord:
    """A record as a notice. Raises InvalidRow without a number, a date or a title."""
    record = _unwrapped(record)
    idweb = common.read_idweb(raw(record.get("idweb")) or raw(record.get("id")))
    published = day(record.get("dateparution"))
    if published is None:
        value = shown(raw(record.get("dateparution")))
        raise InvalidRow("dateparution", "date", f"La date de parution {value} est illisible.")
    detail = _detail(record, warnings)
    title = common.title_of(raw(record.get("objet")) or detail.title or "", "objet", warnings)
    description = detail.description if detail.description != title else None
    places = _places(record, warnings)
    lots, awards = _lots(title, description, detail, record)
    return NoticeRecord(
        source="boamp",
        source_key=idweb,
        title=title,
        nature=_nature(record),
        buyer=_buyer(record, detail, places, warnings),
        published_on=published,
        expires_on=_dated(record, "datefindiffusion", day, warnings),
        deadline=_dated(record, "datelimitereponse", moment, warnings) or detail.deadline,
        family=text(record, "famille", limit=40),
        procedure=text(record, "procedure_libelle", limit=120),
        types=_types(record),
        description=description,
        cpv=detail.cpv,
        descriptors=tuple(_words(record, "descripteur_libelle")),
        departements=places,
        reference=detail.reference,
        folder=text(record, "contractfolderid", limit=100) or detail.folder,
        own_keys=detail.own_keys,
        linked_keys=tuple(dict.fromkeys((*_linked(record), *detail.linked_keys))),
        outcome=detail.outcome,
        whole=detail.whole,
        url=common.notice_url(idweb),
        lots=lots,
        awards=awards,
        texts=detail.texts,
        codes=detail.codes + tuple(CodeField("criteres", c) for c in _words(record, "criteres")),
        removed_lots=detail.removed_lots,
        complete=detail.complete,
    )


def _dated(
    record: Record, field: str, read: Callable[[Any], DateT | None], warnings: Warnings
) -> DateT | None:
    """A date of the record, which is told when it is written and cannot be."""
    value = read(record.get(field))
    if value is None and (written := raw(record.get(field)).strip()):
        message = f"La date {shown(written)} est illisible ou impossible, elle est ignorée."
        warnings.append(Warned(field, "date", message))
    return value


def _unwrapped(record: Record) -> Record:
    for key in _ENVELOPE:
        inner = record.get(key)
        if isinstance(inner, dict):
            record = inner
    return record


def _detail(record: Record, warnings: Warnings) -> Detail:
    """The body under `donnees`: a JSON text, or an object where an export already parsed it."""
    body = record.get("donnees")
    if isinstance(body, str) and body.strip():
        try:
            body = orjson.loads(body)
        except orjson.JSONDecodeError:
            message = "Le corps de l'avis n'est pas du JSON lisible, seul son en-tête est gardé."
            warnings.append(Warned("donnees", "json", message))
            return Detail()
    if not isinstance(body, dict) or not body:
        return Detail()
    for root, read in SHAPES.items():
        if isinstance(body.get(root), dict):
            return read(body[root])
    if isinstance(body.get("OBJET"), dict | list) or isinstance(body.get("IDENTITE"), dict):
        return read_v230(body)
    if isinstance(body.get("objet"), dict | list):
        return read_v230(body, nulls_are_absent=True)
    message = f"Le corps de l'avis a une forme inconnue ({shown(', '.join(body)[:80], 80)})."
    warnings.append(Warned("donnees", "forme", message))
    return Detail()


def _nature(record: Record) -> str:
    """From the state first (a call that was corrected is a correction), then the nature."""
    state = title_key(raw(record.get("etat")))
    if state.startswith(("annul", "rectif", "modif")):
        return {"a": "cancellation", "r": "correction", "m": "modification"}[state[0]]
    for key in ("nature", "nature_categorise_libelle", "nature_libelle"):
        for word in every(record, key):
            said = title_key(raw(word))
            for start, nature in NATURES:
                if said.startswith(start):
                    return nature
    return "other"


def _buyer(
    record: Record, detail: Detail, places: tuple[str, ...], warnings: Warnings
) -> BuyerRecord:
    said = text(record, "nomacheteur", limit=common.NAME_LIMIT)
    if not (said or detail.buyer):
        warnings.append(Warned("nomacheteur", "vide", "Le nom de l'acheteur manque."))
    only = places[0] if len(places) == 1 else None
    buyer = common.placed(detail.buyer, said or common.NO_BUYER, only)
    return replace(buyer, name=said or buyer.name)


def _types(record: Record) -> tuple[str, ...]:
    known = ("travaux", "services", "fournitures")
    said = {title_key(word) for word in _words(record, "type_marche")}
    return tuple(t for t in known if t in said or t.rstrip("s") in said)


def _places(record: Record, warnings: Warnings) -> tuple[str, ...]:
    values = _words(record, "code_departement")
    codes = [code for value in values for code in value.split()]
    return common.read_departements(codes, "code_departement", warnings)


def _words(record: Record, key: str) -> list[str]:
    """A list of texts; a single text may hold a list as JSON, or parted by commas or `;`."""
    words: list[str] = []
    for leaf in every(record, key):
        word = raw(leaf).strip()
        if word.startswith("["):
            try:
                words += [str(w) for w in orjson.loads(word) if isinstance(w, str | int)]
                continue
            except orjson.JSONDecodeError:
                word = word.strip("[]")
        words += [word] if key == "descripteur_libelle" else word.replace(";", ",").split(",")
    cleaned = (common.label(w) for w in words)
    return [w for w in cleaned if w]


def _linked(record: Record) -> Iterable[str]:
    """The notices that this one follows, as numbers."""
    keys = [*_words(record, "annonce_lie"), *_words(record, "annonces_anterieures")]
    return dict.fromkeys(k.replace("_", "-") for k in keys if common.is_idweb(k.replace("_", "-")))


def _lots(
    title: str, description: str | None, detail: Detail, record: Record
) -> tuple[tuple[LotRecord, ...], tuple[AwardRecord, ...]]:
    """Lots in fields, else those of the awards, else those written in words."""
    awards = detail.awards
    if not awards:
        names = every(record, "titulaire")
        awards = tuple(AwardRecord(n) for leaf in names if (n := text(leaf, limit=300)))
    if detail.lots:
        return detail.lots, awards
    if any(award.lot_number or award.lot_title for award in awards):
        numbered, lots = with_lots(title, awards)
        return lots, numbered
    written = lots_in_description(lines(description) or "") or lots_in_title(title)
    return tuple(LotRecord(number, name, origin="text") for number, name in written), awards
