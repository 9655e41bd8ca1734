-- XP. Whoever changes a guild's standings takes its row here first and holds it to the end, so that changes in one guild
-- come one after the other on both engines.
CREATE TABLE level_books (
    guild_id BIGINT PRIMARY KEY,
    changes BIGINT NOT NULL CHECK (changes BETWEEN 1 AND 1000000000000000)
);

-- Batches of gains that were written: one whose answer was lost isn't written twice. The last hundred are kept.
CREATE TABLE level_batches (
    guild_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (guild_id, id)
);

-- What each member has gathered. Levels are computed from XP and stored nowhere.
CREATE TABLE standings (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    xp BIGINT NOT NULL DEFAULT 0 CHECK (xp BETWEEN 0 AND 1000000000000000),
    messages BIGINT NOT NULL DEFAULT 0 CHECK (messages BETWEEN 0 AND 1000000000000000),
    voice_minutes BIGINT NOT NULL DEFAULT 0 CHECK (voice_minutes BETWEEN 0 AND 1000000000000000),
    -- Whether this person is in the guild, as far as is known: who left isn't ranked.
    present BOOLEAN NOT NULL DEFAULT TRUE,
    PRIMARY KEY (guild_id, user_id)
);
-- Not `> 0`: SQLite takes that for the end of a range in place of a nearer one. `present` is in there for counting
-- along the index alone.
CREATE INDEX standings_by_xp ON standings (guild_id, xp DESC, user_id, present) WHERE present AND xp <> 0;
CREATE INDEX standings_by_messages ON standings (guild_id, messages DESC, user_id, present)
    WHERE present AND messages <> 0;
CREATE INDEX standings_by_voice ON standings (guild_id, voice_minutes DESC, user_id, present)
    WHERE present AND voice_minutes <> 0;

-- How many ranked members have how much, roughly: a rank among a million is found by adding up some hundred rows here,
-- and by counting in one bucket alone. Changed in the same transaction as the standings.
CREATE TABLE standing_buckets (
    guild_id BIGINT NOT NULL,
    board TEXT NOT NULL CHECK (board IN ('xp', 'messages', 'voice_minutes')),
    bucket BIGINT NOT NULL,
    members BIGINT NOT NULL CHECK (members >= 0),
    PRIMARY KEY (guild_id, board, bucket)
);

-- What was gathered in one day or one week, which begins on the day `starts_on` (counted from 1970-01-01).
CREATE TABLE recent_standings (
    guild_id BIGINT NOT NULL,
    period TEXT NOT NULL CHECK (period IN ('day', 'week')),
    starts_on BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    xp BIGINT NOT NULL CHECK (xp BETWEEN 0 AND 1000000000000000),
    messages BIGINT NOT NULL CHECK (messages BETWEEN 0 AND 1000000000000000),
    voice_minutes BIGINT NOT NULL CHECK (voice_minutes BETWEEN 0 AND 1000000000000000),
    -- As in standings.
    present BOOLEAN NOT NULL DEFAULT TRUE,
    PRIMARY KEY (guild_id, user_id, period, starts_on)
);
CREATE INDEX recent_standings_by_xp
    ON recent_standings (guild_id, period, starts_on, xp DESC, user_id, present)
    WHERE present AND xp <> 0;
CREATE INDEX recent_standings_by_messages
    ON recent_standings (guild_id, period, starts_on, messages DESC, user_id, present)
    WHERE present AND messages <> 0;
CREATE INDEX recent_standings_by_voice
    ON recent_standings (guild_id, period, starts_on, voice_minutes DESC, user_id, present)
    WHERE present AND voice_minutes <> 0;
CREATE INDEX recent_standings_by_age ON recent_standings (starts_on);

-- Until when somebody's time in a voice channel is counted; there is no row for who isn't in one.
CREATE TABLE voice_sessions (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    counted_until BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
);

