"""Message bodies: payloads, forms and multipart (RFC 7578, RFC 2046), for both roles."""
