"""What can be wrong with a received multipart body.

MultipartError (a ValueError)
 +- BadPartHead           a field of a part breaks RFC 5322 or RFC 9110 section 5
 +- PartLimitExceeded     too many or too long fields, too many parts, too deep nesting
 +- IncompleteMultipart   the body ends before its closing boundary
"""


class MultipartError(ValueError):
    """A multipart body breaks RFC 2046 section 5.1; a server answers 400."""


class BadPartHead(MultipartError):
    """A field of a part is malformed."""


class PartLimitExceeded(MultipartError):
    """Something about the parts outgrew its limit."""


class IncompleteMultipart(MultipartError):
    """The body ends in the middle of a part."""
