"""``request_options`` as signatures name it: known to type checkers and editors, imported by no program."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Unpack as Unpack  # type checkers bring it

    from .request_options import DataOptions as DataOptions
    from .request_options import RedirectOptions as RedirectOptions
    from .request_options import RequestOptions as RequestOptions
    from .request_options import WebSocketConnectOptions as WebSocketConnectOptions
else:
    # For whoever evaluates annotations.
    DataOptions = RedirectOptions = RequestOptions = WebSocketConnectOptions = Any
    Unpack = {Any: Any}
