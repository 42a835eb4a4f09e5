"""Sockets, TLS, names and clocks. No HTTP words here."""
