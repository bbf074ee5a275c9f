/**
 * A workload's server behind a delaying proxy, in one process group: `delayed-backend.ts RULE_FILE SERVER`, listening on
 * HOST and PORT. Only answers of the endpoint that is to change are delayed.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../src/launch/process/port.ts';
import { answerDelays } from '../../src/launch/proxy/answer-delays.ts';
import { tunnel } from '../../src/launch/proxy/delaying-tunnel.ts';
import type { DelayRule } from '../../src/model/duet/delay-rule.ts';
import { changedRequest, servers } from './workloads.ts';

const [ruleFile = '', name = 'reference'] = process.argv.slice(2);
const { rule } = JSON.parse(readFileSync(ruleFile, 'utf8')) as { readonly rule: DelayRule };
const { HOST: host = '127.0.0.1', PORT: port = '4010' } = process.env;
const [backendPort = 0] = await freePorts(1);

const { command, folder } = servers[name as keyof typeof servers];
const [program, ...words] = command;
const backend = spawn(program, words, {
  cwd: join(fileURLToPath(new URL('../..', import.meta.url)), ...folder),
  env: { ...process.env, HOST: '127.0.0.1', PORT: String(backendPort) },
  stdio: 'inherit',
});
// It gets the group's signals itself, and is waited for, so that it can put away its copy of the data.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {});
backend.once('exit', code => process.exit(code ?? 1));

const delays = answerDelays([]);
delays.setRule(rule);
const ofChanged = {
  ...delays,
  delayOf: (line: string, tookMs: number) => (changedRequest.test(line) ? delays.delayOf(line, tookMs) : 0),
};
createServer({ allowHalfOpen: true, noDelay: true }, client => {
  const server = connect({ host: '127.0.0.1', port: backendPort, allowHalfOpen: true, noDelay: true });
  tunnel(client, server, ofChanged);
}).listen({ host, port: Number(port), backlog: 4_096 });
