"""Links: bare ones, `<https://…>` and `[text](https://…)`. Only `http` and `https` lead anywhere."""

import re

from playground.markup.scope import Scope

ADDRESS = re.compile(r"https?://[^\s<]+", re.IGNORECASE)
SCHEME = re.compile(r"https?\Z", re.IGNORECASE)
LONGEST_SCHEME = len("https")
NEVER_LAST = ".,:;\"'!?]"
"""What ends the sentence rather than the address."""

BRACKETED = re.compile(r"<(https?://[^\s<>]+)>", re.IGNORECASE)
TARGET = re.compile(
    r"""\(\s*
        (?: <(?P<bracketed> https?://[^\s<>]+ )>
          | (?P<bare> https?:// (?: \\. | \([^\s()\\]*\) | [^\s()\\] )++ ) )
        (?: \s+ (?: "(?P<double>[^"]*)" | '(?P<single>[^']*)' ) )?
        \s*\)""",
    re.VERBOSE | re.IGNORECASE,
)
ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
LOOKS_LIKE_ADDRESS = re.compile(r"https?://[^\s<]+[^<.,:;\"')\]\s]", re.IGNORECASE)


def bare_link(scope: Scope) -> bool:
    """An address in the text; the scheme was taken for text already."""
    if scope.linked or not scope.src.startswith("://", scope.pos):
        return False
    scheme = SCHEME.search(scope.pending[-LONGEST_SCHEME:])
    if scheme is None:
        return False
    start = scope.pos - len(scheme[0])
    match = ADDRESS.match(scope.src, start, scope.posMax)
    if match is None:
        return False
    address = _without_sentence(match[0])
    if len(address) <= len(scheme[0]) + len("://"):
        return False
    scope.pending = scope.pending[: -len(scheme[0])]
    scope.put("link", address=address)
    scope.pos = start + len(address)
    return True


def bracketed_link(scope: Scope) -> bool:
    """`<https://…>`: the same without a preview."""
    match = None if scope.linked else BRACKETED.match(scope.src, scope.pos, scope.posMax)
    if match is None:
        return False
    scope.put("link", address=match[1])
    scope.pos = match.end()
    return True


def masked_link(scope: Scope) -> bool:
    """`[text](https://…)`, if the text doesn't pretend to be an address itself."""
    end = None if scope.linked else scope.closing_bracket(scope.pos)
    if end is None or not scope.src.startswith("](", end) or end >= scope.posMax:
        return False
    label = scope.src[scope.pos + 1 : end]
    match = TARGET.match(scope.src, end + 1, scope.posMax)
    if match is None or not label.strip() or LOOKS_LIKE_ADDRESS.search(label):
        return False
    address = match["bracketed"] or ESCAPED.sub(r"\1", match["bare"])
    start = scope.pos + 1
    scope.linked = True
    scope.around("link", "a", start, end, match.end(), address=address, title=match["double"] or match["single"])
    scope.linked = False
    return True


def _without_sentence(address: str) -> str:
    """Cut off what belongs to the text around an address, as in `(see https://a.example/b).` or so."""
    address = address.partition("](")[0]
    surplus = address.count(")") - address.count("(")
    while address:
        if address[-1] == ")" and surplus > 0:
            surplus -= 1
        elif address[-1] not in NEVER_LAST:
            break
        address = address[:-1]
    return address
