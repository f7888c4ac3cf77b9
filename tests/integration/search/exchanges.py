"""Parts of the exchanges with a Meilisearch server, written from the documentation of its API:
indexes, documents, tasks, swap, search, keys, errors."""

from typing import Any

from search.meilisearch import MeilisearchEngine
from search.meilisearch_settings import settings
from search.schema import STRUCTURES
from tests.factories.exchanges import ANY, Exchange

KEY = "une-cle"
UID = MeilisearchEngine("http://x", KEY)._uids["structures"]  # the name is part of what is asked
SEARCH, FETCH = f"/indexes/{UID}/search", f"/indexes/{UID}/documents/fetch"
NEW = "new"
AT = "2026-01-05T10:00:00.123456Z"
DECLARED = settings(STRUCTURES)


def task(number: int, status: str = "succeeded", **more: Any) -> Exchange:
    """The question after a task, and its answer."""
    said = {
        "uid": number, "status": status, "type": more.pop("type", "documentAdditionOrUpdate"),
        "enqueuedAt": AT, **more,
    }  # fmt: skip
    return Exchange("GET", f"/tasks/{number}", said)


def accepted(number: int, kind: str = "documentAdditionOrUpdate") -> dict[str, Any]:
    """What the server says when it takes a task in its queue (202)."""
    return {
        "taskUid": number, "indexUid": UID, "status": "enqueued", "type": kind,
        "enqueuedAt": AT,
    }  # fmt: skip


def error(code: str, message: str) -> dict[str, str]:
    return {"message": message, "code": code, "type": "invalid_request", "link": "https://x"}


def indexes(*uids: str) -> Exchange:
    """The list of indexes."""
    results = [
        {"uid": uid, "primaryKey": "pk", "createdAt": AT,
         "updatedAt": AT}
        for uid in uids
    ]  # fmt: skip
    return Exchange("GET", "/indexes?limit=1000", {"results": results, "total": len(uids)})


def made(uid: str, number: int, declared: Any = ANY) -> list[Exchange]:
    """An index being made, and given its settings."""
    return [
        Exchange("POST", "/indexes", accepted(number), 202, {"uid": uid, "primaryKey": "pk"}),
        task(number, type="indexCreation"),
        Exchange("GET", f"/indexes/{uid}/settings", {"rankingRules": ["words"]}),
        Exchange("PATCH", f"/indexes/{uid}/settings", accepted(number + 1), 202, declared),
        task(number + 1, type="settingsUpdate"),
    ]


def dropped(uid: str, number: int) -> list[Exchange]:
    return [Exchange("DELETE", f"/indexes/{uid}", accepted(number), 202), task(number)]


def counted(uid: str, count: int) -> Exchange:
    said = {"numberOfDocuments": count, "isIndexing": False, "fieldDistribution": {}}
    return Exchange("GET", f"/indexes/{uid}/stats", said)


def found(*hits: dict[str, Any], total: int | None = None, **more: Any) -> dict[str, Any]:
    return {
        "hits": list(hits), "query": "", "processingTimeMs": 1, "hitsPerPage": 20, "page": 1,
        "totalPages": 1, "totalHits": len(hits) if total is None else total, **more,
    }  # fmt: skip
