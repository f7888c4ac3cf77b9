"""The need that a request comes from: the fields of its page, kept with the request."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from urllib.parse import quote

from sqlalchemy.orm import Session

from annuaire.advising.presenting import NEED_FIELDS
from annuaire.contracts.service import by_reference, lot_by_number
from annuaire.errors import NotFoundError
from annuaire.geo.free_address import Finder
from annuaire.matching.form import read_form
from annuaire.matching.need import Need, need_from_form, need_from_lot
from annuaire.paging import address
from annuaire.sourcing.rules import QUESTION
from annuaire.sourcing.typed import lines as typed
from annuaire.wording import date_fr, euros

LOT: Final = ("marche", "lot")
MOST: Final = 2_000  # characters of a field


def read_origin(values: Mapping[str, str]) -> dict[str, str]:
    """What an address or a form says of the need; what it does not say is left out."""
    fields = LOT if values.get("marche") else NEED_FIELDS
    found = {key: values.get(key, "").strip()[:MOST] for key in fields}
    return {key: text for key, text in found.items() if text}


def origin_url(origin: Mapping[str, str]) -> str | None:
    """The page of the need or of the lot; None when nothing is known of it."""
    if "marche" in origin:
        path = f"/marches/{quote(origin['marche'], safe='')}"
        return f"{path}/lots/{quote(origin['lot'], safe='')}" if "lot" in origin else path
    pairs = [(key, origin[key]) for key in NEED_FIELDS if key in origin]
    return address("/besoins/nouveau", pairs) if "quoi" in origin else None


def amount_of(origin: Mapping[str, str]) -> float | None:
    """The amount that the page stated, in € HT."""
    try:
        found = float(origin.get("montant", ""))
    except ValueError:
        return None
    return found if 0 < found < 1e12 else None


def need_of(session: Session, origin: Mapping[str, str], today: date, find: Finder) -> Need | None:
    """The need of an address, read again; None when it names none, or one that is no more."""
    if "marche" in origin:
        try:
            contract = by_reference(session, origin["marche"])
            first = next((lot.number for lot in contract.standing_lots), "")
            return need_from_lot(contract, lot_by_number(contract, origin.get("lot") or first))
        except NotFoundError:
            return None
    asked, _ = read_form(origin, today)
    if asked is None:
        return None
    return need_from_form(
        asked.what,
        place=asked.place,
        amount_eur=asked.amount_eur,
        nature=asked.nature,
        on=asked.on,
        concession=asked.concession,
        find=find,
    )


def model_text(kind: str, need: Need | None, url: str | None = None) -> str:
    """A request to begin with: what is asked for usually, with what is known of the need; `url` is
    where a published lot is read."""
    lines = ["Bonjour,", ""]
    if kind == QUESTION:
        lines += [
            "Nous préparons un achat et cherchons qui pourrait y répondre. Ce message est une "
            "question de sourcing : il n'engage ni vous ni nous.",
        ]
    else:
        lines += ["Nous souhaitons recevoir un devis pour l'achat suivant."]
    lines += ["", *_told(need, url, budget=kind == QUESTION), ""]
    if kind == QUESTION:
        lines += [
            "Exercez-vous cette activité ? Intervenez-vous sur place, et avec quel délai ? Que "
            "faudrait-il prévoir dans le marché (lots, délais, volumes) pour que vous puissiez "
            "répondre ?",
        ]
    else:
        lines += ["Précisez votre prix HT, vos délais et ce que votre offre comprend."]
    lines += ["", "Cordialement,"]
    return typed("\n".join(lines))


def _told(need: Need | None, url: str | None, *, budget: bool) -> list[str]:
    """What is said of the need. `budget` tells its amount: a price that is asked for should not
    begin with what the buyer would pay."""
    if need is None:
        return ["Objet : …", "Lieu : …", "Date souhaitée : …"]
    told = [f"Objet : {' '.join(need.text.split())[:500]}"]
    told.append(f"Lieu : {need.place_label or '…'}")
    if need.quantity:
        told.append(f"Quantité : {need.quantity}")
    if budget and need.amount_eur and need.reference is None:
        told.append(f"Budget estimé : {euros(need.amount_eur)} HT")
    if need.reference is None:
        return [*told, f"Date de lancement : {date_fr(need.on)}"]
    if need.deadline:
        told.append(f"Réponse à la consultation avant le {date_fr(need.deadline)}")
    return [*told, f"Marché publié : {url}"] if url else told
