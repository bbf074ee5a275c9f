import assert from 'node:assert/strict';
import { test } from 'node:test';
import Libsql from 'libsql';
import type { ErrorBody } from './server.ts';
import { SMALL, startServer } from './server.ts';

interface Page<Item> {
  readonly data: readonly Item[];
  readonly page: number;
  readonly limit: number;
  readonly total: number;
  readonly pages: number;
}
interface Tally {
  readonly yes: number;
  readonly no: number;
  readonly abstain: number;
  readonly total: number;
}
interface Bill {
  readonly id: number;
  readonly authorId: number;
  readonly status: string;
  readonly introducedAt: string;
  readonly voteCount: number;
  readonly votes: Tally;
}
interface Vote {
  readonly id: number;
  readonly userId: number;
  readonly billId: number;
  readonly username: string;
  readonly choice: 'yes' | 'no' | 'abstain';
  readonly castAt: string;
}
interface User {
  readonly id: number;
  readonly username: string;
  readonly billsAuthored: number;
  readonly votesCast: number;
}
interface Dashboard {
  readonly billsByStatus: readonly { readonly status: string; readonly bills: number }[];
  readonly mostVotedBills: readonly (Tally & { readonly id: number })[];
  readonly mostActiveUsers: readonly { readonly id: number; readonly votes: number }[];
  readonly votesPerDay: readonly (Tally & { readonly date: string })[];
}

type Server = Awaited<ReturnType<typeof startServer>>;

/** A bill and a user who has not voted on it. */
async function openBallot(server: Server): Promise<{ readonly billId: number; readonly userId: number }> {
  const billId = 7;
  const { body } = await server.request<Page<Vote>>(`/api/bills/${billId}/votes?limit=100`);
  const voters = new Set(body.data.map(vote => vote.userId));
  const userId = Array.from({ length: SMALL.users }, (_, index) => index + 1).find(id => !voters.has(id));
  assert.ok(userId, 'everyone has voted on the bill');
  return { billId, userId };
}

test('the pages of a list hold every bill once, the newest first', async t => {
  const { request } = await startServer(t);
  const bills: Bill[] = [];
  for (let page = 1; page <= 4; page++) {
    const { status, body } = await request<Page<Bill>>(`/api/bills?page=${page}&limit=75`);
    assert.equal(status, 200);
    assert.deepEqual(
      { page: body.page, limit: body.limit, total: body.total, pages: body.pages },
      { page, limit: 75, total: 250, pages: 4 },
    );
    bills.push(...body.data);
  }
  assert.equal(new Set(bills.map(bill => bill.id)).size, SMALL.bills);
  const times = bills.map(bill => bill.introducedAt);
  assert.deepEqual(times, times.toSorted().toReversed());
});

test('a list has 20 bills on its first page unless asked otherwise, and none past its last', async t => {
  const { request } = await startServer(t);
  const first = await request<Page<Bill>>('/api/bills');
  assert.deepEqual([first.body.page, first.body.limit, first.body.data.length], [1, 20, 20]);
  const past = await request<Page<Bill>>('/api/bills?page=14');
  assert.deepEqual([past.status, past.body.data.length, past.body.pages], [200, 0, 13]);
});

test('a status narrows the list and its total', async t => {
  const { request } = await startServer(t);
  let total = 0;
  for (const status of ['introduced', 'committee', 'debate', 'passed', 'rejected']) {
    const { body } = await request<Page<Bill>>(`/api/bills?status=${status}&limit=100`);
    assert.ok(body.data.length > 0, `data.length ${body.data.length}`);
    assert.ok(
      body.data.every(bill => bill.status === status),
      JSON.stringify(body.data),
    );
    total += body.total;
  }
  assert.equal(total, SMALL.bills);
});

test('a page, a limit, a status or an id that makes no sense gets 400 and says why', async t => {
  const { request } = await startServer(t);
  for (const [path, why] of [
    ['/api/bills?page=0', /page must be >= 1/],
    ['/api/bills?page=two', /page must be integer/],
    ['/api/bills?page=', /page must be integer/],
    ['/api/bills?limit=101', /limit must be <= 100/],
    ['/api/bills?limit=2.5', /limit must be integer/],
    ['/api/bills?status=lost', /status must be equal to one of/],
    ['/api/bills/x', /id must be integer/],
    ['/api/bills/1/votes?limit=-1', /limit must be >= 1/],
    ['/api/users', /must have required property 'username'/],
    ['/api/bills/%ZZ', /not a valid url/],
  ] as const) {
    const { status, headers, body } = await request<ErrorBody>(path);
    assert.equal(status, 400, path);
    assert.equal(body.error.code, 'invalid_request', path);
    assert.match(body.error.message, why);
    assert.equal(body.error.requestId, headers.get('x-request-id'), path);
  }
});

