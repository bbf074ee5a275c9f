/**
 * Serves an API in a process of its own that can be killed: `serving-owner.ts FOLDER`. The API has a child in a session of its own.
 * Prints the ids of both when the API is ready. SIGTERM stops the API first, SIGINT does not.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../../src/launch/process/port.ts';
import { serve } from '../../../src/launch/process/serve.ts';
import { usualTransport } from '../../../src/model/run/plan.ts';
import { millis } from '../../../src/model/units.ts';

const [folder = ''] = process.argv.slice(2);
writeFileSync(join(folder, 'child.js'), "setInterval(() => {}, 1000); process.send('up');");
writeFileSync(
  join(folder, 'api.js'),
  `const child = require('node:child_process').fork('./child.js', { detached: true });
   child.once('message', () => {
     require('node:fs').writeFileSync('pids', JSON.stringify({ api: process.pid, session: child.pid }));
     require('node:http').createServer((request, response) => response.end('ok')).listen(process.env.PORT, process.env.HOST);
   });`,
);
const [port = 0] = await freePorts(1);
const served = await serve(
  {
    install: null,
    build: null,
    start: `"${process.execPath}" api.js; true`,
    ready: { method: 'GET', path: '/' },
    timeout: millis(60_000),
    directory: folder,
  },
  {
    target: { host: '127.0.0.1', port, url: `http://127.0.0.1:${port}`, socketPath: null },
    tls: usualTransport.tls,
    env: process.env,
    logFile: join(folder, 'logs', 'api.log'),
  },
);
process.on('SIGTERM', async () => {
  await served.stop(500);
  process.exit();
});
process.on('SIGINT', () => process.exit());
process.stdout.write(`${readFileSync(join(folder, 'pids'), 'utf8')}\n`);
setInterval(() => {}, 60_000);
