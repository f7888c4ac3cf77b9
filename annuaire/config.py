"""Settings: one typed object, read from the environment when the application is made."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from annuaire.errors import AnnuaireError

ROOT = Path(__file__).resolve().parent.parent


class SettingError(AnnuaireError):
    """A setting is missing or cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decides. docs/operations.md describes each setting."""

    data_dir: Path
    database_url: str
    secret_key: str
    environment: str = "development"
    public_url: str = "http://127.0.0.1:8000"
    geocoder_domain: str = "data.geopf.fr/geocodage"
    geocode_pages: bool = False
    tiles_url: str | None = None
    ea2_password: str | None = field(default=None, repr=False)
    marche_token: str | None = field(default=None, repr=False)
    meilisearch_url: str | None = None
    meilisearch_key: str | None = field(default=None, repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    trusted_proxies: int = 0
    document_max_mb: int = 20
    document_seconds: int = 20
    websub_hub: str | None = None
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = field(default=None, repr=False)
    oidc_name: str = "ProConnect"

    @property
    def index_dir(self) -> Path:
        return self.data_dir / "index"

    @property
    def export_dir(self) -> Path:
        return self.data_dir / "export"

    @property
    def production(self) -> bool:
        return self.environment == "production"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the `ANNUAIRE_*` variables; defaults run on a laptop.

    Raises SettingError when a value cannot be used, or when production lacks its secret key.
    """
    env = os.environ if environ is None else environ
    environment = env.get("ANNUAIRE_ENV", "development")
    if environment not in {"development", "production", "test"}:
        raise SettingError(
            f"ANNUAIRE_ENV vaut « {environment} » : attendu development, production ou test."
        )
    data_dir = Path(env.get("ANNUAIRE_DATA_DIR") or ROOT / "var").expanduser().resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    return Settings(
        data_dir=data_dir,
        database_url=env.get("ANNUAIRE_DATABASE_URL") or f"sqlite:///{data_dir / 'annuaire.db'}",
        secret_key=_secret_key(env, data_dir, environment),
        environment=environment,
        public_url=env.get("ANNUAIRE_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
        geocoder_domain=env.get("ANNUAIRE_GEOCODER_DOMAIN", "data.geopf.fr/geocodage"),
        geocode_pages=_yes(env, "ANNUAIRE_GEOCODE_PAGES", default=True),
        tiles_url=_tiles_url(env.get("ANNUAIRE_TILES_URL")),
        ea2_password=env.get("ANNUAIRE_EA2_PASSWORD") or None,
        marche_token=env.get("ANNUAIRE_MARCHE_TOKEN") or None,
        meilisearch_url=_server_url(env.get("ANNUAIRE_MEILISEARCH_URL")),
        meilisearch_key=env.get("ANNUAIRE_MEILISEARCH_KEY") or None,
        smtp_url=env.get("ANNUAIRE_SMTP_URL") or None,
        mail_from=env.get("ANNUAIRE_MAIL_FROM") or None,
        trusted_proxies=_proxies(env.get("ANNUAIRE_TRUSTED_PROXIES")),
        document_max_mb=_count(env, "ANNUAIRE_DOCUMENT_MAX_MB", 20, 100),
        document_seconds=_count(env, "ANNUAIRE_DOCUMENT_SECONDS", 20, 50),
        websub_hub=_hub(env.get("ANNUAIRE_WEBSUB_HUB")),
        oidc_issuer=_provider(env),
        oidc_client_id=env.get("ANNUAIRE_OIDC_CLIENT_ID") or None,
        oidc_client_secret=env.get("ANNUAIRE_OIDC_CLIENT_SECRET") or None,
        oidc_name=env.get("ANNUAIRE_OIDC_NAME") or "ProConnect",
    )


def _yes(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name, "").strip().lower()
    if value not in {"", "oui", "non"}:
        raise SettingError(f"{name} vaut « {value[:20]} » : attendu oui ou non.")
    return value == "oui" if value else default


def _secret_key(env: Mapping[str, str], data_dir: Path, environment: str) -> str:
    if key := env.get("ANNUAIRE_SECRET_KEY"):
        return key
    if environment == "production":
        raise SettingError("ANNUAIRE_SECRET_KEY est obligatoire en production.")
    kept = data_dir / "secret_key"
    if not kept.exists():
        # Written apart, then linked: processes that start together agree on one whole key.
        draft = data_dir / f"secret_key.{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32), encoding="ascii")
        with suppress(FileExistsError):
            kept.hardlink_to(draft)
        draft.unlink()
    return kept.read_text(encoding="ascii")


def _tiles_url(value: str | None) -> str | None:
    if not value:
        return None
    if not value.startswith(("https://", "http://")) or "{z}" not in value:
        raise SettingError(
            "ANNUAIRE_TILES_URL doit être une adresse http(s) avec {z}, {x} et {y}, "
            f"et non « {value} »."
        )
    return value


def _server_url(value: str | None) -> str | None:
    if not value:
        return None
    if not value.startswith(("https://", "http://")):
        raise SettingError(
            "ANNUAIRE_MEILISEARCH_URL doit être une adresse http(s), par exemple "
            f"http://127.0.0.1:7700, et non « {value} »."
        )
    return value.rstrip("/")


def _hub(value: str | None) -> str | None:
    if not value:
        return None
    if not value.startswith("https://") or any(character <= " " for character in value):
        raise SettingError(
            "ANNUAIRE_WEBSUB_HUB doit être l'adresse https d'un hub WebSub, et non "
            f"« {value[:100]} »."
        )
    return value


def _provider(env: Mapping[str, str]) -> str | None:
    """The address of the identity provider, when its three settings are there."""
    issuer = env.get("ANNUAIRE_OIDC_ISSUER", "").rstrip("/")
    if not issuer:
        return None
    if not issuer.startswith(("https://", "http://127.0.0.1")):
        raise SettingError(
            f"ANNUAIRE_OIDC_ISSUER doit être une adresse https, et non « {issuer[:80]} »."
        )
    for name in ("ANNUAIRE_OIDC_CLIENT_ID", "ANNUAIRE_OIDC_CLIENT_SECRET"):
        if not env.get(name):
            raise SettingError(f"{name} est obligatoire avec ANNUAIRE_OIDC_ISSUER.")
    return issuer


def _proxies(value: str | None) -> int:
    if not value:
        return 0
    if not (value.isascii() and value.isdigit() and int(value) <= 10):
        raise SettingError(
            "ANNUAIRE_TRUSTED_PROXIES compte les serveurs mandataires devant le site, de 0 à 10, "
            f"et ne peut pas valoir « {value[:40]} »."
        )
    return int(value)


def _count(env: Mapping[str, str], name: str, default: int, most: int) -> int:
    value = env.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= most):
        raise SettingError(
            f"{name} vaut « {value[:40]} » : attendu un nombre entier, de 1 à {most}."
        )
    return int(value)
