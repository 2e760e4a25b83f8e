"""Credentials that change with time: Google's service accounts and Amazon's temporary keys, through the real gateway to the
simulated provider, and to scripted endpoints where the simulator is too well-behaved.

Usage: credentials.py <spillway> <spillway-sim>. Standard library and the openssl program; no fixed ports, no sleeps.
"""

import base64
import datetime
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import urllib.parse

import case
import gateway
import origin

PUBLIC = "https://oauth2.googleapis.com/token"
SECRET_WORDS = ("PRIVATE KEY", "ya29.", "eyJ")


class Endpoint(origin.Origin):
    """Answers one question a connection with what `say(n)` gives for the n-th: (status, object)."""

    def __init__(self, say):
        self.say = say
        super().__init__(self._serve_one)

    def _serve_one(self, peer):
        peer.read_request()
        status, answer = self.say(len(self.requests))
        body = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        peer.send(f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
                  "Connection: close\r\n\r\n".encode() + body)
        peer.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/token"


def token(number, life=3600):
    return 200, {"access_token": f"ya29.t{number}", "expires_in": life, "token_type": "Bearer"}


def generate():
    return {"candidates": [{"content": {"role": "model", "parts": [{"text": "hello"}]}, "finishReason": "STOP"}],
            "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 2}}


def vertex(good=lambda key: True):
    """Vertex AI as far as these cases need it: every token that is `good` opens it."""
    def script(peer):
        request = peer.read_request()
        body = json.dumps(generate() if good(request.key) else {
            "error": {"code": 401, "message": "Request had invalid authentication credentials.",
                      "status": "UNAUTHENTICATED"}}).encode()
        peer.send(f"HTTP/1.1 {200 if good(request.key) else 401} X\r\nContent-Type: application/json\r\n"
                  f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return script


class CredentialsCase(case.GatewayCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.key = pathlib.Path(cls.directory.name, "key.pem")
        subprocess.run(["openssl", "genrsa", "-out", cls.key, "2048"], check=True, capture_output=True)

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def write(self, name, text):
        path = pathlib.Path(self.directory.name, name)
        path.write_text(text, encoding="ascii")
        return str(path)

    def account(self, name="account.json", **changed):
        return self.write(name, json.dumps({
            "type": "service_account", "project_id": "p1", "private_key_id": "k1", "client_email": "a@p1.example.com",
            "private_key": self.key.read_text("ascii"), "token_uri": PUBLIC, **changed}))

    def provider(self, port, *more, name="google-vertex", path="/v1/projects/p1/locations/l1"):
        return ["--provider", ",".join([name, f"url=http://127.0.0.1:{port}{path}", *more])]

    def vertex(self, upstream, endpoint, *flags, **more):
        """Model "m" at a scripted Vertex, tokens from a scripted endpoint."""
        self.upstream, self.endpoint = upstream, endpoint
        self.addCleanup(endpoint.stop)
        return self.start(*self.provider(upstream.port, "credentials=file:" + self.account(), "token-url=" + endpoint.url),
                          *gateway.model("m", "google-vertex"), *flags, **more)

    def assert_secret(self, *texts):
        for text in texts:
            for word in SECRET_WORDS:
                self.assertNotIn(word, text)


class ServiceAccount(CredentialsCase):
    def test_a_signed_grant_opens_vertex(self):
        path = self.account()
        sim = self.simulator("--service-account", path)
        made = self.start(*self.provider(sim.port, "credentials=file:" + path, f"token-url=http://127.0.0.1:{sim.port}/token"),
                          *gateway.model("m", "google-vertex:echo"))
        for stream in (False, True):
            self.assert_whole(made.ask(stream=stream))
        made.wait_for_log("credentials of google-vertex: good for 3600 s")
        self.assert_secret(made.log)

    def test_the_usual_variable_names_the_account_and_its_project(self):
        def claude(peer):
            peer.read_request()
            body = json.dumps({"id": "msg_vrtx_1", "type": "message", "role": "assistant", "model": "claude",
                               "content": [{"type": "text", "text": "hello"}], "stop_reason": "end_turn",
                               "usage": {"input_tokens": 1, "output_tokens": 1}}).encode()
            peer.send(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

        upstream, endpoint = self.origin(claude), Endpoint(lambda n: token(n))
        self.addCleanup(endpoint.stop)
        made = self.start(*self.provider(upstream.port, "token-url=" + endpoint.url, name="google-vertex-claude",
                                         path="/v1/projects/{project}/locations/{region}"),
                          *gateway.model("m", "google-vertex-claude:claude-sonnet-4"),
                          env={"GOOGLE_APPLICATION_CREDENTIALS": self.account(), "GOOGLE_CLOUD_LOCATION": "l2"})
        self.assert_whole(made.ask(), "hello")
        self.assertEqual(upstream.requests[0].key, "ya29.t1")
        self.assertEqual(upstream.requests[0].line, "POST /v1/projects/p1/locations/l2/publishers/anthropic/models/"
                         "claude-sonnet-4:rawPredict HTTP/1.1")

    def test_a_key_that_is_not_the_accounts_is_told_and_refused(self):
        path = self.account()
        sim = self.simulator("--service-account", path)
        other = pathlib.Path(self.directory.name, "other.pem")
        subprocess.run(["openssl", "genrsa", "-out", other, "2048"], check=True, capture_output=True)
        wrong = self.account("wrong.json", private_key=other.read_text("ascii"))
        made = self.start(*self.provider(sim.port, "credentials=file:" + wrong,
                                         f"token-url=http://127.0.0.1:{sim.port}/token"),
                          *gateway.model("m", "google-vertex:echo"))
        made.wait_for_log("credentials of google-vertex: the token endpoint answered 400 invalid_grant")
        answer = made.ask()
        self.assertGreaterEqual(answer.status, 500)
        self.assertIn("credentials could not be obtained", answer.error["message"])
        self.assert_secret(made.log, str(answer.body))

    def test_the_grant_names_account_audience_and_scope(self):
        made = self.vertex(self.origin(vertex()), Endpoint(lambda n: token(n)))
        self.assert_whole(made.ask())
        form = urllib.parse.parse_qs(self.endpoint.requests[0].body.decode())
        self.assertEqual(form["grant_type"], ["urn:ietf:params:oauth:grant-type:jwt-bearer"])
        text, _, signature = form["assertion"][0].rpartition(".")
        decode = lambda part: base64.urlsafe_b64decode(part + "==")
        header, claims = (json.loads(decode(part)) for part in text.split("."))
        self.assertEqual(header, {"alg": "RS256", "typ": "JWT", "kid": "k1"})
        self.assertEqual((claims["iss"], claims["aud"], claims["exp"] - claims["iat"]), ("a@p1.example.com", PUBLIC, 3600))
        self.assertEqual(claims["scope"], "https://www.googleapis.com/auth/cloud-platform")
        public = self.write("public.pem", subprocess.run(["openssl", "rsa", "-in", self.key, "-pubout"], check=True,
                                                         capture_output=True, text=True).stdout)
        proof = pathlib.Path(self.directory.name, "signature")
        proof.write_bytes(decode(signature))
        subprocess.run(["openssl", "dgst", "-sha256", "-verify", public, "-signature", proof], input=text.encode(), check=True,
                       capture_output=True)

    def test_tokens_are_renewed_before_their_end_and_no_request_waits_for_it(self):
        made = self.vertex(self.origin(vertex()), Endpoint(lambda n: token(n, 1)))
        self.assert_whole(made.ask())
        gateway.until(lambda: len(self.endpoint.requests) >= 3, "the third grant")
        gateway.until(lambda: self.assert_whole(made.ask()) or self.upstream.requests[-1].key not in ("ya29.t1", "ya29.t2"),
                      "a renewed token in use")
        self.assertEqual(made.log.count("credentials of google-vertex"), 1)  # the first; renewals are no news

    def test_one_question_for_many_requests(self):
        held = threading.Event()
        made = self.vertex(self.origin(vertex()), Endpoint(lambda n: held.wait(gateway.PATIENCE) and token(n)))
        clients = [made.connect() for _ in range(8)]
        for one in clients:
            one.ask("m")
        gateway.until(lambda: self.endpoint.requests, "the question")
        held.set()
        for one in clients:
            self.assert_whole(one.read_answer())
            one.close()
        self.assertEqual(len(self.endpoint.requests), 1)

    def test_a_token_that_is_refused_is_renewed_once_and_the_request_goes_on(self):
        made = self.vertex(self.origin(vertex(lambda key: key != "ya29.t1")), Endpoint(lambda n: token(n)))
        self.assert_whole(made.ask())
        self.assertEqual([one.key for one in self.upstream.requests], ["ya29.t1", "ya29.t2"])
        self.assertEqual(len(self.endpoint.requests), 2)

    def test_refused_for_good_is_an_error_and_no_flood(self):
        made = self.vertex(self.origin(vertex(lambda key: False)), Endpoint(lambda n: token(n)))
        for _ in range(3):
            answer = made.ask()
            self.assertGreaterEqual(answer.status, 500)
            self.assert_secret(str(answer.body))
        self.assertEqual(len(self.endpoint.requests), 2)

    def test_what_is_valid_stays_in_use_while_renewals_fail(self):
        takes = {"all": True}
        made = self.vertex(self.origin(vertex(lambda key: takes["all"])),
                           Endpoint(lambda n: token(n) if n == 1 else (503, "busy")))
        self.assert_whole(made.ask())
        # A refusal asks for another token, in vain; the next request uses the one that is still valid.
        takes["all"] = False
        self.assertGreaterEqual(made.ask().status, 500)
        made.wait_for_log("the token endpoint answered 503")
        takes["all"] = True
        gateway.until(lambda: made.ask().status == 200, "an answer with the old token")
        self.assertEqual(self.upstream.requests[-1].key, "ya29.t1")

    def test_an_endpoint_that_comes_back_heals_the_account(self):
        made = self.vertex(self.origin(vertex()), Endpoint(lambda n: (500, "no") if n == 1 else token(n)))
        made.wait_for_log("the token endpoint answered 500")
        gateway.until(lambda: made.ask().status == 200, "an answer")

    def test_another_provider_serves_meanwhile(self):
        other = self.origin(origin.answering("other"))
        endpoint = Endpoint(lambda n: (500, "no"))
        self.addCleanup(endpoint.stop)
        made = self.start(*self.provider(1, "credentials=file:" + self.account(), "token-url=" + endpoint.url),
                          *gateway.provider("b", other.port, "priority=1"), *gateway.model("m", "google-vertex", "b"))
        made.wait_for_log("the token endpoint answered 500")
        self.assert_whole(made.ask(), "other")

    def test_a_reload_keeps_the_token_of_the_same_account(self):
        made = self.vertex(self.origin(vertex()), Endpoint(lambda n: token(n)))
        self.assert_whole(made.ask())
        made.signal(signal.SIGHUP)
        made.wait_for_log("reloaded")
        self.assert_whole(made.ask())
        self.assertEqual(len(self.endpoint.requests), 1)
        start = len(made.log)
        self.account(private_key_id="k2")
        made.signal(signal.SIGHUP)
        made.wait_for_log("reloaded", start)
        gateway.until(lambda: self.assert_whole(made.ask()) or self.upstream.requests[-1].key == "ya29.t2", "the new token")

    def test_a_file_that_is_no_key_file_is_a_fault_of_the_configuration(self):
        for make, why in ((lambda: self.account("bad.json", private_key="x"), "no RSA key"),
                          (lambda: self.account("bad.json", type="authorized_user"), "not service_account"),
                          (lambda: self.write("bad.json", "{"), "no JSON object")):
            with self.case(why=why):
                done = subprocess.run(
                    [gateway.Gateway.executable, "--check", "--auth", "off", "--no-env-providers",
                     *self.provider(1, "credentials=file:" + make()), *gateway.model("m", "google-vertex")],
                    capture_output=True, text=True, env={"PATH": os.environ["PATH"]}, check=False)
                self.assertEqual(done.returncode, 1)
                self.assertIn(why, done.stderr)
                self.assert_secret(done.stderr, done.stdout)


class Amazon(CredentialsCase):
    PAIR = ("AKIDGATEWAY", "wJalrGatewaySecret")

    def bedrock(self, sim, env, *more, path="/"):
        return self.start("--provider", ",".join(["amazon-bedrock", f"url=http://127.0.0.1:{sim.port}", "region=us-east-1", *more]),
                          *gateway.model("m", "amazon-bedrock:echo"), env=env)

    def test_keys_come_from_the_usual_variables(self):
        sim = self.simulator("--aws-key", ":".join(self.PAIR) + ":session")
        made = self.bedrock(sim, {"AWS_ACCESS_KEY_ID": self.PAIR[0], "AWS_SECRET_ACCESS_KEY": self.PAIR[1],
                                  "AWS_SESSION_TOKEN": "session"})
        self.assert_whole(made.ask())

    def test_keys_come_from_a_profile_of_the_shared_file(self):
        sim = self.simulator("--aws-key", ":".join(self.PAIR))
        path = self.write("credentials", "[default]\naws_access_key_id = AKIDOTHER\naws_secret_access_key = x\n"
                          f"[work]\naws_access_key_id = {self.PAIR[0]}\naws_secret_access_key={self.PAIR[1]}\n")
        made = self.bedrock(sim, {"AWS_SHARED_CREDENTIALS_FILE": path, "AWS_PROFILE": "work"})
        self.assert_whole(made.ask())

    def lent(self, life=3600, session="session"):
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=life)
        return {"AccessKeyId": self.PAIR[0], "SecretAccessKey": self.PAIR[1], "Token": session,
                "Expiration": end.strftime("%Y-%m-%dT%H:%M:%SZ")}

    def test_keys_come_from_a_containers_endpoint_and_are_renewed(self):
        sim = self.simulator("--aws-key", ":".join(self.PAIR) + ":session")
        endpoint = Endpoint(lambda n: (200, self.lent(2)))
        self.addCleanup(endpoint.stop)
        made = self.bedrock(sim, {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://127.0.0.1:{endpoint.port}/creds",
                                  "AWS_CONTAINER_AUTHORIZATION_TOKEN": "word"})
        self.assert_whole(made.ask())
        gateway.until(lambda: len(endpoint.requests) >= 2, "the renewal")
        self.assert_whole(made.ask())
        self.assertEqual(endpoint.requests[0].line, "GET /creds HTTP/1.1")
        self.assertEqual(endpoint.requests[0].fields["authorization"], "word")
        for word in (*self.PAIR[1:], "session"):
            self.assertNotIn(word, made.log)

    def test_keys_come_from_an_instances_role(self):
        sim = self.simulator("--aws-key", ":".join(self.PAIR) + ":session")
        endpoint = Endpoint(lambda n: [(200, "imds-session"), (200, "role"), (200, self.lent())][n - 1])
        self.addCleanup(endpoint.stop)
        made = self.bedrock(sim, {"AWS_EC2_METADATA_SERVICE_ENDPOINT": f"http://127.0.0.1:{endpoint.port}"})
        self.assert_whole(made.ask())
        self.assertEqual([one.line.split()[0] for one in endpoint.requests], ["PUT", "GET", "GET"])
        self.assertEqual(endpoint.requests[2].line, "GET /latest/meta-data/iam/security-credentials/role HTTP/1.1")
        self.assertEqual(endpoint.requests[2].fields["x-aws-ec2-metadata-token"], "imds-session")


class HostedClaude(CredentialsCase):
    """Anthropic's dialect to Claude at Amazon's: the simulator refuses what the host would."""

    FIELDS = {"anthropic-version": "2023-06-01",
              "anthropic-beta": "claude-code-20250219,interleaved-thinking-2025-05-14,files-api-2025-04-14"}
    MORE = {"max_tokens": 64, "speed": "fast", "service_tier": "auto", "container": "c",
            "metadata": {"user_id": "u", "team": "t"}, "cache_control": {"type": "ephemeral"}}

    def claude(self):
        sim = self.simulator("--aws-key", "AKIDGATEWAY:wJalrGatewaySecret")
        return self.start("--provider", f"amazon-bedrock-claude,url=http://127.0.0.1:{sim.port},region=us-east-1",
                          *gateway.model("m", "amazon-bedrock-claude:anthropic.claude-sonnet-4-20250514-v1:0"),
                          env={"AWS_ACCESS_KEY_ID": "AKIDGATEWAY", "AWS_SECRET_ACCESS_KEY": "wJalrGatewaySecret"})

    def test_what_the_host_does_not_know_does_not_reach_it(self):
        made = self.claude()
        answer = made.ask(path="/v1/messages", fields=self.FIELDS, **self.MORE)
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(answer.json["type"], "message")
        self.assertEqual(answer["x-spillway-dropped"], "speed, service_tier, container, cache_control")

    def test_its_binary_stream_comes_as_anthropics_events(self):
        made = self.claude()
        answer = made.ask(stream=True, path="/v1/messages", fields=self.FIELDS, **self.MORE)
        self.assertEqual(answer.status, 200, answer.body)
        kinds = [event["type"] for event in answer.objects]
        self.assertEqual((kinds[0], kinds[-1]), ("message_start", "message_stop"))


if __name__ == "__main__":
    case.main("credentials")
