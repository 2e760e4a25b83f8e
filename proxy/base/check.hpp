// Broken invariants. Never for bytes from a network.
#pragma once

#include <cstdio>
#include <cstdlib>

#define SPILLWAY_CHECK(condition)                                                                  \
    do {                                                                                           \
        if (!(condition)) [[unlikely]] {                                                           \
            std::fprintf(stderr, "%s:%d: broken invariant: %s\n", __FILE__, __LINE__, #condition); \
            std::abort();                                                                          \
        }                                                                                          \
    } while (false)

#if defined(NDEBUG)
#    define SPILLWAY_ASSERT(condition) ((void)0)
#else
#    define SPILLWAY_ASSERT(condition) SPILLWAY_CHECK(condition)
#endif
