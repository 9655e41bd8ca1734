-- What makes a server lively: tags, polls, giveaways, self-roles, greetings, tickets. One section a topic.

-- --- Role menus

-- Messages with buttons or a menu, by which members give themselves roles.
CREATE TABLE role_menus (
    -- Stands in the ids of its buttons.
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- The name with its case folded.
    key TEXT NOT NULL,
    -- What the message says; NULL for our own words.
    text TEXT,
    style TEXT NOT NULL DEFAULT 'buttons' CHECK (style IN ('buttons', 'select')),
    mode TEXT NOT NULL DEFAULT 'toggle' CHECK (mode IN ('toggle', 'add', 'remove', 'unique')),
    -- How many of its roles somebody may have; 0 for all.
    most BIGINT NOT NULL DEFAULT 0 CHECK (most BETWEEN 0 AND 25),
    required_role_id BIGINT,
    -- How long a role is kept; NULL for good.
    seconds BIGINT CHECK (seconds > 0),
    -- Where it was posted.
    channel_id BIGINT,
    message_id BIGINT,
    UNIQUE (guild_id, key)
);

CREATE TABLE role_menu_roles (
    menu_id BIGINT NOT NULL REFERENCES role_menus (id) ON DELETE CASCADE,
    role_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    label TEXT NOT NULL,
    emoji TEXT,
    -- The powerful permissions that staff agreed to give away with it.
    powers BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (menu_id, role_id)
);
CREATE INDEX role_menu_roles_by_role ON role_menu_roles (role_id);

-- Roles that members took for a time.
CREATE TABLE self_role_terms (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    role_id BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    timer_id BIGINT NOT NULL,
    -- How often Discord refused to take it.
    tries BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (guild_id, user_id, role_id)
);
CREATE UNIQUE INDEX self_role_terms_by_timer ON self_role_terms (timer_id);

-- --- Tags, custom commands, away, suggestions

-- Tags: texts that members keep under a name. `last_batch` is the batch of uses that was counted last, so that one whose
-- answer was lost isn't counted twice.
CREATE TABLE tags (
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    owner_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    uses BIGINT NOT NULL DEFAULT 0 CHECK (uses >= 0),
    last_batch BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX tags_of_guild ON tags (guild_id, uses);

-- What tags are called: their names and their aliases, none of them twice.
CREATE TABLE tag_names (
    guild_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    tag_id BIGINT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (guild_id, name)
);
CREATE INDEX names_of_tag ON tag_names (tag_id);

-- Commands that a server makes itself. `details` has what is set of them, as JSON.
CREATE TABLE custom_commands (
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    details TEXT NOT NULL,
    author_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    uses BIGINT NOT NULL DEFAULT 0 CHECK (uses >= 0),
    last_batch BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX custom_commands_of_guild ON custom_commands (guild_id);

CREATE TABLE custom_command_names (
    guild_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    command_id BIGINT NOT NULL,
    PRIMARY KEY (guild_id, name)
);
CREATE INDEX names_of_custom_command ON custom_command_names (command_id);

-- Who is away from the keyboard, and who mentioned them meanwhile.
CREATE TABLE away_members (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    text TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
);
CREATE TABLE away_mentions (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    mentioned_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id, message_id)
);

-- What members suggest, and how they vote on it: once each.
CREATE TABLE suggestions (
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    text TEXT NOT NULL,
    anonymous BOOLEAN NOT NULL,
    status TEXT NOT NULL CHECK (
        status IN ('open', 'considered', 'approved', 'denied', 'implemented', 'withdrawn')
    ),
    created_at BIGINT NOT NULL,
    channel_id BIGINT,
    message_id BIGINT,
    decided_by BIGINT,
    decided_at BIGINT,
    reason TEXT,
    told TEXT NOT NULL DEFAULT '', -- the decisions that its author was told of, each in commas
    UNIQUE (guild_id, number)
);
CREATE INDEX suggestions_of_author ON suggestions (guild_id, author_id, created_at);
CREATE TABLE suggestion_votes (
    suggestion_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    supports BOOLEAN NOT NULL,
    PRIMARY KEY (suggestion_id, user_id)
);

-- --- Polls

CREATE TABLE polls (
    -- Stands in the ids of its buttons.
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    -- What people call it.
    number BIGINT NOT NULL CHECK (number > 0),
    author_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    -- NULL until it is posted.
    message_id BIGINT,
    question TEXT NOT NULL,
    -- JSON: the options as a list of texts, and the ids of roles of which a voter needs one.
    options TEXT NOT NULL,
    role_ids TEXT NOT NULL,
    -- How many options a person may choose.
    most_choices BIGINT NOT NULL CHECK (most_choices BETWEEN 1 AND 20),
    anonymous BOOLEAN NOT NULL,
    -- Whether results are shown only when it is closed.
    hidden BOOLEAN NOT NULL,
    opened_at BIGINT NOT NULL,
    -- NULL: until somebody closes it.
    ends_at BIGINT,
    timer_id BIGINT,
    closed_at BIGINT,
    closed_by BIGINT,
    told BOOLEAN NOT NULL DEFAULT FALSE,
    -- Counts what voters do: voting touches the poll's row, so that no vote comes after its end.
    ballots BIGINT NOT NULL DEFAULT 0,
    UNIQUE (guild_id, number)
);
CREATE INDEX polls_untold ON polls (guild_id) WHERE NOT told;

-- One row a person, so one vote, of one or several options.
CREATE TABLE poll_votes (
    poll_id BIGINT NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    -- A bit for each option, the first one's is 1.
    choices BIGINT NOT NULL CHECK (choices > 0),
    voted_at BIGINT NOT NULL,
    PRIMARY KEY (poll_id, user_id)
);

-- --- Giveaways

CREATE TABLE giveaways (
    -- Stands in the ids of its buttons.
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    -- What people call it.
    number BIGINT NOT NULL CHECK (number > 0),
    host_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    -- NULL until it is posted.
    message_id BIGINT,
    prize TEXT NOT NULL,
    winners BIGINT NOT NULL CHECK (winners BETWEEN 1 AND 50),
    -- JSON: who may enter, and who gets more entries.
    terms TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    timer_id BIGINT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'drawn', 'cancelled')),
    -- How often it was drawn, and how many of these draws were announced.
    rounds BIGINT NOT NULL DEFAULT 0,
    told_rounds BIGINT NOT NULL DEFAULT 0 CHECK (told_rounds <= rounds),
    UNIQUE (guild_id, number)
);
CREATE INDEX giveaways_unfinished ON giveaways (guild_id) WHERE status = 'open' OR told_rounds < rounds;

