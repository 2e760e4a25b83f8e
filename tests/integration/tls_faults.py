"""Providers over TLS that must not be trusted, or that never finish: nothing of the request leaves, and the next one answers.

Usage: tls_faults.py <spillway> <spillway-sim>. Standard library and the openssl program; no fixed ports, no sleeps.
"""

import os
import pathlib
import ssl
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import case
import origin
from gateway import model, provider


class Authority:
    """A private authority in a directory, and certificates made by it."""

    def __init__(self, directory):
        self.path = pathlib.Path(directory)
        self.root = self.self_signed("root", ["-addext", "basicConstraints=critical,CA:TRUE"], "/CN=Test Root")
        self.stranger = self.self_signed("stranger", ["-addext", "basicConstraints=critical,CA:TRUE"], "/CN=Stranger")

    def run(self, *arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=self.path)

    def files(self, name):
        return str(self.path / f"{name}.pem"), str(self.path / f"{name}.key")

    def self_signed(self, name, more=(), subject="/CN=127.0.0.1"):
        certificate, key = self.files(name)
        self.run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                 "-subj", subject, *more, "-out", certificate, "-keyout", key)
        return certificate, key

    def signed(self, name, by="root", names="IP:127.0.0.1", days="2", extra="", digest="-sha256", rsa=None):
        """Signed by `by`; with negative days it has expired."""
        certificate, key = self.files(name)
        kind = ["rsa", "-pkeyopt", f"rsa_keygen_bits:{rsa}"] if rsa else ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        self.run("req", "-new", "-newkey", *kind, "-nodes", "-subj", f"/CN={name}",
                 "-out", f"{name}.csr", "-keyout", key)
        (self.path / f"{name}.ext").write_text(f"subjectAltName={names}\n{extra}")
        self.run("x509", "-req", "-in", f"{name}.csr", "-CA", f"{by}.pem", "-CAkey", f"{by}.key", "-CAcreateserial",
                 "-days", days, digest, "-extfile", f"{name}.ext", "-out", certificate)
        return certificate, key


class Listening(origin.Origin):
    """An origin that never talks TLS: keeps every octet it gets, and says `greeting`."""

    def __init__(self, greeting=b"", close=False):
        self.octets = b""
        self.greeting = greeting
        self.closes = close
        super().__init__(self.listen)

    def listen(self, peer):
        if self.greeting:
            peer.send(self.greeting)
        if self.closes:
            peer.close()
        while True:
            peer._more()
            self.octets, peer.buffer = self.octets + peer.buffer, b""


