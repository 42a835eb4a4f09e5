"""Bytes to messages and back, without I/O (RFC 9112, RFC 6455, RFC 7692). Imports only ``_semantics``."""
