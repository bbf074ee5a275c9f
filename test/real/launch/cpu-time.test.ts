import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answering, place } from './api.ts';

/** Burns CPU time by its own clock, so that a busy machine makes it later but not less. */
const burn = (ms: number) => `
  { const before = process.cpuUsage(); const used = () => { const { user, system } = process.cpuUsage(before); return user + system; };
    while (used() < ${ms * 1_000}) Math.sqrt(Math.random()); }`;

/** Two readings, each rounded down to 10 ms, of at most three processes. */
const coarsenessUs = 60_000;

test('the CPU time of a served API is that of all its processes, and of what they have reaped', {
  skip: process.platform !== 'linux' && 'only Linux tells it',
}, async t => {
  const at = await place(t);
  at.script(
    'child.js',
    `process.on('message', () => { ${burn(300)} process.send('done'); }); process.send('up');`,
  );
  at.script('short.js', burn(300));
  const api = `
    const { fork } = require('node:child_process');
    const child = fork('./child.js');
    child.once('message', () => {
      require('node:http').createServer((request, response) => {
        if (request.url === '/self') { ${burn(300)} response.end(); }
        else if (request.url === '/child') { child.send('go'); child.once('message', () => response.end()); }
        else if (request.url === '/reaped') fork('./short.js').once('exit', () => response.end());
        else response.end();
      }).listen(Number(process.env.PORT), process.env.HOST);
    });`;
  const served = await at.serve(at.script('api.js', api));
  for (const who of ['self', 'child', 'reaped']) {
    const before = served.cpuUs();
    const answer = await fetch(`http://127.0.0.1:${at.port}/${who}`);
    await answer.text();
    const after = served.cpuUs();
    assert.ok(before !== null && after !== null, 'it is known');
    const usedUs = after - before;
    assert.ok(usedUs >= 300_000 - coarsenessUs, `${who}: ${usedUs} us`);
    assert.ok(usedUs < 3_000_000, `${who}: ${usedUs} us`);
  }
  await served.stop();
  assert.equal(served.cpuUs(), null);
});

test('the CPU time of an API is not that of another one', {
  skip: process.platform !== 'linux' && 'only Linux tells it',
}, async t => {
  const [busy, idle] = [await place(t), await place(t)];
  const served = await idle.serve(idle.script('api.js', answering()));
  const before = served.cpuUs();
  await busy.serve(busy.script('api.js', answering(burn(1_500))));
  const after = served.cpuUs();
  assert.ok(before !== null && after !== null, 'it is known');
  assert.ok(after - before < 1_000_000, `${after - before} us`);
});
