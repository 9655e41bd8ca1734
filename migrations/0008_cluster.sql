-- Several processes of one bot. On SQLite, where there is one process, nothing is written here.

CREATE TABLE cluster_processes (
    name TEXT PRIMARY KEY,
    -- Another one after each start; what a run holds is free when the run is gone.
    run_id BIGINT NOT NULL,
    host TEXT NOT NULL,
    shard_count BIGINT NOT NULL,
    -- The shards that it runs while all processes are there.
    home {{JSON}} NOT NULL,
    started_at BIGINT NOT NULL,
    beat_at BIGINT NOT NULL
);

CREATE TABLE cluster_shards (
    shard_id BIGINT PRIMARY KEY,
    -- The run that has claimed it; 0 when it was given back in order.
    run_id BIGINT NOT NULL,
    claimed_at BIGINT NOT NULL
);

CREATE TABLE cluster_locks (
    name TEXT PRIMARY KEY,
    run_id BIGINT NOT NULL,
    taken_at BIGINT NOT NULL
);

-- When the next session may start, for each group of shards that Discord lets start one after another.
CREATE TABLE cluster_identifies (
    bucket BIGINT PRIMARY KEY,
    next_at BIGINT NOT NULL
);

-- The guild whose process hands a timer out that isn't the guild's: it doesn't wait for the guild to be there.
ALTER TABLE timers ADD COLUMN near_guild_id BIGINT;
UPDATE timers SET near_guild_id = (SELECT r.guild_id FROM reminders AS r WHERE r.timer_id = timers.id)
WHERE name = 'reminder_timer';
UPDATE timers SET near_guild_id = (SELECT d.guild_id FROM departed_guilds AS d WHERE d.timer_id = timers.id)
WHERE name = 'guild_data_timer';
