"""The pages of a need: the form, and the structures suggested with the reasons."""

from datetime import date

from flask import Blueprint, render_template, request

from annuaire.accounts.facilitators import shown_at
from annuaire.advising.presenting import advice_for_need
from annuaire.asking import arguments, today, values
from annuaire.contracts.service import by_reference
from annuaire.db import reading
from annuaire.extensions import engine, places, session
from annuaire.freshness import note_of_directories
from annuaire.geo.places import shown
from annuaire.listing import FormValues
from annuaire.matching.buying import SHOWN, bought, buyer_key
from annuaire.matching.contest_views import kept as contests
from annuaire.matching.form import Asked, read_form
from annuaire.matching.ground import ground_of
from annuaire.matching.grouping import MOST_LOTS, grouping_of_lots
from annuaire.matching.narrowing import EVERYTHING, read_narrowing
from annuaire.matching.need import need_from_form
from annuaire.matching.presenting import answer_context, grouping_context, narrow_context
from annuaire.matching.service import suggest
from annuaire.paging import address
from annuaire.sourcing.purchases import noted_by
from annuaire.sourcing.views.owner import owners
from annuaire.wording import date_fr, euros
from annuaire.workspace.seeing_views import note_suggestions
from search.filters import InputError

pages = Blueprint("matching", __name__)

PATH = "/besoins/nouveau"
MAX_SHOWN = 2_000  # characters of a need that an address carries
MAX_TITLE = 300  # characters of a need shown as its title
FIELDS = (
    "quoi", "lieu", "montant", "nature", "date", "cpv", "duree", "reserve", "acheteur", "etat",
    "contrat",
)  # fmt: skip


@pages.get(PATH)
def new() -> str | tuple[str, int]:
    """The form; once filled, its answer. Nothing is stored: all is in the address."""
    given = FormValues({key: value for key, value in request.args.items() if key in FIELDS})
    if not given or "modifier" in request.args:
        return render_template("matching/need.html", form=given, errors=())
    asked, errors = read_form(given, today())
    if asked is None:
        return render_template("matching/need.html", form=given, errors=errors), 400
    kept = [(key, value) for key, value in arguments() if key in FIELDS]
    return _answered(asked, kept, edit_url=address(PATH, kept, modifier="1"))


@pages.post(PATH)
def pasted() -> str | tuple[str, int]:
    """The answer for a text too long for an address; it is read, and forgotten."""
    reading(session())
    given = FormValues({key: request.form.get(key, "") for key in FIELDS})
    asked, errors = read_form(given, today(), pasted=True)
    if asked is None:
        moved = [InputError("texte", e.message) if e.field == "quoi" else e for e in errors]
        kept = FormValues({key: value for key, value in given.items() if key != "quoi"})
        return render_template(
            "matching/need.html", form=kept, errors=moved, pasted=given["quoi"]
        ), 400
    return _answered(asked, None, edit_url=None)


def _answered(asked: Asked, kept: list[tuple[str, str]] | None, edit_url: str | None) -> str:
    """The page of the answer; `kept` are the fields of its address, None for a pasted text, whose
    suggestions no address can narrow."""
    narrowing = EVERYTHING if kept is None else read_narrowing(values())
    key = buyer_key(session(), asked.buyer, asked.place) if asked.buyer else None
    need = need_from_form(
        asked.what,
        place=asked.place,
        amount_eur=asked.amount_eur,
        nature=asked.nature,
        on=asked.on,
        cpv=asked.cpv,
        months=asked.months,
        clause_types=asked.reserved,
        buyer_key=key,
        concession=asked.concession,
        find=places(),
    )
    mine = noted_by(session(), owners())
    answer = suggest(
        session(),
        engine(),
        need,
        today(),
        contests=contests(),
        noted=mine,
        narrowing=narrowing,
    )
    note_suggestions(each.key for each in answer.suggestions)
    typed = _typed(asked)
    advice = advice_for_need(session(), engine(), answer, today(), typed, state=asked.state)
    return render_template(
        "matching/suggestions.html",
        need=_summary(asked, edit_url),
        buyer=_buyer(asked.buyer, key, asked.on),
        noted=mine[:SHOWN],
        read=note_of_directories(session()),
        narrow=None if kept is None else narrow_context(answer, narrowing, PATH, kept),
        choosing={"fields": [(name, value) for name, value in typed if value]},
        **(answer_context(answer) | advice | shown_at(session(), ground_of(need))),
    )


def _typed(asked: Asked) -> list[tuple[str, str]]:
    """The need as fields of an address, whether it was typed or pasted."""
    amount = "" if asked.amount_eur is None else f"{asked.amount_eur:g}"
    return [
        ("quoi", asked.what[:MAX_SHOWN]), ("lieu", asked.place or ""), ("montant", amount),
        ("nature", asked.nature or ""), ("date", asked.on.isoformat()),
        ("etat", "oui" if asked.state else ""),
        ("contrat", "concession" if asked.concession else ""),
    ]  # fmt: skip


def _buyer(typed: str | None, key: str | None, before: date) -> dict[str, object] | None:
    """What is known of what this buyer bought; None when no buyer was given."""
    if not typed:
        return None
    lots = bought(session(), key, before) if key else ()
    return {"name": typed, "known": key is not None, "lots": lots}


def _summary(asked: Asked, edit_url: str | None) -> dict[str, object]:
    lines = [("Date de lancement", date_fr(asked.on))]
    if asked.place:
        lines.insert(0, ("Lieu", shown(asked.place)))
    if asked.amount_eur is not None:
        lines.insert(-1, ("Montant estimé", f"{euros(asked.amount_eur)} HT"))
    if asked.nature:
        lines.insert(-1, ("Nature", asked.nature))
    if asked.concession:
        lines.append(("Contrat", "concession"))
    if asked.months:
        lines.append(("Durée", f"{asked.months:.0f} mois"))
    if asked.buyer or asked.state:
        lines.append(("Acheteur", asked.buyer or "l’État"))
    title = asked.what if len(asked.what) <= MAX_TITLE else f"{asked.what[:MAX_TITLE]}…"
    return {
        "title": f"{title[:1].upper()}{title[1:]}",
        "lines": [{"label": label, "value": value} for label, value in lines],
        "edit_url": edit_url,
    }


@pages.get("/marches/<reference>/groupements")
def groups(reference: str) -> str:
    """Who could take several lots of a contract, alone or together."""
    contract = by_reference(session(), reference)
    grouping = grouping_of_lots(session(), engine(), contract, today())
    shown = {
        "title": contract.title,
        "url": f"/marches/{contract.reference}",
        "read": MOST_LOTS,
        "more": len(contract.standing_lots) > MOST_LOTS,
    }
    return render_template(
        "matching/groups.html", contract=shown, grouping=grouping_context(grouping)
    )
