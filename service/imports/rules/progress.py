"""How far the work on an upload has come, as its page and its terminal show it."""

from dataclasses import dataclass


class Stopped(Exception):
    """A person gave the upload up while it was being worked on."""


@dataclass(slots=True)
class Progress:
    """Rows of the file by what has been done with them. row_count: None until the file has been read once.

    written counts by the statements that are done, for a statement writes the rows of the whole file.
    """

    row_count: int | None = None
    read: int = 0
    checked: int = 0
    written: int = 0
    stopped: bool = False

    def go_on(self) -> None:
        """Raises Stopped where a person gave the upload up."""
        if self.stopped:
            raise Stopped
