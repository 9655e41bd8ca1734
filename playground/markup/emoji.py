"""Recognising emoji."""

import re

from playground.markup.mentions import EMOJI

MOST_LARGE = 27
"""With more of them, Discord shows them as small as in a text."""

# Characters that are pictures by themselves (Unicode's Emoji_Presentation, and the heart), …
PICTURES = (
    "\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd"
    "\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e"
    "\u2753-\u2755\u2757\u2764\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55\U0001f004\U0001f0cf\U0001f18e"
    "\U0001f191-\U0001f19a\U0001f201\U0001f21a\U0001f22f\U0001f232-\U0001f236\U0001f238-\U0001f23a\U0001f250\U0001f251"
    "\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f7e0-\U0001f7eb\U0001f7f0\U0001f900-\U0001f9ff"
    "\U0001fa70-\U0001faff"
)
# … and those that are with U+FE0F behind them.
SIGNS = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u2300-\u27bf\u2934\u2935\u2b05-\u2b07\u3030\u303d\u3297\u3299"
    "\U0001f170-\U0001f251"
)
SKIN = "[\U0001f3fb-\U0001f3ff]"
PICTURE = rf"(?:[{PICTURES}]\ufe0f?|[{SIGNS}]\ufe0f){SKIN}?"
JOINED = rf"\u200d(?:{PICTURE}|[\u2640\u2642\u2695\u2696\u2708\u27a1])"
"""Behind a joiner, some signs are often written without theirs."""
FLAG = r"[\U0001f1e6-\U0001f1ff]{2}|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
KEY = r"[0-9#*]\ufe0f?\u20e3"
UNICODE_EMOJI = rf"{FLAG}|{KEY}|{PICTURE}(?:{JOINED})*"
AN_EMOJI = re.compile(rf"\s*+(?:{EMOJI.pattern}|{UNICODE_EMOJI})")


def only_emoji(text: str) -> bool:
    """Whether a message is up to 27 emoji and nothing else, and so is shown large."""
    text = text.rstrip()
    at = 0
    for _ in range(MOST_LARGE):
        match = AN_EMOJI.match(text, at)
        if match is None:
            return False
        at = match.end()
        if at == len(text):
            return True
    return False
