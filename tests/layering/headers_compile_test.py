#!/usr/bin/env python3
"""The check itself: which headers need a compiler, and when they need it again.

usage: headers_compile_test.py COMPILER
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).with_name("headers_compile.py")
COMPILER = sys.argv.pop() if len(sys.argv) > 1 else "g++"


class HeadersCompile(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.place.name)
        (self.root / "proxy").mkdir()
        self.write("proxy/whole.hpp", "#pragma once\ninline int whole() { return 1; }\n")
        self.write("proxy/user.hpp", '#pragma once\n#include "proxy/whole.hpp"\ninline int user() { return whole(); }\n')
        self.write("proxy/proven.hpp", "#pragma once\n")
        self.write("proxy/proven.cpp", '#include "proxy/proven.hpp"\n')
        self.entries("proxy/proven.cpp", "")

    def tearDown(self):
        self.place.cleanup()

    def write(self, name, text):
        (self.root / name).write_text(text)

    def entries(self, source, extra):
        command = f"{COMPILER} -I{self.root} {extra} -o x.o -c {self.root / source}"
        self.write("compile_commands.json", json.dumps([{"file": str(self.root / source), "command": command}]))

    def run_check(self):
        done = subprocess.run([sys.executable, CHECK, self.root, self.root], capture_output=True, text=True)
        return done.returncode, done.stdout

    def test_whole_headers_pass_and_are_remembered(self):
        self.assertEqual((0, "3 headers: 1 proven by their own source, 2 compiled now, "
                             "0 unchanged since they passed, 0 wrong\n"), self.run_check())
        self.assertIn("0 compiled now, 2 unchanged", self.run_check()[1])

    def test_a_changed_dependency_is_looked_at_again(self):
        self.run_check()
        self.write("proxy/whole.hpp", "#pragma once\ninline int other() { return 1; }\n")
        status, said = self.run_check()
        self.assertEqual(1, status)
        self.assertIn("proxy/user.hpp does not compile alone", said)
        self.assertNotIn("proxy/whole.hpp does not", said)

    def test_a_failure_is_not_remembered(self):
        self.write("proxy/broken.hpp", "#pragma once\nstd::string broken();\n")
        for _ in range(2):
            self.assertEqual(1, self.run_check()[0])

    def test_a_precompiled_header_proves_nothing(self):
        self.entries("proxy/proven.cpp", "-include cmake_pch.hxx")
        self.assertIn("0 proven by their own source, 3 compiled now", self.run_check()[1])


if __name__ == "__main__":
    unittest.main()
