"""Which room may import which: the plan of docs/design.md, checked on every import statement."""

import ast

import pytest

from tests.factories.imports import ALL, PACKAGES, ROOT, offenders, within

AREAS = ("structures", "contracts", "matching", "coverage", "advising")
KNOWLEDGE = ("activities", "clauses", "law", "geo")

PURE_LIBRARIES = {"numpy", "rapidfuzz", "snowballstemmer", "stdnum"}


@pytest.mark.parametrize("room", KNOWLEDGE)
def test_knowledge_is_pure(room: str) -> None:
    standard = __import__("sys").stdlib_module_names
    allowed_rooms = [f"annuaire.{room}"] + (["annuaire.law"] if room == "clauses" else [])
    libraries = PURE_LIBRARIES | ({"geopy", "shapely"} if room == "geo" else set())
    wrong = [
        (module, imported)
        for module, imports in ALL.items()
        if within(module, f"annuaire.{room}")
        for imported in imports
        if not within(imported, *allowed_rooms, *libraries, "annuaire.errors")
        and imported.split(".")[0] not in standard
    ]
    assert wrong == []


@pytest.mark.parametrize("room", KNOWLEDGE)
def test_knowledge_reads_no_clock(room: str) -> None:
    called = {"today", "now", "utcnow", "time"}
    wrong = [
        path.name
        for path in (ROOT / "annuaire" / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in called
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"date", "datetime", "time"}
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("area", "later"),
    [
        ("structures", ("contracts", "matching", "coverage", "advising")),
        ("contracts", ("matching", "coverage", "advising")),
        ("matching", ("coverage", "advising")),
        ("coverage", ("advising",)),
        ("advising", ("coverage",)),
    ],
)
def test_areas_know_only_those_before_them(area: str, later: tuple[str, ...]) -> None:
    found = offenders((f"annuaire.{area}",), tuple(f"annuaire.{name}" for name in later))
    assert [pair for pair in found if not pair[0].endswith("views")] == []


@pytest.mark.parametrize("area", AREAS)
def test_areas_know_the_port_of_search_and_not_its_engines(area: str) -> None:
    allowed = ("search.engine", "search.filters", "search.facets", "search.schema")
    assert offenders((f"annuaire.{area}",), ("search", "importers"), allowed) == []


def test_documents_are_read_with_knowledge_alone() -> None:
    """What the helper process loads: neither areas, nor Flask, nor a database."""
    shown = tuple(f"annuaire.documents.{name}" for name in ("views", "form", "needs", "presenting"))
    allowed = (
        *(f"annuaire.{room}" for room in KNOWLEDGE), "annuaire.documents", "annuaire.errors",
        "annuaire.helper_process",
    )  # fmt: skip
    found = offenders(("annuaire.documents",), (*PACKAGES, "flask", "sqlalchemy"), allowed)
    assert [pair for pair in found if not within(pair[0], *shown)] == []


def test_documents_are_shown_without_a_database() -> None:
    """Nothing of what a visitor drops can be stored."""
    doors = ("sqlalchemy", "annuaire.db", "annuaire.outbox", "annuaire.runs")
    assert offenders(("annuaire.documents",), doors) == []
    sessions = [
        module for module, _ in offenders(("annuaire.documents",), ("annuaire.extensions.session",))
    ]
    assert sessions == []


def test_taking_away_stands_over_the_areas() -> None:
    areas = tuple(f"annuaire.{area}" for area in AREAS)
    known = [
        pair for pair in offenders(areas, ("annuaire.takeaway",)) if not pair[0].endswith("views")
    ]
    assert known == []
    allowed = (
        "search.engine", "search.filters", "search.facets",
        "importers.files", "importers.descriptions", "importers.rows",
    )  # fmt: skip
    assert offenders(("annuaire.takeaway",), ("search", "importers"), allowed) == []


