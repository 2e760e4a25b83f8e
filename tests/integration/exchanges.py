"""One recording, asked for once: how it is served, what the client says, and what it must get."""

import random
from dataclasses import dataclass

import openrouter_face
from json_text import Members, parse, render
from openrouter_face import Difference, require
import client
from recordings import DISPLAY_NAMES, UNASKED, Recording, events_of, is_error, is_usage_only, outcome_of
from replaying_upstream import Answer

ONE_BY_ONE = 1500  # bodies up to this are also served octet by octet
DONE = b"data: [DONE]\n\n"
# Statuses of a provider and what a client may get for them: troubles of our account are not the client's (502).
CLIENT_STATUS = {400: {400, 502}, 401: {502}, 402: {502}, 403: {403, 502}, 404: {404}, 422: {400, 422}, 429: {429, 502}}
RENAMED = {"cerebras": {"max_tokens": "max_completion_tokens"},
           "mistral": {"max_completion_tokens": "max_tokens", "seed": "random_seed"}}


@dataclass
class Exchange:
    recording: Recording
    face: str  # "/v1" or "/api/v1"
    name: str  # of the model at the provider
    asked_model: str
    usage_asked: bool
    answer: Answer
    is_cut: bool
    outcome: str
    reply: client.Answer | None = None
    failure: str = "it was not asked"

    def label(self):
        ask = "asking for usage" if self.usage_asked else "not asking for usage"
        cut = f", cut at {self.answer.cut_at}" if self.is_cut else ""
        return f"{self.recording.name} [{self.face}, {self.answer.framing}, {ask}{cut}]"

    def request(self):
        """The recorded request where there is one, with our model and our wish for usage."""
        tree = self.recording.request() or Members([["messages", [Members([["role", "user"], ["content", "Replay"]])]]])
        tree = tree.without("stream_options").with_value("model", self.asked_model)
        if self.recording.is_streamed:
            tree = tree.with_value("stream", True)
            if self.usage_asked:
                tree = tree.with_value("stream_options", Members([["include_usage", True]]))
        return tree

    def request_text(self):
        return render(self.request()).encode()

    def tokens(self, log_line):
        return log_line["prompt_tokens"], log_line["completion_tokens"]

    # ---- verdicts -------------------------------------------------------------------------------------------

    def check(self, log_line):
        if self.is_cut or self.outcome == "cut":
            return self.check_incomplete()
        self.check_request()
        if self.outcome == "error":
            return self.check_error()
        require(self.reply.status == 200, f"status {self.reply.status}: {self.reply.body[:300]}")
        require(self.reply.whole, f"the answer is incomplete after {len(self.reply.body)} octets")
        if self.face == "/v1":
            return self.check_octets()
        return self.check_openrouter(log_line)

    def check_incomplete(self):
        """A client must be able to tell."""
        reply = self.reply
        if reply.status >= 500:
            require(isinstance(reply.json["error"]["message"], str), "an error without a message")
            return
        require(reply.status == 200, f"status {reply.status}")
        require(not reply.whole, "a cut answer ends as if it were whole")
        if self.recording.is_streamed:
            require(b"data: [DONE]" not in reply.body, "a cut answer has a [DONE]")

    def check_request(self):
        """What reached the provider is what was asked, but for the named members."""
        if self.recording.status == 400 and self.reply.status == 400 and not self.answer.received:
            return  # refused by the gateway as it was by the provider
        require(len(self.answer.received) >= 1, "the provider was not asked")
        if self.face != "/v1":
            return
        got = parse(self.answer.received[-1])
        dropped = [name.strip() for name in (self.reply["x-spillway-dropped"] or "").split(",")]
        expected = self.request().without(*dropped).with_value("model", self.name)
        renamed = RENAMED.get(self.recording.provider, {})
        expected = Members([renamed.get(key, key), value] for key, value in expected)
        if self.recording.provider == "mistral" and expected.get("tool_choice") == "required":
            expected = expected.with_value("tool_choice", "any")
        if self.recording.is_streamed and not self.usage_asked and self.recording.provider not in UNASKED:
            asked = got.get("stream_options")
            require(isinstance(asked, Members) and asked.get("include_usage") is True, "usage was not asked for")
            got = got.without("stream_options")
        elif not self.recording.is_streamed:
            expected = expected.without("stream_options")
        require(render(got) == render(expected), f"the request became {render(got)[:300]}")

    def check_error(self):
        status = self.recording.status
        if status == 200:
            return self.check_inner_error()
        allowed = {status} if 500 <= status <= 504 else CLIENT_STATUS[status]
        require(self.reply.status in allowed, f"{status} became {self.reply.status}")
        error = self.reply.json["error"]
        require(isinstance(error["message"], str) and error["message"], "an error without a message")
        if not self.answer.received:
            return
        require(error["metadata"]["provider_name"] == self.display_name(), "the error does not name the provider")

    def check_inner_error(self):
        """An error inside a 200: a status of its own if nothing was sent before, else an event and a broken end."""
        if self.reply.status != 200:
            require(self.reply.json["error"]["message"], "an error without a message")
            return
        require(not self.reply.whole and b"[DONE]" not in self.reply.body, "an error ends like an answer")
        told = [event.tree() for event in events_of(self.reply.body) if is_error(event.tree())]
        require(len(told) == 1, f"the client is told {len(told)} times")
        if self.face == "/v1":
            recorded = events_of(self.recording.body())
            at = next(i for i, event in enumerate(recorded) if is_error(event.tree()))
            if not any(event.tree() for event in recorded[:at]):
                return  # nothing of an answer came before: the words are ours
            wanted = b"".join(event.text for event in recorded[:at])
            body = self.reply.body
            require(body.startswith(wanted), first_difference(body, wanted))
            require(len(events_of(body[len(wanted):])) == 1, f"behind the answer stands {body[len(wanted):][:300]}")
            said = recorded[at].tree().get("error")
            if isinstance(said, Members) and said.get("message"):
                require(told[0].get("error").get("message") == said.get("message"), "the provider's words are lost")

    def check_octets(self):
        recorded = self.recording.body()
        if not self.recording.is_streamed:
            require(self.reply.body == recorded, first_difference(self.reply.body, recorded))
            return
        kept = b""
        for event in events_of(recorded):
            if self.hides_usage() and is_usage_only(event.tree()):
                continue
            if event.data == "[DONE]":
                break
            kept += event.text
        else:
            kept = kept.rstrip(b"\r\n")  # the blank line of the last event may be ours
        got, _, behind = self.reply.body.rpartition(b"data: [DONE]")
        if kept.endswith((b"\n", b"\r")):
            require(got == kept, first_difference(got, kept))
        else:
            require(got.rstrip(b"\r\n") == kept, first_difference(got, kept))
        require(behind and not behind.strip(b"\r\n"), f"behind [DONE] stands {behind[:100]}")

    def check_openrouter(self, log_line):
        tokens = self.tokens(log_line)
        if not self.recording.is_streamed:
            ours, theirs = parse(self.reply.body), parse(self.recording.body())
            openrouter_face.compare_chunk(ours, theirs, self.asked_model, self.display_name(), is_streamed=False)
            openrouter_face.compare_usage(ours.get("usage"), None, tokens)
            return
        require(self.reply.body.endswith(DONE), "the stream does not end with [DONE]")
        ours = [event.tree() for event in events_of(self.reply.body)]
        theirs = [event.tree() for event in events_of(self.recording.body())]
        usage = openrouter_face.compare_stream(
            [tree for tree in ours if tree is not None],
            [tree for tree in theirs if tree is not None and not is_usage_only(tree)],
            self.asked_model, self.display_name())
        openrouter_face.compare_usage(usage, None, tokens)

    def hides_usage(self):
        return not self.usage_asked and self.recording.provider not in UNASKED

    def display_name(self):
        return DISPLAY_NAMES.get(self.recording.provider, self.recording.provider)


