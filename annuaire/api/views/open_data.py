"""/donnees: what may be taken and reused, the files of the export, their description."""

from pathlib import Path
from typing import Final

import orjson
from flask import Blueprint, Response, render_template, send_from_directory

from annuaire.api.export.catalogue import catalogue
from annuaire.api.export.service import CURRENT, MANIFEST, SUMS, read_manifest
from annuaire.api.views.answering import MAX_AGE
from annuaire.errors import NotFoundError
from annuaire.extensions import session, settings
from annuaire.freshness import freshness
from annuaire.runs import last_done
from importers.descriptions import DESCRIPTIONS

open_data = Blueprint("open_data", __name__, url_prefix="/donnees")

JSON_LD: Final = "application/ld+json"
NO_EXPORT: Final = "Aucun export n’a encore été fait sur ce site."


@open_data.get("")
def show() -> str:
    """What may be taken, under which licence."""
    done = last_done(session())
    sources = [
        {
            "title": source.title,
            "url": f"/sources/{source.name}",
            "publisher": source.publisher,
            "licence": source.licence,
            "address": source.address,
            "read_at": freshness(source, done.get(source.name)).read_at,
        }
        for source in DESCRIPTIONS.values()
    ]
    return render_template(
        "api/open_data.html", sources=sources, export=read_manifest(folder()), manifest=MANIFEST
    )


@open_data.get("/catalogue.jsonld")
def described() -> Response:
    """The data sets, for catalogues of open data (DCAT-AP, JSON-LD)."""
    told = catalogue(read_manifest(folder()), settings().public_url)
    response = Response(orjson.dumps(told), mimetype=JSON_LD)
    return _open(response)


@open_data.get("/export/<name>")
def export(name: str) -> Response:
    """A file of the newest export."""
    found = read_manifest(folder())
    if found is None:
        raise NotFoundError(NO_EXPORT)
    types = {file["name"]: file["media_type"] for file in found["files"]}
    others = {MANIFEST, SUMS, "LICENCE.txt", *(file["schema"] for file in found["files"])}
    if name not in types and name not in others:
        raise NotFoundError(f"L’export n’a pas de fichier « {name[:40]} ».")
    kind = "application/gzip" if name.endswith(".gz") else types.get(name)
    path = (folder() / CURRENT).resolve()  # one export until the last byte
    return _open(send_from_directory(path, name, mimetype=kind, as_attachment=name in types))


def folder() -> Path:
    """Where the export is: `annuaire export` writes there."""
    return settings().export_dir


def _open(response: Response) -> Response:
    """Anybody may keep the answer for a while, and the scripts of any site read it."""
    response.cache_control.no_cache = None
    response.cache_control.public = True
    response.cache_control.max_age = MAX_AGE
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