def test_sourcing_stands_over_the_areas_mail_and_taking_away() -> None:
    below = (
        *(f"annuaire.{area}" for area in AREAS),
        "annuaire.takeaway", "annuaire.plans", "annuaire.mail", "annuaire.accounts",
    )  # fmt: skip
    known = offenders(below, ("annuaire.sourcing",))
    assert [p for p in known if not p[0].endswith("views") and "personal" not in p[0]] == []
    allowed = ("search.engine", "search.filters")
    assert offenders(("annuaire.sourcing",), ("search", "importers"), allowed) == []
    pure = tuple(f"annuaire.sourcing.{name}" for name in ("rules", "wording", "owners"))
    assert offenders(pure, ("sqlalchemy", "flask", "annuaire.db")) == []


def test_plans_stand_over_the_areas_and_taking_away() -> None:
    below = (*(f"annuaire.{area}" for area in AREAS), "annuaire.takeaway")
    assert offenders(below, ("annuaire.plans",)) == []
    allowed = ("search.engine", "search.filters", "importers.files.grids")
    assert offenders(("annuaire.plans",), ("search", "importers"), allowed) == []


def test_mails_know_nothing_of_what_they_tell() -> None:
    below = ("mail", "db", "sql", "errors", "config", "wording")
    allowed = tuple(f"annuaire.{name}" for name in below)
    assert offenders(("annuaire.mail",), (*PACKAGES, "flask"), allowed) == []


def test_alerts_stand_over_the_areas_and_nobody_knows_them_but_what_runs() -> None:
    known = {module for module in ALL if any(within(n, "annuaire.alerts") for n in ALL[module])}
    outside = {module for module in known if not within(module, "annuaire.alerts")}
    figures = "annuaire.api.health"  # how many wait, and since when
    assert outside == {"annuaire.views", "annuaire.cli.alerting", "annuaire.bench.alerts", figures}
    allowed = (
        "search.engine", "search.filters", "search.schema", "search.geometry", "search.choice",
        "search.documents", "search.contract_documents", "search.embedded_batch",
    )  # fmt: skip
    assert offenders(("annuaire.alerts",), ("search", "importers"), allowed) == []
    accounts = offenders(("annuaire.alerts",), ("annuaire.accounts", "annuaire.extensions"))
    assert [pair for pair in accounts if not pair[0].endswith("views")] == []


def test_the_api_stands_over_all_and_nobody_knows_it() -> None:
    known = {module for module in ALL if any(within(n, "annuaire.api") for n in ALL[module])}
    readers = {"annuaire.views", "annuaire.cli.hooking", "annuaire.cli.exporting"}
    assert {module for module in known if not within(module, "annuaire.api")} == readers
    allowed = ("search.engine", "search.filters", "importers.descriptions", "importers.http")
    assert offenders(("annuaire.api",), ("search", "importers"), allowed) == []
    flask = offenders(("annuaire.api",), ("flask", "annuaire.extensions"))
    assert [pair for pair in flask if not within(pair[0], "annuaire.api.views")] == []


def test_platforms_stand_over_the_areas_and_the_api_alone_knows_them() -> None:
    known = {module for module in ALL if any(within(n, "annuaire.platforms") for n in ALL[module])}
    allowed = (
        "annuaire.platforms", "annuaire.api", "annuaire.cli", "annuaire.views",
        "annuaire.consultations",
    )  # fmt: skip
    assert {module for module in known if not within(module, *allowed)} == set()
    below = ("search.engine", "search.filters", "importers.http", "importers.descriptions")
    assert offenders(("annuaire.platforms",), ("search", "importers"), below) == []
    flask = offenders(("annuaire.platforms",), ("flask", "annuaire.extensions"))
    assert [pair for pair in flask if pair[0] != "annuaire.platforms.views"] == []


def test_consultations_stand_over_platforms_and_moderators_alone_know_them() -> None:
    room = "annuaire.consultations"
    known = {module for module in ALL if any(within(n, room) for n in ALL[module])}
    readers = {"annuaire.views", "annuaire.moderation.queues.consultations"}
    assert {module for module in known if not within(module, room)} == readers
    assert offenders((room,), ("search", "importers"), ("search.filters",)) == []
    pure = tuple(f"{room}.{name}" for name in ("form", "prefilling"))
    assert offenders(pure, ("sqlalchemy", "flask", "annuaire.db", "annuaire.extensions")) == []