def first_difference(got, wanted):
    at = next((i for i, (a, b) in enumerate(zip(got, wanted)) if a != b), min(len(got), len(wanted)))
    return f"{len(got)} octets instead of {len(wanted)}, different from {at}: {got[at:at + 60]} for {wanted[at:at + 60]}"


def asked_for_usage(recording):
    request = recording.request()
    if request is not None:
        options = request.get("stream_options")
        return isinstance(options, Members) and options.get("include_usage") is True
    return recording.is_streamed and any(is_usage_only(event.tree()) for event in events_of(recording.body()))


class Planner:
    """Makes the exchanges of a recording; what is left to chance is decided by the seed."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.made = 0

    def exchanges(self, recording):
        body, outcome = recording.body(), outcome_of(recording)
        asked = asked_for_usage(recording)
        other = self.dice.choice(("length", "close")) if outcome != "cut" else "close"
        plan = [("/v1", "chunked", asked), ("/v1", other, asked), ("/api/v1", self.dice.choice(("chunked", other)), asked)]
        if recording.is_streamed and asked:
            plan.append(("/v1", "chunked", False))
        made = [self._make(recording, outcome, *one) for one in plan]
        if len(body) <= ONE_BY_ONE:
            made[1].answer.pieces = [1] * len(body)
        elif recording.segments():
            made[1].answer.pieces = recording.segments()
        if outcome == "whole":
            made += [self._make_cut(recording, outcome, face, asked) for face in ("/v1", "/api/v1")]
        return made

    def _make(self, recording, outcome, face, framing, asked):
        self.made += 1
        name = f"x{self.made}"
        # A provider that answers with errors is given rest: each of those has an account of its own.
        model = f"{recording.provider}/{name}" if outcome == "whole" else f"faulty/{name}"
        answer = Answer(recording.body(), framing, status=recording.status, fields=recording.fields(),
                        seed=self.dice.randrange(2**32))
        return Exchange(recording, face, name, model, asked, answer, is_cut=False, outcome=outcome)

    def _make_cut(self, recording, outcome, face, asked):
        made = self._make(recording, outcome, face, self.dice.choice(("chunked", "length")), asked)
        end = made.answer.body.rfind(b"data: [DONE]") if recording.is_streamed else -1
        made.answer.cut_at = self.dice.randrange(end if end > 0 else len(made.answer.body))
        made.answer.cut_by_reset = self.dice.random() < 0.5
        made.is_cut = True
        return made


__all__ = ["Difference", "Exchange", "Planner"]
