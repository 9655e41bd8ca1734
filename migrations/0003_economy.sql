-- Coins. Everything that moves any is an operation: one transaction, numbered by guild from one without holes. Whoever
-- takes the next number holds the guild's row here until the end, so that operations in one guild come one after the
-- other, on both engines: none can deadlock, or decide on a balance that another is changing.
CREATE TABLE operation_numbers (
    guild_id BIGINT PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE operations (
    guild_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- What brought it about: a message, a click, a timer, a level … and its id; NULL for what can't come twice.
    cause_kind TEXT NOT NULL,
    cause_id BIGINT,
    -- Who did it; NULL for the bot itself.
    actor_id BIGINT,
    -- What it is about, such as the game or the item, and why, in the words of who did it.
    subject TEXT,
    reason TEXT,
    happened_at BIGINT NOT NULL,
    -- The operation that this one takes back.
    reverses BIGINT,
    PRIMARY KEY (guild_id, number),
    CHECK (reverses < number)
);
-- One message or click moves coins once, also when Discord delivers it twice.
CREATE UNIQUE INDEX operations_by_cause ON operations (guild_id, kind, cause_kind, cause_id, COALESCE(actor_id, 0))
    WHERE cause_id IS NOT NULL;
CREATE UNIQUE INDEX operations_by_reversed ON operations (guild_id, reverses) WHERE reverses IS NOT NULL;
CREATE INDEX operations_by_message ON operations (guild_id, cause_id);
CREATE INDEX operations_by_time ON operations (guild_id, happened_at);

-- What each member has, in hand and in the bank.
CREATE TABLE accounts (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    cash BIGINT NOT NULL CHECK (cash BETWEEN 0 AND 1000000000000000),
    bank BIGINT NOT NULL CHECK (bank BETWEEN 0 AND 1000000000000000),
    -- How many entries it has in the ledger, which is the number of the last one.
    entries BIGINT NOT NULL CHECK (entries > 0),
    -- Whether its owner is in the guild, as far as is known: who left isn't ranked.
    present BOOLEAN NOT NULL DEFAULT TRUE,
    PRIMARY KEY (guild_id, user_id),
    CHECK (cash + bank <= 1000000000000000)
);
CREATE INDEX accounts_by_wealth ON accounts (guild_id, (cash + bank) DESC, user_id) WHERE present;

-- Each change of a balance. Nothing here is ever changed or deleted.
CREATE TABLE ledger (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    -- Of the account's entries, which; so two operations that started from the same balance can't both be kept.
    entry BIGINT NOT NULL CHECK (entry > 0),
    operation BIGINT NOT NULL,
    pocket TEXT NOT NULL CHECK (pocket IN ('cash', 'bank')),
    amount BIGINT NOT NULL CHECK (amount <> 0 AND amount BETWEEN -1000000000000000 AND 1000000000000000),
    -- What the pocket holds after it.
    balance BIGINT NOT NULL CHECK (balance BETWEEN 0 AND 1000000000000000),
    kind TEXT NOT NULL,
    -- Whom it came from or went to; NULL for coins that were made or destroyed, or moved between one's own pockets.
    counterparty_id BIGINT,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id, entry),
    CHECK (counterparty_id <> user_id)
);
-- In the order in which they are read: else SQLite looks through the whole guild by the key, which has that order.
CREATE INDEX ledger_by_operation ON ledger (guild_id, operation, user_id, entry);
CREATE INDEX ledger_by_time ON ledger (guild_id, written_at);

-- What can be claimed once in a while: when it was last, and how often in a row.
CREATE TABLE claims (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    claimed_at BIGINT NOT NULL,
    streak BIGINT NOT NULL DEFAULT 1 CHECK (streak > 0),
    best_streak BIGINT NOT NULL DEFAULT 1,
    times BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (guild_id, user_id, kind)
);