-- So many percent of the XP: in the whole server (target 0), in a channel or for a role; until then if it ends.
CREATE TABLE xp_multipliers (
    guild_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('server', 'channel', 'role')),
    target_id BIGINT NOT NULL,
    percent BIGINT NOT NULL CHECK (percent BETWEEN 0 AND 1000),
    ends_at BIGINT,
    PRIMARY KEY (guild_id, kind, target_id)
);

-- Roles for reaching a level. `powers` are the permissions with which one could do harm that staff agreed to give away
-- with the role; `in_trouble` says that the bot can't give it, and that whoever runs the server was told.
CREATE TABLE level_rewards (
    guild_id BIGINT NOT NULL,
    role_id BIGINT NOT NULL,
    level BIGINT NOT NULL CHECK (level > 0),
    powers BIGINT NOT NULL DEFAULT 0,
    in_trouble BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (guild_id, role_id)
);

-- Roles that the bot gave somebody for a level, and so may take again. One that somebody gave by hand isn't here.
-- `joined_at` is when the member joined: what they were given in an earlier stay went when they left. Not yet `given`
-- is what Discord was asked for: if they have it, it was given.
CREATE TABLE level_grants (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    role_id BIGINT NOT NULL,
    joined_at BIGINT,
    given BOOLEAN NOT NULL,
    PRIMARY KEY (guild_id, user_id, role_id)
);

-- Whose roles have to be looked at, because their level changed or they came back; 0 for everybody's. Written in the
-- transaction that changes the level. `changes` counts how often there was a reason, `tries` how often Discord refused.
CREATE TABLE level_role_dues (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    changes BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    timer_id BIGINT,
    PRIMARY KEY (guild_id, user_id)
);

-- Who wants no message about their levels.
CREATE TABLE level_up_silences (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
);

-- Guilds whose channel for new levels doesn't work, and were told so about that channel.
CREATE TABLE level_up_troubles (
    guild_id BIGINT PRIMARY KEY,
    channel_id BIGINT NOT NULL
);

-- How somebody's rank card looks, in every server; NULL for what they didn't choose.
CREATE TABLE rank_cards (
    user_id BIGINT PRIMARY KEY,
    colour BIGINT CHECK (colour BETWEEN 0 AND 16777215),
    background TEXT
);

-- What staff did to many standings at once, numbered by guild from one, so that it can be taken back.
CREATE TABLE standing_snapshots (
    guild_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    -- What was done: giving, a reset, an import, taking something back.
    kind TEXT NOT NULL,
    taken_at BIGINT NOT NULL,
    taken_by BIGINT,
    -- The SHA-256 of an imported file, so that it isn't added twice.
    digest TEXT,
    -- The number of what it took back.
    reverses BIGINT,
    -- How many standings it changed; NULL until it has come to its end.
    people BIGINT,
    PRIMARY KEY (guild_id, number)
);

-- Each standing that it changed, before and after it. Those of old ones are forgotten.
CREATE TABLE standing_snapshot_rows (
    guild_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    xp BIGINT NOT NULL,
    messages BIGINT NOT NULL,
    voice_minutes BIGINT NOT NULL,
    new_xp BIGINT NOT NULL,
    new_messages BIGINT NOT NULL,
    new_voice_minutes BIGINT NOT NULL,
    PRIMARY KEY (guild_id, number, user_id),
    FOREIGN KEY (guild_id, number) REFERENCES standing_snapshots (guild_id, number) ON DELETE CASCADE
);

-- By how much it changed the gains of a day or a week: negative where a reset took them away.
CREATE TABLE recent_snapshot_rows (
    guild_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    period TEXT NOT NULL,
    starts_on BIGINT NOT NULL,
    xp BIGINT NOT NULL,
    messages BIGINT NOT NULL,
    voice_minutes BIGINT NOT NULL,
    PRIMARY KEY (guild_id, number, user_id, period, starts_on),
    FOREIGN KEY (guild_id, number) REFERENCES standing_snapshots (guild_id, number) ON DELETE CASCADE
);
