"""Undo as an action: it goes the way of every other, and has a case whose parent is the case that it takes back."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

import discord

from cogs.moderation.actions import Action, Target
from cogs.moderation.kinds import KINDS, UNDO, Kind, title_of
from cogs.moderation.pipeline import Pipeline, answer
from cogs.moderation.refusals import REFUSALS, ActionFailedError, why_refused
from cogs.moderation.undo.reversals import BY_KIND, Reversal
from database.moderation import Case, CaseFilter, CasesStore, NewCase
from utils.formatting import bullets
from utils.i18n import N_, _, format_list, translate
from utils.time import timestamp

if TYPE_CHECKING:
    from utils.bot import Hearth

BY_RULE = "escalation"
"""Where cases come from that warnings led to; those are taken back with the warning."""
BY_UNDO = "undo"
"""Where the undos of those come from."""
MOST_FOLLOWERS = 10
MOST_NAMED = 5  # later cases, in the question


@dataclass
class Undo(Action):
    """Takes one case back: what was there before comes back, and the case doesn't count any more."""

    kind_key: ClassVar[str] = UNDO
    needs_member: ClassVar[bool] = False
    undone: Case = field(kw_only=True)
    """The case that is taken back, as it was when it was looked up."""
    followers: Sequence[Case] = ()
    """What the case led to by a rule."""
    always_asks: bool = False
    """Whether to ask even if there is nothing special about it: a button is pressed by mistake."""
    _reversal: Reversal | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.details = {**self.details, "undoes": self.undone.number, "undone_kind": self.undone.kind}

    @classmethod
    async def of(cls, bot: "Hearth", target: Target, undone: Case, reason: str | None = None) -> "Undo":
        """The undo of a case, and of what it led to."""
        return cls(bot, target, reason, undone=undone, followers=await _followers(bot, undone))

    @classmethod
    async def of_case(cls, bot: "Hearth", target: Target, case: Case) -> "Undo":
        undone = await CasesStore(bot.db).get(case.guild_id, case.details["undoes"])
        assert undone is not None  # no case is ever deleted
        followers = await _followers(bot, undone)
        return cls(bot, target, case.reason, details=case.details, undone=undone, followers=followers)

    @property
    def reversal(self) -> Reversal:
        """How it is done, to the target as they were looked up last."""
        if self._reversal is None or self._reversal.target is not self.target:
            self._reversal = BY_KIND[self.undone.kind](self.bot, self.target, self.undone)
        return self._reversal

    @property
    def kind(self) -> Kind:
        needs = self.reversal.needs
        return replace(KINDS[UNDO], invoker=needs.invoker, bot=needs.bot, told=self.reversal.told)

    @property
    def on_anybody(self) -> bool:
        return self.reversal.on_anybody

    def done_sentence(self) -> str:
        return f"{case_is_undone(self.undone)} {self.reversal.done_sentence()}"

    def why_impossible(self) -> str | None:
        return self.reversal.why_impossible()

    def why_not_for(self, moderator: discord.Member) -> str | None:
        return self.reversal.why_not_for(moderator)

    async def already(self) -> str | None:
        now = await CasesStore(self.bot.db).get(self.undone.guild_id, self.undone.number)
        assert now is not None
        return why_not_undone(now)

    async def question(self, moderator: discord.Member) -> str | None:
        """Ask about what has changed since, what goes with it, and whose case it is."""
        parts = []
        if self.undone.moderator_id not in {None, moderator.id, moderator.guild.me.id}:
            parts.append(_("Case {number} is {moderator}'s.").format(
                number=f"**{self.undone.number}**", moderator=f"<@{self.undone.moderator_id}>"
            ))  # fmt: skip
        if since := [*await self.reversal.changed(), *await self._later()]:
            parts.append(_("What has changed since:") + "\n" + bullets(since))
        if self.followers:
            parts.append(_("What followed on it is undone, too: {cases}.").format(cases=_named(self.followers)))
        if not parts and not self.always_asks:
            return None
        undo_it = _("Undo case {number} ({kind}) on {target}?").format(
            number=f"**{self.undone.number}**", kind=title_of(self.undone.kind), target=self.target.mention
        )
        return "\n".join([*parts, undo_it])

    async def _later(self) -> list[str]:
        """Sentences about what else was done to them since."""
        if not self.reversal.related:
            return []
        wanted = CaseFilter(
            target_id=self.target.id, after_number=self.undone.number, statuses=("done",), kinds=self.reversal.related
        )
        found = await CasesStore(self.bot.db).find(self.undone.guild_id, wanted, limit=MOST_NAMED)
        followers = {case.number for case in self.followers}
        return [
            _("Case {number}, {when}: {kind}.").format(
                number=f"**{case.number}**", when=timestamp(case.opened_at, "R"), kind=title_of(case.kind)
            )
            for case in reversed(found)
            if case.number not in followers
        ]

    async def state_before(self) -> dict[str, Any]:
        return await self.reversal.state_before()

    async def act(self, audit_reason: str) -> None:
        await self.reversal.act(audit_reason)

    async def in_force(self, case: Case) -> None:
        by = case.moderator_id or self.target.guild.me.id
        await CasesStore(self.bot.db).undone(case.guild_id, self.undone.number, by=by, at=discord.utils.utcnow())
        await self.reversal.in_force(case)

    async def took_effect(self, case: Case) -> bool | None:
        return await self.reversal.took_effect()