-- Games: the stake is taken from the account when the game begins, and is nobody's until it is settled or refunded.
CREATE TABLE wagers (
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    game TEXT NOT NULL,
    -- Those of one game between several people.
    match_id BIGINT,
    stake BIGINT NOT NULL CHECK (stake BETWEEN 1 AND 1000000000000000),
    status TEXT NOT NULL CHECK (status IN ('open', 'settled', 'refunded')),
    payout BIGINT CHECK (payout BETWEEN 0 AND 1000000000000000),
    opened_at BIGINT NOT NULL,
    settled_at BIGINT,
    CHECK ((status = 'open') = (settled_at IS NULL)),
    CHECK ((status = 'settled') = (payout IS NOT NULL))
);
CREATE UNIQUE INDEX wagers_open ON wagers (guild_id, user_id) WHERE status = 'open';
-- Holds all that statistics add up: row by row they would hold up a guild that played a lot for seconds.
CREATE INDEX wagers_by_player ON wagers (guild_id, user_id, game, status, stake, payout);
CREATE INDEX wagers_by_match ON wagers (match_id) WHERE match_id IS NOT NULL;

-- Lotteries, one after the other in a guild. Price and house's share are those at its first ticket, which opens it.
CREATE TABLE lotteries (
    id BIGINT PRIMARY KEY,
    guild_id BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'drawn', 'refunded')),
    price BIGINT NOT NULL CHECK (price > 0),
    house_percent BIGINT NOT NULL CHECK (house_percent BETWEEN 0 AND 100),
    opened_at BIGINT NOT NULL,
    draws_at BIGINT NOT NULL,
    timer_id BIGINT NOT NULL,
    -- Where the last ticket was bought.
    channel_id BIGINT NOT NULL,
    ended_at BIGINT,
    winner_id BIGINT,
    prize BIGINT CHECK (prize >= 0),
    -- Whether its end needn't be told any more.
    told BOOLEAN NOT NULL DEFAULT FALSE,
    CHECK ((status = 'open') = (ended_at IS NULL)),
    CHECK ((status = 'drawn') = (winner_id IS NOT NULL)),
    CHECK ((status = 'drawn') = (prize IS NOT NULL))
);
CREATE UNIQUE INDEX lotteries_open ON lotteries (guild_id) WHERE status = 'open';
CREATE INDEX lotteries_drawn ON lotteries (guild_id, ended_at) WHERE status = 'drawn';

CREATE TABLE lottery_tickets (
    lottery_id BIGINT NOT NULL REFERENCES lotteries (id),
    user_id BIGINT NOT NULL,
    tickets BIGINT NOT NULL CHECK (tickets > 0),
    PRIMARY KEY (lottery_id, user_id)
);

-- What is sold. An item keeps its number for good; one that is removed stays in the inventories of those who have it.
CREATE TABLE shop_items (
    guild_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    kind TEXT NOT NULL CHECK (kind IN ('role', 'text', 'code', 'boost', 'collectable')),
    name TEXT NOT NULL,
    -- The name as it is looked up, whatever its case and spaces.
    name_key TEXT NOT NULL,
    price BIGINT NOT NULL CHECK (price BETWEEN 0 AND 1000000000000000),
    description TEXT,
    -- How many are left, and how many a member may buy in all; NULL for no limit.
    stock BIGINT CHECK (stock BETWEEN 0 AND 1000000000),
    per_person BIGINT CHECK (per_person BETWEEN 1 AND 1000000000),
    -- What a role gives, and which of its powerful permissions the staff agreed to sell.
    role_id BIGINT,
    accepted_permissions BIGINT NOT NULL DEFAULT 0,
    -- Whether a role is kept in the inventory until it is used; else it is given when it is bought.
    kept BOOLEAN NOT NULL DEFAULT FALSE,
    -- How long a role or a boost lasts, in seconds; NULL for a role for good.
    lasts BIGINT CHECK (lasts > 0),
    percent BIGINT CHECK (percent > 0),
    -- What a text says to whoever uses it.
    content TEXT,
    needed_role_id BIGINT,
    needed_level BIGINT CHECK (needed_level > 0),
    needed_balance BIGINT CHECK (needed_balance > 0),
    sold_from BIGINT,
    sold_until BIGINT,
    removed_at BIGINT,
    PRIMARY KEY (guild_id, number),
    CHECK (kind <> 'role' OR role_id IS NOT NULL),
    CHECK (kind <> 'boost' OR (percent IS NOT NULL AND lasts IS NOT NULL))
);
CREATE UNIQUE INDEX shop_items_by_name ON shop_items (guild_id, name_key) WHERE removed_at IS NULL;

