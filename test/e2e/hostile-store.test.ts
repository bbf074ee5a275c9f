import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RunRecord } from '../../src/model/run/record.ts';
import { recordText } from '../../src/store/records/record-file.ts';
import { exampleRecord } from '../fixtures/record.ts';
import { controls } from '../property/hostile-text.ts';
import { type Workspace, workspace } from './plimsoll.ts';

const mostBytes = 300 * 1024 * 1024;
const mostCpuSeconds = 5;

const endpoints = [{ name: 'GET /a', rate: 20, medianMs: 5, failures: { status: 0.05 } }];
const small = exampleRecord({ endpoints, warmupS: 0, stagesS: [2] });
const nothing = exampleRecord({ endpoints: [], warmupS: 0, stagesS: [2] }).measurement.generator.sendLag;
const unit = '議\u202e<|`\u001b[2K::error::';

function changed(
  id: string,
  header: Partial<RunRecord['header']>,
  measurement: Partial<RunRecord['measurement']>,
): string {
  return recordText({
    ...small,
    header: { ...small.header, ...header, id },
    measurement: { ...small.measurement, ...measurement },
  });
}

const { failureSamples, generator, load } = small.measurement;
const slow = { endpoint: 'GET /a', dueMs: 1, responseMs: 900, serviceMs: 800, status: 200 };

/** Records as somebody would write them who wants to stop the reader. */
const records = {
  texts: changed(
    'texts',
    { scenario: unit.repeat(50_000), target: unit.repeat(20_000), command: unit.repeat(50_000) },
    { failureSamples: failureSamples.map(sample => ({ ...sample, detail: unit.repeat(200_000) })) },
  ),
  lists: changed(
    'lists',
    {},
    {
      failureSamples: Array.from({ length: 50_000 }, (_, index) => ({
        ...(failureSamples[0] as (typeof failureSamples)[number]),
        detail: `${index} ${unit}`,
      })),
      slowest: Array.from({ length: 50_000 }, (_, index) => ({ ...slow, requestId: `${index} ${unit}` })),
    },
  ),
  endpoints: changed(
    'endpoints',
    {},
    {
      endpoints: Array.from({ length: 1_500 }, (_, index) => ({
        ...(small.measurement.endpoints[0] as RunRecord['measurement']['endpoints'][number]),
        name: `GET /${index}${unit}`,
      })),
      load: { ...load, offered: 60_000, delivered: 60_000, sent: 60_000 },
      generator: { ...generator, engine: 'autocannon', sendLag: nothing },
    },
  ),
};

/** Says at its end what the process took. */
const meter = `process.on('exit',()=>{const{maxRSS,userCPUTime:u,systemCPUTime:s}=process.resourceUsage();process.stderr.write('\\nused '+maxRSS*1024+' '+(u+s)/1e6)})`;
/** Where garbage is left lying while the machine is busy is V8's to decide: what cannot do with this much fails. */
const heapMegabytes = 160;
const env = {
  NODE_OPTIONS: `--max-old-space-size=${heapMegabytes} --import=data:text/javascript,${encodeURIComponent(meter)}`,
};

describe('a store that was made to stop the reader', () => {
  let here: Workspace;
  before(async () => {
    here = await workspace();
    for (const [name, text] of Object.entries(records)) await here.write(`reports/runs/${name}.json`, text);
    const noise = ['', '{', '['.repeat(1_000_000), 'HIST'.repeat(1_000_000), '{"schemaVersion":1e308}'];
    for (const [index, text] of noise.entries()) await here.write(`reports/runs/noise-${index}.json`, text);
    await here.write('reports/runs/outlines/index.jsonl', `${'x'.repeat(5_000_000)}\n[]\n`);
  });
  after(() => here.dispose());

  const commands = [
    ...Object.keys(records).flatMap(name =>
      ['terminal', 'markdown', 'json'].map(format => [
        'report',
        `reports/runs/${name}.json`,
        '--format',
        format,
      ]),
    ),
    ...[1, 2].map(() => ['baseline', 'list', '--store', 'dir']),
    ['history', '--store', 'dir', '--scenario', small.header.scenario],
  ];
  it('is listed and rendered in every format, in less than 300 MB and five seconds of CPU time', async () => {
    for (const args of commands) {
      const { code, stdout, stderr } = await here.run(args, env);
      assert.equal(code === 1 ? 0 : code, 0, `${args.join(' ')}: ${stderr.slice(0, 2_000)}`);
      const [, bytes, seconds] = /\nused (\d+) ([\d.]+)$/.exec(stderr) ?? [];
      assert.ok(Number(bytes) < mostBytes, `${args.join(' ')}: ${Number(bytes) / 1e6} MB`);
      assert.ok(Number(seconds) < mostCpuSeconds, `${args.join(' ')}: ${seconds} s of CPU time`);
      assert.ok(stdout.length < 10_000_000, `${args.join(' ')}: ${stdout.length} characters`);
      assert.doesNotMatch(stdout, controls, args.join(' '));
      assert.doesNotMatch(stdout, /^::/m, args.join(' '));
    }
  });
});
