import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { place } from './command-line.ts';

const yaml = `target: http://127.0.0.1:1
load: { model: open, stages: [{ duration: 1s, rate: 10/s }] }
data: { d: { file: d.json } }
steps: ['GET /a/{{d.id}}']
`;
const json = JSON.stringify({
  name: 'piped',
  target: 'http://127.0.0.1:1',
  load: { model: 'open', stages: [{ duration: '1s', rate: '10/s' }] },
  steps: ['GET /b'],
});
const from = (text: string | Buffer) => ({ stdin: () => Readable.from([Buffer.from(text)]) });

describe('a scenario from standard input', () => {
  test('is read as YAML or JSON, with paths from the working folder', async t => {
    const at = await place(t);
    await at.write('d.json', [{ id: 12 }]);
    const first = await at.run(['run', '-', '--dry-run'], from(yaml));
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^scenario\b/m);
    assert.match(first.stdout, /GET \/a\/12 HTTP/);
    const second = await at.run(
      ['run', '-', '--target', 'http://127.0.0.1:2', '--dry-run'],
      from(`\uFEFF${json}`),
    );
    assert.match(second.stdout, /^piped\b/m);
    assert.match(second.stdout, /127\.0\.0\.1:2/);
  });

  test('runs beside one from a file', async t => {
    const at = await place(t);
    await at.write('a.json', json.replace('piped', 'filed'));
    const { code, stdout, stderr } = await at.run(['run', 'a.json', '-', '--dry-run'], from(json));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /── piped [\s\S]*── filed /);
  });

  test('is refused with its places where it is wrong, empty, no text or named twice', async t => {
    const at = await place(t);
    for (const [given, expected] of [
      [yaml, /^standard input:3:\d+: data\.d\.file: .*d\.json/s],
      [json.replace('GET', 'GOT IT'), /^standard input:1:\d+: steps\[0\]: /],
      ['', /^standard input: the file is empty/],
      [Buffer.from([0xff, 0xfe, 0xff]), /^standard input: .*not UTF-8/s],
    ] as const) {
      const { code, stderr } = await at.run(['run', '-', '--dry-run'], from(given));
      assert.equal(code, 2);
      assert.match(stderr, expected);
    }
    const { code, stderr } = await at.run(['run', '-', '-', '--dry-run'], from(json));
    assert.equal(code, 2);
    assert.match(stderr, /^-: .*\n {2}found {5}twice/);
  });

  test('is not waited for after an interrupt', async t => {
    const at = await place(t);
    const interruption = new AbortController();
    const stdin = () => {
      setImmediate(() => interruption.abort('SIGINT'));
      return new Readable({ read() {} });
    };
    const { code } = await at.run(['run', '-'], { stdin, interrupt: interruption.signal });
    assert.equal(code, 130);
  });
});
