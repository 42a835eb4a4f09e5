"""RFC 9110 vocabulary as pure values and functions. Any layer may import it; it imports nothing of ours."""
