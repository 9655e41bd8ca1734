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
CREATE INDEX cases_by_time ON cases (guild_id, opened_at);
CREATE INDEX cases_by_name ON cases (guild_id, target_name, target_id);
CREATE INDEX cases_pending ON cases (guild_id, number) WHERE status = 'pending';
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

-- Cases that a guild's log couldn't show; it does when it works again.
CREATE TABLE case_log_missed (
    guild_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (guild_id, number)
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

-- What members reported. A report is open until it is resolved; what was copied of messages goes some time after that.
CREATE TABLE reports (
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    target_name TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    -- The message that is meant; 0 if it is the person as such.
    message_id BIGINT NOT NULL DEFAULT 0,
    channel_id BIGINT,
    written_at BIGINT,
    message_text TEXT,
    -- Names of attachments.
    message_files {{JSON}} NOT NULL,
    claimed_by BIGINT,
    claimed_at BIGINT,
    resolved_by BIGINT,
    resolved_at BIGINT,
    outcome TEXT CHECK (outcome IN ('acted', 'dismissed')),
    note TEXT,
    -- Where the staff reads it; NULL while it couldn't be shown to them.
    staff_channel_id BIGINT,
    staff_message_id BIGINT,
    texts_removed BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE UNIQUE INDEX reports_open ON reports (guild_id, target_id, message_id) WHERE resolved_at IS NULL;
CREATE INDEX reports_by_target ON reports (guild_id, target_id, id);
CREATE INDEX reports_with_texts ON reports (resolved_at) WHERE resolved_at IS NOT NULL AND NOT texts_removed;

-- Who reported it, and why.
CREATE TABLE report_voices (
    -- The message of the command: one that Discord delivers twice counts once.
    command_id BIGINT PRIMARY KEY,
    report_id BIGINT NOT NULL,
    guild_id BIGINT NOT NULL,
    reporter_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    why TEXT,
    said_at BIGINT NOT NULL
);
CREATE INDEX report_voices_by_report ON report_voices (report_id, said_at);
CREATE INDEX report_voices_by_reporter ON report_voices (guild_id, reporter_id, said_at);
-- A message is reported once by each; a person may be reported again.
CREATE UNIQUE INDEX report_voices_on_message ON report_voices (guild_id, reporter_id, message_id)
    WHERE message_id <> 0;

-- Members from whom no reports are taken.
CREATE TABLE report_blocks (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    blocked_by BIGINT NOT NULL,
    blocked_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
);

-- Guilds whose channel for reports doesn't work and that were told so, about which channel.
CREATE TABLE report_troubles (
    guild_id BIGINT PRIMARY KEY,
    channel_id BIGINT NOT NULL
);
