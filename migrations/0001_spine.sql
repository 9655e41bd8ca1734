-- Settings a guild changed, and every change, so that the last one can be undone.
CREATE TABLE guild_settings (
    guild_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    value {{JSON}} NOT NULL,
    PRIMARY KEY (guild_id, key)
);

CREATE TABLE guild_setting_changes (
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    -- NULL stands for the default: there was, or is, no stored value.
    old_value {{JSON}},
    new_value {{JSON}},
    changed_by BIGINT,
    changed_at BIGINT NOT NULL,
    -- The change that this one took back, and whether this one was taken back itself.
    undoes BIGINT REFERENCES guild_setting_changes (id),
    undone BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX guild_setting_changes_by_guild ON guild_setting_changes (guild_id, id);

-- What a person chose for themselves, in every server: language, time zone.
CREATE TABLE user_settings (
    user_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (user_id, key)
);

-- Work for later. A row goes when its handler says that it is done.
CREATE TABLE timers (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    guild_id BIGINT,
    user_id BIGINT,
    payload {{JSON}} NOT NULL,
    attempt BIGINT NOT NULL DEFAULT 0,
    -- Until then it is somebody's work in progress and is not handed out again.
    leased_until BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX timers_by_due ON timers (due_at);
CREATE INDEX timers_by_lease ON timers (leased_until) WHERE leased_until > 0;

CREATE TABLE reminders (
    id BIGINT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    -- What the person calls it: 1, 2, 3 … per person.
    number BIGINT NOT NULL,
    guild_id BIGINT,
    channel_id BIGINT NOT NULL,
    -- The message that set it; of a snoozed turn of a repeating one, the message that was delivered.
    message_id BIGINT NOT NULL,
    text TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    -- How it repeats, as text; NULL for once. The time zone is the one it was set in.
    recurrence TEXT,
    timezone TEXT NOT NULL,
    -- What will bring it; NULL when it isn't waiting any more.
    timer_id BIGINT,
    delivered_at BIGINT,
    -- When neither the channel nor direct messages took it.
    missed_at BIGINT,
    UNIQUE (user_id, number)
);
-- One command message sets one reminder, also when Discord delivers it twice.
CREATE UNIQUE INDEX reminders_by_message ON reminders (message_id);
