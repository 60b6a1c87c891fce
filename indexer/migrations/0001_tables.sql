-- The history of creators' contracts. Amounts are planck or smallest units as 39 digits, so that they sort as text; times are ms; an asset is
-- an empty text for the chain's own token, or the address of a PSP22 token. All statements run on SQLite and on PostgreSQL.

CREATE TABLE creators (
    id BIGINT NOT NULL PRIMARY KEY,
    genesis TEXT NOT NULL,
    token TEXT NOT NULL,
    vault TEXT NOT NULL,
    registry TEXT NOT NULL,
    -- The last indexed block, with its hash.
    block BIGINT NOT NULL,
    block_hash TEXT NOT NULL,
    UNIQUE (genesis, token, vault, registry)
);

CREATE TABLE events (
    creator BIGINT NOT NULL,
    block BIGINT NOT NULL,
    position BIGINT NOT NULL,
    time BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- Who acted, and who else is concerned.
    account TEXT NOT NULL,
    other TEXT,
    asset TEXT,
    amount TEXT,
    -- 1: income of the creator; -1: income paid out; 0: neither.
    sign BIGINT NOT NULL,
    fee TEXT,
    tokens TEXT,
    tier BIGINT,
    content BIGINT,
    note TEXT,
    until_time BIGINT,
    -- Whether it belongs into a statement.
    money BIGINT NOT NULL,
    PRIMARY KEY (creator, block, position)
);
CREATE INDEX events_of_money ON events (creator, money, time, block, position);
CREATE INDEX events_of_kind ON events (creator, kind, block, position);

CREATE TABLE event_accounts (
    creator BIGINT NOT NULL,
    account TEXT NOT NULL,
    block BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (creator, account, block, position)
);

CREATE TABLE tiers (
    creator BIGINT NOT NULL,
    tier BIGINT NOT NULL,
    asset TEXT NOT NULL,
    price TEXT NOT NULL,
    period BIGINT NOT NULL,
    level BIGINT NOT NULL,
    open BIGINT NOT NULL,
    PRIMARY KEY (creator, tier)
);

-- The last subscription of each fan.
CREATE TABLE members (
    creator BIGINT NOT NULL,
    fan TEXT NOT NULL,
    tier BIGINT NOT NULL,
    level BIGINT NOT NULL,
    since BIGINT NOT NULL,
    started BIGINT NOT NULL,
    until_time BIGINT NOT NULL,
    price TEXT NOT NULL,
    paid TEXT NOT NULL,
    minimum TEXT NOT NULL,
    payer TEXT NOT NULL,
    -- Why it is over before its time: cancelled, ended or pruned.
    ended TEXT,
    refund TEXT,
    PRIMARY KEY (creator, fan)
);
CREATE INDEX members_by_end ON members (creator, until_time, fan);
CREATE INDEX members_by_start ON members (creator, since, fan);
CREATE INDEX members_by_payment ON members (creator, paid, fan);
CREATE INDEX members_of_tier ON members (creator, tier, until_time, fan);

CREATE TABLE holders (
    creator BIGINT NOT NULL,
    account TEXT NOT NULL,
    balance TEXT NOT NULL,
    PRIMARY KEY (creator, account)
);
CREATE INDEX holders_by_balance ON holders (creator, balance, account);

CREATE TABLE stakes (
    creator BIGINT NOT NULL,
    account TEXT NOT NULL,
    staked TEXT NOT NULL,
    unstaking TEXT NOT NULL,
    ready BIGINT NOT NULL,
    PRIMARY KEY (creator, account)
);
CREATE INDEX stakes_by_amount ON stakes (creator, staked, account);

CREATE TABLE tippers (
    creator BIGINT NOT NULL,
    account TEXT NOT NULL,
    asset TEXT NOT NULL,
    total TEXT NOT NULL,
    tips BIGINT NOT NULL,
    last_time BIGINT NOT NULL,
    PRIMARY KEY (creator, account, asset)
);
CREATE INDEX tippers_by_total ON tippers (creator, asset, total, account);

CREATE TABLE contents (
    creator BIGINT NOT NULL,
    content BIGINT NOT NULL,
    uri TEXT NOT NULL,
    price TEXT,
    release_time BIGINT NOT NULL,
    retired BIGINT NOT NULL,
    published BIGINT NOT NULL,
    PRIMARY KEY (creator, content)
);

CREATE TABLE purchases (
    creator BIGINT NOT NULL,
    content BIGINT NOT NULL,
    account TEXT NOT NULL,
    payer TEXT NOT NULL,
    price TEXT NOT NULL,
    time BIGINT NOT NULL,
    PRIMARY KEY (creator, content, account)
);
CREATE INDEX purchases_of_account ON purchases (creator, account, content);

-- Income and payouts of each UTC day.
CREATE TABLE days (
    creator BIGINT NOT NULL,
    day BIGINT NOT NULL,
    asset TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount TEXT NOT NULL,
    events BIGINT NOT NULL,
    PRIMARY KEY (creator, day, asset, kind)
);
