"""What an operator watches: requests, statements, connections. Labels are few and fixed, and none is a row's or person's."""

from prometheus_client import Counter, Gauge, Histogram

# From a 304 to the limit of a statement, in seconds.
_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter("riskmap_requests", "Requests answered, by route and class of status", ("route", "status"))
REQUEST_SECONDS = Histogram(
    "riskmap_request_seconds", "Time to the last byte, by route", ("route",), buckets=_SECONDS
)
STATEMENT_SECONDS = Histogram(
    "riskmap_statement_seconds", "Time of a statement, by its name", ("statement",), buckets=_SECONDS
)
CONNECTIONS = Gauge("riskmap_connections_in_use", "Database connections in use by this process")


def note_request(route: str | None, status: int, seconds: float) -> None:
    """Count one request. An address that is no route is none of ours, and is not spelled out: anybody may invent them."""
    named = route or "none"
    REQUESTS.labels(named, f"{status // 100}xx").inc()
    REQUEST_SECONDS.labels(named).observe(seconds)
