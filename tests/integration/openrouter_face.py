"""What /api/v1 makes of a provider's answer: the documented changes, and nothing else."""

from json_text import Members, Number, unordered

STANDARD_FINISHES = {None, "stop", "length", "tool_calls", "content_filter", "error"}
USAGE_ADDITIONS = {"cost", "cost_details", "is_byok", "prompt_tokens_details", "completion_tokens_details", "total_tokens",
                   "prompt_tokens", "completion_tokens"}


class Difference(Exception):
    pass


def require(condition, text):
    if not condition:
        raise Difference(text)


def same(one, other, where):
    require(unordered(one) == unordered(other), f"{where} differs: {str(other)[:300]} became {str(one)[:300]}")


def compare_chunk(ours, theirs, model, provider, is_streamed):
    """One answer or one event; both as trees."""
    require(isinstance(ours.get("id"), str) and ours.get("id").startswith("gen-"), f"the id is {ours.get('id')}")
    require(ours.get("model") == model, f"the model is {ours.get('model')}")
    require(ours.get("provider") == provider, f"the provider is {ours.get('provider')}")
    changed = ("id", "model", "provider", "usage", "choices")
    same(ours.without(*changed), theirs.without(*changed), "what stands around the choices")
    mine, given = ours.get("choices") or [], theirs.get("choices") or []
    require(len(mine) == len(given), f"{len(given)} choices became {len(mine)}")
    for one, other in zip(mine, given):
        compare_choice(one, other, is_streamed)


def with_reasoning(tree):
    """OpenRouter's name of what some providers call reasoning_content."""
    if not isinstance(tree, Members) or tree.has("reasoning"):
        return tree
    return Members(["reasoning" if name == "reasoning_content" else name, value] for name, value in tree)


def compare_choice(ours, theirs, is_streamed):
    theirs = Members([name, with_reasoning(value)] for name, value in theirs)
    changed = ("finish_reason", "native_finish_reason", "delta")
    same(ours.without(*changed), theirs.without(*changed), "a choice")
    finish, native = ours.get("finish_reason"), ours.get("native_finish_reason")
    said = theirs.get("finish_reason")
    require(finish in STANDARD_FINISHES, f"finish_reason is {finish}")
    require(finish == said or said not in STANDARD_FINISHES, f"finish_reason {said} became {finish}")
    if said or not theirs.has("native_finish_reason"):
        wanted = theirs.get("native_finish_reason") if theirs.has("native_finish_reason") else said
        require(native == wanted, f"native_finish_reason is {native}, not {wanted}")
    if not is_streamed or not isinstance(theirs.get("delta"), Members):
        same(ours.get("delta"), theirs.get("delta"), "delta")
        return
    mine, given = ours.get("delta"), theirs.get("delta")
    same(mine.without("role", "content"), given.without("role", "content"), "the delta")
    require(mine.get("role") == (given.get("role") or "assistant"), f"the role is {mine.get('role')}")
    require(mine.has("content"), "the delta has no content")
    if given.has("content"):
        same(mine.get("content"), given.get("content"), "content")
    else:
        require(mine.get("content") in ("", None), f"content was made up: {mine.get('content')}")


def compare_usage(ours, theirs, tokens):
    """`theirs` may be None; `tokens` are the counts of the access log."""
    require(isinstance(ours, Members), "there is no usage")
    counts = tuple(int(ours.get(f"{name}_tokens").text) for name in ("prompt", "completion"))
    require(counts == tokens, f"usage says {counts}, the access log {tokens}")
    require(int(ours.get("total_tokens").text) == sum(counts), f"total_tokens is {ours.get('total_tokens').text}")
    require(ours.has("cost"), "usage has no cost")
    if theirs is not None:
        for name, value in theirs:
            if name not in USAGE_ADDITIONS:
                same(ours.get(name), value, f"usage.{name}")


def compare_whole(ours, theirs, model, provider):
    compare_chunk(ours, theirs, model, provider, is_streamed=False)


def compare_stream(ours, theirs, model, provider):
    """Lists of trees: our events in front of [DONE], and the provider's. Gives our usage."""
    require(len(ours) > 0, "there is no event")
    *body, last = ours
    require(not any(tree.has("usage") for tree in body), "usage stands before the last event")
    empty = last.get("choices")[0]
    require(empty.get("delta").get("content") == "" and last.has("usage"), "the last event is not the usage chunk")
    require(empty.get("index") == Number("0"), "the usage chunk has another index")
    require(len(body) == len(theirs), f"{len(theirs)} events became {len(body)}")
    for one, other in zip(body, theirs):
        compare_chunk(one, other, model, provider, is_streamed=True)
    return last.get("usage")
