"""What can go wrong with a form or a file on its way in, in the user's words."""

from typing import ClassVar

from touchline.foundation.errors import Kind, TouchlineError


class BadFieldError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNPROCESSABLE
    code = "upload.bad_field"
    text = "`{field}`: {reason}"


class BrokenUploadError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "upload.broken"
    text = "The upload broke off or is not a valid form; send it again."


class UploadTooLargeError(TouchlineError):
    kind: ClassVar[Kind] = Kind.TOO_LARGE
    code = "upload.too_large"
    text = "The upload is larger than the {limit} that this server accepts."
