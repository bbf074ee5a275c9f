import { execFileSync } from 'node:child_process';
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorCode } from '../../../src/model/error-table.ts';
import type { Provocation } from './provocation.ts';

const head = `name: browse
target: http://127.0.0.1:{port}
`;
const open = 'load: { model: open, stages: [{ duration: 10s, rate: 20/s }] }\n';
const closed = 'load: { model: closed, stages: [{ duration: 10s, users: 5 }] }\n';

/** A scenario with the usual head and load. */
export const scenario = (rest = 'steps: [GET /api/bills]\n', load = open) => `${head}${load}${rest}`;

/** A file that says to be of 11 MB, and takes no room. */
async function sparse(file: string): Promise<void> {
  await writeFile(file, '');
  await truncate(file, 11 * 1024 * 1024);
}

const mistaken = (rest: string, load = open): Provocation => ({ files: { 'a.yaml': scenario(rest, load) } });

const pem = (name: string) => readFile(new URL(`../../fixtures/tls/${name}`, import.meta.url));
const tls = async (name: string, files: { readonly [name: string]: string }): Promise<Provocation> => ({
  files: {
    'a.yaml': scenario(
      `tls: { ${Object.keys(files)
        .map(key => `${key}: ${key}.pem`)
        .join(', ')} }\nsteps: [GET /]\n`,
    ),
    ...Object.fromEntries(
      await Promise.all(Object.entries(files).map(async ([key, file]) => [`${key}.pem`, await pem(file)])),
    ),
  },
  argv: ['run', 'a.yaml', '--dry-run', '--target', `https://${name}`],
});

const data = (text: string, file = 'bills.csv'): Provocation => ({
  files: {
    'a.yaml': scenario(`data: { bills: { file: ${file} } }\nsteps: ["GET /api/bills/{{bills.id}}"]\n`),
    [file]: text,
  },
});

const budgets = (budgets: object, rest?: string): Provocation => ({
  files: { 'a.yaml': scenario(rest), 'budgets.json': JSON.stringify(budgets, null, 2) },
});

