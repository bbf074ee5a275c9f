import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { summarySchema } from '../../../src/report/summary/summary-schema.ts';
import { startTarget } from '../../target/target.ts';
import { place } from './command-line.ts';

const entry = (method: string, url: string, more: object = {}, response: object = {}) => ({
  request: { method, url, headers: [], ...more },
  response,
});
const har = (...entries: readonly unknown[]) => ({ log: { entries } });
const json = (text: string) => ({ postData: { mimeType: 'application/json', text } });
const header = (name: string, value: string) => ({ headers: [{ name, value }] });

interface Sent {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that answers everything and keeps what it was asked. */
async function recordingServer(
  t: TestContext,
): Promise<{ readonly url: string; readonly requests: readonly Sent[] }> {
  const requests: Sent[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    requests.push({ url: request.url ?? '', headers: request.headers, body });
    response.end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** Stands for secrets wherever a scenario wants them. */
const secrets = {
  API_TOKEN: 'token-of-today',
  API_COOKIE: 'sid=today',
  API_PASSWORD: 'word',
  API_BASIC_CREDENTIALS: 'dTpw',
};

describe('plimsoll init', () => {
  test('writes what is valid and passes at once, with budgets and a workflow, and starts no second time', async t => {
    const target = await startTarget({ '/items': {}, '/items/17': {} });
    t.after(() => target.stop());
    const at = await place(t);
    await at.write('package-lock.json', {});
    const urls = [`${target.url}/items`, `${target.url}/items/17`];
    const made = await at.run(['init', ...urls, '--rate', '20/s', '--duration', '1s']);
    assert.deepEqual([made.code, made.stderr], [0, '']);
    assert.match(
      made.stdout,
      /^✓ scenarios\/items\.yaml: 2 requests\n✓ budgets\.json\n✓ \.github\/workflows\/perf\.yml\n/,
    );
    const valid = await at.run(['validate']);
    assert.match(valid.stdout, /^✓ scenarios\/items\.yaml: 1 journey, 2 endpoints, 3 budgets\n/);
    const ran = await at.run(['run', 'items', '--json', '-', '--out', join(at.folder, 'reports')]);
    const [run] = summarySchema.parse(JSON.parse(ran.stdout)).runs;
    assert.deepEqual(Object.keys(run?.endpoints ?? {}), ['GET /items', 'GET /items/:id']);
    assert.equal(run?.total.errors, 0, ran.stderr);
    const workflow = await at.read('.github/workflows/perf.yml');
    assert.match(
      workflow,
      /- run: npm ci\n.*\n {6}- uses: plimsoll\/plimsoll@main\n {8}with:\n {10}scenarios: items\n$/,
    );
    const again = await at.run(['init', ...urls]);
    assert.deepEqual([again.code, again.stdout], [2, '']);
    assert.match(again.stderr, /^scenarios\/items\.yaml: the file exists already.*\[output\.exists\]/);
    await at.write('budgets.json', { defaults: { p95: '2s' } });
    const forced = await at.run([
      'init',
      ...urls,
      '--force',
      '--start',
      'npm start',
      '--ready',
      'GET /items',
    ]);
    assert.match(forced.stdout, /budgets\.json was there already, and stays as it is/);
    assert.match(await at.read('scenarios/items.yaml'), /serve: \{ start: npm start, ready: GET \/items \}/);
    assert.equal(await at.read('budgets.json'), '{"defaults":{"p95":"2s"}}');
  });

  test('writes nothing where it cannot write all, and leaves no folder behind', async t => {
    const at = await place(t);
    await at.write('.github', 'a file where a folder must be');
    const failed = await at.run(['init', 'http://127.0.0.1:3000/items']);
    assert.equal(failed.code, 2);
    assert.match(failed.stderr, /^\.github\/workflows\/perf\.yml: .*\[output\.unwritable\]/);
    assert.deepEqual(await readdir(at.folder), ['.github']);
  });

  test('follows no link in place of a file, and writes no workflow below the root of a repository', async t => {
    const at = await place(t);
    await mkdir(join(at.folder, '.git'));
    await mkdir(join(at.folder, 'api', 'scenarios'), { recursive: true });
    await symlink(join(at.folder, 'elsewhere'), join(at.folder, 'api', 'scenarios', 'items.yaml'));
    const cwd = join(at.folder, 'api');
    const refused = await at.run(['init', 'http://127.0.0.1:3000/items'], { cwd });
    assert.match(refused.stderr, /\[output\.exists\]/);
    const made = await at.run(['init', 'http://127.0.0.1:3000/items', '--name', 'two'], { cwd });
    assert.match(made.stdout, /no workflow/);
    assert.deepEqual((await readdir(cwd)).sort(), ['budgets.json', 'scenarios']);
  });

  test('tells all mistakes of its flags, and needs something to write from', async t => {
    const at = await place(t);
    const url = 'http://127.0.0.1:3000/';
    const wrong = await at.run([
      'init',
      url,
      '--name',
      '../x',
      '--rate',
      '0/s',
      '--duration',
      '5',
      '--ready',
      '/x',
    ]);
    for (const flag of ['--name', '--rate', '--duration', '--ready'])
      assert.match(wrong.stderr, new RegExp(`^${flag}: `, 'm'));
    for (const argv of [
      [],
      [url, '--curl', 'curl x'],
      ['ftp://x/'],
      [url, 'http://127.0.0.1:4000/'],
      ['--curl', 'wget x'],
    ]) {
      assert.equal((await at.run(['init', ...argv])).code, 2, argv.join(' '));
    }
    assert.deepEqual(await readdir(at.folder), []);
  });
});

describe('an imported HAR file', () => {
  const recorded = har(
    entry('POST', 'https://app.example.com/login', {
      ...header('Cookie', 'sid=abcdef0123456789'),
      ...json('{"user":"ann","password":"hunter22!","pin":1234}'),
    }),
    entry(
      'GET',
      'https://app.example.com/items/42?q=a%20b&echo=hunter22!',
      header('Authorization', 'Bearer abcdefghijklmn'),
    ),
    entry('GET', 'https://app.example.com/style.css'),
    entry('POST', 'https://app.example.com/up', {
      postData: { mimeType: 'application/octet-stream', text: '\0\u0001' },
    }),
    entry('GET', 'https://other.example.com/'),
    'no entry',
  );

  test('keeps no secret in the scenario, which loads this machine until TARGET says otherwise', async t => {
    const at = await place(t);
    await at.write('shop.har', recorded);
    const { code, stdout, stderr } = await at.run(['init', '--har', 'shop.har', '--writes']);
    assert.equal(code, 0, stderr);
    const files = `${await at.read('scenarios/shop.yaml')}${await at.read('.github/workflows/perf.yml')}${stdout}${stderr}`;
    for (const secret of ['hunter22!', 'abcdef0123456789', 'abcdefghijklmn', '1234']) {
      assert.ok(!files.includes(secret), `${secret} in ${files}`);
    }
    for (const left of ['/style.css', 'POST /up', 'https://other.example.com'])
      assert.match(stderr, new RegExp(left));
    assert.match(files, /target: \$\{TARGET:-http:\/\/127\.0\.0\.1:3000\}/);
    assert.match(
      files,
      /request: GET \/items\/42\?q=a%20b&echo=\$\{API_PASSWORD\}\n {4}endpoint: GET \/items\/:id\n/,
    );
    assert.match(files, /API_PIN: \$\{\{ secrets\.API_PIN \}\}/);
    const unset = await at.run(['validate']);
    assert.match(unset.stderr, /\[variable\.unset\]/);
    const valid = await at.run(['validate'], { env: { ...secrets, API_PIN: '1' } });
    assert.equal(valid.code, 0, valid.stderr);
  });

  test('is left alone with what may change data unless that is asked for', async t => {
    const at = await place(t);
    await at.write('shop.har', recorded);
    const { stderr } = await at.run(['init', '--har', 'shop.har']);
    assert.match(
      stderr,
      /^Left out since they may change data \(--writes imports them\): POST \/login, POST \/up$/m,
    );
    assert.doesNotMatch(await at.read('scenarios/shop.yaml'), /POST \/login\n/);
    await at.write('only.har', har(entry('POST', 'http://127.0.0.1:1/login')));
    const nothing = await at.run(['init', '--har', 'only.har']);
    assert.equal(nothing.code, 2);
    assert.match(nothing.stderr, /\[import\.no-request\]\n {2}found {5}left out since they may change data/);
  });

  test('sends what was recorded, whatever scenarios and YAML mean by its characters', async t => {
    const server = await recordingServer(t);
    const at = await place(t);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what looks like a variable is none
    const odd = '${HOME} {{x}} $${A} \u2028 # : - "\' \\ %41 é';
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what looks like a variable is none
    const plainOdd = '${HOME} $${A} # : - "\' \\';
    const body = JSON.stringify({
      [odd.replace('{{x}}', '')]: odd,
      deep: { list: [odd, 1, null] },
      '{{': '}}',
    });
    await at.write(
      'odd.har',
      har(
        entry('POST', `${server.url}/ok?${new URLSearchParams({ 'a[]': odd })}`, {
          headers: [
            { name: 'x-odd', value: plainOdd },
            { name: 'x-break', value: 'a\r\nx-evil: 1' },
            { name: 'x y', value: 'no name' },
            { name: 'transfer-encoding', value: 'chunked' },
          ],
          ...json(body),
        }),
        entry('GET\nx', `${server.url}/ok`),
        entry('GET', `${server.url}/`, { headers: [{ name: 'x-hole', value: '{{x}}' }] }),
      ),
    );
    const made = await at.run(['init', '--har', 'odd.har', '--writes', '--name', 'on']);
    assert.equal(made.code, 0, made.stderr);
    assert.match(
      made.stderr,
      /as a header that a scenario cannot say: x-break of POST \/ok, x y of POST \/ok, x-hole of GET \//,
    );
    const once = await at.run(['run', 'on', '--once', '--json', '-']);
    assert.equal(once.code, 0, once.stderr);
    const [sent] = server.requests;
    assert.deepEqual(JSON.parse(sent?.body ?? ''), JSON.parse(body));
    assert.equal(new URL(sent?.url ?? '', server.url).searchParams.get('a[]'), odd);
    assert.equal(sent?.headers['x-odd'], plainOdd);
    assert.equal(sent?.headers['x-evil'], undefined);
  });

  test('of endless braces or brackets takes no time to speak of', async t => {
    const at = await place(t);
    const bodies = [
      JSON.stringify({ a: '{'.repeat(300_000) }),
      '['.repeat(20_000) + ']'.repeat(20_000),
      '{}',
    ];
    await at.write('b.har', har(...bodies.map(text => entry('POST', 'http://127.0.0.1:3000/a', json(text)))));
    const made = await at.run(['init', '--har', 'b.har', '--writes']);
    assert.match(made.stdout, /^✓ scenarios\/b\.yaml: 2 requests\n/, made.stderr);
    assert.match(made.stderr, /since its body is larger than 100 kB: POST \/a/);
  });

  test('that is none is refused with what it is', async t => {
    const at = await place(t);
    for (const [content, code] of [
      ['{"log":{}}', 'import.other-format'],
      ['[1]', 'import.other-format'],
      ['', 'file.empty'],
      ['{"log":', 'file.syntax'],
      ['{"log":{"entries":[]}}', 'import.no-request'],
    ] as const) {
      await at.write('a.har', content);
      const { stderr } = await at.run(['init', '--har', 'a.har']);
      assert.match(stderr, new RegExp(`\\[${code}\\]`), content);
    }
  });
});

describe('an imported curl command', () => {
  test('becomes the request that curl would send', async t => {
    const at = await place(t);
    const commands = [
      `curl 'http://127.0.0.1:3000/a?x=1' -H 'accept: */*' -H'x-y:z' -XPATCH --data-raw $'{"it\\'s":"1"}' -H 'content-type: application/json' --compressed -sSLk`,
      'curl -G http://127.0.0.1:3000/b -d q=1 --data-urlencode "w=a b" -u user:pass123',
      'curl http://127.0.0.1:3000/c -d a=1 -d b=2 -b "sid=0123456789abcdef" -o out.txt --frobnicate',
    ];
    const made = await at.run(['init', ...commands.flatMap(command => ['--curl', command]), '--name', 'c']);
    assert.equal(made.code, 0, made.stderr);
    const scenario = await at.read('scenarios/c.yaml');
    assert.match(scenario, /request: PATCH \/a\?x=1\n {4}headers:\n {6}accept: "\*\/\*"\n {6}x-y: z\n/);
    assert.match(scenario, /json:\n {6}it's: "1"\n/);
    assert.match(
      scenario,
      /request: GET \/b\?q=1&w=a%20b\n {4}headers:\n {6}authorization: Basic \$\{API_BASIC_CREDENTIALS\}\n/,
    );
    assert.match(scenario, /request: POST \/c\n[\s\S]*form:\n {6}a: "1"\n {6}b: "2"\n/);
    assert.match(made.stderr, /without a meaning here: --output\n[\s\S]*unknown flag: --frobnicate\n/);
    assert.equal((await at.run(['validate'], { env: secrets })).code, 0);
  });
});
