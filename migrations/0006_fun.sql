-- Games and pastimes. One section a topic.

-- Which channels have a game running that listens there: a restart tells them that it is over.
CREATE TABLE channel_games (
    channel_id BIGINT PRIMARY KEY,
    guild_id BIGINT,
    started_at BIGINT NOT NULL
);

-- What members reached in trivia. Who isn't `present` left, and isn't ranked.
CREATE TABLE trivia_scores (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    points BIGINT NOT NULL CHECK (points BETWEEN 0 AND 1000000000000000),
    right_answers BIGINT NOT NULL CHECK (right_answers >= 0),
    best_streak BIGINT NOT NULL CHECK (best_streak >= 0),
    present BOOLEAN NOT NULL DEFAULT TRUE,
    PRIMARY KEY (guild_id, user_id)
);
CREATE INDEX trivia_scores_by_points ON trivia_scores (guild_id, points DESC, user_id) WHERE present;

-- Servers' own questions. The key is the question without case and signs, so that none is there twice.
CREATE TABLE trivia_questions (
    guild_id BIGINT NOT NULL,
    question_key TEXT NOT NULL,
    question TEXT NOT NULL,
    answers {{JSON}} NOT NULL,
    PRIMARY KEY (guild_id, question_key)
);

-- Games on boards, from the challenge to the end. A game changes only by a statement that knows its version, so of two
-- presses at once one counts, and of a press and the end of the time, too.
CREATE TABLE board_games (
    -- The id of the message that began it, which Discord may deliver twice.
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    -- The message with the buttons; NULL until it was sent.
    message_id BIGINT,
    game TEXT NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('asked', 'playing', 'over')),
    challenger_id BIGINT NOT NULL,
    -- In the order in which they move; in a game of one there is no second.
    first_id BIGINT NOT NULL,
    second_id BIGINT,
    -- The position and the clock.
    state {{JSON}} NOT NULL,
    version BIGINT NOT NULL DEFAULT 0,
    language TEXT NOT NULL,
    -- Until when the challenge can be accepted, or the next move has to come, and the timer that looks then.
    deadline BIGINT NOT NULL,
    timer_id BIGINT,
    -- What each bets, if they do; the bet that the economy holds, and the stake as it shows it.
    stake BIGINT CHECK (stake > 0),
    bet_id BIGINT,
    bet_shown TEXT,
    -- Whether the economy said what became of the bet; until then it is told who won, at each start.
    bet_ended BOOLEAN NOT NULL DEFAULT FALSE,
    -- How it ended, and what it brought the first of the two in rating.
    ending TEXT,
    winner_id BIGINT,
    rating_gain BIGINT,
    ended_at BIGINT,
    CHECK ((phase = 'over') = (ended_at IS NOT NULL)),
    CHECK ((phase = 'over') = (ending IS NOT NULL))
);
-- Each member begins one game of a kind at a time.
CREATE UNIQUE INDEX board_games_begun ON board_games (guild_id, challenger_id, game) WHERE phase <> 'over';
CREATE INDEX board_games_by_bet ON board_games (bet_id) WHERE bet_id IS NOT NULL;

-- How members fare in games on boards. What one gains in a rated game the other loses.
CREATE TABLE board_ratings (
    guild_id BIGINT NOT NULL,
    game TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    rating BIGINT NOT NULL,
    won BIGINT NOT NULL DEFAULT 0,
    lost BIGINT NOT NULL DEFAULT 0,
    drawn BIGINT NOT NULL DEFAULT 0,
    -- Whether they are in the guild, as far as is known: who left isn't ranked.
    present BOOLEAN NOT NULL DEFAULT TRUE,
    PRIMARY KEY (guild_id, user_id, game)
);
CREATE INDEX board_ratings_best ON board_ratings (guild_id, game, rating DESC, user_id) WHERE present;

-- Counting together: how far a server is in its channel. `last_message_id` is the last message that was judged, so that
-- none is judged twice; `number_message_id` the one with the last number, and `told` whether people were told that it
-- was changed or deleted.
CREATE TABLE counting (
    guild_id BIGINT PRIMARY KEY,
    channel_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number BETWEEN 0 AND 1000000000000000),
    last_user_id BIGINT,
    number_message_id BIGINT,
    last_message_id BIGINT NOT NULL,
    told BOOLEAN NOT NULL DEFAULT FALSE,
    highest BIGINT NOT NULL DEFAULT 0,
    highest_at BIGINT,
    mistakes BIGINT NOT NULL DEFAULT 0
);

-- How often each member counted on, and how often they were wrong.
CREATE TABLE counters (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    counted BIGINT NOT NULL DEFAULT 0,
    mistakes BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (guild_id, user_id)
);
CREATE INDEX counters_best ON counters (guild_id, counted DESC, user_id);

-- Members' birthdays, in each server apart; `year` only if they told it. Who removed theirs has no month and no day, but
-- `celebrated_at` stays, so that nobody has a birthday every week.
CREATE TABLE birthdays (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    month BIGINT CHECK (month BETWEEN 1 AND 12),
    day BIGINT CHECK (day BETWEEN 1 AND 31),
    year BIGINT CHECK (year BETWEEN 1800 AND 9999),
    due_at BIGINT,
    timer_id BIGINT,
    celebrated_at BIGINT,
    PRIMARY KEY (guild_id, user_id),
    CHECK ((month IS NULL) = (day IS NULL)),
    CHECK ((month IS NULL) = (timer_id IS NULL)),
    CHECK ((month IS NULL) = (due_at IS NULL))
);
CREATE INDEX birthdays_by_day ON birthdays (guild_id, month, day, user_id) WHERE month IS NOT NULL;

-- Roles that somebody has for their birthday alone.
CREATE TABLE birthday_roles (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    role_id BIGINT NOT NULL,
    timer_id BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
);

-- What members confessed, without its text. `id` is that of the message with the command, which Discord may deliver
-- twice. Who wrote it is forgotten after a while.
CREATE TABLE confessions (
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    user_id BIGINT,
    posted_at BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    message_id BIGINT,
    UNIQUE (guild_id, number)
);
CREATE INDEX confessions_by_age ON confessions (posted_at) WHERE user_id IS NOT NULL;
CREATE INDEX confessions_by_user ON confessions (guild_id, user_id, posted_at) WHERE user_id IS NOT NULL;

-- Who reported a confession to the moderators.
CREATE TABLE confession_reports (
    confession_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (confession_id, user_id)
);

-- Who was told that moderators can see who confessed, and went on.
CREATE TABLE confession_agreements (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    agreed_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
);

-- Whose confessions aren't taken.
CREATE TABLE confession_blocks (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    blocked_by BIGINT NOT NULL,
    blocked_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
);
