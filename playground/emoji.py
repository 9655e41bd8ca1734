"""Unicode's emoji by the names that people type between colons.

Names are Unicode's own, and for the best-known also Discord's (`:thumbsup:`, `:tada:`). Which emoji exist is read off
Unicode's tables in Python, so nothing is to be kept up to date.
"""

import re
import unicodedata
from functools import cache

from playground.markup.emoji import UNICODE_EMOJI

LONGEST_EMOJI = 16  # characters: a family with skin tones has eleven

# Discord's name, for what is typed most; the first name of an emoji is the one that is shown.
WELL_KNOWN = {
    "smile": "😄", "grinning": "😀", "joy": "😂", "rofl": "🤣", "wink": "😉", "blush": "😊", "heart_eyes": "😍",
    "kissing_heart": "😘", "thinking": "🤔", "neutral_face": "😐", "rolling_eyes": "🙄", "smirk": "😏",
    "sweat_smile": "😅", "sob": "😭", "cry": "😢", "angry": "😠", "rage": "😡", "scream": "😱", "sunglasses": "😎",
    "nerd": "🤓", "partying_face": "🥳", "pleading_face": "🥺", "sleeping": "😴", "skull": "💀", "clown": "🤡",
    "ghost": "👻", "robot": "🤖", "poop": "💩", "thumbsup": "👍", "thumbsdown": "👎", "ok_hand": "👌", "wave": "👋",
    "clap": "👏", "pray": "🙏", "muscle": "💪", "raised_hands": "🙌", "point_up": "☝️", "point_right": "👉",
    "point_left": "👈", "fingers_crossed": "🤞", "shrug": "🤷", "facepalm": "🤦", "eyes": "👀", "heart": "❤️",
    "broken_heart": "💔", "fire": "🔥", "star": "⭐", "sparkles": "✨", "zap": "⚡", "boom": "💥", "100": "💯",
    "tada": "🎉", "confetti_ball": "🎊", "gift": "🎁", "trophy": "🏆", "medal": "🏅", "crown": "👑", "rocket": "🚀",
    "white_check_mark": "✅", "x": "❌", "warning": "⚠️", "question": "❓", "exclamation": "❗", "no_entry": "⛔",
    "lock": "🔒", "unlock": "🔓", "key": "🔑", "bell": "🔔", "alarm_clock": "⏰", "hourglass": "⌛", "calendar": "📅",
    "pushpin": "📌", "memo": "📝", "books": "📚", "bulb": "💡", "hammer": "🔨", "wrench": "🔧", "gear": "⚙️",
    "bug": "🐛", "cat": "🐱", "dog": "🐶", "bird": "🐦", "penguin": "🐧", "tea": "🍵", "coffee": "☕", "pizza": "🍕",
    "cake": "🍰", "cookie": "🍪", "beer": "🍺", "apple": "🍎", "sunny": "☀️", "rainbow": "🌈", "snowflake": "❄️",
    "moneybag": "💰", "coin": "🪙", "dart": "🎯", "game_die": "🎲", "video_game": "🎮", "musical_note": "🎵",
    "black_heart": "🖤", "wastebasket": "🗑️", "desktop": "🖥️", "map": "🗺️", "spider": "🕷️", "fist": "✊", "v": "✌️",
    "raised_hand": "✋", "recycle": "♻️", "airplane": "✈️", "soccer": "⚽", "umbrella": "☔", "pencil": "✏️",
    "microphone": "🎤", "headphones": "🎧", "camera": "📷", "computer": "💻", "mag": "🔍", "link": "🔗",
}  # fmt: skip

# The blocks of Unicode that hold emoji and little else.
BLOCKS = (
    (0x1F300, 0x1F53D),
    (0x1F550, 0x1F567),
    (0x1F5FB, 0x1F64F),
    (0x1F680, 0x1F6C5),
    (0x1F90C, 0x1F9FF),
    (0x1FA70, 0x1FAFF),
)


def is_emoji(text: str) -> bool:
    """Whether this may be one emoji. Discord knows exactly which exist; this knows what they look like."""
    return len(text) <= LONGEST_EMOJI and bool(re.fullmatch(UNICODE_EMOJI, text))


@cache
def by_name() -> dict[str, str]:
    """All emoji of one character by a name such as `slice_of_pizza`; the well-known ones first."""
    names = dict(WELL_KNOWN)
    for first, last in BLOCKS:
        for number in range(first, last + 1):
            character = chr(number)
            if unicodedata.category(character) == "So":
                name = re.sub(r"[^a-z0-9]+", "_", unicodedata.name(character, "").lower()).strip("_")
                names.setdefault(name, character)
    return names
