"""Recorded answers of providers: reading them, and what each must look like behind the gateway."""

import csv
import pathlib
import re
from dataclasses import dataclass

from json_text import Members, parse

HERE = pathlib.Path(__file__).resolve().parent
OWN = HERE / "transcripts"
SHARED = HERE.parents[1].parent / "shared" / "recordings"

RAW = ("raw", "raw-decoded", "raw-segments")
FRAMING_FIELDS = ("connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding")

# Everybody else is asked for usage in streams where the client did not ask.
UNASKED = {"databricks", "together", "deepseek", "mistral", "perplexity", "openrouter"}
# Providers with a row of their own; the others are declared with protocol=chat and shown by their name.
DISPLAY_NAMES = {"openai": "OpenAI", "azure": "Azure", "groq": "Groq", "together": "Together", "deepseek": "DeepSeek",
                 "xai": "xAI", "mistral": "Mistral", "perplexity": "Perplexity", "cerebras": "Cerebras",
                 "openrouter": "OpenRouter", "ollama": "Ollama", "vllm": "vLLM", "llamacpp": "llama.cpp",
                 "ai21": "AI21", "cloudflare": "Cloudflare", "databricks": "Databricks", "doubleword": "Doubleword",
                 "huggingface": "Hugging Face", "lmstudio": "LM Studio", "mistralrs": "mistral.rs", "snowflake": "Snowflake Cortex",
                 "tgi": "Text Generation Inference", "venice": "Venice"}


@dataclass(frozen=True)
class Recording:
    path: pathlib.Path
    provider: str
    kind: str
    is_streamed: bool
    status: int

    @property
    def name(self):
        return f"{self.path.parent.name}/{self.path.name}"

    def body(self):
        return self.path.read_bytes()

    def sidecar(self, suffix):
        return self.path.with_name(self.path.name + suffix)

    def fields(self):
        """Head fields as recorded, without those that speak of the framing."""
        default = [("Content-Type", "text/event-stream" if self.is_streamed else "application/json")]
        if not self.sidecar(".headers").exists():
            return default
        lines = self.sidecar(".headers").read_text("latin-1").splitlines()[1:]
        fields = [tuple(part.strip() for part in line.split(":", 1)) for line in lines if ":" in line]
        fields = [(name, value) for name, value in fields if name.lower() not in FRAMING_FIELDS]
        return fields if any(name.lower() == "content-type" for name, _ in fields) else default + fields

    def segments(self):
        path = self.sidecar(".segments")
        return [int(line) for line in path.read_text().split()] if path.exists() else None

    def request(self):
        """The request that was answered, if it is one that this recording can stand behind."""
        path = self.sidecar(".request.json")
        if not path.exists():
            return None
        try:
            tree = parse(path.read_text("utf-8"))
        except ValueError:
            return None
        if not isinstance(tree, Members) or not isinstance(tree.get("messages"), list) or not tree.get("messages"):
            return None
        return tree if bool(tree.get("stream")) == self.is_streamed else None


def load(root):
    """The raw chat answers of each provider's folder, or of the folder itself."""
    found = []
    for manifest in sorted([*root.glob("manifest.tsv"), *root.glob("*/manifest.tsv")]):
        with manifest.open(encoding="utf-8", newline="") as text:
            for row in csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row.get("endpoint") != "chat/completions" or row["fidelity"].split("+")[0] not in RAW:
                    continue
                found.append(Recording(manifest.parent / row["file"], row["provider"], row["kind"],
                                       row["streaming"] == "y", int(row["status"].rstrip("?"))))
    return found


@dataclass(frozen=True)
class Event:
    text: bytes  # all of it, the blank line included
    data: str

    def tree(self):
        """The data as JSON; None where it is none."""
        try:
            tree = parse(self.data)
        except ValueError:
            return None
        return tree if isinstance(tree, Members) else None


def events_of(body):
    """The blocks of a stream; a last one without its blank line counts as well."""
    events = []
    for match in re.finditer(rb"(?:[^\r\n]+(?:\r\n|\n|\r|$))*(?:\r\n|\n|\r|$)", body):
        if not match[0]:
            continue
        lines = re.split(rb"\r\n|\n|\r", match[0])
        data = [line[5:].removeprefix(b" ") for line in lines if line.startswith(b"data:")]
        events.append(Event(match[0], b"\n".join(data).decode("utf-8", "replace")))
    return events


def is_usage_only(tree):
    return tree is not None and tree.get("choices") == [] and isinstance(tree.get("usage"), Members)


def is_error(tree):
    return tree is not None and (tree.get("error") not in (None, "") or tree.get("object") == "error")


def outcome_of(recording):
    """"whole", "error" or "cut", by the recorded octets alone."""
    body = recording.body()
    if recording.status >= 400:
        return "error"
    if not recording.is_streamed:
        return "error" if is_error(parse(body)) else "whole"
    trees = [event.tree() for event in events_of(body)]
    if any(is_error(tree) for tree in trees):
        return "error"
    finished = any(isinstance(choice, Members) and choice.get("finish_reason")
                   for tree in trees if tree is not None for choice in tree.get("choices") or [])
    return "whole" if finished or any(event.data == "[DONE]" for event in events_of(body)) else "cut"


def usage_of(recording):
    """The last usage that was reported, as a tree, or None."""
    if recording.is_streamed:
        trees = [event.tree() for event in events_of(recording.body())]
    else:
        trees = [parse(recording.body())]
    found = None
    for tree in trees:
        if tree is None:
            continue
        groq = tree.get("x_groq")
        for usage in (groq.get("usage") if isinstance(groq, Members) else None, tree.get("usage")):
            if isinstance(usage, Members) and usage.has("prompt_tokens"):
                found = usage
    return found


def expected_tokens(usage):
    """(prompt, completion): with what was cached and with reasoning in them, wherever the provider counts those."""
    def count(tree, name):
        value = tree.get(name) if isinstance(tree, Members) else None
        return int(float(value.text)) if value is not None else 0

    prompt, completion, total = (count(usage, f"{name}_tokens") for name in ("prompt", "completion", "total"))
    reasoning = count(usage.get("completion_tokens_details"), "reasoning_tokens") or count(usage, "reasoning_tokens")
    beside = reasoning > completion or (reasoning and total == prompt + completion + reasoning)
    cached = count(usage.get("prompt_tokens_details"), "cached_tokens")
    return prompt + cached if cached > prompt else prompt, completion + reasoning if beside else completion
