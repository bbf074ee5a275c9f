/**
 * Serves an API in a process of its own that can be killed: `serving-owner.ts FOLDER HOW`. The API has a child in a session of its own;
 * where HOW is `bare` or `unnoted` it has none, but has cleared its environment, and is noted in FOLDER, or in a folder that is none.
 * Prints the ids of both when the API is ready. SIGTERM stops the API first, SIGINT does not.
 */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../../src/launch/process/port.ts';
import type { ProcessGroup } from '../../../src/launch/process/process-group.ts';
import { serve } from '../../../src/launch/process/serve.ts';
import { noting } from '../../../src/launch/workspace/workspace.ts';
import { usualTransport } from '../../../src/model/run/plan.ts';
import { millis } from '../../../src/model/units.ts';

const [folder = '', how = 'usual'] = process.argv.slice(2);
const node = `"${process.execPath}"`;
writeFileSync(join(folder, 'child.js'), "setInterval(() => {}, 1000); process.send('up');");
writeFileSync(
  join(folder, 'api.js'),
  `const listen = session => {
     require('node:fs').writeFileSync('pids', JSON.stringify({ api: process.pid, session }));
     require('node:http').createServer((request, response) => response.end('ok')).listen(process.env.PORT, process.env.HOST);
   };
   if (process.argv[2] === 'bare') listen(0);
   else {
     const child = require('node:child_process').fork('./child.js', { detached: true });
     child.once('message', () => listen(child.pid));
   }`,
);
const [port = 0] = await freePorts(1);
const start =
  how === 'usual' ? `${node} api.js; true` : `exec env -i PORT=$PORT HOST=$HOST ${node} api.js bare`;
const serving = (onStart?: (group: ProcessGroup) => void) =>
  serve(
    {
      install: null,
      build: null,
      start,
      ready: { method: 'GET', path: '/' },
      timeout: millis(60_000),
      directory: folder,
    },
    {
      target: { host: '127.0.0.1', port, url: `http://127.0.0.1:${port}`, socketPath: null },
      tls: usualTransport.tls,
      env: process.env,
      logFile: join(folder, 'logs', 'api.log'),
      onStart,
    },
  );
const untilStopped = async (onStart?: (group: ProcessGroup) => void) => {
  const served = await serving(onStart);
  const stay = setInterval(() => {}, 60_000);
  process.on('SIGINT', () => process.exit());
  const asked = once(process, 'SIGTERM');
  process.stdout.write(`${readFileSync(join(folder, 'pids'), 'utf8')}\n`);
  await asked;
  clearInterval(stay);
  await served.stop(500);
};
if (how === 'usual') await untilStopped();
else await noting(untilStopped, how === 'bare' ? folder : join(folder, 'none'));
