/** The tables. Moments are milliseconds and days are days since 1970, both UTC; a user has at most one vote on a bill. */
export const TABLES = `
  CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    joined_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE bills (
    id INTEGER PRIMARY KEY,
    author_id INTEGER NOT NULL REFERENCES users (id),
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    text TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('introduced', 'committee', 'debate', 'passed', 'rejected')),
    introduced_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE votes (
    id INTEGER PRIMARY KEY,
    bill_id INTEGER NOT NULL REFERENCES bills (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    choice TEXT NOT NULL CHECK (choice IN ('yes', 'no', 'abstain')),
    cast_at INTEGER NOT NULL,
    cast_day INTEGER NOT NULL GENERATED ALWAYS AS (cast_at / 86400000) STORED
  ) STRICT;

  CREATE UNIQUE INDEX votes_by_user ON votes (user_id, bill_id);
`;

/** The indexes that only make reads faster; each covers the query that it is for. */
export const READ_INDEXES = `
  CREATE INDEX bills_by_time ON bills (introduced_at);
  CREATE INDEX bills_by_status ON bills (status, introduced_at);
  CREATE INDEX bills_by_author ON bills (author_id);
  CREATE INDEX votes_by_bill ON votes (bill_id, cast_at, choice);
  CREATE INDEX votes_by_day ON votes (cast_day, choice, user_id);
`;
