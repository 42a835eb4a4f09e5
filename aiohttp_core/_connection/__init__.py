"""One live connection in either role: parser, transport and flow control together."""
