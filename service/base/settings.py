"""Settings from the environment; the README's table is checked against this class."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting is RISKMAP_ and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="RISKMAP_", extra="ignore", frozen=True)

    database_url: str | None = Field(
        default=None,
        description="Address of a database of one's own, as the app role. Unset: the private cluster.",
    )
    owner_database_url: str | None = Field(
        default=None, description="The same database as the owner role, for migrations and reference rows."
    )
    data_dir: Path | None = Field(
        default=None, description="Where the private cluster lives. Unset: .data/, as root /var/lib/riskmap/."
    )
    host: str = Field(default="127.0.0.1", description="Address the service listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the service listens on.")
    territory: str = Field(
        default="220100",
        pattern=r"^[A-Za-z0-9_]{1,40}$",
        description="The territory this deployment serves: a GB/T 2260 code, or cn for the whole country.",
    )
    demo: bool = Field(
        default=False,
        description="Says on every page that the rows are a demonstration; scripts/run turns it on.",
    )
    upload_limit_mb: int = Field(default=64, ge=1, le=1024, description="Largest workbook accepted, in MiB.")
    upload_days: int = Field(
        default=7,
        ge=1,
        le=365,
        description="An upload nobody decided about is given up after this many days.",
    )
    pool_size: int = Field(default=8, ge=1, le=100, description="Database connections kept by one process.")
    statement_seconds: int = Field(
        default=30, ge=1, le=3600, description="A statement is cancelled after this many seconds."
    )
    slow_statement_ms: int = Field(
        default=500,
        ge=1,
        le=600_000,
        description="A statement that takes longer, in milliseconds, is logged.",
    )
    log_level: str = Field(
        default="INFO", pattern=r"^(DEBUG|INFO|WARNING|ERROR)$", description="Least level that is logged."
    )