/** The mistakes in files that a user writes. */
export const scenarioErrors = {
  'file.missing': { files: { 'scenarios/browse.yaml': scenario() }, argv: ['run', 'scenarios/brwose.yaml'] },
  'file.unreadable': { before: ({ folder }) => mkdir(join(folder, 'a.yaml')) },
  'file.not-regular': { before: ({ folder }) => execFileSync('mkfifo', [join(folder, 'a.yaml')]) },
  'file.too-large': { before: ({ folder }) => sparse(join(folder, 'a.yaml')) },
  'file.not-text': { files: { 'a.yaml': Buffer.from([0x6e, 0x3a, 0x20, 0xe9]) } },
  'file.empty': { files: { 'a.yaml': '' } },
  'file.syntax': { files: { 'a.yaml': 'name: browse\n  target: http://127.0.0.1:4010\n' } },
  'file.unknown-format': { files: { 'a.toml': 'name = "browse"\n' }, argv: ['run', 'a.toml'] },
  'module.import-failed': {
    files: { 'a.ts': "import { users } from './users.ts';\n\nexport default { users };\n" },
    argv: ['run', 'a.ts'],
  },
  'module.threw': {
    files: {
      'a.ts':
        "if (process.env.USERS === undefined) throw new Error('USERS says how many users there are');\n\nexport default {};\n",
    },
    argv: ['run', 'a.ts'],
  },
  'module.no-scenario': {
    files: { 'a.ts': "export const scenario = { steps: ['GET /'] };\n" },
    argv: ['run', 'a.ts'],
  },
  'value.unknown-key': mistaken('steps: [GET /]\nsede: 7\n'),
  'value.missing': { files: { 'a.yaml': `${head}steps: [GET /]\n` } },
  'value.invalid': mistaken('steps: [GET /]\nseed: -1\n'),
  'value.invalid-quantity': mistaken('steps: [GET /]\n', open.replace('10s', '10')),
  'value.out-of-range': mistaken('steps: [GET /]\n', open.replace('10s', '30h')),
  'template.unquoted': mistaken('steps:\n  - request: GET /\n    headers: { x-id: {{id}} }\n'),
  'template.unclosed': mistaken("steps: ['GET /api/bills/{{id']\n"),
  'template.unknown-name': mistaken(
    "steps:\n  - { request: GET /api/bills, capture: { author: '$.authorId' } }\n  - 'GET /api/users/{{auhtor}}'\n",
  ),
  'template.unknown-filter': mistaken(
    "steps:\n  - { request: GET /api/bills, capture: { author: '$.authorId' } }\n  - 'GET /api/users/{{author | urlencod}}'\n",
  ),
  'template.invalid-generator': mistaken("steps: ['GET /api/bills/{{int 1000 1}}']\n"),
  'variable.unset': mistaken(`steps: ["GET /\${VERSION}/bills"]\n`),
  'variable.malformed': mistaken(`steps: ["GET /\${1}/bills"]\n`),
  'request.invalid-line': mistaken('steps: [get /api/bills]\n'),
  'request.invalid-path': mistaken('steps: ["GET http://127.0.0.1:4010/api/bills"]\n'),
  'request.unexpected-body': mistaken('steps: [{ request: GET /api/bills, json: { a: 1 } }]\n'),
  'header.invalid-name': mistaken('steps: [{ request: GET /, headers: { content type: text/html } }]\n'),
  'header.invalid-value': mistaken('steps: [{ request: GET /, headers: { accept: "a\\nb" } }]\n'),
  'header.reserved': mistaken('steps: [{ request: GET /, headers: { content-length: 12 } }]\n'),
  'condition.invalid': mistaken(
    "steps: [{ request: GET /api/bills, capture: { n: $.n } }, { if: '{{n}} = 1', steps: [GET /] }]\n",
  ),
  'capture.invalid-path': mistaken("steps: [{ request: GET /, capture: { id: '$.bills[' } }]\n"),
  'selector.invalid': mistaken(
    "steps: [{ request: GET /, capture: { id: { select: 'li:nth-child(2) a' } } }]\n",
  ),
  'pattern.invalid': mistaken("steps: [{ request: GET /, capture: { id: { match: '(id=(\\d+)' } } }]\n"),
  'schema.invalid': {
    files: {
      'a.yaml': scenario('steps: [{ request: GET /, expect: { schema: bill.json } }]\n'),
      'bill.json': '{ "type": "objekt" }',
    },
  },
  'journey.duplicate-name': mistaken(
    'journeys:\n  - { name: read, steps: [GET /a] }\n  - { name: read, steps: [GET /b] }\n',
  ),
  'endpoint.two-methods': mistaken('steps: [{ request: POST /api/votes, endpoint: GET /api/votes }]\n'),
  'endpoint.taken-name': mistaken(
    'journeys: [{ endpoint: GET /api/bills, steps: [GET /api/bills, GET /api/users] }]\n',
  ),
  'engine.unsupported': mistaken('engine: autocannon\nsteps: [GET /, { think: 1s }]\n', closed),
  'secret.literal': mistaken('steps: [{ request: GET /, auth: { bearer: s3cret } }]\n'),
  'proxy.invalid': {
    files: { 'a.yaml': scenario() },
    argv: ['run', 'a.yaml', '--dry-run', '--target', 'https://api.example'],
    env: { HTTPS_PROXY: 'socks5://me:secret@proxy.example:1080' },
  },
  'secret.command-failed': {
    ...mistaken("steps: [{ request: GET /, auth: { bearer: { command: ['false'] } } }]\n"),
    argv: ['run', 'a.yaml'],
  },
  'tls.invalid-pem': await tls('127.0.0.1', { ca: 'client.key' }),
  'tls.encrypted-key': await tls('127.0.0.1', { cert: 'client.crt', key: 'client-encrypted.key' }),
  'tls.key-mismatch': await tls('127.0.0.1', { cert: 'client.crt', key: 'server.key' }),
  'data.empty': data('id,title\n'),
  'data.not-a-list': data('{ "id": 1 }', 'bills.json'),
  'data.invalid-columns': data('id,id\n1,2\n'),
  'data.invalid-row': data('id,title\n1,Roads\n2\n'),
  'settings.invalid-host': {
    files: { 'a.yaml': scenario(), 'plimsoll.config.json': '{ "allowHosts": ["https://api.example.com"] }' },
  },
  'budgets.unknown-metric': budgets({ defaults: { p95s: '100ms' } }),
  'budgets.unknown-scenario': budgets({ scenarios: { brwose: { total: { p95: '100ms' } } } }),
  'budgets.unknown-stage': budgets({ scenarios: { browse: { stages: { 2: { p95: '100ms' } } } } }),
  'budgets.unknown-endpoint': budgets({
    scenarios: { browse: { endpoints: { 'GET /api/bill': { p95: '100ms' } } } },
  }),
  'budgets.above-timeout': budgets(
    { defaults: { p99: '3s' } },
    'defaults: { timeout: 2s }\nsteps: [GET /api/bills]\n',
  ),
  'budgets.not-offered': budgets({ defaults: { rps: '30/s' } }),
  'budgets.idle-stage': {
    files: {
      'a.yaml': scenario(
        undefined,
        'load: { model: open, stages: [{ duration: 10s, rate: 20/s }, { duration: 5s, rate: 0/s }] }\n',
      ),
      'budgets.json': JSON.stringify(
        { scenarios: { browse: { stages: { 2: { errorRate: '1%' } } } } },
        null,
        2,
      ),
    },
  },
  'budgets.other-load': {
    files: {
      'a.yaml': scenario(),
      'budgets.json': JSON.stringify({ scenarios: { browse: { capacity: '50 users' } } }, null, 2),
    },
    argv: ['capacity', 'a.yaml'],
  },
  'budgets.not-recorded': budgets({ defaults: { cacheHitRatio: '65%' } }),
  'budgets.not-of-whole': budgets(
    { scenarios: { browse: { endpoints: { 'read bills': { 'ttfb.p95': '100ms' } } } } },
    'steps: [{ group: read bills, steps: [GET /api/bills, GET /api/users] }]\n',
  ),
  'target.invalid': { argv: ['run', '--url', 'localhost:4010/api', '--rate', '5/s', '--duration', '5s'] },
  'target.not-allowed': {
    argv: ['run', '--url', 'http://192.0.2.1/', '--rate', '5/s', '--duration', '5s'],
  },
  'target.production': {
    files: { 'plimsoll.config.json': '{ "production": ["127.0.0.1"] }' },
    argv: ['run', 'http://127.0.0.1:9/api/votes', '-m', 'POST', '--rate', '5/s', '--duration', '5s'],
  },
  'target.too-fast': {
    files: { 'plimsoll.config.json': '{ "maxRate": "50/s" }' },
    argv: ['run', 'http://127.0.0.1:9/', '--rate', '500/s', '--duration', '5s'],
  },
  'target.unresolved': {
    argv: ['run', '--url', 'http://nowhere.invalid/', '--rate', '5/s', '--duration', '5s', '--dry-run'],
  },
} as const satisfies { readonly [code in ErrorCode]?: Provocation };
