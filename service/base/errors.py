"""The errors a caller can act on, as a tree, and the HTTP status of each.

ServiceError
├── NotFound            not there, or not yours: the same answer
├── NotSignedIn         who are you?
├── NotAllowed          signed in, seen, but not permitted
├── TooMany             asked too often; wait
├── Conflict            the world had moved on
│   ├── StaleVersion    somebody changed the row since it was read
│   │   └── Outdated    the same, asked by If-Match
│   ├── StalePreview    the register changed since the import was previewed
│   └── WrongState      the step is not possible from here
├── Unversioned         which version was seen?
├── Rejected            understood, and refused with its reasons
├── Unreadable          the file is not what it claims to be
├── TooLarge            more than this deployment accepts
└── Unavailable         the database cannot be reached; try again
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class ServiceError(Exception):
    """What went wrong, as a code for programs and one sentence each in Chinese and English for people."""

    code: ClassVar[str] = "internal"

    def __init__(self, zh: str, en: str, *, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.details: dict[str, Any] = dict(details or {})

    def __reduce__(self) -> tuple[Any, ...]:
        """As it comes back from another process."""
        return _again, (type(self), self.zh, self.en, self.details)

    def wire(self) -> dict[str, Any]:
        """The one JSON shape of every error."""
        return {"error": self.code, "message": self.zh, "message_en": self.en, "details": self.details}


def _again(kind: type[ServiceError], zh: str, en: str, details: dict[str, Any]) -> ServiceError:
    return kind(zh, en, details=details)


class NotFound(ServiceError):
    code = "not_found"


class NotSignedIn(ServiceError):
    code = "not_signed_in"


class NotAllowed(ServiceError):
    code = "not_allowed"


class TooMany(ServiceError):
    code = "too_many"


class Conflict(ServiceError):
    code = "conflict"


class StaleVersion(Conflict):
    code = "stale_version"


class Outdated(StaleVersion):
    code = "stale_version"


class Unversioned(ServiceError):
    code = "unversioned"


class StalePreview(Conflict):
    code = "stale_preview"


class WrongState(Conflict):
    code = "wrong_state"


class Rejected(ServiceError):
    code = "rejected"


class Unreadable(ServiceError):
    code = "unreadable_file"


class TooLarge(ServiceError):
    code = "too_large"


class Unavailable(ServiceError):
    code = "unavailable"


# Plain integers: this file imports nothing of the web. A class without a row takes its parent's.
STATUS: dict[type[ServiceError], int] = {
    ServiceError: 500,
    NotFound: 404,
    NotSignedIn: 401,
    NotAllowed: 403,
    TooMany: 429,
    Conflict: 409,
    Outdated: 412,
    Unversioned: 428,
    Rejected: 422,
    Unreadable: 415,
    TooLarge: 413,
    Unavailable: 503,
}


def status_of(error: ServiceError) -> int:
    """The HTTP status of an error: its own row in STATUS or its nearest ancestor's."""
    return next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)
