/* Masking of RFC 6455 section 5.3: copy octets while XORing them with a four-octet key.

   Portable by words; with GCC or Clang by the target's vectors, and on x86 by AVX2 where the processor has it,
   chosen at run time.
   Destination and source are the same, or do not overlap. Each function returns non-zero when an octet
   that it wrote is not ASCII, so that text can be masked straight into a string. */

#ifndef AIOHTTP_CORE_MASK_H
#define AIOHTTP_CORE_MASK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MASK_HIGH_BITS UINT64_C(0x8080808080808080)

/* The key as it starts `shift` octets later. */
static inline uint32_t mask_rotate(uint32_t key, size_t shift) {
    uint8_t octets[8];
    uint32_t rotated;
    memcpy(octets, &key, 4);
    memcpy(octets + 4, &key, 4);
    memcpy(&rotated, octets + (shift & 3), 4);
    return rotated;
}

#if defined(__GNUC__) && !defined(MASK_NO_VECTORS)
/* 16 octets at once: SSE2, NEON and their like, as the compiler's own vectors. */
typedef uint64_t mask_wide __attribute__((vector_size(16)));
#define MASK_WIDE(word) ((mask_wide){(word), (word)})
#define MASK_NARROW(wide) ((wide)[0] | (wide)[1])
#else
typedef uint64_t mask_wide;
#define MASK_WIDE(word) (word)
#define MASK_NARROW(wide) (wide)
#endif
#define MASK_STEP (4 * sizeof(mask_wide))

static inline uint64_t mask_portable(uint8_t *to, const uint8_t *from, size_t size, uint32_t key) {
    const uint64_t wide = ((uint64_t)key << 32) | key;
    uint64_t seen = 0;
    uint64_t a;
    if (size >= MASK_STEP) {
        const mask_wide keys = MASK_WIDE(wide);
        mask_wide high = MASK_WIDE(0);
        mask_wide b, c, d, e;
        do {
            memcpy(&b, from, sizeof b);
            memcpy(&c, from + sizeof b, sizeof b);
            memcpy(&d, from + 2 * sizeof b, sizeof b);
            memcpy(&e, from + 3 * sizeof b, sizeof b);
            b ^= keys;
            c ^= keys;
            d ^= keys;
            e ^= keys;
            high |= (b | c) | (d | e);
            memcpy(to, &b, sizeof b);
            memcpy(to + sizeof b, &c, sizeof b);
            memcpy(to + 2 * sizeof b, &d, sizeof b);
            memcpy(to + 3 * sizeof b, &e, sizeof b);
            to += MASK_STEP;
            from += MASK_STEP;
            size -= MASK_STEP;
        } while (size >= MASK_STEP);
        seen = MASK_NARROW(high);
    }
    while (size >= 8) {
        memcpy(&a, from, 8);
        a ^= wide;
        seen |= a;
        memcpy(to, &a, 8);
        to += 8;
        from += 8;
        size -= 8;
    }
    if (size) {
        uint8_t octets[8];
        memcpy(octets, &wide, 8);
        for (size_t i = 0; i < size; i++) {
            uint8_t octet = (uint8_t)(from[i] ^ octets[i]);
            seen |= octet;
            to[i] = octet;
        }
    }
    return seen & MASK_HIGH_BITS;
}

#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
#define MASK_HAVE_AVX2 1
#include <immintrin.h>

#define MASK_AVX2_FROM 256 /* octets below which 16 at once are as fast */

__attribute__((target("avx2")))
static inline uint64_t mask_avx2(uint8_t *to, const uint8_t *from, size_t size, uint32_t key) {
    uint64_t seen = 0;
    /* Aligned stores matter once data leaves the first cache level. */
    size_t head = (size_t)(-(intptr_t)to) & 31;
    if (head) {
        seen = mask_portable(to, from, head, key);
        to += head;
        from += head;
        size -= head;
        key = mask_rotate(key, head);
    }
    const __m256i wide = _mm256_set1_epi32((int)key);
    __m256i high = _mm256_setzero_si256();
    while (size >= 128) {
        __m256i a = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)from), wide);
        __m256i b = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(from + 32)), wide);
        __m256i c = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(from + 64)), wide);
        __m256i d = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(from + 96)), wide);
        high = _mm256_or_si256(high, _mm256_or_si256(_mm256_or_si256(a, b), _mm256_or_si256(c, d)));
        _mm256_store_si256((__m256i *)to, a);
        _mm256_store_si256((__m256i *)(to + 32), b);
        _mm256_store_si256((__m256i *)(to + 64), c);
        _mm256_store_si256((__m256i *)(to + 96), d);
        to += 128;
        from += 128;
        size -= 128;
    }
    seen |= (uint64_t)(uint32_t)_mm256_movemask_epi8(high);
    return seen | mask_portable(to, from, size, key);
}
#endif

static int mask_has_avx2 = 0;

/* Called once, when the module is imported. Returns whether vectors are used. */
static inline int mask_choose(void) {
#ifdef MASK_HAVE_AVX2
    __builtin_cpu_init();
    mask_has_avx2 = __builtin_cpu_supports("avx2") != 0;
#endif
    return mask_has_avx2;
}

static inline uint64_t mask_octets(uint8_t *to, const uint8_t *from, size_t size, uint32_t key) {
#ifdef MASK_HAVE_AVX2
    if (size >= MASK_AVX2_FROM && mask_has_avx2) {
        return mask_avx2(to, from, size, key);
    }
#endif
    return mask_portable(to, from, size, key);
}

#endif
