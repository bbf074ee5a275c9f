import { createHash } from 'node:crypto';
import Libsql from 'libsql';
import type { Random } from './random.ts';
import { createRandom } from './random.ts';
import { READ_INDEXES, TABLES } from './schema.ts';
import type { BillStatus } from './stores/bills.ts';
import type { Choice } from './stores/votes.ts';
import { billTitle, paragraph, personName, sentence } from './words.ts';

/** How much data a seed holds. */
export interface SeedSize {
  readonly users: number;
  readonly bills: number;
  readonly votes: number;
}

/** What the server runs on. */
export const FULL_SIZE: SeedSize = { users: 2_000, bills: 20_000, votes: 200_000 };

/** Marks a file as one of ours (`PRAGMA application_id`): the letters "bill". */
export const APPLICATION_ID = 0x62696c6c;

/** To be raised with every change of the generator below or of words.ts; the schema is covered by itself. */
const GENERATOR_VERSION = 1;

const DAY = 86_400_000;
const OPENED = Date.UTC(2025, 0, 6);
const CLOSED = Date.UTC(2025, 11, 20);
const ROWS_PER_STATEMENT = 5_000;

/** A positive 31-bit number (for `PRAGMA user_version`) that changes with the schema, the generator and the size. */
export function seedFingerprint(size: SeedSize): number {
  const source = JSON.stringify([
    GENERATOR_VERSION,
    TABLES,
    READ_INDEXES,
    size.users,
    size.bills,
    size.votes,
  ]);
  return createHash('sha256').update(source).digest().readUInt32BE() >>> 1 || 1;
}

/**
 * Writes a new database file with the whole seed, the same bytes every time. Ids run from 1 without gaps.
 * There is no journal: an interrupted build is worthless, so build under another name and rename.
 */
export function buildSeed(file: string, size: SeedSize): void {
  const connection = new Libsql(file);
  try {
    connection.pragma('journal_mode = OFF');
    connection.pragma('synchronous = OFF');
    connection.exec(`BEGIN; ${TABLES}`);
    const introduced = introductions(createRandom(1), size);
    insert(connection, 'users (id, username, email, display_name, joined_at)', users(createRandom(2), size));
    insert(
      connection,
      'bills (id, author_id, title, summary, text, status, introduced_at)',
      bills(createRandom(3), size, introduced),
    );
    insert(
      connection,
      'votes (id, bill_id, user_id, choice, cast_at)',
      votes(createRandom(4), size, introduced),
    );
    connection.exec(`${READ_INDEXES} ANALYZE; COMMIT`);
    connection.pragma(`application_id = ${APPLICATION_ID}`);
    connection.pragma(`user_version = ${seedFingerprint(size)}`);
  } finally {
    connection.close();
  }
}

type Row = readonly (number | string)[];

/** Thousands of rows travel as one JSON parameter, which is three times as fast as a statement for each. */
function insert(connection: Libsql.Database, target: string, rows: Iterable<Row>): void {
  const columns = target.split(',').map((_, index) => `value ->> ${index}`);
  const statement = connection.prepare(
    `INSERT INTO ${target} SELECT ${columns.join(', ')} FROM json_each(?)`,
  );
  let batch: Row[] = [];
  for (const row of rows) {
    if (batch.push(row) === ROWS_PER_STATEMENT) {
      statement.run(JSON.stringify(batch));
      batch = [];
    }
  }
  if (batch.length > 0) statement.run(JSON.stringify(batch));
}

function* users(random: Random, size: SeedSize): Iterable<Row> {
  for (let id = 1; id <= size.users; id++) {
    const { first, last } = personName(random);
    const username = `${first}.${last}.${id}`.toLowerCase();
    const joined = OPENED - 1 - random.integer(4 * 365 * DAY);
    yield [id, username, `${username}@assembly.example`, `${first} ${last}`, joined];
  }
}

/** The moment each bill came in: spread over the session, in the order of the ids. */
function introductions(random: Random, size: SeedSize): readonly number[] {
  const step = (CLOSED - OPENED) / size.bills;
  return Array.from(
    { length: size.bills },
    (_, index) => OPENED + Math.floor((index + random.next()) * step),
  );
}

function* bills(random: Random, size: SeedSize, introduced: readonly number[]): Iterable<Row> {
  for (const [index, moment] of introduced.entries()) {
    const author = 1 + skewed(random, size.users);
    const age = (CLOSED - moment) / (CLOSED - OPENED);
    yield [
      index + 1,
      author,
      billTitle(random),
      sentence(random),
      paragraph(random, 4 + random.integer(5)),
      status(random, age),
      moment,
    ];
  }
}

/** The older a bill, the further it has come; `age` is 1 for the first of the session and 0 for the last. */
function status(random: Random, age: number): BillStatus {
  const progress = age + random.next() * 0.5;
  if (progress < 0.3) return 'introduced';
  if (progress < 0.55) return 'committee';
  if (progress < 0.75) return 'debate';
  return random.next() < 0.6 ? 'passed' : 'rejected';
}

/** Few bills draw most votes and few users cast them; ids follow the time of the vote. */
function votes(random: Random, size: SeedSize, introduced: readonly number[]): readonly Row[] {
  if (size.votes > (size.users * size.bills) / 2) {
    throw new RangeError('a seed holds at most half of all possible votes');
  }
  const taken = new Set<number>();
  const cast: {
    readonly bill: number;
    readonly user: number;
    readonly choice: Choice;
    readonly at: number;
  }[] = [];
  while (cast.length < size.votes) {
    const bill = scattered(skewed(random, size.bills), size.bills);
    const user = scattered(skewed(random, size.users), size.users);
    const pair = bill * size.users + user;
    if (taken.has(pair)) continue;
    taken.add(pair);
    const opened = introduced[bill] ?? OPENED;
    const delay = random.next() * random.next() * Math.min(90 * DAY, CLOSED + DAY - opened);
    cast.push({
      bill: bill + 1,
      user: user + 1,
      choice: choice(random, bill),
      at: opened + Math.floor(delay),
    });
  }
  cast.sort((a, b) => a.at - b.at || a.bill - b.bill || a.user - b.user);
  return cast.map(({ bill, user, choice, at }, index) => [index + 1, bill, user, choice, at]);
}

function choice(random: Random, bill: number): Choice {
  if (random.next() < 0.08) return 'abstain';
  const support = 0.2 + (0.6 * scattered(bill, 101)) / 101;
  return random.next() < support ? 'yes' : 'no';
}

/** A whole number below `below`; the chance of i falls with 1 / ∛i. */
function skewed(random: Random, below: number): number {
  const u = random.next();
  return Math.floor(u * Math.sqrt(u) * below);
}

/** Spreads neighbours over the range, so that the first ids are not the popular ones; one to one unless 7919 divides `below`. */
function scattered(index: number, below: number): number {
  return (index * 7_919) % below;
}
