import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import Libsql from 'libsql';
import { buildApp } from '../src/app.ts';
import { buildSeed, FULL_SIZE } from '../src/seed.ts';
import { SMALL, startServer, temporaryFolder } from './server.ts';

const full = join(temporaryFolder({ after }), 'full.db');
buildSeed(full, FULL_SIZE);

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function csv(name: string): readonly string[] {
  const file = new URL(`../../../scenarios/data/${name}`, import.meta.url);
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

function rows<Row>(file: string, sql: string): readonly Row[] {
  const connection = new Libsql(file);
  try {
    return connection.prepare(sql).all() as Row[];
  } finally {
    connection.close();
  }
}

test('the full seed has the same bytes every time', t => {
  const again = join(temporaryFolder(t), 'again.db');
  buildSeed(again, FULL_SIZE);
  assert.equal(digest(again), digest(full));
});

test('the full seed has 2,000 users, 20,000 bills and 200,000 votes, with ids from 1 without gaps', () => {
  for (const [table, count] of Object.entries(FULL_SIZE)) {
    assert.deepEqual(
      rows(full, `SELECT count(*) AS count, min(id) AS first, max(id) AS last FROM ${table}`),
      [{ count, first: 1, last: count }],
      table,
    );
  }
});

test('the seed keeps its own rules: every reference holds, and no vote is older than its bill', () => {
  assert.deepEqual(rows(full, 'PRAGMA foreign_key_check'), []);
  assert.deepEqual(
    rows(
      full,
      'SELECT v.id FROM votes v JOIN bills b ON b.id = v.bill_id WHERE v.cast_at < b.introduced_at LIMIT 1',
    ),
    [],
  );
});

test("the scenarios' data files name bills and users of the seed", () => {
  const [billHeader, ...bills] = csv('bills.csv');
  assert.equal(billHeader, 'id');
  assert.equal(new Set(bills).size, 500);
  assert.ok(
    bills.every(id => /^\d+$/.test(id) && Number(id) >= 1 && Number(id) <= FULL_SIZE.bills),
    `${bills}`,
  );
  const [userHeader, ...users] = csv('users.csv');
  assert.equal(userHeader, 'id,username');
  const known = rows<{ line: string }>(full, "SELECT id || ',' || username AS line FROM users");
  const lines = new Set(known.map(({ line }) => line));
  assert.equal(new Set(users).size, 500);
  assert.deepEqual(
    users.filter(line => !lines.has(line)),
    [],
  );
});

test('what is voted in one server is seen neither by the next nor by one beside it', async t => {
  const seedFile = join(temporaryFolder(t), 'bills.db');
  const first = await startServer(t, seedFile);
  const pristine = digest(seedFile);
  const beside = await startServer(t, seedFile);
  const before = (await beside.request('/api/bills/1')).body;
  for (let userId = 1; userId <= SMALL.users; userId++) {
    const { status } = await first.post('/api/votes', { userId, billId: 1, choice: 'abstain' });
    assert.ok(status === 200 || status === 201, `status ${status}`);
  }
  assert.notDeepEqual((await first.request('/api/bills/1')).body, before);
  assert.deepEqual((await beside.request('/api/bills/1')).body, before);
  await first.close();
  const next = await startServer(t, seedFile);
  assert.deepEqual((await next.request('/api/bills/1')).body, before);
  assert.equal(digest(seedFile), pristine);
});

test('a server that closes leaves the seed file and nothing else', async t => {
  const server = await startServer(t);
  await server.post('/api/votes', { userId: 1, billId: 1, choice: 'yes' });
  await server.close();
  assert.deepEqual(readdirSync(dirname(server.seedFile)), ['bills.db']);
});

test('an outdated seed is built anew, a current one is not', async t => {
  const seedFile = join(temporaryFolder(t), 'bills.db');
  buildSeed(seedFile, { users: 5, bills: 5, votes: 5 });
  const first = await startServer(t, seedFile);
  assert.equal((await first.request<{ total: number }>('/api/bills')).body.total, SMALL.bills);
  assert.ok(
    first.log.some(({ msg }) => msg === 'seeded the database'),
    JSON.stringify(first.log),
  );
  const second = await startServer(t, seedFile);
  assert.ok(!second.log.some(({ msg }) => msg === 'seeded the database'), JSON.stringify(second.log));
});

test("somebody else's file is refused and left alone", t => {
  const folder = temporaryFolder(t);
  const notes = join(folder, 'notes.txt');
  writeFileSync(notes, 'not a database');
  const foreign = join(folder, 'foreign.db');
  rows(foreign, 'CREATE TABLE mine (id INTEGER)');
  for (const databaseFile of [notes, foreign]) {
    const before = digest(databaseFile);
    assert.throws(
      () => buildApp({ databaseFile, size: SMALL, logLevel: 'silent' }),
      /is not a bills-api database/,
    );
    assert.equal(digest(databaseFile), before);
  }
});

test('what a killed server left behind is removed by the next start, what a living one uses is not', async t => {
  const seedFile = join(temporaryFolder(t), 'bills.db');
  const living = await startServer(t, seedFile);
  const { pid: dead } = spawnSync(process.execPath, ['--version']);
  mkdirSync(`${seedFile}.run-${dead}-1`);
  writeFileSync(join(`${seedFile}.run-${dead}-1`, 'bills.db'), '');
  writeFileSync(`${seedFile}.build-${dead}`, '');
  writeFileSync(`${seedFile}.bak`, '');
  await startServer(t, seedFile);
  const names = readdirSync(dirname(seedFile));
  assert.deepEqual(
    names.filter(name => name.includes(`-${dead}`)),
    [],
  );
  assert.equal(names.filter(name => name.includes(`.run-${process.pid}-`)).length, 2);
  assert.ok(names.includes('bills.db.bak'), `${names}`);
  assert.equal((await living.post('/api/votes', { userId: 1, billId: 1, choice: 'no' })).status < 300, true);
});
