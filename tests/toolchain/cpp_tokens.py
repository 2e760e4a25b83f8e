"""C++ text as a tree of tokens, as far as a lint needs it: no comments, strings or preprocessor lines, brackets matched.

A node is a Token or a Group; a Group is a pair of brackets with what stands between them. Angle brackets are not
brackets here.
"""
import re
from dataclasses import dataclass, field

CLOSING = {"(": ")", "[": "]", "{": "}"}
LEXEME = re.compile(
    r"""
    (?P<space>[ \t\r\f\v]+|\\\n)
  | (?P<newline>\n)
  | (?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)
  | (?P<raw>(?:u8|[uUL])?R"(?P<fence>[^()\\ \t\n]{0,16})\(.*?\)(?P=fence)")
  | (?P<text>(?:u8|[uUL])?"(?:\\.|[^"\\\n])*"\w*)
  | (?P<number>\.?\d(?:'?[\w.]|(?<=[eEpP])[+-])*)
  | (?P<letter>(?:u8|[uUL])?'(?:\\.|[^'\\\n])+')
  | (?P<word>[A-Za-z_]\w*)
  | (?P<sign>::|->|\.\.\.|&&|\|\||[^\w\s])
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass
class Token:
    text: str
    line: int


@dataclass
class Group:
    bracket: str
    line: int
    children: list = field(default_factory=list)


def tokens_of(source: str) -> list[Token]:
    tokens, at, line, line_is_empty = [], 0, 1, True
    while at < len(source):
        match = LEXEME.match(source, at)
        kind, text = match.lastgroup, match.group()
        if match["raw"] is not None:
            kind = "text"
        if text == "#" and line_is_empty:
            text = re.compile(r"(?:\\\n|/\*.*?\*/|[^\n])*", re.DOTALL).match(source, at).group()
        elif kind == "text":
            tokens.append(Token('""', line))
        elif kind == "letter":
            tokens.append(Token("''", line))
        elif kind in ("number", "word", "sign"):
            tokens.append(Token(text, line))
        if kind == "newline":
            line_is_empty = True
        elif kind not in ("space", "comment"):
            line_is_empty = False
        line += text.count("\n")
        at += len(text)
    return tokens


def tree_of(source: str) -> Group:
    """The whole text as one block; a bracket that does not match ends the groups it crosses."""
    root = Group("{", 1)
    open_groups = [root]
    for token in tokens_of(source):
        if token.text in CLOSING:
            group = Group(token.text, token.line)
            open_groups[-1].children.append(group)
            open_groups.append(group)
        elif token.text in CLOSING.values():
            while len(open_groups) > 1 and CLOSING[open_groups.pop().bracket] != token.text:
                pass
        else:
            open_groups[-1].children.append(token)
    return root


def is_token(node, *texts: str) -> bool:
    return isinstance(node, Token) and node.text in texts


def is_group(node, bracket: str) -> bool:
    return isinstance(node, Group) and node.bracket == bracket