test('what does not exist gets 404', async t => {
  const { request } = await startServer(t);
  for (const path of [
    '/api/bills/251',
    '/api/bills/251/votes',
    '/api/users/61',
    '/api/users?username=nobody',
    '/x?y',
  ]) {
    const { status, body } = await request<ErrorBody>(path);
    assert.equal(status, 404, path);
    assert.equal(body.error.code, 'not_found', path);
  }
});

test('a bill names its author and counts its votes as the list and the votes themselves do', async t => {
  const { request } = await startServer(t);
  const { body: list } = await request<Page<Bill>>('/api/bills?limit=3&page=5');
  for (const { id, voteCount } of list.data) {
    const { body: bill } = await request<Bill>(`/api/bills/${id}`);
    const { body: votes } = await request<Page<Vote> & { tally: Tally }>(`/api/bills/${id}/votes?limit=100`);
    const count = (choice: string) => votes.data.filter(vote => vote.choice === choice).length;
    const counted = {
      yes: count('yes'),
      no: count('no'),
      abstain: count('abstain'),
      total: votes.data.length,
    };
    assert.deepEqual(bill.votes, counted);
    assert.deepEqual(votes.tally, counted);
    assert.equal(voteCount, counted.total);
    const { body: author } = await request<User>(`/api/users/${bill.authorId}`);
    assert.ok(author.billsAuthored > 0, `billsAuthored ${author.billsAuthored}`);
  }
});

test("the votes on a bill are paginated, the newest first, with the voters' names", async t => {
  const { request } = await startServer(t);
  const { body } = await request<Page<Vote>>('/api/bills/1/votes?limit=5');
  assert.equal(body.data.length, 5);
  assert.equal(body.pages, Math.ceil(body.total / 5));
  const times = body.data.map(vote => vote.castAt);
  assert.deepEqual(times, times.toSorted().toReversed());
  const { body: voter } = await request<User>(`/api/users/${body.data[0]?.userId}`);
  assert.equal(voter.username, body.data[0]?.username);
});

test('a first vote is created, a second one on the same bill replaces it', async t => {
  const server = await startServer(t);
  const ballot = await openBallot(server);
  const before = (await server.request<Bill>(`/api/bills/${ballot.billId}`)).body.votes;

  const first = await server.post<Vote>('/api/votes', { ...ballot, choice: 'yes' });
  assert.equal(first.status, 201);
  assert.deepEqual(
    { userId: first.body.userId, billId: first.body.billId, choice: first.body.choice },
    { ...ballot, choice: 'yes' },
  );
  const second = await server.post<Vote>('/api/votes', { ...ballot, choice: 'no' });
  assert.equal(second.status, 200);
  assert.equal(second.body.id, first.body.id);

  const after = (await server.request<Bill>(`/api/bills/${ballot.billId}`)).body.votes;
  assert.deepEqual(after, { ...before, no: before.no + 1, total: before.total + 1 });
});

test('a vote that is incomplete, wrong or of the wrong type gets 400 and is not counted', async t => {
  const server = await startServer(t);
  const ballot = await openBallot(server);
  const before = await server.request<Bill>(`/api/bills/${ballot.billId}`);
  for (const body of [
    ballot,
    { ...ballot, choice: 'maybe' },
    { ...ballot, choice: 'yes', userId: String(ballot.userId) },
    { ...ballot, choice: 'yes', userId: true },
    { ...ballot, choice: 'yes', userId: 1.5 },
    { ...ballot, choice: 'yes', weight: 2 },
    [],
    '{"userId":',
  ]) {
    const answer = await server.post<ErrorBody>('/api/votes', body);
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.equal(answer.body.error.code, 'invalid_request');
  }
  assert.deepEqual((await server.request<Bill>(`/api/bills/${ballot.billId}`)).body, before.body);
});

test('a vote of an unknown user or on an unknown bill gets 404 and names which', async t => {
  const { post } = await startServer(t);
  const noUser = await post<ErrorBody>('/api/votes', { userId: 61, billId: 1, choice: 'yes' });
  assert.deepEqual([noUser.status, noUser.body.error.message], [404, 'there is no user 61']);
  const noBill = await post<ErrorBody>('/api/votes', { userId: 1, billId: 251, choice: 'yes' });
  assert.deepEqual([noBill.status, noBill.body.error.message], [404, 'there is no bill 251']);
});

test('a user is the same by id and by username, and the email stays private', async t => {
  const { request } = await startServer(t);
  const byId = await request<User>('/api/users/42');
  const byName = await request<User>(`/api/users?username=${byId.body.username}`);
  assert.equal(byId.status, 200);
  assert.deepEqual(byName.body, byId.body);
  assert.deepEqual(Object.keys(byId.body), [
    'id',
    'username',
    'displayName',
    'joinedAt',
    'billsAuthored',
    'votesCast',
  ]);
});

