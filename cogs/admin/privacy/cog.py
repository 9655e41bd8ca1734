"""Showing what is stored."""

from cogs.admin.privacy.personal_data import PERSONAL_DATA
from utils.cog import Cog


class Privacy(Cog):
    """Shows what is stored about people, hands it out, deletes it."""

    personal_data = PERSONAL_DATA
