import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { layoutOf, steadyPlan } from '../../../src/engine/slots/duet-layout.ts';
import type { DuetJudgement } from '../../../src/model/duet/duet-judgement.ts';
import { PlimsollError } from '../../../src/model/error.ts';
import { playAll } from '../../../src/pipeline/duet/duet-play.ts';
import { urlSides } from '../../../src/pipeline/duet/url-sides.ts';
import { planOf } from '../config/workspace.ts';
import { startValueServer } from '../engine/value-server.ts';

type Test = Parameters<typeof startValueServer>[0];

/** An API whose sessions have names of its own; a login fails from the given one on, and a logout always where it is asked to. */
async function startApi(t: Test, name: string, { logins = 9, logout = 200 } = {}) {
  let sessions = 0;
  return await startValueServer(t, (request, response) => {
    if (request.url === '/login') {
      sessions += 1;
      response.statusCode = sessions > logins ? 403 : 200;
    }
    if (request.url === '/logout') response.statusCode = logout;
    response.end(JSON.stringify({ token: `${name}-${sessions}` }));
  });
}

type Api = Awaited<ReturnType<typeof startApi>>;

/** Plays two rounds, and answers what was noted. */
async function played(base: Api, head: Api) {
  const plan = await planOf(`target: ${base.url}
load: { model: open, stages: [{ duration: 1s, rate: 100/s }] }
setup: [{ request: POST /login, capture: { token: $.token } }]
steps: [{ request: GET /, headers: { x-session: '{{token}}' } }]
teardown: [{ request: POST /logout, headers: { x-session: '{{token}}' } }]
`);
  const layout = layoutOf(plan, 'round', { slotMs: 50, pairsPerRestart: 2 });
  const sides = await urlSides({ base: [base.url], head: [head.url] }, []);
  const judged = (restarts: readonly unknown[]) =>
    ({
      progress: restarts.length < 2 ? { state: 'goesOn', nextLook: 2 } : { state: 'over' },
    }) as DuetJudgement;
  const notes: string[] = [];
  const [only] = await playAll(sides, { plan: steadyPlan(plan, layout), layout, seed: 5 }, judged, {
    onEvent: event => event.kind === 'note' && notes.push(event.sentence),
  });
  return { end: only?.end, restarts: only?.restarts ?? [], notes };
}

/** The sessions of requests, in order, each once. */
function sessionsOf({ received }: Api, path: string): readonly string[] {
  const sessions = received
    .filter(({ url }) => url === path)
    .map(({ rawHeaders }) => rawHeaders[rawHeaders.indexOf('x-session') + 1] ?? '');
  return [...new Set(sessions)];
}

describe('the setup and the teardown of a duet', () => {
  it('are made on each side in each round, and what they capture is used on that side', async t => {
    const [base, head] = [await startApi(t, 'base'), await startApi(t, 'head')];
    const { restarts, notes, end } = await played(base, head);
    if (end?.state === 'broken' && end.cause === 'spoiled') return t.skip('this machine is too busy');
    const count = (api: Api, url: string) => api.received.filter(one => one.url === url).length;
    const rounds = count(base, '/login');
    assert.ok(rounds >= 2, `${rounds} rounds`);
    for (const [api, name] of [
      [base, 'base'],
      [head, 'head'],
    ] as const) {
      const expected = Array.from({ length: rounds }, (_, index) => `${name}-${index + 1}`);
      assert.deepEqual(sessionsOf(api, '/'), expected);
      assert.deepEqual(sessionsOf(api, '/logout'), expected);
      assert.equal(count(api, '/logout'), rounds);
    }
    assert.deepEqual(
      restarts.map(({ endpoints }) => endpoints.map(({ endpoint }) => endpoint)),
      [['GET /'], ['GET /']],
    );
    assert.deepEqual(notes, []);
  });

  it('end the duet where the setup fails, and say where; a teardown that fails is a note', async t => {
    const [base, head] = [
      await startApi(t, 'base', { logout: 500 }),
      await startApi(t, 'head', { logins: 0 }),
    ];
    await assert.rejects(
      played(base, head),
      (error: unknown) =>
        error instanceof PlimsollError &&
        error.problems[0]?.code === 'setup.failed' &&
        /setup\[0\], on head$/.test(error.problems[0].where ?? ''),
    );
    assert.deepEqual(sessionsOf(base, '/'), []);
    const [one, other] = [await startApi(t, 'one', { logout: 500 }), await startApi(t, 'other')];
    const { notes, end } = await played(one, other);
    if (end?.state === 'broken' && end.cause === 'spoiled') return t.skip('this machine is too busy');
    assert.match(notes[0] ?? '', /^the teardown failed on base: POST \/logout: status, status 500$/);
  });
});
