// What a fuzz target says when a property does not hold. Ends the process, which is what libFuzzer waits for.
#pragma once

#include <cstdio>
#include <cstdlib>

#define FUZZ_CHECK(property)                                                                       \
    do {                                                                                           \
        if (!(property)) {                                                                         \
            std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #property);     \
            std::abort();                                                                          \
        }                                                                                          \
    } while (false)
