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
CREATE INDEX ledger_by_operation ON ledger (guild_id, operation);
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
CREATE INDEX wagers_by_player ON wagers (guild_id, user_id, game);
CREATE INDEX wagers_by_match ON wagers (match_id) WHERE match_id IS NOT NULL;
