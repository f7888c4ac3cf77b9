"""By what a notice is known, and by what it cites others: the keys that join it; pure."""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from annuaire.contracts.facts import ESSENTIAL, PUSHED, Keys
from annuaire.contracts.records import BuyerRecord, NoticeRecord
from annuaire.words import fold

LEAST_LETTERS, LEAST_DIGITS, LEAST_KINDS = 6, 4, 3  # of a specific reference
TITLE_WORDS: Final = 4  # of a title that is one contract's, the usual ones left out
#: What may be known by its title alone.
TITLED: Final = ("call", "correction", "cancellation", "award")

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DAY = re.compile(
    r"(?:19|20)\d\d(?:0\d|1[0-2])(?:[0-2]\d|3[01])|(?:[0-2]\d|3[01])(?:0\d|1[0-2])20\d\d"
)
_WORD = re.compile(r"[a-z0-9]{4,}")
_EMPTY: Final = frozenset({"avis", "marche", "marches", "rectificatif", "annulation", "attribution",
                           "lots", "relance", "procedure", "pour", "dans", "avec", "travaux",
                           "fourniture", "fournitures", "prestation", "prestations", "service",
                           "services"})  # fmt: skip


def keys_of(record: NoticeRecord) -> Keys:
    """The keys of a notice; those of another realm begin with its name."""
    realm = f"{record.realm}/" if record.realm else ""
    names = (f"{record.source}:{record.source_key}", *record.own_keys)
    cited = (key if ":" in key else f"{record.source}:{key}" for key in record.linked_keys)
    folder = folder_of(record.folder) or folder_of(record.reference)
    reference = specific(record.reference) if not folder_of(record.reference) else None
    own = tuple(dict.fromkeys(realm + name for name in names))
    alone = not (folder or reference or record.linked_keys or record.own_keys)
    return Keys(
        own=own,
        cites=tuple(dict.fromkeys(realm + key for key in cited if realm + key not in own)),
        folders=(f"{realm}folder:{folder}",) if folder else (),
        references=tuple(
            f"{realm}ref:{buyer}:{reference}" for buyer in _buyers(record.buyer) if reference
        ),
        titles=(f"{realm}title:{_title(record)}",) if alone and _has_title(record) else (),
    )


def _has_title(record: NoticeRecord) -> bool:
    """Whether a notice is known by its title: that says enough, and it is no award of the essential
    data, of which each lot is one, nor what was written here."""
    usual = record.nature in TITLED
    if not usual or record.source in (ESSENTIAL, PUSHED):
        return False
    return len(title_words(record.title)) >= TITLE_WORDS


def _title(record: NoticeRecord) -> str:
    """A buyer and a title, as a short key."""
    said = f"{_named(record.buyer)}|{fold(record.title)}"
    return hashlib.blake2b(said.encode(), digest_size=12).hexdigest()


def folder_of(value: str | None) -> str | None:
    """The identifier of a procedure, a UUID (BT-04); None for what identifies nothing."""
    if not value:
        return None
    text = value.strip().lower()
    return text if _UUID.fullmatch(text) and len(set(text)) > LEAST_LETTERS else None


def specific(reference: str | None) -> str | None:
    """A buyer's reference in capitals and digits; None when it could be that of many contracts:
    too short, of one digit repeated, a day, a year with a rank."""
    if not reference:
        return None
    text = re.sub(r"[^A-Z0-9]", "", fold(reference).upper())[:60]
    digits = sum(c.isdigit() for c in text)
    if len(text) < LEAST_LETTERS or digits < LEAST_DIGITS or len(set(text)) < LEAST_KINDS:
        return None
    generic = _DAY.fullmatch(text) or (text.isdigit() and len(text) == LEAST_LETTERS)
    return None if generic else text


def _buyers(buyer: BuyerRecord) -> Iterable[str]:
    """The names under which a buyer's references are kept: its SIREN, its name with its place."""
    if buyer.siret:
        yield buyer.siret[:9]
    yield _named(buyer)


def _named(buyer: BuyerRecord) -> str:
    return f"{fold(buyer.name)}|{buyer.postcode or buyer.departement or ''}"


@lru_cache(maxsize=4096)
def title_words(title: str) -> frozenset[str]:
    """The words of a title that tell one contract from another."""
    return frozenset(_WORD.findall(fold(title))) - _EMPTY
