"""What every Python client is asked, towards providers of every protocol, in a shape that a client's own file says in that
client's words. The models are those of models.json, "word.protocol"; the cases are those of cases.mjs.

A client's file has NAME, connect(base, key) and, where a case cannot work, CANNOT (case → reason). What connect() gives:
  ask(question), stream(question)    an Answer; stream() calls question.heard at each piece
  again(turn, calls)                 the question's `loop` part: an answer's turn and the results of its calls
  count(model), models()             where the client has them; asks_for_thoughts: it is shown none unless it asks
  is_error(error, status)            whether an error is the client's type for the status; "stream": for a broken stream
"""
import dataclasses
import json
import typing

TEXT = "Hello, wörld 漢字 😀"
LONG_TEXT = "Ünïcödé 漢字 ह 😀🏁 " * 200
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": False}
FUNCTION = {"name": "weather", "description": "the weather", "parameters": CITY}
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@dataclasses.dataclass
class Question:
    model: str
    text: str = TEXT
    tools: bool = False
    thinks: bool = False
    schema: dict | None = None
    image: bool = False
    stop: str | None = None
    limit: int | None = None
    loop: typing.Any = ()


@dataclasses.dataclass
class Call:
    id: str
    name: str
    input: dict


@dataclasses.dataclass
class Answer:
    text: str
    calls: list
    finish: str
    usage: tuple  # of what came in and went out
    turn: typing.Any
    thoughts: str = ""
    pieces: int = 0


def chat_messages(question):
    """The messages of those who took OpenAI's form of them."""
    content = question.text
    if question.image:
        content = [{"type": "text", "text": question.text},
                   {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}}]
    return [{"role": "user", "content": content}, *question.loop]


def is_cut(error):
    """Of the libraries below the clients, for a body without its end."""
    return type(error).__name__ == "RemoteProtocolError"


def both(check):
    """The check of a whole answer and of a streamed one."""
    def run(test, client, model):
        for ask in (client.ask, client.stream):
            check(test, client, lambda **more: ask(Question(model, **more)))
    return run


def assert_calls(test, answer):
    test.assertEqual([(call.name, call.input) for call in answer.calls], [("weather", {"city": "value"})] * 2)
    test.assertEqual(len({call.id for call in answer.calls}), 2, "two calls, one id")
    test.assertEqual(answer.finish, "calls")


def assert_refused(test, client, ask, status):
    try:
        ask()
    except Exception as error:  # its type is what is asked
        test.assertTrue(client.is_error(error, status), repr(error))
    else:
        test.fail("no error came")


def refused(status):
    def run(test, client, model):
        for ask in (client.ask, client.stream):
            assert_refused(test, client, lambda: ask(Question(model)), status)
    return run


def broken(test, client, model):
    assert_refused(test, client, lambda: client.stream(Question(model, LONG_TEXT)), "stream")


def whole(test, client, model):
    answer = client.ask(Question(model))
    test.assertTrue(answer.text.startswith(f"Echo: {TEXT}"), answer.text)
    test.assertEqual(answer.finish, "stop")
    test.assertTrue(all(count > 0 for count in answer.usage), answer.usage)


def streamed(test, client, model):
    expected, answer = client.ask(Question(model)), client.stream(Question(model))
    test.assertEqual((answer.text, answer.finish, answer.usage), (expected.text, "stop", expected.usage))
    test.assertGreater(answer.pieces, 1)


def loop_of_tools(test, client, ask):
    first = ask(tools=True)
    assert_calls(test, first)
    last = ask(tools=True, loop=client.again(first.turn, first.calls))
    test.assertEqual(last.finish, "stop")
    test.assertTrue(last.text.startswith("Echo:"), last.text)


def loop_with_reasoning(test, client, ask):
    first = ask(tools=True, thinks=True)
    assert_calls(test, first)
    test.assertIn("The user wrote", first.thoughts)
    test.assertEqual(ask(tools=True, thinks=True, loop=client.again(first.turn, first.calls)).finish, "stop")


def unasked_thoughts(test, client, ask):
    answer = ask()
    test.assertEqual(answer.thoughts, "")
    test.assertTrue(answer.text.startswith("Echo:"), answer.text)


def structured(test, client, ask):
    answer = ask(schema=CITY)
    test.assertEqual(list(json.loads(answer.text)), ["city"])
    test.assertEqual(answer.finish, "stop")


def stop_sequence(test, client, ask):
    answer = ask(stop="wörld")
    test.assertEqual((answer.text.rstrip(), answer.finish), ("Echo: Hello,", "stop"))


@dataclasses.dataclass
class Case:
    name: str
    word: str  # names the model
    run: typing.Callable
    needs: str = "ask"
    cannot: dict = dataclasses.field(default_factory=dict)  # protocols that have no form for it, with the reason


CASES = (
    Case("a whole answer", "text", whole),
    Case("a stream says what the whole answer says", "text", streamed),
    Case("a long stream of characters of two to four octets", "long", lambda test, client, model: test.assertEqual(
        client.stream(Question(model, LONG_TEXT)).text.rstrip(), f"Echo: {LONG_TEXT}".rstrip())),
    Case("parallel calls", "calls", lambda test, client, model: assert_calls(test, client.ask(Question(model, tools=True)))),
    Case("parallel calls in a stream", "calls", lambda test, client, model: assert_calls(
        test, client.stream(Question(model, tools=True)))),
    Case("a loop of tools", "calls", both(loop_of_tools)),
    Case("a loop of tools with reasoning", "think", both(loop_with_reasoning)),
    Case("thoughts that nobody asked for", "think", both(unasked_thoughts), needs="asks_for_thoughts"),
    Case("structured output", "schema", both(structured)),
    Case("an image", "long", both(lambda test, client, ask: test.assertIn("1 image(s) seen", ask(image=True).text))),
    Case("a stop sequence", "long", both(stop_sequence), cannot={"responses": "Responses has none"}),
    Case("an answer that is cut at its limit", "long", both(lambda test, client, ask: test.assertEqual(
        ask(text=LONG_TEXT, limit=20).finish, "length"))),
    Case("the provider refuses", "400", refused(400)),
    Case("the provider is out of quota", "429", refused(429)),
    Case("the provider fails", "500", refused(500)),
    Case("the provider is overloaded", "503", refused(503)),
    Case("an error in the middle of a stream", "error-mid", broken),
    Case("a stream that is cut", "cut", broken),
    Case("counting tokens", "text", lambda test, client, model: test.assertGreater(client.count(model), 3), needs="count"),
)

# Once a client, not once a protocol.
GENERAL = (
    Case("a wrong key", "", lambda test, client, stranger: assert_refused(
        test, stranger, lambda: stranger.ask(Question("text.chat")), 401)),
    Case("an unknown model", "", lambda test, client, stranger: assert_refused(
        test, client, lambda: client.ask(Question("nobody/absent")), 404)),
    Case("the list of models", "", lambda test, client, stranger: test.assertIn("text.chat", client.models()), needs="models"),
)
