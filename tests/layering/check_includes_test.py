#!/usr/bin/env python3
"""The check itself: edges that it must refuse and edges that it must allow."""
import unittest

from check_includes import check_tree

# file → (text, part of the complaint, or None where the file is in order)
CASES = {
    "up the hall": ("proxy/wire/a.cpp", '#include "proxy/net/stream.hpp"', "proxy/wire may not include proxy/net"),
    "down the hall": ("proxy/net/a.cpp", '#include "proxy/wire/head.hpp"', None),
    "flow speaks both": ("proxy/flow/a.cpp", '#include "adapters/json/w.hpp"\n#include "routing/plan.hpp"', None),
    "upstream does not route": ("proxy/upstream/a.cpp", '#include "routing/plan.hpp"', "may not include routing"),
    "quiet rooms are siblings": ("adapters/chat/a.cpp", '#include "routing/plan.hpp"', "may not include routing"),
    "quiet rooms know no hall": ("routing/a.hpp", '#pragma once\n#include "proxy/wire/head.hpp"', "may not include"),
    "the gateway holds no fake": ("proxy/server/a.cpp", '#include "bench/sim/fault.hpp"', "may not include bench"),
    "a test sees everything": ("tests/a.cpp", '#include "bench/sim/fault.hpp"\n#include "proxy/net/stream.hpp"', None),
    "file beside the rooms": ("proxy/process.cpp", '#include "proxy/net/stream.hpp"', None),
    "main only starts": ("proxy/main.cpp", '#include "proxy/net/stream.hpp"', "proxy/main may not include proxy/net"),
    "unknown room": ("proxy/attic/a.cpp", "", "no room"),
    "relative include": ("proxy/net/a.cpp", '#include "stream.hpp"', "names no file"),
    "ours in angle brackets": ("proxy/net/a.cpp", "#include <proxy/wire/head.hpp>", "with quotes"),
    "asio in base": ("proxy/base/a.cpp", "#include <boost/asio/io_context.hpp>", "may not be included here"),
    "asio in flow": ("proxy/flow/a.cpp", "#include <boost/asio/io_context.hpp>", None),
    "all of asio": ("proxy/net/a.cpp", "#include <boost/asio.hpp>", "may not be included here"),
    "asio in a quiet room": ("routing/a.cpp", "#include <boost/asio/post.hpp>", "may not be included here"),
    "openssl in a header": ("proxy/net/a.hpp", "#pragma once\n#include <openssl/ssl.h>", "may not be included here"),
    "openssl's names in a header": ("proxy/net/a.hpp", "#pragma once\n#include <openssl/types.h>", None),
    "openssl in a source": ("proxy/net/a.cpp", "#include <openssl/ssl.h>", None),
    "simdjson in a header": ("adapters/json/a.hpp", "#pragma once\n#include <simdjson.h>", "may not be included"),
    "simdjson in a source": ("adapters/json/a.cpp", "#include <simdjson.h>", None),
    "simdjson in the hall": ("proxy/flow/a.cpp", "#include <simdjson.h>", "may not be included here"),
    "beast in the hall": ("proxy/server/a.cpp", "#include <boost/beast/http.hpp>", "may not be included here"),
    "beast in admin": ("proxy/admin/a.cpp", "#include <boost/beast/http.hpp>", None),
    "options read flags": ("proxy/options/table.cpp", "#include <boost/program_options.hpp>", None),
    "nobody else does": ("proxy/process.cpp", "#include <boost/program_options.hpp>", "may not be included here"),
    "an unlisted library": ("proxy/net/a.cpp", "#include <boost/spirit/home/x3.hpp>", "no room may use"),
    "fmt in routing": ("routing/a.cpp", "#include <fmt/format.h>", "may not be included here"),
    "the kernel in a quiet room": ("adapters/a.cpp", "#include <sys/socket.h>", "may not be included here"),
    "banned standard header": ("proxy/base/a.cpp", "#include <regex>", "may not be included here"),
    "iostream in a test": ("tests/a.cpp", "#include <iostream>", None),
    "commented out": ("routing/a.cpp", "/*\n#include <regex>\n*/\n// #include <regex>\n#include <vector>", None),
    "spaced": ("routing/a.cpp", "  #  include   <regex>", "may not be included here"),
    "no pragma": ("routing/a.hpp", "#include <vector>", "no #pragma once"),
    "own header not first": ("proxy/wire/head.cpp", '#include <vector>\n#include "proxy/wire/head.hpp"', "first include"),
    "own header first": ("proxy/wire/head.cpp", '#include "proxy/wire/head.hpp"\n#include <vector>', None),
}

SURROUNDINGS = {
    path: "#pragma once\n"
    for path in ("proxy/wire/head.hpp", "proxy/net/stream.hpp", "adapters/json/w.hpp", "routing/plan.hpp",
                 "bench/sim/fault.hpp")
}


class Includes(unittest.TestCase):
    def test_edges(self):
        for name, (path, text, wanted) in CASES.items():
            with self.subTest(name):
                complaints = check_tree({**SURROUNDINGS, path: text})
                if wanted is None:
                    self.assertEqual([], complaints)
                else:
                    self.assertEqual(1, len(complaints), complaints)
                    self.assertIn(wanted, complaints[0])

    def test_names_the_line(self):
        self.assertEqual(["routing/a.cpp:3: <regex> may not be included here"],
                         check_tree({"routing/a.cpp": "\n\n#include <regex>\n"}))


if __name__ == "__main__":
    unittest.main()
