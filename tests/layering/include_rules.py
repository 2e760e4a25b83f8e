"""Who may include whom, as two tables. A change here is a change of the architecture: give the reason in DECISIONS.md.

A room is a folder of ours (or one of the few files that lie beside the rooms of proxy/). ROOMS lists what a room may
include of ours, itself aside. LIBRARIES lists, for a prefix of a third-party header, the places that may name it; a
place is a path prefix, with `*` for any name, and the longest prefix of a header decides.
"""

QUIET = ["adapters", "routing"]
LOWER = ["proxy/base", "proxy/wire", "proxy/net"]
HALL = [*LOWER, "proxy/upstream", "proxy/credentials", "proxy/observe", "proxy/ledger", "proxy/cache"]

ROOMS = {
    "routing": [],
    "adapters": [],
    "proxy/base": [],
    "proxy/wire": ["proxy/base"],
    "proxy/observe": ["proxy/base"],
    "proxy/ledger": ["proxy/base"],
    "proxy/cache": ["proxy/base"],
    "proxy/net": ["proxy/base", "proxy/wire"],
    "proxy/upstream": LOWER,
    "proxy/credentials": [*LOWER, "proxy/upstream", *QUIET],
    "proxy/flow": [*HALL, *QUIET],
    "proxy/server": [*HALL, "proxy/flow", *QUIET],
    "proxy/admin": [*LOWER, "proxy/observe", "proxy/ledger", "routing"],
    "proxy/options": ["proxy/base", "proxy/wire", *QUIET],
    "proxy/lender_book": [*HALL, "proxy/options", *QUIET],
    "proxy/deployment_builder": [*HALL, "proxy/flow", "proxy/lender_book", "proxy/options", *QUIET],
    "proxy/process": [*HALL, "proxy/flow", "proxy/server", "proxy/admin", "proxy/options", "proxy/deployment_builder",
                      *QUIET],
    "proxy/main": ["proxy/base", "proxy/observe", "proxy/options", "proxy/deployment_builder", "proxy/process", "routing"],
    "bench": ["proxy", *QUIET],
    "tests": ["proxy", "bench", *QUIET],
}

# Where our own code stands, as places.
OUTSIDE = ["tests/", "bench/"]
EVERYWHERE = ["proxy/", "adapters/", "routing/", *OUTSIDE]
HALL_WITH_ASIO = ["proxy/net/", "proxy/upstream/", "proxy/flow/", "proxy/server/", "proxy/admin/", "proxy/process"]

LIBRARIES = {
    # The vocabulary of every room.
    "boost/system/": EVERYWHERE,
    "boost/assert/source_location.hpp": EVERYWHERE,  # in the signatures of Boost.System
    "boost/throw_exception.hpp": EVERYWHERE,
    "fmt/": ["proxy/", "adapters/", *OUTSIDE],
    # What waits.
    "boost/asio/": [*HALL_WITH_ASIO, *OUTSIDE],
    "boost/asio.hpp": [],
    "boost/beast/": ["proxy/admin/*.cpp", "proxy/net/asio_impl.cpp", *OUTSIDE],
    # adapters: only to sign what is sent to Amazon.
    "openssl/": ["proxy/net/*.cpp", "adapters/protocols/converse/sigv4.cpp", "tests/*.cpp", "bench/*.cpp"],
    "openssl/types.h": ["proxy/net/", *OUTSIDE],  # forward declarations only
    # Heavy readers and writers, never in a header.
    "simdjson": ["adapters/*.cpp", "tests/*.cpp", "bench/*.cpp"],
    "boost/program_options": ["proxy/options/*.cpp", "bench/*.cpp"],
    "boost/json": ["proxy/options/catalog_file.cpp", "proxy/options/json_impl.cpp", *OUTSIDE],
    "boost/crc.hpp": OUTSIDE,
    "zlib.h": ["proxy/flow/*.cpp", "proxy/wire/*.cpp", "tests/*.cpp", "bench/*.cpp"],
    "sqlite3.h": ["proxy/ledger/*.cpp", "tests/*.cpp"],
    "libpq-fe.h": ["proxy/ledger/*.cpp", "tests/*.cpp"],
    # Operations of the processor.
    "immintrin.h": ["adapters/json/", "proxy/", *OUTSIDE],
    "emmintrin.h": ["adapters/json/", "proxy/", *OUTSIDE],
    # Containers that pay for themselves on the request path.
    "boost/container/": ["proxy/", *OUTSIDE],
    "boost/intrusive/": ["proxy/", *OUTSIDE],
    "boost/unordered/": ["proxy/", *OUTSIDE],
    "boost/test/": ["tests/"],
}

# Headers of the kernel and the C library: where octets are moved, never in a quiet room.
SYSTEM_PLACES = ["proxy/", *OUTSIDE]

# Standard headers that are slow, missing in one of our compilers, or replaced by something of ours.
BANNED_STANDARD = {
    "regex": [],
    "format": [],
    "print": [],
    "expected": [],
    "generator": [],
    "iostream": OUTSIDE,
}
