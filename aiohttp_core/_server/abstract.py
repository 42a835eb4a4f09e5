"""What an application's router, a match and a view must offer, whoever writes them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .application import Application
    from .exceptions import HTTPException
    from .request import Request
    from .response import StreamResponse

Handler = Callable[["Request"], Awaitable["StreamResponse"]]


class AbstractRouter(ABC):
    """Finds what handles a request."""

    def __init__(self) -> None:
        self._frozen = False

    def post_init(self, app: Application) -> None:  # noqa: B027  (most routers do not care)
        """Called with the application once it has this router."""

    @property
    def frozen(self) -> bool:
        return self._frozen

    def freeze(self) -> None:
        """Take no more routes."""
        self._frozen = True

    @abstractmethod
    async def resolve(self, request: Request) -> AbstractMatchInfo:
        """What handles ``request``; never None."""


class AbstractMatchInfo(ABC):
    """What routing found."""

    __slots__ = ()

    @property
    @abstractmethod
    def handler(self) -> Callable[[Request], Awaitable[StreamResponse]]:
        """What handles the request."""

    @property
    @abstractmethod
    def expect_handler(self) -> Callable[[Request], Awaitable[StreamResponse | None]]:
        """What answers an Expect field."""

    @property
    @abstractmethod
    def http_exception(self) -> HTTPException | None:
        """The error where nothing was found."""

    @abstractmethod
    def get_info(self) -> dict[str, Any]:
        """What is known of the route, for display."""

    @property
    @abstractmethod
    def apps(self) -> tuple[Application, ...]:
        """The nested applications, the outermost first."""

    @abstractmethod
    def add_app(self, app: Application) -> None:
        """Put ``app`` around the ones there are."""

    @abstractmethod
    def freeze(self) -> None:
        """Take no more applications."""


class AbstractView(ABC):
    """A handler as a class: awaiting it gives the response."""

    def __init__(self, request: Request) -> None:
        self._request = request

    @property
    def request(self) -> Request:
        return self._request

    @abstractmethod
    def __await__(self) -> Generator[Any, None, StreamResponse]:
        """Handle the request."""


__all__ = ("AbstractMatchInfo", "AbstractRouter", "AbstractView", "Handler")
