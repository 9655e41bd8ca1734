"""One bot in several processes: which of them runs which shards."""

from typing import TYPE_CHECKING

from database.cluster import ClusterStore
from database.ids import new_id
from utils.cluster.base import Cluster
from utils.cluster.several import Several

if TYPE_CHECKING:
    from utils.bot import Hearth

__all__ = ["Cluster", "create_cluster"]


def create_cluster(bot: "Hearth") -> Cluster:
    """The part of this process, by the settings; it does no I/O until it joins."""
    share = bot.config.share
    if share is None:
        return Cluster()
    return Several(bot, share, ClusterStore(bot.db, new_id()), bot.config.takeover_seconds)
