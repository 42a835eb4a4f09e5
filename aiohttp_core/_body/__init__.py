"""Message bodies: payloads, forms and multipart (RFC 7578, RFC 2046), for both roles."""

# Payload kinds register themselves: whoever imports any part of this package finds the registry complete.
from . import body_part as body_part
from . import payloads_from_files as payloads_from_files
from . import payloads_from_streams as payloads_from_streams
from . import payloads_in_memory as payloads_in_memory
