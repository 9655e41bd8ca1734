"""What the commands do: hand out a file, read one, take an import back."""

import asyncio
import io
from collections.abc import Sequence
from typing import Final

import aiohttp
import discord

from cogs.admin.portable import texts
from cogs.admin.portable.service import Plan, Portable
from cogs.admin.portable.views import MakePlan, Preview
from database.config_imports import ConfigImport
from utils import embeds
from utils.attached import attached_to, read_attached
from utils.context import GuildContext
from utils.errors import UserError
from utils.formatting import bullets, code
from utils.i18n import _, translate
from utils.near import nearest
from utils.portable import MisfitError, Target
from utils.yaml_files import MOST_BYTES, YamlError, read_yaml, write_yaml

CANNOT_SEND: Final = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)


async def export(ctx: GuildContext, portable: Portable, names: Sequence[str]) -> None:
    """Send the file to who asks: where others read along, as a direct message."""
    known = portable.sections()
    for name in names:
        if name not in known:
            near = nearest(name, known) or portable.settings.name
            raise UserError(
                _("There is no section {name}; did you mean {near}?").format(name=code(name[:60]), near=code(near))
            )
    data = await portable.export(ctx.guild, names)
    written = (await asyncio.to_thread(write_yaml, data)).encode()
    if len(written) > MOST_BYTES:
        raise UserError(_("That's too much for one file; name some of the sections."))
    file = discord.File(io.BytesIO(written), f"configuration-{ctx.guild.id}.yaml")
    listed = bullets(f"{code(name)}: {translate(known[name].title)}" for name in data if name in known)
    embed = embeds.success(
        _("The configuration of {server}. `{command}` with this file attached reads it.").format(
            server=discord.utils.escape_markdown(ctx.guild.name), command=f"{ctx.clean_prefix}config import"
        )
        + f"\n{listed}"
    )
    if not ctx.channel.permissions_for(ctx.guild.default_role).view_channel and ctx.can_attach:
        await ctx.reply(embed=embed, file=file)
        return
    try:
        await ctx.author.send(embed=embed, file=file)
    except CANNOT_SEND as error:
        raise UserError(
            _("I can't write to you. Open your direct messages, or ask in a channel that only staff reads.")
        ) from error
    await ctx.success(_("I sent it to you as a direct message, because others read along here."))


async def import_file(ctx: GuildContext, portable: Portable) -> None:
    """Show what an attached file would change, and let who asks decide."""
    wanted = _("Attach the file that `{command}` made, or reply to it.").format(
        command=f"{ctx.clean_prefix}config export"
    )
    content = await read_attached(attached_to(ctx.message, most_bytes=MOST_BYTES, wanted=wanted))
    try:
        data = await asyncio.to_thread(read_yaml, content)
    except YamlError as error:
        raise UserError(str(error)) from error

    async def make(member: discord.Member) -> Plan:
        try:
            return await portable.plan(data, Target(ctx.guild, member))
        except MisfitError as error:
            raise UserError(str(error)) from error

    await _show(ctx, portable, make)


async def undo_import(ctx: GuildContext, portable: Portable, one: ConfigImport) -> None:
    """Show what taking an import back would change, and let who asks decide."""
    if one.changes is None:
        raise UserError(_("The last change is an import from too long ago to be taken back."))

    async def make(member: discord.Member) -> Plan:
        return await portable.plan_undo(one, Target(ctx.guild, member))

    await _show(ctx, portable, make)


async def _show(ctx: GuildContext, portable: Portable, make: MakePlan) -> None:
    plan = await make(ctx.author)
    if plan.problems:
        await ctx.paginate(texts.problems(plan.problems, is_undo=plan.undoes is not None))
    elif any(plan.changed.values()) or any(plan.gone.values()):
        view = Preview(ctx, portable, plan, make)
        view.message = await ctx.reply(**view.pages[0], view=view)
    else:
        if plan.undoes is not None:  # else it would stay the last change for good
            await portable.apply(ctx.guild, {}, by=ctx.author.id, undoes=plan.undoes.id)
        await ctx.paginate(texts.nothing(plan))
