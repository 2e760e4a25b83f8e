"""JSON as a gateway must treat it: the order of members and the text of numbers count, white space does not."""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    text: str


class Members(list):
    """An object: [name, value] pairs in their order."""

    def get(self, name, default=None):
        return next((value for key, value in self if key == name), default)

    def has(self, name):
        return any(key == name for key, _ in self)

    def without(self, *names):
        return Members([key, value] for key, value in self if key not in names)

    def with_value(self, name, value):
        """Replaces in place, or appends."""
        if not self.has(name):
            return Members([*self, [name, value]])
        return Members([key, value if key == name else old] for key, old in self)


def parse(text):
    return json.loads(text, object_pairs_hook=lambda pairs: Members(map(list, pairs)), parse_int=Number,
                      parse_float=Number, parse_constant=Number)


def render(tree):
    if isinstance(tree, Members):
        return "{" + ",".join(f"{json.dumps(name)}:{render(value)}" for name, value in tree) + "}"
    if isinstance(tree, list):
        return "[" + ",".join(map(render, tree)) + "]"
    if isinstance(tree, Number):
        return tree.text
    return json.dumps(tree)


def unordered(tree):
    """For comparisons where the place of a member does not matter."""
    if isinstance(tree, Members):
        return {name: unordered(value) for name, value in tree}
    if isinstance(tree, list):
        return [unordered(value) for value in tree]
    return tree


def is_same_text(one, other):
    """Equal token by token."""
    return render(parse(one)) == render(parse(other))
