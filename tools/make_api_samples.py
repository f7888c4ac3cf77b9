"""Write the sample answers of the API from the sample data: for developers.

`python tools/make_api_samples.py` reads samples/ into an installation of its own, asks it each
operation, and writes annuaire/api/describing/data/samples.json: long lists are cut, moments are
fixed. Read what it wrote before you commit it.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import orjson
from click.testing import CliRunner

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
TARGET: Final = ROOT / "annuaire" / "api" / "describing" / "data" / "samples.json"
MOMENT: Final = "2026-01-15T09:00:00+00:00"
SITE: Final = "https://annuaire.example.org"
LONGEST: Final = 2  # items of a list
MOMENTS: Final = frozenset({"updated_at", "read_at", "created_at", "expires_at", "sent_at"})


def cut(value: Any, key: str = "") -> Any:
    """The same, shorter, and the same at every run."""
    if isinstance(value, dict):
        items = (
            list(value.items())[:12]
            if key.startswith(("structures_by", "contracts_by"))
            else (value.items())
        )
        return {name: cut(inner, name) for name, inner in items}
    if isinstance(value, list):
        return [cut(inner, key) for inner in value[:LONGEST]]
    if key in MOMENTS and value is not None:
        return MOMENT
    if key == "until":
        return "2026-01-15T08:55:00Z"
    if key == "took_ms":
        return 12.5
    if key == "next" and value is not None:
        return f"{value.partition('cursor=')[0]}cursor=…"
    return value[:400] if isinstance(value, str) else value


def asked(client: Any) -> dict[str, Any]:
    """Every operation, asked something that has an answer."""
    key = client.get("/api/v1/structures?limit=1").json["items"][0]["key"]
    clause = client.get("/api/v1/contracts?social=oui&limit=1").json["items"][0]["reference"]
    get = {
        "structures": "/structures?limit=2",
        "structure": f"/structures/{key}",
        "contracts": "/contracts?social=oui&limit=2",
        "contract": f"/contracts/{clause}",
        "changes_structures": "/changes/structures?limit=2",
        "changes_contracts": "/changes/contracts?limit=2",
        "activities": "/activities",
        "territories": "/territories?q=Lyon",
        "stats": "/stats",
    }
    need = {"text": "nettoyage de bureaux", "place": "Lyon", "amount_eur": 25_000, "limit": 2}
    text = "Le titulaire réserve 200 heures à des personnes éloignées de l’emploi."
    post = {
        "match": ("/match", need),
        "detect": ("/clauses/detect", {"texts": [{"kind": "execution", "text": text}]}),
        "check": ("/check", {"numbers": [key, "123"]}),
    }
    found = {name: client.get(f"/api/v1{path}").json for name, path in get.items()}
    for name, (path, body) in post.items():
        found[name] = client.post(f"/api/v1{path}", json=body).json
    whole, suggested = found["contract"], found["match"]["suggestions"]
    said = ("social", "environmental", "clause_types", "hours", "findings", "url")
    pushed = {name: whole[name] for name in said} | {
        "result": "created",
        "reference": "depot-exemple.2026-123",
        "official": False,
        "lots": [{"lot": "1", "suggestions": suggested}],
    }
    replaced = {"push_contract": pushed, "replace_contract": pushed | {"result": "updated"}}
    return found | replaced | WRITTEN


_HOOK: Final = {
    "id": 1, "url": "https://plateforme.example.org/annuaire", "contracts": "social=oui",
    "structures": None, "created_at": MOMENT, "failing_since": None, "disabled_at": None,
    "disabled_why": None,
}  # fmt: skip
_SENT: Final = {
    "message_id": "msg_0123456789abcdef01234567", "event": "contract.published",
    "subject": "boamp-26-1", "state": "sent", "attempts": 1, "created_at": MOMENT,
    "next_at": MOMENT, "sent_at": MOMENT, "status": 204, "error": None,
}  # fmt: skip
#: What cannot be asked without changing something.
WRITTEN: Final[dict[str, Any]] = {
    "key": {
        "prefix": "AbCd1234", "name": "Plateforme d’exemple", "platform": "exemple",
        "scopes": ["read", "match", "contracts:write", "webhooks"], "test": True,
        "created_at": MOMENT, "expires_at": "2027-01-15T09:00:00+00:00",
        "limits": {"reading": 600, "working": 120},
        "usage": [{"day": "2026-01-15", "operation": "contracts", "count": 12}],
    },
    "webhooks": {"items": [_HOOK]},
    "create_webhook": _HOOK | {"secret": "whsec_YW5udWFpcmUgOiB1biBzZWNyZXQgaW52ZW50w6kgIQ=="},
    "remove_webhook": _HOOK,
    "deliveries": {"items": [_SENT]},
    "replay": _SENT | {"state": "waiting", "sent_at": None, "status": None},
}  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "ANNUAIRE_DATA_DIR": folder, "ANNUAIRE_GEOCODE_PAGES": "non",
            "ANNUAIRE_PUBLIC_URL": SITE,
        }  # fmt: skip
        from annuaire.app import create_app
        from annuaire.cli import annuaire

        CliRunner().invoke(annuaire, ["demo", "--no-serve"], catch_exceptions=False)
        found = {name: cut(answer) for name, answer in asked(create_app().test_client()).items()}
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n")


if __name__ == "__main__":
    main()
