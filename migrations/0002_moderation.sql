-- What moderators did: one series of numbers for each guild, from one, without holes and never used again.
CREATE TABLE case_numbers (
    guild_id BIGINT PRIMARY KEY,
    last BIGINT NOT NULL
);

-- Written before the action, and settled after it.
CREATE TABLE cases (
    guild_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'done', 'failed', 'undone')),
    -- NULL where no person is meant: a purge, a lock.
    target_id BIGINT,
    -- Names as they were then; people rename themselves and leave.
    target_name TEXT,
    -- NULL where the audit log didn't tell.
    moderator_id BIGINT,
    moderator_name TEXT NOT NULL,
    reason TEXT,
    -- Reason and target's name with their case folded: LOWER knows ASCII alone in SQLite, and in some PostgreSQL.
    search_text TEXT NOT NULL,
    source TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    settled_at BIGINT,
    -- Why Discord refused, in a sentence.
    failure TEXT,
    -- When it ends by itself; NULL for good, or over at once.
    ends_at BIGINT,
    points BIGINT NOT NULL DEFAULT 0 CHECK (points >= 0),
    -- Whether the target was told: 'sent', 'closed', or NULL if nobody tried.
    told TEXT CHECK (told IN ('sent', 'closed')),
    -- What was there before, for undo; and what there is to know besides, by kind.
    state_before {{JSON}} NOT NULL,
    details {{JSON}} NOT NULL,
    -- Where it happened, and the case that it belongs to (of a ban of many, of an undo).
    channel_id BIGINT,
    message_id BIGINT,
    parent BIGINT,
    log_channel_id BIGINT,
    log_message_id BIGINT,
    -- Of what was done in Discord's own client: the entry of the audit log that told.
    entry_id BIGINT,
    PRIMARY KEY (guild_id, number)
);
CREATE INDEX cases_by_target ON cases (guild_id, target_id, number);
CREATE INDEX cases_by_moderator ON cases (guild_id, moderator_id, number);
CREATE INDEX cases_by_parent ON cases (guild_id, parent, number) WHERE parent IS NOT NULL;
CREATE INDEX cases_pending ON cases (guild_id) WHERE status = 'pending';
-- One message does one thing to one person (or to none, as a lock does), also when Discord delivers it twice.
CREATE UNIQUE INDEX cases_by_message ON cases (guild_id, message_id, kind, COALESCE(target_id, 0))
    WHERE source = 'command';
-- One entry is one case, also when Discord delivers it twice.
CREATE UNIQUE INDEX cases_by_entry ON cases (entry_id) WHERE entry_id IS NOT NULL;

CREATE TABLE case_changes (
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    field TEXT NOT NULL,
    old_value TEXT,
    new_value TEXT,
    changed_by BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX case_changes_by_case ON case_changes (guild_id, number, id);

-- Guilds whose log channel doesn't work and that were told so, about which channel.
CREATE TABLE case_log_troubles (
    guild_id BIGINT PRIMARY KEY,
    channel_id BIGINT NOT NULL
);

-- The newest entry of a guild's audit log that was read, so that what was done while the bot was away is found.
CREATE TABLE audit_marks (
    guild_id BIGINT PRIMARY KEY,
    entry_id BIGINT NOT NULL
);

-- What is in force for a person, to be ended, renewed or put on again when they come back.
CREATE TABLE sanctions (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- Of a temporary role, which; else 0.
    role_id BIGINT NOT NULL DEFAULT 0,
    number BIGINT NOT NULL,
    ends_at BIGINT,
    timer_id BIGINT,
    PRIMARY KEY (guild_id, user_id, kind, role_id)
);
CREATE INDEX sanctions_by_timer ON sanctions (timer_id);

-- How many points of warnings lead to what.
CREATE TABLE mod_thresholds (
    guild_id BIGINT NOT NULL,
    points BIGINT NOT NULL CHECK (points > 0),
    kind TEXT NOT NULL CHECK (kind IN ('timeout', 'kick', 'ban')),
    -- NULL for good, or for what is over at once.
    length_seconds BIGINT,
    -- Only younger warnings count; NULL for all.
    within_seconds BIGINT,
    PRIMARY KEY (guild_id, points)
);

-- Channels that are locked or slowed down: what was there before, and what was left there instead, so that only what
-- nobody has changed since is put back.
CREATE TABLE channel_states (
    guild_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('lock', 'slowmode')),
    number BIGINT NOT NULL,
    state_before {{JSON}} NOT NULL,
    state_after {{JSON}} NOT NULL,
    -- One timer may be about many channels.
    timer_id BIGINT,
    PRIMARY KEY (guild_id, channel_id, kind)
);
CREATE INDEX channel_states_by_timer ON channel_states (timer_id);
