/* Incremental UTF-8 validation (RFC 3629): fails at the first octet that cannot be part of UTF-8. */

#ifndef AIOHTTP_CORE_UTF8_H
#define AIOHTTP_CORE_UTF8_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* `need` continuation octets are due; the next one lies between `low` and `high`. Zeros to start. */
typedef struct {
    uint8_t need, low, high;
} utf8_state;

/* Returns 1 while the octets fed since the start can begin a valid text. At the end, `need` must be 0. */
static inline int utf8_feed(utf8_state *state, const uint8_t *at, size_t size) {
    const uint8_t *end = at + size;
    uint8_t need = state->need, low = state->low, high = state->high;
    while (at < end) {
        uint8_t octet;
        if (need) {
            octet = *at++;
            if (octet < low || octet > high) {
                return 0;
            }
            low = 0x80;
            high = 0xBF;
            need--;
            continue;
        }
        while (end - at >= 16) {
            uint64_t words[2];
            memcpy(words, at, 16);
            if ((words[0] | words[1]) & UINT64_C(0x8080808080808080)) {
                break;
            }
            at += 16;
        }
        if (at == end) {
            break;
        }
        octet = *at++;
        if (octet < 0x80) {
            continue;
        }
        low = 0x80;
        high = 0xBF;
        if (octet < 0xC2) { /* a stray continuation, or an overlong form of two octets */
            return 0;
        } else if (octet < 0xE0) {
            need = 1;
        } else if (octet < 0xF0) {
            need = 2;
            if (octet == 0xE0) {
                low = 0xA0; /* overlong */
            } else if (octet == 0xED) {
                high = 0x9F; /* surrogates */
            }
        } else if (octet < 0xF5) {
            need = 3;
            if (octet == 0xF0) {
                low = 0x90; /* overlong */
            } else if (octet == 0xF4) {
                high = 0x8F; /* above U+10FFFF */
            }
        } else {
            return 0;
        }
    }
    state->need = need;
    state->low = low;
    state->high = high;
    return 1;
}

#endif
