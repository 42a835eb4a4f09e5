"""The client: session, send chain, pool and connectors. Never imports ``_server``."""
