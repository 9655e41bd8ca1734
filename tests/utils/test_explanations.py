"""How features explain what the bot did: asked together, none in the way of another."""

from tests.support.town import Town
from utils.cog import Cog
from utils.explanations import Explanation, Question, RoleQuestion, XpQuestion, explains


class Knows(Cog):
    feature = "knows"

    @explains(RoleQuestion)
    async def why_role(self, question: RoleQuestion) -> list[Explanation]:
        text = f"{question.member.id} has {question.role.name}: {question.has}"
        return [Explanation("besides"), Explanation(text, decides=True), Explanation("besides")]


class Fails(Cog):
    feature = "fails"

    @explains(RoleQuestion)
    async def why_role(self, question: RoleQuestion) -> list[Explanation]:
        raise RuntimeError("this feature is broken")

    @explains(XpQuestion)
    async def why_xp(self, question: XpQuestion) -> list[Explanation]:
        raise AssertionError("this wasn't asked")


async def test_cogs_are_asked_as_they_come_and_go(town: Town):
    guild, ann, role = town.guild.live, town.ann.live, town.role("Member").live
    question: Question = RoleQuestion(guild, ann, ann, role)

    async def asked() -> list[Explanation]:
        return [one for one in await town.as_bot(town.bot.explanations.of(question)) if one.text in known]

    known = {"besides", f"{ann.id} has Member: False"}
    assert await asked() == []
    for cog in (Fails(town.bot), Knows(town.bot)):
        await town.as_bot(town.bot.add_cog(cog))
    assert await asked() == [Explanation(f"{ann.id} has Member: False", decides=True), Explanation("besides")]
    town.expect_errors()
    assert [report.where for report in town.bot.error_reports.all()][:1] == ["Fails.why_role"]
    await town.as_bot(town.bot.remove_cog("Knows"))
    assert await asked() == []
