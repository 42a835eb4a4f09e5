"""The server: protocol, request, response, routing, application. Never imports ``_client``."""
