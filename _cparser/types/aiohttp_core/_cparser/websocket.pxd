# What compiled modules call of _cparser/websocket.pyx without a detour through Python.

cpdef bytes build_frame(int first, payload, bytes key=*)
