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
    publish: str | None = Field(
        default=None,
        max_length=2000,
        description="What anybody sees without signing in: cells_4:grade,total; territories:name. Unset: nothing.",
    )
    upload_limit_mb: int = Field(default=64, ge=1, le=1024, description="Largest workbook accepted, in MiB.")
    upload_days: int = Field(
        default=7,
        ge=1,
        le=365,
        description="An upload nobody decided about is given up after this many days.",
    )
    download_dir: Path | None = Field(
        default=None,
        description="Where files for download lie for a day, shared by all processes. Unset: a temporary folder.",
    )
    requests_per_minute: int = Field(
        default=1200,
        ge=10,
        le=1_000_000,
        description="Requests a minute of one person, five times as many of one address; a map asks for dozens a view.",
    )
    session_idle_minutes: int = Field(
        default=60,
        ge=1,
        le=1440,
        description="A session whose person touches no page for so many minutes ends; a map that asks for news is no touch.",
    )
    session_hours: int = Field(
        default=12, ge=1, le=720, description="Every session ends after so many hours: once a working day."
    )
    basemap: str | None = Field(
        default=None,
        max_length=500,
        description="Picture under the map: tianditu-vec, tianditu-img, or an address with {z}, {x}, {y}. Unset: none.",
    )
    basemap_attribution: str | None = Field(
        default=None,
        max_length=200,
        description="Whose picture it is, always shown; needed for an address of one's own.",
    )
    basemap_datum: str | None = Field(
        default=None,
        pattern=r"^(CGCS2000|WGS84|GCJ02|BD09)$",
        description="Datum of the picture where its host leaves doubt. GCJ02 and BD09 are refused: hundreds of metres off.",
    )
    tianditu_key: str | None = Field(
        default=None,
        max_length=100,
        description="天地图's key for browsers; whoever opens the page can read it.",
    )
    map_approval: str | None = Field(
        default=None,
        max_length=100,
        description="审图号 of the maps shown, written on every map, print and file.",
    )
    tile_cache_mb: int = Field(
        default=64,
        ge=0,
        le=4096,
        description="Memory of one process for tiles as they were last drawn, in MiB; 0 draws each anew.",
    )
    workers: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Processes that serve; connections, tile memory, request limits and /metrics are of each.",
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
