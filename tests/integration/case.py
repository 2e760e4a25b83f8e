"""What every file of tests here shares: a case that owns programs and origins, and a main that counts cases."""

import sys
import unittest

import gateway
import origin


class GatewayCase(unittest.TestCase):
    count = 0

    def run(self, result=None):
        GatewayCase.count += 1
        return super().run(result)

    def case(self, **about):
        """One of several within a test; counted."""
        GatewayCase.count += 1
        return self.subTest(**about)

    def start(self, *flags, **more):
        made = gateway.Gateway(*flags, **more)
        self.addCleanup(made.stop)
        return made

    def origin(self, script=None, **more):
        made = origin.Origin(script, **more)
        self.addCleanup(made.stop)
        return made

    def simulator(self, *flags):
        made = gateway.Simulator(*flags)
        self.addCleanup(made.stop)
        return made

    def two(self, first, second=None, *flags, **more):
        """Model "m" at two origins, the second only for what the first does not serve; model "one" at the first."""
        self.first = self.origin(first)
        self.second = self.origin(second or origin.answering("second"))
        return self.start(*gateway.provider("a", self.first.port), *gateway.provider("b", self.second.port, "priority=1"),
                          *gateway.model("m", "a", "b"), *gateway.model("one", "a"), *flags, **more)

    def one(self, script, *flags, **more):
        """Model "m" at one origin."""
        self.only = self.origin(script)
        return self.start(*gateway.provider("a", self.only.port), *gateway.model("m", "a"), *flags, **more)

    # Assertions

    def assert_whole(self, answer, text=None):
        self.assertEqual((answer.status, answer.whole), (200, True), answer.body)
        if answer.is_stream:
            self.assertTrue(answer.is_done, answer.body)
        if text is not None:
            self.assertEqual(answer.text, text)

    def assert_error(self, answer, status):
        self.assertEqual(answer.status, status, answer.body)
        self.assertTrue(answer.whole)
        self.assertEqual(answer["content-type"], "application/json")
        self.assertEqual(answer.error["code"], status)
        self.assertTrue(answer.error["message"])
        self.assertTrue(answer.error["type"])

    def assert_cut(self, answer):
        """Begun well, and nobody can take it for a whole answer."""
        self.assertEqual(answer.status, 200)
        self.assertFalse(answer.whole, answer.body)
        if answer.is_stream:
            self.assertFalse(answer.is_done, answer.body)


def main(name):
    if len(sys.argv) < 3:
        sys.exit(f"usage: {name} <spillway> <spillway-sim> [test]...")
    gateway.Gateway.executable, gateway.Simulator.executable = sys.argv[1:3]
    del sys.argv[1:3]
    ran = unittest.main(module="__main__", exit=False, warnings="ignore")
    print(f"{name}: {GatewayCase.count} cases", flush=True)
    sys.exit(not ran.result.wasSuccessful())