test('the dashboard agrees with the bills and the users, and sees a new vote', async t => {
  const server = await startServer(t);
  const { body } = await server.request<Dashboard>('/api/dashboard');
  assert.equal(
    body.billsByStatus.reduce((sum, { bills }) => sum + bills, 0),
    SMALL.bills,
  );
  assert.equal(body.mostVotedBills.length, 10);
  for (const { id, yes, no, abstain, total } of body.mostVotedBills) {
    const bill = await server.request<Bill>(`/api/bills/${id}`);
    assert.deepEqual(bill.body.votes, { yes, no, abstain, total });
  }
  const totals = body.mostVotedBills.map(bill => bill.total);
  assert.deepEqual(
    totals,
    totals.toSorted((a, b) => b - a),
  );
  assert.equal(body.mostActiveUsers.length, 10);
  for (const { id, votes } of body.mostActiveUsers) {
    const user = await server.request<User>(`/api/users/${id}`);
    assert.ok(votes > 0 && votes <= user.body.votesCast, `votes ${votes}, votesCast ${user.body.votesCast}`);
  }
  assert.equal(body.votesPerDay.length, 30);
  const dates = body.votesPerDay.map(day => day.date);
  assert.deepEqual(dates, dates.toSorted());

  const cast = await server.post<Vote>('/api/votes', { ...(await openBallot(server)), choice: 'abstain' });
  const after = (await server.request<Dashboard>('/api/dashboard')).body.votesPerDay.at(-1);
  assert.deepEqual(after, { date: cast.body.castAt.slice(0, 10), yes: 0, no: 0, abstain: 1, total: 1 });
});

test('a sane request id is kept, another one replaced, and both are echoed', async t => {
  const { request } = await startServer(t);
  const kept = await request('/health', { headers: { 'x-request-id': 'run-7:42' } });
  assert.equal(kept.headers.get('x-request-id'), 'run-7:42');
  const seen = new Set<string | null>();
  for (const id of ['with space', 'quo"te', 'x'.repeat(129), '']) {
    const { headers } = await request('/health', { headers: { 'x-request-id': id } });
    assert.match(headers.get('x-request-id') ?? '', /^[\da-f]{12}-\w+$/);
    seen.add(headers.get('x-request-id'));
  }
  assert.equal(seen.size, 4);
});

test('every request leaves one line with its id, endpoint, status and response time', async t => {
  const server = await startServer(t);
  const sent = [
    ['/api/bills/3?x=1', 'GET /api/bills/:id', 200],
    ['/api/bills/9999', 'GET /api/bills/:id', 404],
    ['/api/bills?page=0', 'GET /api/bills', 400],
    ['/nowhere', 'GET (no route)', 404],
    ['/api/bills/%ZZ', 'GET (no route)', 400],
  ] as const;
  for (const [index, [path]] of sent.entries()) {
    await server.request(path, { headers: { 'x-request-id': `id-${index}` } });
  }
  await server.close();
  for (const [index, [path, endpoint, status]] of sent.entries()) {
    const lines = server.log.filter(line => line.requestId === `id-${index}`);
    assert.equal(lines.length, 1, path);
    assert.deepEqual([lines[0]?.endpoint, lines[0]?.status], [endpoint, status]);
    assert.ok((lines[0]?.responseTimeMs ?? -1) > 0, path);
    assert.ok(Number.isFinite(Date.parse(lines[0]?.time ?? '')), path);
  }
});

test('a write lock held elsewhere gets 500, SQLITE_BUSY in the log, and is over when the lock is', async t => {
  const server = await startServer(t);
  const ballot = await openBallot(server);
  const other = new Libsql(server.workingFile());
  t.after(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const locked = await server.post<ErrorBody>('/api/votes', { ...ballot, choice: 'yes' });
  assert.equal(locked.status, 500);
  assert.deepEqual(locked.body.error, {
    code: 'database_error',
    message: 'the database could not answer',
    requestId: locked.headers.get('x-request-id'),
  });
  const line = server.log.find(({ level }) => level === 'error');
  assert.deepEqual([line?.operation, line?.sqliteCode], ['votes.cast', 'SQLITE_BUSY']);
  assert.equal(line?.requestId, locked.body.error.requestId);

  other.exec('ROLLBACK');
  assert.equal((await server.post('/api/votes', { ...ballot, choice: 'yes' })).status, 201);
});

test('health is 200 while the database answers and 503 when it does not', async t => {
  const server = await startServer(t);
  assert.deepEqual((await server.request('/health')).body, { status: 'ok' });
  const other = new Libsql(server.workingFile());
  t.after(() => other.close());
  other.exec('PRAGMA foreign_keys = OFF; DROP TABLE votes; DROP TABLE bills; DROP TABLE users');
  const sick = await server.request<ErrorBody>('/health');
  assert.deepEqual([sick.status, sick.body.error.code], [503, 'unavailable']);
  const user = await server.request<ErrorBody>('/api/users/1');
  assert.deepEqual([user.status, user.body.error.code], [500, 'database_error']);
  assert.doesNotMatch(JSON.stringify(user.body), /table|sql/i);
});
