"""Proven rules to begin with. They are added watching only, like all new ones."""

from typing import Final

from utils.i18n import N_

PRESETS: Final[dict[str, tuple[str, str]]] = {
    "invites": (N_("invites to other servers"), "--invites --delete"),
    "flood": (N_("many messages in a few seconds"), "--messages 8 5s --delete --timeout 5m"),
    "repeats": (N_("the same again and again"), "--duplicates 4 30s --delete --timeout 10m"),
    "mentions": (N_("mentions of many people"), "--mentions 8 --mention-rate 15 30s --delete --timeout 10m --alert"),
    "walls": (N_("walls of emoji and of empty lines"), "--emoji 30 --lines 40 --delete"),
    "capitals": (N_("shouting in capitals"), "--caps 80 --delete"),
    "newcomers": (
        N_("links by accounts of less than three days"),
        "--links --account-under 3d --delete --alert",
    ),
    "scams": (
        N_("what hacked accounts write: free nitro, gifts, the same link everywhere"),
        '--words "free nitro" "nitro for free" "steam gift" --link-rate 4 20s --delete --timeout 1h --alert',
    ),
    "programs": (
        N_("files that are programs"),
        "--attachments exe scr bat cmd com pif vbs js jar msi ps1 lnk --delete --alert",
    ),
}
"""By name: what a rule is against, and the rule."""
BASIC: Final = ("invites", "flood", "repeats", "mentions", "scams", "programs")
"""What most servers want."""
