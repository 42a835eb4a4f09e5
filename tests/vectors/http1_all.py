"""Every HTTP/1 vector."""

from vectors import (
    http1_chunked,
    http1_connections,
    http1_fields,
    http1_framing,
    http1_leniencies,
    http1_limits,
    http1_security,
    http1_start_lines,
)
from vectors.http1_vector import Vector

ALL: list[Vector] = [
    *http1_start_lines.VECTORS,
    *http1_fields.VECTORS,
    *http1_framing.VECTORS,
    *http1_chunked.VECTORS,
    *http1_connections.VECTORS,
    *http1_limits.VECTORS,
    *http1_security.SECURITY,
    *(vector for both in http1_leniencies.LENIENCIES.values() for vector in both),
]
"""In the order of the RFC; none stands twice."""
ALL = list({vector: vector for vector in ALL})
