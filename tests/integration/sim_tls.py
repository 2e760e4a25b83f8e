"""The simulated provider serves over TLS and breaks handshakes on command.

Usage: sim_tls.py <spillway-sim>. Standard library only; no fixed ports, no sleeps, no assertion about time.
"""

import http.client
import json
import os
import socket
import ssl
import subprocess
import tempfile
import unittest

from simulator import PATIENCE, Simulator, chat, events_of, main


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.files = [os.path.join(cls.directory.name, name) for name in ("cert.pem", "key.pem")]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                        "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-out", cls.files[0], "-keyout", cls.files[1]], check=True, capture_output=True)

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def with_sim(self, *more):
        sim = Simulator("--tls-cert", self.files[0], "--tls-key", self.files[1], *more)
        self.addCleanup(sim.stop)
        return sim

    def context(self):
        return ssl.create_default_context(cafile=self.files[0])

    def test_answers_over_tls(self):
        client = http.client.HTTPSConnection("127.0.0.1", self.with_sim().port, timeout=PATIENCE,
                                             context=self.context())
        client.request("POST", "/v1/chat/completions", json.dumps(chat("bench-sse.e3.p1ms", stream=True)))
        self.assertEqual(len(events_of(client.getresponse().read())), 5)
        client.close()

    def test_broken_handshakes(self):
        for fault in ("plain", "alert"):
            sim = self.with_sim("--tls-fault", fault)
            with socket.create_connection(("127.0.0.1", sim.port), PATIENCE) as plain, self.assertRaises(OSError):
                self.context().wrap_socket(plain, server_hostname="127.0.0.1")


if __name__ == "__main__":
    main()
