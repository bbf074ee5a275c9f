/**
 * Sets up what a duet does, in a process of its own that can be killed: `workspace-owner.ts UNDER REPOSITORY START`, where START is the
 * command that is served. Prints the folder of the workspace as soon as there is one, and `served` when the API is ready.
 */
import { join } from 'node:path';
import { build } from '../../../src/launch/process/build.ts';
import { freePorts } from '../../../src/launch/process/port.ts';
import { serve } from '../../../src/launch/process/serve.ts';
import { openWorkspace } from '../../../src/launch/workspace/workspace.ts';
import { usualTransport } from '../../../src/model/run/plan.ts';
import { millis } from '../../../src/model/units.ts';
import { addWorktree, removeWorktrees } from '../../../src/store/git/worktree.ts';

const [under = '', repository = '', start = ''] = process.argv.slice(2);
const workspace = openWorkspace(repository, removeWorktrees, under);
process.stdout.write(`${workspace.directory}\n`);
const env = { ...process.env, ...workspace.env };
const logFile = join(under, 'logs', 'api.log');
const place = workspace.noteWorktree('1');
const { directory } = await addWorktree(repository, 'HEAD', place, { env });
const onStart = workspace.noteGroup;
await build([{ name: 'build', command: 'echo built > built' }], { directory, env, logFile, onStart });
const [port = 0] = await freePorts(1);
const ready = { method: 'GET', path: '/' };
await serve(
  { install: null, build: null, start, ready, timeout: millis(60_000), directory },
  {
    target: { host: '127.0.0.1', port, url: `http://127.0.0.1:${port}`, socketPath: null },
    tls: usualTransport.tls,
    env,
    logFile,
    onStart,
  },
);
process.stdout.write('served\n');
setInterval(() => {}, 60_000);