CREATE TABLE giveaway_entries (
    giveaway_id BIGINT NOT NULL REFERENCES giveaways (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    entered_at BIGINT NOT NULL,
    PRIMARY KEY (giveaway_id, user_id)
);

-- Nobody wins the same giveaway twice.
CREATE TABLE giveaway_winners (
    giveaway_id BIGINT NOT NULL REFERENCES giveaways (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    -- The draw, from 1; later ones are rerolls.
    round BIGINT NOT NULL CHECK (round > 0),
    -- The order within the draw.
    place BIGINT NOT NULL,
    PRIMARY KEY (giveaway_id, user_id)
);

-- --- Newcomers

-- Who joined and has yet to accept the rules: what is done for newcomers waits until then.
CREATE TABLE newcomers (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    joined_at BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    -- What looks again.
    timer_id BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
);

-- What is said to who joins, leaves or boosts: one of these texts, drawn each time.
CREATE TABLE greetings (
    guild_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('welcome', 'dm', 'leave', 'boost')),
    number BIGINT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (guild_id, kind, number)
);

-- What a server has put behind the pictures of its greetings.
CREATE TABLE greeting_backgrounds (
    guild_id BIGINT PRIMARY KEY,
    -- A JPEG file of the right size, in base64.
    file TEXT NOT NULL
);

-- --- To-do lists

-- What somebody wants to do, by the number they call it.
CREATE TABLE todos (
    user_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    text TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    done_at BIGINT,
    -- The message that added it: the same one adds only once.
    message_id BIGINT NOT NULL UNIQUE,
    PRIMARY KEY (user_id, number)
);

-- --- Scheduled messages

CREATE TABLE scheduled_messages (
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    -- What people call it.
    number BIGINT NOT NULL CHECK (number > 0),
    channel_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    text TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    -- NULL for once.
    recurrence TEXT,
    timezone TEXT NOT NULL,
    -- NULL when it waits for nothing any more: its channel is gone, or it couldn't be sent there.
    timer_id BIGINT,
    -- What its author was told already: that the channel is gone, that nothing may be sent there, or that they
    -- themselves may not write there any more.
    trouble TEXT CHECK (trouble IN ('gone', 'forbidden', 'author')),
    message_id BIGINT NOT NULL UNIQUE,
    UNIQUE (guild_id, number)
);

-- --- Emoji and members, counted

-- In how many messages an emoji of the server was used, by the day (counted from 1970-01-01).
CREATE TABLE emoji_days (
    guild_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    emoji_id BIGINT NOT NULL,
    uses BIGINT NOT NULL CHECK (uses > 0),
    PRIMARY KEY (guild_id, day, emoji_id)
);

-- How many members came and went on a day.
CREATE TABLE member_days (
    guild_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    joined BIGINT NOT NULL DEFAULT 0,
    gone BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (guild_id, day)
);

-- Batches of counts that were written: one whose answer was lost isn't written twice. The last hundred are kept.
CREATE TABLE count_batches (
    guild_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (guild_id, id)
);

-- Roles that everybody gets who joins; bots get others.
CREATE TABLE auto_roles (
    guild_id BIGINT NOT NULL,
    role_id BIGINT NOT NULL,
    for_bots BOOLEAN NOT NULL,
    -- How long after they arrived.
    delay_seconds BIGINT NOT NULL DEFAULT 0 CHECK (delay_seconds >= 0),
    -- The powerful permissions that staff agreed to give away with it.
    powers BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (guild_id, role_id, for_bots)
);

-- Which roles members had when the bot last saw them, where they are given again to who comes back.
CREATE TABLE sticky_roles (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    -- A list of ids.
    role_ids {{JSON}} NOT NULL,
    seen_at BIGINT NOT NULL,
    -- When they left; NULL as long as they are members.
    left_at BIGINT,
    PRIMARY KEY (guild_id, user_id)
);

-- --- Starboard

CREATE TABLE starred_messages (
    message_id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    -- Where it is shown; NULL as long as it has too few stars.
    board_channel_id BIGINT,
    board_message_id BIGINT,
    -- Whether staff deleted it from the board: then it doesn't come back.
    hidden BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX starred_messages_by_guild ON starred_messages (guild_id, author_id);
CREATE UNIQUE INDEX starred_messages_by_board ON starred_messages (board_message_id);

CREATE TABLE stars (
    message_id BIGINT NOT NULL REFERENCES starred_messages (message_id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (message_id, user_id)
);
CREATE INDEX stars_by_user ON stars (user_id);

-- --- Tickets

-- Messages by which members open tickets.
CREATE TABLE ticket_panels (
    -- Stands in the id of its menu.
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- The name with its case folded.
    key TEXT NOT NULL,
    -- What the message says; NULL for our own words.
    text TEXT,
    style TEXT NOT NULL DEFAULT 'buttons' CHECK (style IN ('buttons', 'select')),
    -- Where it was posted.
    channel_id BIGINT,
    message_id BIGINT,
    UNIQUE (guild_id, key)
);

-- What tickets can be about: a button of a panel each.
CREATE TABLE ticket_kinds (
    -- Stands in the id of its button.
    id BIGINT PRIMARY KEY,
    panel_id BIGINT NOT NULL REFERENCES ticket_panels (id) ON DELETE CASCADE,
    guild_id BIGINT NOT NULL,
    label TEXT NOT NULL,
    key TEXT NOT NULL,
    emoji TEXT,
    place TEXT NOT NULL DEFAULT 'channel' CHECK (place IN ('channel', 'thread')),
    -- Where channels are made; NULL for outside of categories.
    category_id BIGINT,
    -- JSON, a list of ids: who answers.
    role_ids TEXT NOT NULL,
    -- What channels are called, and what stands in them first; NULL for our own words.
    name TEXT NOT NULL,
    greeting TEXT,
    -- JSON, a list of what is asked before: text, whether the answer may be long, whether there has to be one.
    questions TEXT NOT NULL,
    -- How many a person may have open.
    most_open BIGINT NOT NULL DEFAULT 1 CHECK (most_open BETWEEN 1 AND 10),
    UNIQUE (guild_id, key)
);
CREATE INDEX ticket_kinds_of_panel ON ticket_kinds (panel_id);

CREATE TABLE tickets (
    -- Stands in the ids of its buttons.
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    -- What people call it.
    number BIGINT NOT NULL CHECK (number > 0),
    -- The press that opened it: the same one opens only once.
    press_id BIGINT NOT NULL UNIQUE,
    -- What it is about, and who answers (JSON, a list of ids), as it was then.
    kind_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    role_ids TEXT NOT NULL,
    opener_id BIGINT NOT NULL,
    -- JSON, a list of pairs: what was asked before, and what was answered; empty once the channel is gone.
    answers TEXT NOT NULL,
    -- Where its thread is made; NULL if it has a channel of its own.
    parent_id BIGINT,
    -- What its channel or thread is called at first.
    name TEXT NOT NULL,
    -- 'opening' until it is written down which channel it has.
    status TEXT NOT NULL DEFAULT 'opening' CHECK (status IN ('opening', 'open', 'closed', 'deleted')),
    opened_at BIGINT NOT NULL,
    -- What looks after it.
    timer_id BIGINT,
    channel_id BIGINT UNIQUE,
    -- The first message in it, with the answers and buttons.
    message_id BIGINT,
    claimed_by BIGINT,
    -- The message that says that it will be closed unless somebody writes.
    warning_id BIGINT,
    closed_at BIGINT,
    closed_by BIGINT,
    reason TEXT,
    -- Whether what there is to do after closing is done.
    filed BOOLEAN NOT NULL DEFAULT FALSE,
    -- The message that keeps the transcript.
    log_channel_id BIGINT,
    log_message_id BIGINT,
    rating BIGINT CHECK (rating BETWEEN 1 AND 5),
    UNIQUE (guild_id, number)
);
CREATE INDEX tickets_of_opener ON tickets (guild_id, opener_id);
CREATE INDEX tickets_with_channel ON tickets (guild_id) WHERE status <> 'deleted';

-- Who may not open tickets.
CREATE TABLE ticket_blocks (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    blocked_by BIGINT NOT NULL,
    blocked_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
);
