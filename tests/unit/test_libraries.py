"""Which library is imported by which room alone: the plan of docs/design.md."""

import pytest

from tests.factories.imports import ALL, within

AREAS = ("structures", "contracts", "matching", "coverage", "advising")

#: What only these modules may import.
RESERVED = {
    "flask": (
        "annuaire.core", "annuaire.app", "annuaire.extensions", "annuaire.db", "annuaire.web",
        "annuaire.asking",
        "annuaire.pages", "annuaire.sources", "annuaire.views", "annuaire.cli",
        *(f"annuaire.{area}.views" for area in AREAS), "annuaire.takeaway.views",
        "annuaire.plans.views", "annuaire.platforms.views", "annuaire.consultations.views",
        "annuaire.structures.report_views",
        "annuaire.alerts.views", "annuaire.alerts.own_views", "annuaire.alerts.replacing_views",
        "annuaire.contracts.buyer_views", "annuaire.matching.contest_views",
        "annuaire.matching.opportunity_views", "annuaire.sitemaps", "annuaire.documents.views",
        "annuaire.api.views", "annuaire.sourcing.views",
        "annuaire.accounts.current", "annuaire.accounts.guarding", "annuaire.accounts.recognising",
        "annuaire.accounts.views",
        "annuaire.claims.views", "annuaire.moderation.views", "annuaire.workspace.views",
        "annuaire.workspace.seeing_views",
        "annuaire.profiles.views", "annuaire.profiles.upload_views",
    ),
    "flask_sqlalchemy_lite": ("annuaire.db",),
    "flask_wtf": ("annuaire.extensions", "annuaire.web"),
    "flask_limiter": ("annuaire.extensions",),
    "flask_compress": ("annuaire.extensions",),
    "apispec": ("annuaire.api",),
    "xlsxwriter": ("annuaire.takeaway.formats",),
    "stream_write_ods": ("annuaire.takeaway.formats",),
    "docx": ("annuaire.takeaway.formats",),
    "odfdo": ("annuaire.takeaway.formats", "annuaire.documents.readers"),
    "tantivy": ("search.embedded", "search.embedded_"),
    "meilisearch": ("search.meilisearch_server",),
    "geopy": ("annuaire.geo.geocoder",),
    "shapely": ("annuaire.geo.drawn",),
    "icalendar": ("annuaire.contracts.agenda",),
    "click": ("annuaire.cli",),
    "rich": ("annuaire.cli",),
    "alembic": ("annuaire.migrate", "annuaire.migrations"),
    "gunicorn": ("annuaire.cli",),
    "urllib3": ("importers.http",),
    "pypdfium2": ("annuaire.documents.readers", "annuaire.profiles.uploads.proofs"),
    "PIL": ("annuaire.profiles.uploads.pictures",),
    "nh3": ("annuaire.profiles.cleaning",),
    "docx2python": ("annuaire.documents.readers",),
    "striprtf": ("annuaire.documents.readers",),
    "inscriptis": ("annuaire.documents.readers",),
    "smtplib": ("annuaire.mail",),
    "jinja2": ("annuaire.mail.rendering",),
    "argon2": ("annuaire.accounts.passwords",),
    "pyotp": ("annuaire.accounts.second_factor",),
    "segno": ("annuaire.accounts.second_factor",),
    "cryptography": ("annuaire.accounts.second_factor",),
    "authlib": ("annuaire.accounts.views.openid",),
    "joserfc": ("annuaire.accounts.views.openid",),
    "pyarrow": ("importers.files.parquet", "annuaire.takeaway.formats.parquet_file"),
}  # fmt: skip


@pytest.mark.parametrize("library", RESERVED)
def test_a_library_is_imported_by_its_room_alone(library: str) -> None:
    wrong = [
        module
        for module, imports in ALL.items()
        if any(within(name, library) for name in imports)
        and not any(
            module == room
            or module.startswith((f"{room}.", room if room.endswith("_") else f"{room}."))
            for room in RESERVED[library]
        )
    ]
    assert wrong == []
