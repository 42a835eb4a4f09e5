"""The client: sessions, requests, responses, and what can go wrong."""

from yarl import URL as URL

from ._client.connection_key import RequestInfo as RequestInfo
from ._client.errors import *  # noqa: F403
from ._client.fingerprint import Fingerprint as Fingerprint
from ._client.local_connectors import NamedPipeConnector as NamedPipeConnector
from ._client.local_connectors import UnixConnector as UnixConnector
from ._client.request import ClientRequest as ClientRequest
from ._client.response import ClientResponse as ClientResponse
from ._client.session import ClientSession as ClientSession
from ._client.session import _BaseRequestContextManager as _BaseRequestContextManager
from ._client.session import _RequestContextManager as _RequestContextManager
from ._client.session import _SessionRequestContextManager as _SessionRequestContextManager
from ._client.session import _WSRequestContextManager as _WSRequestContextManager
from ._client.session import request as request
from ._client.tcp_connector import TCPConnector as TCPConnector
from ._client.timeouts import DEFAULT_TIMEOUT as DEFAULT_TIMEOUT
from ._client.timeouts import ClientTimeout as ClientTimeout
from ._client.upload_tracker import UploadTracker as UploadTracker
from ._client.websocket import ClientWebSocketResponse as ClientWebSocketResponse
from ._client.websocket import ClientWSTimeout as ClientWSTimeout
