"""From tokens to HTML. Whatever came from a person goes through `escape` here."""

import re
from collections.abc import Sequence
from html import escape

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from playground.markup.highlight import highlight
from playground.markup.names import Reader
from playground.markup.times import moment, words

COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
JUMP = re.compile(
    r"https://(?:\w+\.)?discord(?:app)?\.com/channels/(?:@me|[0-9]{1,20})/([0-9]{1,20})(?:/([0-9]{1,20}))?/?",
    re.ASCII,
)
PLACES = {
    "customize": "Channels & Roles",
    "browse": "Browse Channels",
    "guide": "Server Guide",
    "home": "Server Guide",
    "linked-roles": "Linked Roles",
}
READER = "reader"

Tokens = Sequence[Token]


class Html(RendererHTML):
    """A method for each kind of token that isn't just a tag."""

    def text(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        return escape(tokens[idx].content, quote=False).replace("\n", "<br>")

    def code(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        return f"<code>{escape(tokens[idx].meta['code'])}</code>"

    def code_block(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        meta = tokens[idx].meta
        return (
            f'<div class="code"><pre><code>{highlight(meta["code"], meta["language"])}</code></pre>'
            '<button type="button" class="copy" aria-label="Copy the code"></button></div>'
        )

    def spoiler_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        return (
            '<span class="spoiler" role="button" tabindex="0" aria-expanded="false" aria-label="Spoiler">'
            '<span class="hidden">'
        )

    def spoiler_close(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</span></span>"

    def link(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        address = tokens[idx].meta["address"]
        reader = _reader(env)
        if (jump := JUMP.fullmatch(address)) and reader.names.channel(int(jump[1])):
            text = reader.channel(int(jump[1])) + (" › message" if jump[2] else "")
            return f'<a class="mention channel"{_link(address)}>{escape(text)}</a>'
        return f"<a{_link(address)}>{escape(address)}</a>"

    def link_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        meta = tokens[idx].meta
        title = f"{meta['title']}\n\n({meta['address']})" if meta["title"] else meta["address"]
        return f'<a{_link(meta["address"])} title="{escape(title)}">'

    def user(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        identity = tokens[idx].meta["identity"]
        reader = _reader(env)
        if reader.names.user(identity) is None:
            return _mention("user unknown", reader.user(identity))
        you = " you" if identity == reader.viewer else ""
        pressable = f' data-user="{identity}" role="button" tabindex="0"'
        return _mention(f"user{you}", reader.user(identity), pressable)

    def role(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        identity = tokens[idx].meta["identity"]
        reader = _reader(env)
        role = reader.names.role(identity)
        colour = role[1] if role and role[1] and COLOUR.fullmatch(role[1]) else None
        style = f' style="--role:{colour}"' if colour else ""
        return _mention("role", reader.role(identity), style)

    def channel(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        identity = tokens[idx].meta["identity"]
        reader = _reader(env)
        if reader.names.channel(identity) is None:
            return _mention("channel unknown", reader.channel(identity))
        pressable = f' data-channel="{identity}" role="link" tabindex="0"'
        return _mention("channel", reader.channel(identity), pressable)

    def everyone(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        text = tokens[idx].meta["text"]
        return _mention("everyone", text) if _reader(env).everyone else escape(text)

    def command(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        return _mention("command", f"/{tokens[idx].meta['name']}")

    def place(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        return _mention("place", PLACES[tokens[idx].meta["place"]])

    def emoji(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        meta = tokens[idx].meta
        name = f":{escape(meta['name'])}:"
        return f'<img class="emoji" src="files/emoji/{meta["identity"]}.png" alt="{name}" title="{name}">'

    def moment(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        unix, style = tokens[idx].meta["unix"], tokens[idx].meta["style"]
        iso = f"{moment(unix):%H:%M:%S}"
        date = moment(unix).date().isoformat()
        return f'<time datetime="{date}T{iso}Z" data-unix="{unix}" data-style="{style}">{words(unix, style)}</time>'


def _mention(kind: str, text: str, attributes: str = "") -> str:
    """A mention; `kind` are the classes that say of what, `attributes` are HTML."""
    return f'<span class="mention {kind}"{attributes}>{escape(text)}</span>'


def _reader(env: EnvType) -> Reader:
    reader = env[READER]
    assert isinstance(reader, Reader)
    return reader


def _link(address: str) -> str:
    """The attributes of a link. One to a message in town also says where that is, so that the page can go there."""
    jump = JUMP.fullmatch(address)
    inside = f' data-channel="{jump[1]}"' if jump else ""
    inside += f' data-message="{jump[2]}"' if jump and jump[2] else ""
    return f' href="{escape(address)}" target="_blank" rel="noopener noreferrer"{inside}'
