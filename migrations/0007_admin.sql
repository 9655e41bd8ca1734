-- Running a server. One section a topic.

-- --- Why

-- Which messages the bot removed in the last weeks, and by which rule; not what they said. `author_id` is null where
-- nobody should learn who wrote it; `removed_by` names who reads `details`.
CREATE TABLE removed_messages (
    guild_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    author_id BIGINT,
    removed_by TEXT NOT NULL,
    details {{JSON}} NOT NULL,
    removed_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, message_id)
);
CREATE INDEX removed_messages_by_author ON removed_messages (guild_id, author_id, removed_at)
    WHERE author_id IS NOT NULL;
CREATE INDEX removed_messages_by_age ON removed_messages (removed_at);

-- --- Permissions, blocks, aliases

-- Who may use which commands where.
CREATE TABLE permission_rules (
    guild_id BIGINT NOT NULL,
    -- 'command:' or 'feature:' and its name.
    subject TEXT NOT NULL,
    target_kind TEXT NOT NULL CHECK (target_kind IN ('person', 'role', 'channel', 'category', 'server')),
    -- The guild's own id for the whole server.
    target_id BIGINT NOT NULL,
    allows BOOLEAN NOT NULL,
    set_by BIGINT NOT NULL,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, subject, target_id)
);

-- Who isn't listened to in a server.
CREATE TABLE server_blocks (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    -- NULL for the bot's own doing, when somebody sends too many commands.
    blocked_by BIGINT,
    blocked_at BIGINT NOT NULL,
    -- NULL for good.
    ends_at BIGINT,
    reason TEXT,
    PRIMARY KEY (guild_id, user_id)
);

-- Who isn't listened to anywhere, by who runs the bot.
CREATE TABLE blocked_users (
    user_id BIGINT PRIMARY KEY,
    blocked_by BIGINT NOT NULL,
    blocked_at BIGINT NOT NULL,
    reason TEXT
);

-- Where the bot isn't, by who runs it.
CREATE TABLE blocked_guilds (
    guild_id BIGINT PRIMARY KEY,
    blocked_by BIGINT NOT NULL,
    blocked_at BIGINT NOT NULL,
    reason TEXT
);

-- Other names for commands, with arguments.
CREATE TABLE command_aliases (
    guild_id BIGINT NOT NULL,
    -- With its case folded.
    name TEXT NOT NULL,
    -- The command with what is written behind it, and places that are filled in.
    text TEXT NOT NULL,
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, name)
);

-- Server log

-- What messages say where a server logs its deleted or edited ones; a day at most. `is_shown` is false for what is
-- left out of the log, such as that of bots: then nothing of it is kept but that. The author of a command is 0.
CREATE TABLE message_bodies (
    message_id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    is_shown BOOLEAN NOT NULL,
    text TEXT NOT NULL,
    files {{JSON}} NOT NULL
);
CREATE INDEX message_bodies_by_guild ON message_bodies (guild_id, message_id);

-- Members as they were seen last, where a server logs who leaves or changes name or avatar: Discord doesn't say.
-- Forgotten when they leave.
CREATE TABLE seen_members (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    joined_at BIGINT,
    role_ids {{JSON}} NOT NULL,
    name TEXT NOT NULL,
    avatar TEXT,
    PRIMARY KEY (guild_id, user_id)
);

-- Where the log can't write, and somebody was told so.
CREATE TABLE server_log_troubles (
    guild_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    PRIMARY KEY (guild_id, channel_id)
);

-- --- Privacy

-- Who had their data deleted while something about them was in force: what is left is anonymised when that ends.
-- `guild_id` is 0 for everywhere; the stand-in is what took the place of the id.
CREATE TABLE pending_erasures (
    user_id BIGINT NOT NULL,
    guild_id BIGINT NOT NULL,
    stand_in BIGINT NOT NULL,
    requested_at BIGINT NOT NULL,
    strict BOOLEAN NOT NULL,
    PRIMARY KEY (user_id, guild_id)
);

-- Who had their data deleted lately: done again and again it would bring start balances and second votes. `guild_id`
-- is 0 for everywhere.
CREATE TABLE recent_erasures (
    user_id BIGINT NOT NULL,
    guild_id BIGINT NOT NULL,
    erased_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, guild_id)
);

-- Servers that the bot isn't in any more, and the timer that deletes what they left. `erasing` once that has begun: then
-- it is done to its end, also if the bot comes back meanwhile.
CREATE TABLE departed_guilds (
    guild_id BIGINT PRIMARY KEY,
    left_at BIGINT NOT NULL,
    timer_id BIGINT NOT NULL,
    erasing BOOLEAN NOT NULL DEFAULT FALSE
);

-- --- Automod

-- Rules of automod. `mode` is observe, on or off; `clauses` says what a rule looks for, when, and what it does.
CREATE TABLE automod_rules (
    guild_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('observe', 'on', 'off')),
    clauses {{JSON}} NOT NULL,
    hits BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (guild_id, number),
    UNIQUE (guild_id, name)
);

-- The last number that a rule of a guild got; numbers aren't used again.
CREATE TABLE automod_numbers (
    guild_id BIGINT PRIMARY KEY,
    last BIGINT NOT NULL
);

