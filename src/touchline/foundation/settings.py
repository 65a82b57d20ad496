"""Settings: one typed tree, read once from the environment and `.env`, then passed down as values.

The page `docs/configuration.md` and `.env.example` are generated from the descriptions here.
"""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL

_DATABASES = ("sqlite", "mysql", "mariadb", "postgres", "postgresql")
_REDIS = ("redis", "rediss", "unix")

GIB = 1 << 30
MIB = 1 << 20


class Settings(BaseSettings):
    """All settings of the platform; names are the environment variables in lower case."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    # Where things live
    touchline_data: Path = Field(
        Path("touchline-data"), description="Folder of the embedded set-up: database, keys, uploads, outputs, mail."
    )
    database_url: SecretStr | None = Field(
        None, description="Database address (sqlite, mysql/mariadb or postgresql). Wins over the DB_ variables."
    )
    db_host: str | None = Field(None, description="MySQL or MariaDB host. Any DB_ variable set selects MySQL.")
    db_port: int | None = Field(None, description="MySQL or MariaDB port (3306).")
    db_user: str | None = Field(None, description="MySQL or MariaDB user (root).")
    db_password: SecretStr | None = Field(None, description="MySQL or MariaDB password (empty).")
    db_name: str | None = Field(None, description="MySQL or MariaDB database (soccer_analytics).")
    redis_url: SecretStr | None = Field(None, description="Redis for queue, events and limits of the scale-out set-up.")
    redis_prefix: str = Field(
        "touchline",
        alias="TOUCHLINE_REDIS_PREFIX",
        pattern="[A-Za-z0-9._-]{1,40}",
        description="Prefix of all keys in Redis; installations of different prefixes do not meet.",
    )
    media_store_url: str | None = Field(
        None, description="Reserved for an object store; a start with it is refused. Unset: local disk."
    )
    analysis_output_root: Path | None = Field(
        None, description="Root of uploads and outputs; unset: the data folder. Shared by all processes."
    )

    # The club
    club_timezone: str = Field("UTC", description="Time zone of typed dates that arrive with an offset.")
    club_language: Literal["en", "fr", "ar"] = Field("en", description="Language of generated sentences.")

    # Doors
    cors_allow_origins: str = Field("", description="Comma list of allowed origins; empty: any, without credentials.")
    public_analysis_base_url: str | None = Field(None, description="Address of the analysis API in absolute links.")
    docs_enabled: bool = Field(True, alias="TOUCHLINE_DOCS", description="Serve /docs and /openapi.json.")
    metrics_token: SecretStr | None = Field(None, description="Reserved for /metrics.")

    # Sign-in
    jwt_private_key: SecretStr | None = Field(None, description="PEM text of the signing key.")
    jwt_public_key: str | None = Field(None, description="PEM text of the checking key.")
    jwt_private_key_path: Path | None = Field(None, description="File of the signing key.")
    jwt_public_key_path: Path | None = Field(None, description="File of the checking key.")
    access_token_expire_minutes: int = Field(720, ge=1, le=525_600, description="Life of an access token.")
    email_verification_code_ttl_minutes: int = Field(15, ge=1, le=1440, description="Life of a mailed code.")
    email_verification_dev_mode: bool = Field(
        False, description="Log codes instead of mailing them; only while bound to loopback."
    )
    authz_team_writes: Literal["staff", "managers"] = Field(
        "staff", description="managers: only account managers write teams, players, matches and planning."
    )
    rate_limits: Literal["on", "off"] = Field(
        "on", description="off lifts request limits and cool-downs (load tests); honoured only on loopback."
    )

    # Mail
    mail_dir: Path | None = Field(None, description="Write each mail there as an .eml file instead of sending it.")
    smtp_host: str | None = Field(None, description="Mail server.")
    smtp_port: int = Field(587, description="Port of the mail server.")
    smtp_username: str | None = Field(None, description="User at the mail server.")
    smtp_password: SecretStr | None = Field(None, description="Password at the mail server.")
    smtp_from_email: str | None = Field(None, description="Sender address.")
    smtp_use_tls: bool = Field(True, description="STARTTLS.")
    smtp_use_ssl: bool = Field(False, description="TLS from the first byte.")

    # Google sign-in and language model
    google_server_client_id: str | None = Field(None, description="Client id whose Google tokens are accepted.")
    google_web_client_id: str | None = Field(None, description="Client id whose Google tokens are accepted.")
    google_client_id: str | None = Field(None, description="Client id whose Google tokens are accepted.")
    google_allowed_client_ids: str = Field("", description="Comma list of further client ids.")
    google_keys_url: str = Field(
        "https://www.googleapis.com/oauth2/v3/certs",
        alias="TOUCHLINE_GOOGLE_JWKS_URL",
        description="Where Google's keys stand: https, or http on this machine (tests).",
    )
    google_token_info_url: str = Field(
        "https://oauth2.googleapis.com/tokeninfo",
        alias="TOUCHLINE_GOOGLE_TOKENINFO_URL",
        description="Where Google tells about an access token: https, or http on this machine (tests).",
    )
    llm_mode: Literal["remote", "local"] = Field(
        "remote",
        description="Which endpoint words the assistant's answers: remote takes a prompt, local speaks chat completions.",
    )
    remote_llm_url: str | None = Field(
        None, description="Address of the remote model; unset: answers come from the data alone."
    )
    local_llm_url: str | None = Field(
        None, description="Base address of an OpenAI-compatible server, for example http://127.0.0.1:11434/v1."
    )
    local_llm_model: str | None = Field(None, description="Name of the model at LOCAL_LLM_URL.")
    llm_api_key: SecretStr | None = Field(None, description="Bearer key for LOCAL_LLM_URL.")
    llm_timeout: float = Field(60, gt=0, le=3600, description="Seconds before a model call is given up.")

    # Engine and runs
    tracking_engine_host: str | None = Field(None, description="Host of an engine; unset: an own engine child.")
    tracking_engine_port: int | None = Field(None, description="Port of that engine (50051).")
    analysis_engine_host: str | None = Field(None, description="Older name of TRACKING_ENGINE_HOST.")
    analysis_engine_port: int | None = Field(None, description="Older name of TRACKING_ENGINE_PORT.")
    tracking_engine_tls_ca: Path | None = Field(None, description="Certificate authority of an engine behind TLS.")
    max_upload_bytes: int = Field(8 * GIB, gt=0, description="Largest upload, both cameras together.")
    max_image_bytes: int = Field(10 * MIB, gt=0, description="Largest accepted picture.")
    upload_quota_bytes: int | None = Field(
        None, alias="TOUCHLINE_UPLOAD_QUOTA_BYTES", description="Most bytes that all uploads may take together."
    )
    min_free_disk_bytes: int = Field(
        512 * MIB, alias="TOUCHLINE_MIN_FREE_DISK_BYTES", description="Room that an upload must leave on the disk."
    )
    max_concurrent_runs: int = Field(2, ge=1, le=64, description="Runs that one worker analyses at a time.")
    stale_run_seconds: int = Field(7200, ge=1, description="An active run without a sign of life fails after this.")
    run_lease_seconds: int = Field(
        60, ge=2, le=600, alias="TOUCHLINE_RUN_LEASE_SECONDS", description="Lease of a worker on a run."
    )
    engine_idle_seconds: int = Field(300, ge=1, description="A stream without any packet fails after this.")
    engine_threads: int = Field(0, ge=0, alias="TOUCHLINE_ENGINE_THREADS", description="0: all cores.")
    detector_path: Path | None = Field(None, alias="TOUCHLINE_DETECTOR", description="Another detector (ONNX file).")
    second_detector_path: Path | None = Field(
        None,
        alias="TOUCHLINE_DETECTOR_SECOND",
        description="A second detector (ONNX file), fused with the first in every profile but the fast one.",
    )
    sse_max_backlog: int = Field(1000, ge=10, description="A listener that is further behind is dropped.")
    media_token_ttl_seconds: int = Field(21_600, ge=60, description="Life of a signed media link.")
    media_token_key: SecretStr | None = Field(
        None, description="Key of signed media links, the same on every process; unset: <data>/media.key."
    )
    upload_retention_days: int = Field(30, ge=1, description="Unused uploads are removed after this.")
    alert_ws_grants: Literal["on", "off"] = Field(
        "off", description="Let the alert socket take the identity of the listing before it (trusted network only)."
    )
    alert_ws_grant_seconds: int = Field(60, ge=1, description="Life of such a grant.")

    # Logs
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", alias="TOUCHLINE_LOG_LEVEL", description="Least severity that is logged."
    )
    log_json: bool = Field(False, alias="TOUCHLINE_LOG_JSON", description="Logs as JSON lines.")

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unset(cls, values: object) -> object:
        """`NAME=` in a file or environment means unset, not an empty address."""
        if not isinstance(values, dict):
            return values
        return {key: value for key, value in values.items() if not (isinstance(value, str) and not value.strip())}

    @field_validator("club_timezone")
    @classmethod
    def _is_time_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, LookupError) as error:
            raise PydanticCustomError("zone", "is no time zone; write one like Europe/Paris") from error
        return name

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and _scheme(url).partition("+")[0] not in _DATABASES:
            raise PydanticCustomError("database", "must begin with sqlite://, mysql://, mariadb:// or postgresql://")
        return url

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and _scheme(url) not in _REDIS:
            raise PydanticCustomError("redis", "must be an address like redis://127.0.0.1:6379/0")
        return url

    @field_validator("google_keys_url", "google_token_info_url")
    @classmethod
    def _is_safe_address(cls, url: str) -> str:
        """Whoever stands between us and these addresses could sign in as anybody."""
        parts = urlsplit(url)
        is_local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
        if not parts.hostname or not (parts.scheme == "https" or is_local):
            raise PydanticCustomError("address", "must begin with https://, or with http:// on this machine")
        return url

    @property
    def google_audiences(self) -> frozenset[str]:
        """The client ids whose tokens are accepted; empty: Google sign-in is not set up."""
        single = (self.google_server_client_id, self.google_web_client_id, self.google_client_id)
        listed = self.google_allowed_client_ids.split(",")
        return frozenset(name.strip() for name in (*single, *listed) if name and name.strip())

    @property
    def data_dir(self) -> Path:
        return self.touchline_data.resolve()

    @property
    def output_root(self) -> Path:
        """Folder that every path on the wire is relative to."""
        return (self.analysis_output_root or self.touchline_data).resolve()

    @property
    def db_url(self) -> str:
        """SQLAlchemy address with an asynchronous driver."""
        if self.database_url is not None:
            return with_async_driver(self.database_url.get_secret_value())
        parts = (self.db_host, self.db_port, self.db_user, self.db_password, self.db_name)
        if all(part is None for part in parts):
            return f"sqlite+aiosqlite:///{self.data_dir / 'touchline.db'}"
        return URL.create(
            "mysql+asyncmy",
            username=self.db_user or "root",
            password=self.db_password.get_secret_value() if self.db_password else None,
            host=self.db_host or "127.0.0.1",
            port=self.db_port or 3306,
            database=self.db_name or "soccer_analytics",
            query={"charset": "utf8mb4"},
        ).render_as_string(hide_password=False)

    @property
    def is_embedded_db(self) -> bool:
        return self.db_url.startswith("sqlite")

    @property
    def engine_address(self) -> str | None:
        """host:port of a foreign engine, None when an own child serves."""
        host = self.tracking_engine_host or self.analysis_engine_host
        if not host:
            return None
        return f"{host}:{self.tracking_engine_port or self.analysis_engine_port or 50051}"


def _scheme(url: SecretStr) -> str:
    """The part before `://`; empty when the rest is no address. Never repeats the address: it may hold a password."""
    scheme, separator, _ = url.get_secret_value().partition("://")
    try:
        _ = urlsplit(url.get_secret_value()).port
    except ValueError:
        return ""
    return scheme.lower() if separator else ""


def with_async_driver(url: str) -> str:
    """Name the asynchronous driver in a database address that does not name one."""
    scheme, separator, rest = url.partition("://")
    drivers = {
        "sqlite": "sqlite+aiosqlite",
        "mysql": "mysql+asyncmy",
        "mariadb": "mysql+asyncmy",
        "mysql+pymysql": "mysql+asyncmy",
        "mariadb+asyncmy": "mysql+asyncmy",
        "postgres": "postgresql+asyncpg",
        "postgresql": "postgresql+asyncpg",
    }
    return f"{drivers.get(scheme, scheme)}{separator}{rest}"
