"""What a route asks of its viewer beside seeing the rows. The test matrix reads it off the route table."""

from collections.abc import Callable
from typing import Any

from fastapi import Depends

from service.base.database import ViewerDep
from service.base.errors import NotAllowed
from service.base.viewer import Permission


def requires(permission: Permission) -> Any:
    """A dependency that refuses whoever may not do a thing.

    Raises NotAllowed.
    """
    return Depends(_gate(permission))


def _gate(permission: Permission) -> Callable[..., None]:
    def check(viewer: ViewerDep) -> None:
        if permission not in viewer.may:
            raise NotAllowed(
                "您的角色不能进行此操作。",
                "Your roles do not allow this.",
                details={"permission": str(permission)},
            )

    check.permission = permission  # type: ignore[attr-defined] # read by the test matrix
    return check
