-- Messages between the processes of one bot, when PostgreSQL carries them (EVENT_BUS=postgres).

-- How many were ever sent. Who sends holds the row until its commit, so messages become visible in their order.
CREATE TABLE bus_position (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    last_id BIGINT NOT NULL
);

-- They are removed after some minutes; who was away longer reads anew what they would have changed.
CREATE TABLE bus_messages (
    id BIGINT PRIMARY KEY,
    -- A run of a process.
    sender TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    envelope TEXT NOT NULL
);
