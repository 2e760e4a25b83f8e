#!/usr/bin/env python3
"""Looks for coroutines written against the rules that GCC 12 and the language force on us.

What each rule forbids is proven by gcc12_coroutines_test.cpp and rule_5.py. A line disliked here is rewritten, never
silenced. The lint sees text, not types: it refuses every braced temporary beside a co_await but those of SAFE_BRACED,
and it cannot see default arguments, conversions to optional or the aggregates behind `name(…)`.

usage: coroutine_rules.py SOURCE_ROOT
"""
import pathlib
import sys
from dataclasses import dataclass

from cpp_tokens import Group, Token, is_group, is_token, tree_of

FOLDERS = ("proxy", "adapters", "routing", "bench", "tests")
PROOFS = "tests/toolchain/gcc12_"

# Types with a trivial destructor: a temporary of them may be braced beside a co_await.
SAFE_BRACED = {
    "nanoseconds", "microseconds", "milliseconds", "seconds", "minutes", "hours",
    "size_t", "int", "unsigned", "uint8_t", "uint16_t", "uint32_t", "uint64_t", "int64_t",
    "string_view", "span", "pieces", "error_code",
}
AWAITS = ("co_await",)
COROUTINE = ("co_await", "co_return", "co_yield")


@dataclass
class Finding:
    line: int
    rule: int
    text: str


def is_lambda_introducer(nodes: list, at: int) -> bool:
    """A `[…]` that captures: neither a subscript, an attribute, a structured binding nor `new T[…]`."""
    node = nodes[at]
    if not is_group(node, "["):
        return False
    if node.children and is_group(node.children[0], "["):
        return False
    if at == 0:
        return True
    before = nodes[at - 1]
    if isinstance(before, Group):
        return before.bracket == "{"
    if before.text in ("&", "&&"):
        return at < 2 or not is_token(nodes[at - 2], "auto")
    if before.text in ("return", "co_return", "co_await", "co_yield", "else", "case"):
        return True
    return not (before.text[0].isalnum() or before.text[0] in "_>\"")


def lambda_body(nodes: list, at: int) -> int | None:
    """Index of the body of the lambda whose captures stand at `at`."""
    for index in range(at + 1, len(nodes)):
        if is_group(nodes[index], "{"):
            return index
        if is_token(nodes[index], ";", "="):
            return None
    return None


def owns_captures(captures: Group) -> bool:
    """True where something is captured by value; references, `this` and addresses own nothing."""
    for capture in split(captures.children, ","):
        borrowed = is_token(capture[0], "&", "this") if capture else True
        address = len(capture) > 3 and is_token(capture[1], "=") and is_token(capture[2], "&")
        if not borrowed and not address:
            return True
    return False


def split(nodes: list, sign: str) -> list[list]:
    parts = [[]]
    for node in nodes:
        if is_token(node, sign):
            parts.append([])
        else:
            parts[-1].append(node)
    return parts


def contains(nodes: list, words: tuple) -> bool:
    """Whether one of the words stands in this expression; bodies of lambdas are other functions."""
    bodies = {lambda_body(nodes, at) for at in range(len(nodes)) if is_lambda_introducer(nodes, at)}
    for at, node in enumerate(nodes):
        if isinstance(node, Token):
            if node.text in words:
                return True
        elif at not in bodies and contains(node.children, words):
            return True
    return False


def is_block(statement: list) -> bool:
    """Whether a `{` after these nodes of a statement opens a block, a class body or a function body."""
    if not statement:
        return True
    last = statement[-1]
    if is_group(last, "{"):  # the body of a constructor, after the last of its initialisers
        return any(is_token(node, ":") for node in statement)
    if is_group(last, "("):
        return not any(is_token(node, "=", "return", "co_return", "co_await") for node in statement)
    if is_token(last, "else", "do", "try", "const", "noexcept", "override", "final", "mutable", "constexpr",
                "consteval", "extern", '""', ":"):
        return True
    heads = ("namespace", "class", "struct", "union", "enum", "concept", "requires", "->")
    declares = any(is_token(node, *heads) for node in statement)
    return declares and not any(is_token(node, "=", "return", "co_return", "co_await") for node in statement)


