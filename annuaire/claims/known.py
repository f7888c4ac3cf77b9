"""What the directories know of a structure that can prove who speaks for it: addresses, domains.

Their own records alone: what a person of the structure corrected, or says on its page, proves
nothing, and what was hidden at its demand is not used.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from annuaire.accounts.domains import personal
from annuaire.errors import InvalidInputError
from annuaire.mail.letters import address_key, usable_address
from annuaire.structures.decided import NOTHING, PROFILE
from annuaire.structures.decisions import in_force
from annuaire.structures.models import SourceRecord, Structure
from annuaire.structures.service import records_of
from annuaire.wording import lien_web

SHARED: Final = Path(__file__).parent / "data" / "shared_domains.txt"


@dataclass(frozen=True, slots=True)
class Known:
    """E-mail addresses (in lower case), domains of the structure's own, lines of its address."""

    emails: tuple[str, ...]
    domains: tuple[str, ...]
    postal: tuple[str, ...]


@cache
def shared_domains() -> frozenset[str]:
    """Domains at which anybody may have an address, or a page."""
    lines = SHARED.read_text(encoding="utf-8").splitlines()
    hosts = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    return personal() | hosts


def domain_of(email: str) -> str:
    """What stands after the @, in lower case."""
    return address_key(email).rpartition("@")[2]


def host_of(website: str | None) -> str | None:
    """The host of a site, without « www. »; None for what is no address."""
    link = lien_web(website)
    host = urlsplit(link).hostname if link else None
    return host.lower().removeprefix("www.") if host else None


def own_domains(emails: Iterable[str], websites: Iterable[str | None]) -> tuple[str, ...]:
    """The domains that are a structure's own, each once, those of nobody left out."""
    found = [domain_of(email) for email in emails] + [host_of(site) for site in websites]
    kept = (each for each in found if each and each not in shared_domains())
    return tuple(dict.fromkeys(kept))


def masked(email: str) -> str:
    """« c•••@exemple.fr »: enough for those who read it, too little for others."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def known_of(session: Session, structure: Structure) -> Known:
    """What the living records that directories and registers keep of a structure tell."""
    decided = in_force(session, [structure.id]).get(structure.id, NOTHING)
    records = [
        record
        for record in records_of(session, structure.id)
        if record.ended_on is None and record.source != PROFILE
    ]
    emails = _emails(records) if "email" not in decided.hidden else ()
    sites = [r.data.get("website") for r in records] if "website" not in decided.hidden else []
    postal = _postal(records) if "address" not in decided.hidden else ()
    return Known(emails, own_domains(emails, sites), postal)


def _emails(records: Iterable[SourceRecord]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for record in records:
        try:
            found[address_key(usable_address(record.data.get("email") or ""))] = None
        except InvalidInputError:
            continue  # a directory's own typing error
    return tuple(found)


def _postal(records: Iterable[SourceRecord]) -> tuple[str, ...]:
    """The first whole address: street, then postcode and town."""
    for record in records:
        street, code, town = (record.data.get(n) for n in ("address", "postcode", "city"))
        if street and code and town:
            return (str(street), f"{code} {town}")
    return ()


def is_shared_by_companies(session: Session, domain: str) -> bool:
    """Whether structures of several companies name this domain: an address there proves that one
    works for one of them, not for which."""
    companies = {
        row.siren
        for row in session.execute(_naming(domain))
        if (row.email and domain_of(row.email) == domain) or host_of(row.website) == domain
    }
    return len(companies) > 1


def _naming(domain: str) -> Select[str | None, str | None, str]:
    return select(
        Structure.email,
        Structure.website,
        func.coalesce(func.substr(Structure.siret, 1, 9), Structure.key).label("siren"),
    ).where(
        Structure.ended_on.is_(None),
        or_(
            Structure.email.icontains(f"@{domain}", autoescape=True),
            Structure.website.icontains(domain, autoescape=True),
        ),
    )
