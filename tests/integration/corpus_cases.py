"""Our own judged requests and streams: the rules of ../shared/corpora in small, so that they are tested without it too."""

MESSAGES = b'"messages":[{"role":"user","content":"Hi"}]'


def body(*members):
    return b"{" + b",".join([b'"model":"probe/echo"', MESSAGES, *members]) + b"}"


def sent(*members):
    return b"{" + b",".join([b'"model":"echo-1"', MESSAGES, *members]) + b"}"


# name, verdict, body, what reaches the provider (None: not compared)
REQUESTS = [
    ("the smallest request", "accept", body(), sent()),
    ("numbers keep their text", "accept", body(b'"x":[1.0,1e2,-0,12345678901234567890,0.1000]'),
     sent(b'"x":[1.0,1e2,-0,12345678901234567890,0.1000]')),
    ("unknown members keep their order", "accept", body(b'"b":1', b'"a":2', b'"c":{"z":1,"y":2}'),
     sent(b'"b":1', b'"a":2', b'"c":{"z":1,"y":2}')),
    ("a decoy in a string", "accept", body(b'"user":"\\"model\\":\\"x\\""'), sent(b'"user":"\\"model\\":\\"x\\""')),
    ("a name spelled with escapes", "accept", b'{"mod\\u0065l":"probe/echo",' + MESSAGES + b"}",
     b'{"mod\\u0065l":"echo-1",' + MESSAGES + b"}"),
    ("a model named twice", "reject", body(b'"model":"probe/echo"'), None),
    ("a model named twice, once with escapes", "reject", body(b'"mod\\u0065l":"probe/echo"'), None),
    ("no JSON", "reject", b"model=probe/echo", None),
    ("nothing", "reject", b"", None),
    ("a list", "reject", b"[" + body() + b"]", None),
    ("octets behind the object", "reject", body() + b"{}", None),
    ("a comma too many", "reject", body()[:-1] + b",}", None),
    ("a bare control character", "reject", body(b'"user":"a\x01b"'), None),
    ("no UTF-8", "reject", body(b'"user":"\xff"'), None),
    ("half a surrogate pair", "reject", body(b'"user":"\\ud800"'), None),
    ("a number with a leading zero", "reject", body(b'"seed":01'), None),
    ("nesting beyond the limit", "reject", body(b'"x":' + b"[" * 600 + b"]" * 600), None),
    ("nesting within the limit", "accept", body(b'"x":' + b"[" * 400 + b"]" * 400), sent(b'"x":' + b"[" * 400 + b"]" * 400)),
    ("stream that is no truth value", "reject", body(b'"stream":"yes"'), None),
    ("messages that are no list", "reject", b'{"model":"probe/echo","messages":"Hi"}', None),
    ("an unknown model", "reject", b'{"model":"nobody/absent",' + MESSAGES + b"}", None),
]

HEAD = b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":'
FIRST = HEAD + b'[{"index":0,"delta":{"role":"assistant","content":"Hel"},"finish_reason":null}]}\n\n'
SECOND = HEAD + b'[{"index":0,"delta":{"content":"lo"},"finish_reason":null}]}\n\n'
FINISH = HEAD + b'[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
USAGE = HEAD + b'[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}\n\n'
DONE = b"data: [DONE]\n\n"
COUNTED = {"prompt_tokens": 5, "completion_tokens": 2}
WHOLE = {"outcome": "complete", "text": "Hello", "usage": COUNTED}

# name, stream, what the gateway must make of it
STREAMS = [
    ("an ordinary stream", FIRST + SECOND + FINISH + USAGE + DONE, WHOLE),
    ("comments between events", b": hi\n\n" + FIRST + b": still here\n\n" + SECOND + FINISH + USAGE + DONE, WHOLE),
    ("CR LF", (FIRST + SECOND + FINISH + USAGE + DONE).replace(b"\n", b"\r\n"), WHOLE),
    ("no [DONE] behind a finish", FIRST + SECOND + FINISH + USAGE, WHOLE),
    ("a second [DONE]", FIRST + SECOND + FINISH + USAGE + DONE + DONE, WHOLE),
    ("[DONE] as text", (FIRST + SECOND + FINISH + USAGE + DONE).replace(b'"lo"', b'"[DONE]"'), {**WHOLE, "text": "Hel[DONE]"}),
    ("cut between events", FIRST + SECOND, {"outcome": "incomplete"}),
    ("cut inside an event", FIRST + SECOND[:40], {"outcome": "incomplete"}),
    ("only comments", b": hi\n\n: hi\n\n", {"outcome": "incomplete"}),
    ("only [DONE]", DONE, {"outcome": "incomplete"}),
    ("an error first", b'data: {"error":{"message":"no","code":500}}\n\n' + DONE, {"outcome": "error"}),
    ("an error amid", FIRST + b'data: {"error":{"message":"no","code":500}}\n\n' + DONE, {"outcome": "error"}),
    ("no JSON", b"data: <html>\n\n", {"outcome": "error"}),
]
