"""One client of Python's through the gateway, towards providers of every protocol: dialects/cases.py holds the cases,
dialects/NAME.py how the client says them. run_dialects.py sets the environment; see README.md.
"""
import functools
import importlib
import os
import unittest

from dialects.cases import CASES, GENERAL

URL, KEY = os.environ["SPILLWAY_URL"], os.environ["SDK_CLIENT_KEY"]
PROTOCOLS = os.environ["SPILLWAY_PROTOCOLS"].split()
MODULE = importlib.import_module(f"dialects.{os.environ['SPILLWAY_CLIENT']}")


@functools.cache
def connected(key):
    return MODULE.connect(URL, key)


def reason_not(case, protocol):
    return case.cannot.get(protocol) or MODULE.CANNOT.get(f"{case.name}, {protocol}") or MODULE.CANNOT.get(case.name)


class Dialect(unittest.TestCase):
    """Its cases are added below, each under its own name."""

    def __str__(self):
        return f"{MODULE.NAME}: {self._testMethodName}"


def add(name, case, protocol, run):
    def test(self):
        client = connected(KEY)
        if not hasattr(client, case.needs):
            self.skipTest(f"the client has no {case.needs}()")
        if reason := reason_not(case, protocol):
            self.skipTest(reason)
        run(self, client)
    setattr(Dialect, name, test)


for one in GENERAL:
    add(f"test: {one.name}", one, None,
        lambda self, client, one=one: one.run(self, client, connected("not-a-key")))
for upstream in PROTOCOLS:
    for one in CASES:
        add(f"test {upstream}: {one.name}", one, upstream,
            lambda self, client, one=one, upstream=upstream: one.run(self, client, f"{one.word}.{upstream}"))

if __name__ == "__main__":
    unittest.main()