def test_accounts_stand_over_structures_contracts_and_mails() -> None:
    below = tuple(f"annuaire.{room}" for room in (*AREAS, "mail", "takeaway", "documents"))
    known = offenders(below, ("annuaire.accounts",))
    views = [p for p in known if p[0].endswith("views") or within(p[0], "annuaire.takeaway.views")]
    assert [pair for pair in known if pair not in views] == []
    later = tuple(f"annuaire.{room}" for room in ("matching", "coverage", "advising", "takeaway"))
    found = offenders(("annuaire.accounts",), (*later, "search", "importers"))
    assert [pair for pair in found if not within(pair[0], "annuaire.accounts.views")] == []


def test_sources_know_neither_models_nor_services() -> None:
    allowed = (
        *(f"annuaire.{room}" for room in KNOWLEDGE),
        *(f"annuaire.{area}.records" for area in AREAS),
        "annuaire.structures.kinds", "annuaire.errors", "annuaire.words",
        "importers.rows", "importers.places", "importers.files", "importers.sources",
        "importers.http",
        "importers.downloads", "importers.datagouv",
    )  # fmt: skip
    assert offenders(("importers.sources",), PACKAGES, allowed) == []


def test_sources_are_handed_their_client_and_choose_no_network() -> None:
    assert (
        offenders(("importers.sources",), ("importers.http.network", "importers.http.Network"))
        == []
    )


def test_importers_reach_the_network_by_the_guarded_client_alone() -> None:
    doors = ("socket", "ssl", "http.client", "urllib.request", "ftplib", "asyncio")
    found = {module for module, _ in offenders(("importers",), doors)}
    assert found == {"importers.http.network"}


def test_scoring_of_matching_is_pure() -> None:
    names = ("need", "ground", "meeting", "features", "history", "fitness", "scoring", "winners")
    pure = (*(f"annuaire.matching.{name}" for name in names), "annuaire.facilitators")
    assert offenders(pure, ("sqlalchemy", "flask", "annuaire.db", "annuaire.extensions")) == []


def test_advice_is_pure_but_for_what_asks_the_engine() -> None:
    pure = tuple(
        f"annuaire.advising.{name}"
        for name in ("clauses", "depth", "hours", "hours_form", "oeth_form", "rules", "typed")
    )
    assert offenders(pure, ("sqlalchemy", "flask", "annuaire.db", "annuaire.extensions")) == []


def test_profiles_know_the_register_and_the_accounts_alone() -> None:
    """Pages and matching read what is said by the index, or by the views that join rooms."""
    allowed = (
        *(f"annuaire.{room}" for room in KNOWLEDGE),
        "annuaire.profiles", "annuaire.structures", "annuaire.accounts",
        "annuaire.documents.worker", "annuaire.helper_process", "annuaire.db", "annuaire.sql",
        "annuaire.errors", "annuaire.outbox", "annuaire.runs", "annuaire.words", "annuaire.wording",
        "importers.files.contacts", "importers.files.fields", "search.filters",
    )  # fmt: skip
    found = offenders(("annuaire.profiles",), PACKAGES, allowed)
    assert [pair for pair in found if not pair[0].endswith("views")] == []
    below = ("annuaire.structures", "annuaire.matching", "annuaire.contracts")
    known = offenders(below, ("annuaire.profiles",))
    assert [pair for pair in known if not pair[0].endswith("views")] == []


def test_what_a_profile_holds_is_read_and_weighed_without_a_database() -> None:
    names = ("fields", "cleaning", "form_fields", "forms", "reading", "area_form", "changes",
             "gauge", "wording", "uploads")  # fmt: skip
    pure = tuple(f"annuaire.profiles.{name}" for name in names)
    assert offenders(pure, ("sqlalchemy", "flask", "annuaire.db", "annuaire.extensions")) == []


def test_engines_know_documents_and_not_models() -> None:
    rooms = ("search.embedded", "search.engine", "search.meilisearch", "search.geometry")
    engines = tuple(name for name in ALL if name.startswith(rooms))
    allowed = ("annuaire.errors", "annuaire.geo.distance")
    assert offenders(engines, ("annuaire", "sqlalchemy"), allowed) == []


def test_the_walk_sees_the_project() -> None:
    assert len(ALL) > 60
    assert "annuaire.db" in {n for imports in ALL.values() for n in imports} | set(ALL)
