"""The sheet of feasibility and the sourcing file, of a contract and of a need: page and files."""

from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, render_template, request

from annuaire.accounts.facilitators import around
from annuaire.advising.offering import offer
from annuaire.advising.presenting import NEED_FIELDS
from annuaire.advising.service import sheet_of_contract, sheet_of_need
from annuaire.advising.sheets import Sheet
from annuaire.asking import arguments, today
from annuaire.contracts.service import by_reference, lot_by_number
from annuaire.errors import InvalidInputError
from annuaire.extensions import engine, places, session, settings
from annuaire.listing import FormValues
from annuaire.matching.form import read_form
from annuaire.matching.ground import ground_of
from annuaire.matching.need import Need, need_from_form, need_from_lot
from annuaire.matching.service import suggest
from annuaire.paging import address
from annuaire.takeaway.feasibility import sheet_paper
from annuaire.takeaway.feasibility_rows import COLUMNS, sheet_rows
from annuaire.takeaway.formats import PAPERS
from annuaire.takeaway.paper import NO_ADVICE, Paper
from annuaire.takeaway.sourcing import sources_read, structure_sources
from annuaire.takeaway.sourcing_file import MOST, Searched, sourcing_paper
from annuaire.takeaway.tables import Cover, Table
from annuaire.takeaway.views.sending import now, send_paper, send_table
from annuaire.wording import date_fr
from importers.descriptions import DESCRIPTIONS
from search.filters import InputError

pages = Blueprint("papers", __name__)

NEED_PATH = "/besoins/faisabilite"
NEED_FILE_PATH = "/besoins/dossier-sourcing"
EDIT = "modifier"
WORKBOOK = (("xlsx", "Excel (XLSX)"),)
TEXTS = tuple((ending, paper.label) for ending, paper in PAPERS.items())


@pages.get(NEED_PATH)
def need_sheet() -> str | tuple[str, int]:
    """The sheet of a typed need; the form while nothing is typed, and when it does not hold."""
    given = _given()
    need, errors = _need(given)
    if need is None or EDIT in request.args:
        return _form(given, errors, NEED_PATH)
    sheet = _need_sheet(need)
    back = (address("/besoins/nouveau", _kept()), "aux structures proposées")
    edit = address(NEED_PATH, _kept(), **{EDIT: "1"})
    return _page(sheet_paper(sheet, now()), NEED_PATH, (*WORKBOOK, *TEXTS), back, edit=edit)


@pages.get(f"{NEED_PATH}.<any(docx, odt, xlsx):ending>")
def need_sheet_file(ending: str) -> Response:
    """The same as a file. Raises InvalidInputError for a need that cannot be read."""
    return _sheet_file(_need_sheet(_needed()), ending)


@pages.get(NEED_FILE_PATH)
def need_sourcing() -> str | tuple[str, int]:
    """The sourcing file of a typed need."""
    given = _given()
    need, errors = _need(given)
    if need is None or EDIT in request.args:
        return _form(given, errors, NEED_FILE_PATH)
    back = (address("/besoins/nouveau", _kept()), "aux structures proposées")
    edit = address(NEED_FILE_PATH, _kept(), **{EDIT: "1"})
    return _page(_sourcing(need, NEED_FILE_PATH), NEED_FILE_PATH, TEXTS, back, edit=edit)


@pages.get(f"{NEED_FILE_PATH}.<any(docx, odt):ending>")
def need_sourcing_file(ending: str) -> Response:
    """The same as a file. Raises InvalidInputError for a need that cannot be read."""
    return send_paper(_sourcing(_needed(), NEED_FILE_PATH), ending, today())


@pages.get("/marches/<reference>/faisabilite")
def contract_sheet(reference: str) -> str:
    """The sheet of a contract, lot by lot. Raises NotFoundError and InvalidInputError."""
    path = f"/marches/{reference}/faisabilite"
    back = (f"/marches/{reference}", "à ce marché")
    sheet = _contract(reference)
    law = {"date": sheet.on.isoformat(), "etat": "oui" if sheet.state else ""}
    law |= {"contrat": "concession" if sheet.concession else ""}
    return _page(sheet_paper(sheet, now()), path, (*WORKBOOK, *TEXTS), back, law=law)


@pages.get("/marches/<reference>/faisabilite.<any(docx, odt, xlsx):ending>")
def contract_sheet_file(reference: str, ending: str) -> Response:
    """The same as a file."""
    return _sheet_file(_contract(reference), ending)


@pages.get("/marches/<reference>/dossier-sourcing")
def contract_sourcing(reference: str) -> str:
    """The sourcing file of one lot of a contract (`lot`, the first unless told)."""
    path = f"/marches/{reference}/dossier-sourcing"
    back = (f"/marches/{reference}", "à ce marché")
    return _page(_sourcing(_lot_need(reference), path), path, TEXTS, back)


