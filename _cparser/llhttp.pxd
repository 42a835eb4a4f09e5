# Declarations of llhttp 9; the sources come from vendor/ (see vendor/README.md).

from libc.stdint cimport int32_t, uint8_t, uint16_t, uint64_t


cdef extern from "llhttp.h" nogil:
    ctypedef struct llhttp_t:
        int32_t error
        const char* reason
        void* data
        uint64_t content_length
        uint16_t lenient_flags
        void* settings

    ctypedef int (*llhttp_data_cb)(llhttp_t*, const char*, size_t) noexcept
    ctypedef int (*llhttp_cb)(llhttp_t*) noexcept

    ctypedef struct llhttp_settings_t:
        llhttp_data_cb on_header_field
        llhttp_data_cb on_header_value
        llhttp_data_cb on_body
        llhttp_cb on_headers_complete
        llhttp_cb on_chunk_header

    ctypedef enum llhttp_type_t:
        HTTP_REQUEST
        HTTP_RESPONSE

    ctypedef enum llhttp_errno_t:
        HPE_OK
        HPE_PAUSED

    ctypedef enum llhttp_lenient_flags_t:
        LENIENT_OPTIONAL_CR_BEFORE_LF
        LENIENT_SPACES_AFTER_CHUNK_SIZE

    void llhttp_settings_init(llhttp_settings_t* settings)
    void llhttp_init(llhttp_t* parser, llhttp_type_t type, const llhttp_settings_t* settings)
    llhttp_errno_t llhttp_execute(llhttp_t* parser, const char* data, size_t len)
    void llhttp_resume(llhttp_t* parser)
    const char* llhttp_get_error_reason(const llhttp_t* parser)
    const char* llhttp_get_error_pos(const llhttp_t* parser)
