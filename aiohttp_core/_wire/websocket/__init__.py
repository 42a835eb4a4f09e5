"""WebSocket frames, messages and handshake (RFC 6455, RFC 7692) without I/O."""