@pages.get("/marches/<reference>/dossier-sourcing.<any(docx, odt):ending>")
def contract_sourcing_file(reference: str, ending: str) -> Response:
    """The same as a file."""
    path = f"/marches/{reference}/dossier-sourcing"
    return send_paper(_sourcing(_lot_need(reference), path), ending, today())


def _given() -> FormValues:
    return FormValues({key: value for key, value in request.args.items() if key in NEED_FIELDS})


def _kept() -> list[tuple[str, str]]:
    return [(key, value) for key, value in arguments() if key in NEED_FIELDS]


def _state() -> bool:
    return request.args.get("etat") == "oui"


def _need(given: FormValues) -> tuple[Need | None, list[InputError]]:
    """The need typed; None with the errors, or without any while nothing is typed."""
    if not given:
        return None, []
    asked, errors = read_form(given, today())
    if asked is None:
        return None, list(errors)
    need = need_from_form(
        asked.what,
        place=asked.place,
        amount_eur=asked.amount_eur,
        nature=asked.nature,
        on=asked.on,
        concession=asked.concession,
        find=places(),
    )
    return need, []


def _needed() -> Need:
    need, errors = _need(_given())
    if need is None:
        said = " ".join(error.message for error in errors)
        raise InvalidInputError(said or "Décrivez le besoin : « quoi » et « lieu » manquent.")
    return need


def _form(given: FormValues, errors: list[InputError], path: str) -> tuple[str, int]:
    body = render_template("takeaway/paper_form.html", form=given, errors=errors, action=path)
    return body, 400 if errors else 200


def _contract(reference: str) -> Sheet:
    contract = by_reference(session(), reference)
    sheet = sheet_of_contract(
        session(),
        engine(),
        contract,
        today(),
        on=_asked_day(),
        state=_state(),
        concession=request.args.get("contrat") == "concession",
    )
    return _with_facilitators(sheet)


def _need_sheet(need: Need) -> Sheet:
    return _with_facilitators(sheet_of_need(session(), engine(), need, today(), state=_state()))


def _with_facilitators(sheet: Sheet) -> Sheet:
    """The sheet with those who agreed to be named at the place of each lot."""
    named = around(session(), [ground_of(lot.need) for lot in sheet.lots])
    lots = zip(sheet.lots, named, strict=True)
    return replace(sheet, lots=tuple(replace(lot, facilitators=who) for lot, who in lots))


def _asked_day() -> date | None:
    typed = request.args.get("date", "").strip()
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise InvalidInputError(
            "Date illisible : écrivez-la année-mois-jour, par exemple 2026-05-31.", "date"
        ) from None


def _lot_need(reference: str) -> Need:
    contract = by_reference(session(), reference)
    first = next((lot.number for lot in contract.standing_lots), "")
    lot = lot_by_number(contract, request.args.get("lot", "").strip() or first)
    return need_from_lot(contract, lot)


def _sourcing(need: Need, path: str) -> Paper:
    return sourcing_paper(searched_for(need, address(path, arguments())), now())


def searched_for(need: Need, path: str) -> Searched:
    """The search for a need as the sourcing file tells it; `path` leads back to the search. Raises
    EngineUnavailable."""
    return Searched(
        title=need.text,
        need=need,
        answer=suggest(session(), engine(), need, today(), limit=MOST),
        offer=offer(session(), engine(), need, today()),
        listed=engine().health().counts.get("structures", 0),
        sources=sources_read(session(), structure_sources(), DESCRIPTIONS),
        address=settings().public_url + path,
    )


def _sheet_file(sheet: Sheet, ending: str) -> Response:
    if ending in PAPERS:
        return send_paper(sheet_paper(sheet, now()), ending, today())
    lines = (
        ("Objet", sheet.title),
        ("Acheteur", sheet.buyer or "non précisé"),
        ("Lieu", sheet.place),
        ("Droit appliqué", f"celui du {date_fr(sheet.on)}"),
    )
    cover = Cover("Fiche de faisabilité", now(), lines, notes=(NO_ADVICE,))
    table = Table("Lots", COLUMNS, sheet_rows(sheet))
    return send_table(cover, table, "faisabilite", ending, today())


def _page(
    paper: Paper,
    path: str,
    files: tuple[tuple[str, str], ...],
    back: tuple[str, str],
    *,
    edit: str | None = None,
    law: dict[str, str] | None = None,
) -> str:
    """The document as a page; `edit` leads to its form, `law` is what a contract's sheet lets one
    choose: the day and the buyer whose law is applied."""
    given = arguments()
    return render_template(
        "takeaway/paper.html",
        paper=paper,
        path=path,
        back=back,
        edit=edit,
        law=law,
        files=[(label, address(f"{path}.{ending}", given)) for ending, label in files],
    )