class Tls(case.GatewayCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.authority = Authority(cls.directory.name)

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def gateway_to(self, port, host="127.0.0.1"):
        self.good = self.origin(origin.answering("well"))
        root = self.authority.root[0]
        return self.start(
            "--provider", f"a,protocol=chat,url=https://{host}:{port}/v1,key=env:UPSTREAM_KEY,ca={root}",
            *provider("b", self.good.port, "priority=1"), *model("m", "a", "b"), *model("one", "a"),
            "--tls-timeout", "400ms", "--connect-timeout", "2s")

    def refused(self, one, status=502, host="127.0.0.1"):
        gateway = self.gateway_to(one.port, host)
        self.assert_whole(gateway.ask("m"), "well")
        answer = gateway.ask("one")
        self.assert_error(answer, status)
        self.assertEqual(one.requests, [])
        return answer

    def test_trusted(self):
        trusted = self.authority.signed("trusted")
        one = self.origin(origin.answering("safe"), certificate=trusted)
        gateway = self.gateway_to(one.port)
        for stream in (False, True, False):
            answer = gateway.ask(stream=stream)
            self.assert_whole(answer, "safe")
            self.assertEqual(answer["x-provider-name"], "a")
        self.assertEqual(len(one.peers), 1)
        self.assertEqual(set(one.keys), {"sk-upstream"})

    def test_certificates_that_must_not_be_trusted(self):
        a = self.authority
        a.signed("middle", extra="basicConstraints=critical,CA:TRUE\n")
        for name, files, host in [
                ("expired", a.signed("expired", days="-1"), "127.0.0.1"),
                ("wrong address", a.signed("address", names="IP:127.0.0.2"), "127.0.0.1"),
                ("wrong name", a.signed("name", names="DNS:example.com"), "localhost"),
                ("name in the subject only", a.signed("127.0.0.1", names="DNS:example.com"), "127.0.0.1"),
                ("self-signed", a.self_signed("self", ["-addext", "subjectAltName=IP:127.0.0.1"]), "127.0.0.1"),
                ("unknown issuer", a.signed("lost", by="stranger"), "127.0.0.1"),
                ("incomplete chain", a.signed("leaf", by="middle"), "127.0.0.1"),
                ("weak signature", a.signed("weak", digest="-sha1"), "127.0.0.1"),
                ("weak key", a.signed("short", rsa=1024), "127.0.0.1")]:
            with self.case(certificate=name):
                one = self.origin(origin.answering("unsafe"), certificate=files)
                answer = self.refused(one, host=host)
                self.assertIn("TLS", answer.error["message"])

    def test_a_certificate_not_yet_valid(self):
        # `openssl x509 -req` cannot; `openssl ca` takes a start date.
        a = self.authority
        a.signed("later")
        (a.path / "index").write_text("")
        (a.path / "serial").write_text("1000\n")
        (a.path / "ca.cnf").write_text(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n"
            "[p]\ncommonName=supplied\n[x]\nsubjectAltName=IP:127.0.0.1\n")
        a.run("ca", "-batch", "-config", "ca.cnf", "-cert", "root.pem", "-keyfile", "root.key", "-in", "later.csr",
              "-out", "later.pem", "-startdate", "20900101000000Z", "-enddate", "20910101000000Z", "-extensions", "x",
              "-notext")
        self.refused(self.origin(origin.answering("unsafe"), certificate=a.files("later")))

    def test_old_versions(self):
        for name, version in [("1.0", ssl.TLSVersion.TLSv1), ("1.1", ssl.TLSVersion.TLSv1_1)]:
            with self.case(version=name):
                one = self.origin(origin.answering("old"), certificate=self.authority.signed("old"))
                one._tls.minimum_version = one._tls.maximum_version = version
                self.refused(one)

    def test_tls_1_2_is_enough(self):
        one = self.origin(origin.answering("safe"), certificate=self.authority.signed("enough"))
        one._tls.maximum_version = ssl.TLSVersion.TLSv1_2
        self.assert_whole(self.gateway_to(one.port).ask("one"), "safe")

    def test_peers_that_talk_no_tls(self):
        plain = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
        alert = b"\x15\x03\x03\x00\x02\x02\x28"
        for name, greeting, close, status in [
                ("plain HTTP", plain, False, 502), ("alert", alert, False, 502), ("closes", b"", True, 502),
                ("hangs", b"", False, 504), ("garbage", b"\xff" * 200, False, 502)]:
            with self.case(peer=name):
                one = Listening(greeting, close)
                self.addCleanup(one.stop)
                self.refused(one, status)
                for secret in (b"sk-upstream", b"POST", b"chat/completions", b"Hello there"):
                    self.assertNotIn(secret, one.octets)

    def test_a_stream_cut_without_close_notify_never_looks_whole(self):
        def script(peer):
            peer.read_request()
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + origin.event("one"))
            peer.close()
        one = self.origin(script, certificate=self.authority.signed("cut"))
        answer = self.gateway_to(one.port).ask("one", stream=True)
        self.assert_cut(answer)

    def test_a_whole_answer_until_close_needs_close_notify(self):
        # The connection's end is the body's end: an attacker who cuts it must not shorten the answer.
        body = origin.completion("looks whole")
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
        for polite in (True, False):
            with self.case(close_notify=polite):
                def script(peer, says_goodbye=polite):
                    peer.read_request()
                    peer.send(head + body)
                    if says_goodbye:
                        try:
                            peer.socket.unwrap()
                        except (OSError, ssl.SSLError):
                            pass
                    peer.close()
                one = self.origin(script, certificate=self.authority.signed("end"))
                answer = self.gateway_to(one.port).ask("m")
                self.assert_whole(answer, "looks whole" if polite else "well")

    def test_stale_connections_over_tls(self):
        def script(peer):
            peer.read_request()
            if peer.served == 2:
                peer.close()
            peer.answer("fresh")
        one = self.origin(script, certificate=self.authority.signed("stale"))
        gateway = self.gateway_to(one.port)
        for _ in range(2):
            answer = gateway.ask("m")
            self.assert_whole(answer, "fresh")
        self.assertEqual(self.good.requests, [])


if __name__ == "__main__":
    case.main("tls_faults")