class Lint:
    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def report(self, line: int, rule: int, text: str) -> None:
        self.findings.append(Finding(line, rule, text))

    def check_block(self, block: Group) -> None:
        """Cuts a block into statements; conditions of if, while, for and switch are statements of their own."""
        statement: list = []
        for node in block.children:
            if is_token(node, ";"):
                self.check_statement(statement)
                statement = []
            elif is_group(node, "{") and self.opens_block(statement):
                self.check_statement(statement)
                statement = []
                self.check_block(node)
            elif is_group(node, "(") and statement and self.is_condition(statement):
                for part in split(node.children, ";"):
                    self.check_statement(part)
                statement = []
            else:
                statement.append(node)
        self.check_statement(statement)

    @staticmethod
    def opens_block(statement: list) -> bool:
        if any(lambda_body([*statement, Group("{", 0)], at) == len(statement)
               for at in range(len(statement)) if is_lambda_introducer(statement, at)):
            return False
        return is_block(statement)

    @staticmethod
    def is_condition(statement: list) -> bool:
        words = [node for node in statement[-2:] if not is_token(node, "constexpr")]
        return bool(words) and is_token(words[-1], "if", "while", "for", "switch", "catch")

    def check_statement(self, nodes: list) -> None:
        self.check_expression(nodes, contains(nodes, AWAITS))

    def check_expression(self, nodes: list, awaits: bool) -> None:
        bodies = set()
        for at, node in enumerate(nodes):
            if isinstance(node, Token):
                self.check_token(nodes, at, awaits)
            elif is_lambda_introducer(nodes, at) and (body := lambda_body(nodes, at)) is not None:
                bodies.add(body)
                self.check_lambda(node, nodes[body], awaits)
                self.check_expression(node.children, awaits)
            elif at in bodies:
                self.check_block(node)
            else:
                if node.bracket == "{" and awaits and not self.is_safe_braced(nodes, at):
                    self.report(node.line, 1, "braces in an expression with co_await: name the object first, "
                                              "or build it in a function (rules 1, 3 and 5)")
                self.check_expression(node.children, awaits)

    def check_token(self, nodes: list, at: int, awaits: bool) -> None:
        token = nodes[at]
        if token.text == "?" and awaits:
            self.report(token.line, 4, "conditional operator in an expression with co_await: write if")
        if token.text == "detached" and at >= 2 and is_token(nodes[at - 2], "asio", "net"):
            self.report(token.line, 0, "asio::detached loses exceptions: start with net::spawn")

    def check_lambda(self, captures: Group, body: Group, awaits: bool) -> None:
        if awaits and owns_captures(captures):
            self.report(captures.line, 2, "capturing lambda in an expression with co_await: name it, then move it")
        if captures.children and contains(body.children, COROUTINE):
            self.report(captures.line, 6, "a capturing lambda is not a coroutine: write a named function")

    @staticmethod
    def is_safe_braced(nodes: list, at: int) -> bool:
        return at > 0 and isinstance(nodes[at - 1], Token) and nodes[at - 1].text in SAFE_BRACED


def findings_in(source: str) -> list[Finding]:
    lint = Lint()
    lint.check_block(tree_of(source))
    return lint.findings


def sources_of(root: pathlib.Path) -> list[pathlib.Path]:
    files = (path for folder in FOLDERS for path in (root / folder).rglob("*.[ch]pp"))
    return sorted(path for path in files if not path.relative_to(root).as_posix().startswith(PROOFS))


def main() -> int:
    root = pathlib.Path(sys.argv[1])
    sources, wrong = sources_of(root), 0
    for path in sources:
        for finding in findings_in(path.read_text(encoding="utf-8")):
            rule = f"rule {finding.rule}: " if finding.rule else ""
            print(f"{path.relative_to(root)}:{finding.line}: {rule}{finding.text}")
            wrong += 1
    print(f"{len(sources)} files, {wrong} findings")
    return 1 if wrong or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
