"""What the camera answers when it does not do what it was asked to.

CameraError
├── SetupRequiredError      403  nothing works before the first start is done
├── AlreadySetUpError       409  the first start happens once
├── LockedError             423  too many wrong passwords
├── WrongPasswordError      401  at a login
├── WrongOldPasswordError   403  at a change
├── UnauthenticatedError    401  no session, or one that has ended
├── ForbiddenError          403  the account may not do that
├── RejectedError           422  a value that the camera does not take
├── MalformedError          400  a request that cannot be read
├── ConflictError           409  the account exists
├── NotFoundError           404
├── ServiceError            503  the cloud service has not confirmed what was asked of it
└── BrokenError             500  seeded by a flaw
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

__all__ = [
    "AlreadySetUpError",
    "BrokenError",
    "CameraError",
    "ConflictError",
    "ForbiddenError",
    "LockedError",
    "MalformedError",
    "NotFoundError",
    "RejectedError",
    "ServiceError",
    "SetupRequiredError",
    "UnauthenticatedError",
    "WrongOldPasswordError",
    "WrongPasswordError",
]


class CameraError(Exception):
    """A refusal, with the HTTP status and the text that go out."""

    status: ClassVar[int] = 500
    text: ClassVar[str] = "internal error"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.text)
        self.detail = detail

    def to_json(self) -> dict[str, Any]:
        """Body of the API's answer."""
        return {"error": self.text, **({"detail": self.detail} if self.detail else {})}

    def headers(self) -> dict[str, str]:
        """Further headers of the answer."""
        return {}


class SetupRequiredError(CameraError):
    """The first start has not been done."""

    status = 403
    text = "setup required"


class AlreadySetUpError(CameraError):
    """The first start has been done."""

    status = 409
    text = "already set up"


class LockedError(CameraError):
    """Too many wrong passwords; `retry_after` is in seconds."""

    status = 423
    text = "locked"

    def __init__(self, retry_after: float) -> None:
        super().__init__()
        self.retry_after = retry_after

    def to_json(self) -> dict[str, Any]:
        """Body of the API's answer, with the seconds to wait, rounded up to milliseconds."""
        return {"error": self.text, "retry_after": math.ceil(self.retry_after * 1000) / 1000}

    def headers(self) -> dict[str, str]:
        """The seconds to wait, rounded up."""
        return {"Retry-After": str(math.ceil(self.retry_after))}


class WrongPasswordError(CameraError):
    """The user name or the password is wrong; the answer does not say which."""

    status = 401
    text = "wrong user name or password"


class WrongOldPasswordError(CameraError):
    """The old password given with a change is wrong."""

    status = 403
    text = "wrong password"


class UnauthenticatedError(CameraError):
    """No session, or one that has ended."""

    status = 401
    text = "authentication required"


class ForbiddenError(CameraError):
    """The account may not do that."""

    status = 403
    text = "not allowed for this account"


class RejectedError(CameraError):
    """A value that the camera does not take."""

    status = 422
    text = "rejected"


class MalformedError(CameraError):
    """A request that cannot be read."""

    status = 400
    text = "malformed request"


class ConflictError(CameraError):
    """The account exists."""

    status = 409
    text = "exists already"


class NotFoundError(CameraError):
    """There is no such thing."""

    status = 404
    text = "not found"


class ServiceError(CameraError):
    """The cloud service has not confirmed what was asked of it."""

    status = 503
    text = "not confirmed by the cloud service; try again later"


class BrokenError(CameraError):
    """An internal error seeded by a flaw."""