class Followers:
    """Undoing a warning undoes what it led to: a consequence in the pipeline."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline

    async def foresee(self, action: Action) -> str | None:
        """The undo itself names them."""
        return None

    async def begin(self, action: Action, case: Case) -> Sequence[Case]:
        """Write down the undo of each."""
        if not isinstance(action, Undo):
            return ()
        return [await self._open(case, follower) for follower in action.followers]

    async def _open(self, undo: Case, follower: Case) -> Case:
        return await self.pipeline.cases.open(
            NewCase(
                guild_id=undo.guild_id, kind=UNDO, source=BY_UNDO, moderator_id=undo.moderator_id,
                moderator_name=undo.moderator_name, opened_at=discord.utils.utcnow(), target_id=undo.target_id,
                target_name=undo.target_name, reason=undo.reason,
                details={"undoes": follower.number, "undone_kind": follower.kind},
                channel_id=undo.channel_id, message_id=undo.message_id, parent=follower.number,
            )
        )  # fmt: skip

    async def follow(self, action: Action, begun: Case) -> str:
        """Undo one of them."""
        try:
            undo = await Undo.of_case(self.pipeline.bot, await action.target.looked_up(), begun)
            return answer(undo, await self.pipeline.perform_by_rule(undo, begun))
        except ActionFailedError as error:
            came = str(error)
        except REFUSALS as error:  # nobody knows whether they are here
            came = why_refused(error)
            await self.pipeline.failed(begun, came)
        return _("Case {number} ({kind}) stays: {why}").format(
            number=f"**{begun.parent}**", kind=title_of(begun.details["undone_kind"]), why=came
        )


async def _followers(bot: "Hearth", undone: Case) -> Sequence[Case]:
    wanted = CaseFilter(parent=undone.number, statuses=("done",))
    found = await CasesStore(bot.db).find(undone.guild_id, wanted, limit=MOST_FOLLOWERS, oldest_first=True)
    return [case for case in found if case.source == BY_RULE and case.kind in BY_KIND]


def case_is_undone(case: Case) -> str:
    """The sentence that says so."""
    return _("Case {number} ({kind}) is undone.").format(number=f"**{case.number}**", kind=title_of(case.kind))


_NOT_THESE = {
    UNDO: N_("Case {number} is an undo itself. Do again what it took back."),
    "purge": N_("Deleted messages don't come back; the mod log has a file with what they said."),
}
_NOT_SO = {
    "undone": N_("Case {number} is undone already."),
    "pending": N_("Case {number} is still under way; try again in a moment."),
    "failed": N_("Case {number} came to nothing, so there is nothing to undo."),
}


def why_not_undone(case: Case) -> str | None:
    """The sentence for a case that can't be taken back, or not any more."""
    kind = KINDS.get(case.kind)
    sentence = _NOT_THESE.get(case.kind) or _NOT_SO.get(case.status)
    if sentence is None and (kind is None or not kind.undoable):
        sentence = N_("Case {number} ({kind}) can't be undone.")
    if sentence is None:
        return None
    return translate(sentence).format(number=f"**{case.number}**", kind=title_of(case.kind))


def _named(cases: Sequence[Case]) -> str:
    return format_list([f"**{case.number}** ({title_of(case.kind)})" for case in cases])