-- What rules found. `matched` is a piece of what somebody wrote, and is forgotten after a day.
CREATE TABLE automod_hits (
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    rule_number BIGINT NOT NULL,
    rule_name TEXT NOT NULL,
    trigger_kind TEXT NOT NULL,
    matched TEXT,
    user_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    found_at BIGINT NOT NULL,
    done BOOLEAN NOT NULL,
    case_number BIGINT
);
CREATE INDEX automod_hits_by_rule ON automod_hits (guild_id, rule_number, id);
CREATE INDEX automod_hits_by_message ON automod_hits (guild_id, message_id);
CREATE INDEX automod_hits_by_age ON automod_hits (found_at);
CREATE INDEX automod_hits_by_user ON automod_hits (user_id);

-- --- Saying

-- Messages that staff had the bot write, and so may have it change; and who did.
CREATE TABLE said_messages (
    message_id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    said_at BIGINT NOT NULL
);

-- --- Raids

-- Raids; one of a guild that has no end goes on. `state_before` is what was set before and comes back.
CREATE TABLE raids (
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    began_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    ended_at BIGINT,
    signs {{JSON}} NOT NULL,
    state_before {{JSON}} NOT NULL,
    timer_id BIGINT,
    channel_id BIGINT,
    message_id BIGINT
);
CREATE UNIQUE INDEX raids_that_go_on ON raids (guild_id) WHERE ended_at IS NULL;
CREATE INDEX raids_by_guild ON raids (guild_id, began_at);

-- Who belonged to a raid. `status` is waiting, noted, quarantined, failed, gone, released or banned.
CREATE TABLE raid_members (
    raid_id BIGINT NOT NULL,
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    joined_at BIGINT NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (raid_id, user_id)
);
CREATE INDEX raid_members_by_user ON raid_members (user_id);

-- --- Roles for many

-- Roles that are being given to or taken from many members: one run of a guild at a time, gone when it has ended.
-- `whom` is which members are meant; `message_id` the message that shows how far it is.
CREATE TABLE bulk_role_runs (
    guild_id BIGINT PRIMARY KEY,
    id BIGINT NOT NULL UNIQUE,
    channel_id BIGINT NOT NULL,
    message_id BIGINT,
    started_by BIGINT NOT NULL,
    role_id BIGINT NOT NULL,
    gives BOOLEAN NOT NULL,
    whom {{JSON}} NOT NULL,
    total BIGINT NOT NULL,
    changed BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0
);

-- --- Configuration as a file

-- Imports, and undone ones. `changes` has what was there before and after, by section and entry, as JSON that keeps its
-- order; null once it is too long ago to be taken back. `undoes` is the import that this took back.
CREATE TABLE config_imports (
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    imported_by BIGINT,
    imported_at BIGINT NOT NULL,
    counts {{JSON}} NOT NULL,
    changes TEXT,
    undoes BIGINT,
    undone BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX config_imports_by_guild ON config_imports (guild_id, id);

-- The import that a change of a setting was a part of.
ALTER TABLE guild_setting_changes ADD COLUMN import_id BIGINT;

-- --- Statistics

-- How often commands were used, by the day; by nobody in particular. Guild 0 is direct messages; the empty command
-- stands for all that servers made. Milliseconds are of all uses together, `slowest` is one of them.
CREATE TABLE command_days (
    guild_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    command TEXT NOT NULL,
    uses BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    milliseconds BIGINT NOT NULL,
    slowest BIGINT NOT NULL,
    PRIMARY KEY (guild_id, day, command)
);
CREATE INDEX command_days_by_day ON command_days (day);

-- --- The bot's status

-- What stands below the bot's name, one after the other, as whoever runs it wants.
CREATE TABLE bot_statuses (
    place BIGINT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('playing', 'watching', 'listening', 'competing', 'custom')),
    text TEXT NOT NULL
);

-- How the bot appears, and for how long each status stands there; one row.
CREATE TABLE bot_appearance (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    look TEXT NOT NULL CHECK (look IN ('online', 'idle', 'dnd', 'invisible')),
    every_seconds BIGINT NOT NULL
);

-- --- The time zone of a server

-- It was the leaderboard's alone.
UPDATE guild_settings SET key = 'timezone' WHERE key = 'leaderboard-timezone';
UPDATE guild_setting_changes SET key = 'timezone' WHERE key = 'leaderboard-timezone';

-- --- Announcements

-- News that whoever runs the bot sends to servers: one at a time, gone when it has ended.
CREATE TABLE announcements (
    id BIGINT PRIMARY KEY,
    -- One row has it.
    slot BIGINT NOT NULL UNIQUE CHECK (slot = 1),
    -- Where it was started, and the message that shows how far it is.
    channel_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    started_by BIGINT NOT NULL,
    text TEXT NOT NULL
);

-- Which servers get it. 'sending' is written before it is sent, so that nobody gets it twice.
CREATE TABLE announcement_guilds (
    announcement_id BIGINT NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
    guild_id BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'nowhere', 'unwanted', 'failed')),
    PRIMARY KEY (announcement_id, guild_id)
);
