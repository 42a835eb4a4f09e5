"""HTTP/1.0 and HTTP/1.1 messages (RFC 9112), parsed and serialised without I/O."""