-- Codes, of which each is read by one member only. Those that nobody read are as many as are in stock and in
-- inventories together.
CREATE TABLE shop_codes (
    guild_id BIGINT NOT NULL,
    item BIGINT NOT NULL,
    code TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    -- The operation that used it up, and whose it is; NULL while nobody has read it.
    operation BIGINT,
    user_id BIGINT,
    PRIMARY KEY (guild_id, item, code),
    CHECK ((operation IS NULL) = (user_id IS NULL))
);
CREATE INDEX shop_codes_by_operation ON shop_codes (guild_id, operation) WHERE operation IS NOT NULL;

-- How many of an item somebody bought in all, less what was given back because it couldn't be handed over.
CREATE TABLE purchases (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    item BIGINT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    PRIMARY KEY (guild_id, user_id, item)
);

-- What members have. There is no row for none.
CREATE TABLE inventory (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    item BIGINT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (guild_id, user_id, item)
);
CREATE INDEX inventory_by_item ON inventory (guild_id, item);

-- What was bought or used, and Discord has yet to hand over: here for a moment, or since a crash.
CREATE TABLE deliveries (
    guild_id BIGINT NOT NULL,
    -- The operation that bought or used it.
    operation BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    item BIGINT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    -- What was paid for all of it; NULL for what came out of the inventory, and goes back there if it is refused.
    paid BIGINT CHECK (paid >= 0),
    -- As the item was at that time: the role, and for how many seconds in all.
    role_id BIGINT,
    lasts BIGINT,
    begun_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, operation)
);

-- Bought roles that end.
CREATE TABLE shop_roles (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    role_id BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    timer_id BIGINT NOT NULL,
    -- When it was last put on them: who joined after that has lost it by leaving.
    given_at BIGINT NOT NULL,
    -- Whether it has to be put on them again.
    owed BOOLEAN NOT NULL DEFAULT FALSE,
    -- How often Discord refused to give or take it.
    tries BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (guild_id, user_id, role_id)
);
CREATE UNIQUE INDEX shop_roles_by_timer ON shop_roles (timer_id);

-- More XP for a time, one for each member. Leveling reads it.
CREATE TABLE xp_boosts (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    percent BIGINT NOT NULL CHECK (percent > 0),
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
);

-- What a reset took away besides coins, until it is brought back. The operation is the reset's.
CREATE TABLE reset_claims (
    guild_id BIGINT NOT NULL,
    operation BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    claimed_at BIGINT NOT NULL,
    streak BIGINT NOT NULL,
    best_streak BIGINT NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (guild_id, operation, user_id, kind)
);

CREATE TABLE reset_inventory (
    guild_id BIGINT NOT NULL,
    operation BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    item BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    PRIMARY KEY (guild_id, operation, user_id, item)
);

CREATE TABLE reset_purchases (
    guild_id BIGINT NOT NULL,
    operation BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    item BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    PRIMARY KEY (guild_id, operation, user_id, item)
);

-- Roles that pay whoever has them, once in so many seconds. When somebody collected it last is a claim.
CREATE TABLE role_incomes (
    guild_id BIGINT NOT NULL,
    role_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount BETWEEN 1 AND 1000000000000000),
    every BIGINT NOT NULL CHECK (every > 0),
    PRIMARY KEY (guild_id, role_id)
);
