import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { place, scenarioOf } from './command-line.ts';

const post = 'http://127.0.0.1:9/votes -m POST -r 5/s -d 1s --dry-run';

describe('a host in production', () => {
  test('gets nothing that may change something, unless somebody says so', async t => {
    const at = await place(t);
    await at.write('plimsoll.config.json', { production: ['127.0.0.1'] });
    const refused = await at.run(['run', ...post.split(' ')]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /^127\.0\.0\.1: .*\[target\.production\]\n {2}found {5}POST \/votes\n/);
    assert.equal((await at.run(['run', ...post.split(' '), '--allow-unsafe'])).code, 0);
    assert.equal((await at.run(['run', ...post.replace('POST', 'HEAD').split(' ')])).code, 0);
    await at.write('plimsoll.config.json', { production: ['*.example.com'] });
    assert.equal((await at.run(['run', ...post.split(' ')])).code, 0);
  });

  test('is guarded from the setup of a scenario, and from a duet of URLs, too', async t => {
    const at = await place(t);
    await at.write('plimsoll.config.json', { production: ['127.0.0.2'] });
    const setup = 'setup: [DELETE /all]\n';
    await at.write('scenarios/one.yaml', scenarioOf('one', 9, setup).replace('127.0.0.1', '127.0.0.2'));
    const prepared = await at.run(['validate', 'one']);
    assert.match(prepared.stderr, /found {5}DELETE \/all\n/);
    await at.write('two.yaml', scenarioOf('two', 9).replace('GET /ok', 'PUT /ok'));
    const sides = ['--base', 'http://127.0.0.1:9', '--head', 'http://127.0.0.2:9'];
    const duet = await at.run(['duet', 'two.yaml', ...sides]);
    assert.equal(duet.code, 2);
    assert.match(duet.stderr, /^127\.0\.0\.2: .*\[target\.production\]/);
  });
});

describe('maxRate', () => {
  test('caps the requests per second of every load, also at the top of a ramp', async t => {
    const at = await place(t);
    await at.write('plimsoll.config.json', { maxRate: '50/s' });
    const two = (load: string) =>
      `name: a\ntarget: http://127.0.0.1:9\nload: ${load}\nsteps: [GET /a, { repeat: 3, steps: [GET /b] }]\n`;
    const open = (rate: string) => two(`{ model: open, stages: [{ duration: 9s, rate: ${rate} }] }`);
    const closed = (more: string) => two(`{ model: closed, stages: [{ duration: 9s, users: 5 }]${more} }`);
    for (const [text, found] of [
      [open('12/s'), null],
      [open('13/s'), /found {5}52 requests per second at the most/],
      [open('1/s..20/s'), /found {5}80 requests per second at the most/],
      [closed(''), /found {5}a closed load without pacing/],
      [closed(', pacing: 1s'), null],
      [closed(', pacing: 100ms'), /found {5}200 requests per second at the most/],
    ] as const) {
      await at.write('a.yaml', text);
      const { code, stderr } = await at.run(['run', 'a.yaml', '--dry-run']);
      assert.equal(code, found === null ? 0 : 2, stderr);
      if (found !== null) assert.match(stderr, found);
    }
    await at.write('a.yaml', open('1/s'));
    const search = await at.run(['capacity', 'a.yaml', '--to', '20/s']);
    assert.match(search.stderr, /^--to: .*\[target\.too-fast\]\n.*20\n.*at most 12\.5/);
  });
});
