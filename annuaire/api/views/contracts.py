"""/api/v1/contracts."""

from flask import Response, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from annuaire.api.contracts import contract_values, whole_contract
from annuaire.api.lists import list_page, one_fields, read_options
from annuaire.api.schemas.contracts import ContractSchema, WholeContractSchema
from annuaire.api.views.answering import JSON, chosen, json_answer
from annuaire.api.views.base import api
from annuaire.api.views.listing import TYPES, list_answer, table_answer
from annuaire.asking import arguments, today, values
from annuaire.contracts import service
from annuaire.contracts.search import asked_contracts
from annuaire.extensions import engine, places, session, settings
from annuaire.matching.service import winner_urls
from annuaire.paging import address
from annuaire.sources import source_titles
from annuaire.takeaway import contract_rows
from annuaire.takeaway.covers import CLAUSES
from annuaire.takeaway.sourcing import contract_sources
from annuaire.takeaway.tables import Table


@api.get("/contracts")
def contracts() -> Response:
    """The contracts that a search finds, as JSON, CSV or GeoJSON."""
    media_type, day, secret = chosen(*TYPES), today(), settings().secret_key
    options = read_options("contracts", values(), list(ContractSchema().fields), secret, day)
    asked = asked_contracts(engine(), options.filters, places())
    page = list_page(engine(), "contracts", asked, options, secret)
    url = settings().public_url
    if media_type != JSON:
        rows = contract_rows.rows(session(), [page.wanted], day, source_titles(), url)
        table = Table("Marchés", contract_rows.COLUMNS, rows)
        return table_answer(media_type, table, asked, page, options, contract_sources(), [CLAUSES])
    found = service.full_by_ids(session(), [wanted.id for wanted in page.wanted])
    items = [
        contract_values(found[wanted.id], day, url, wanted.distance_km)
        for wanted in page.wanted
        if wanted.id in found
    ]
    schema = ContractSchema(only=options.fields)
    return list_answer(schema.dump(items, many=True), asked, page, options)


@api.get("/contracts/<reference>")
def contract(reference: str) -> BaseResponse:
    """One contract with lots, clauses and notices; any notice's reference leads to it by 301."""
    fields = one_fields(values(), list(WholeContractSchema().fields))
    found = service.by_reference(session(), reference)
    if found.reference != reference:
        path = url_for("api.contract", reference=found.reference)
        return redirect(address(path, arguments()), 301)
    told = whole_contract(
        found, today(), settings().public_url, source_titles(), winner_urls(session(), found)
    )
    return json_answer(WholeContractSchema(only=fields).dump(told))
