import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseTarget } from '../../../src/config/grammar/target-url.ts';
import { readSettings } from '../../../src/config/settings.ts';
import { isHarmless, resolveTarget } from '../../../src/safety/target.ts';
import { inWorkspace, lines, messageOf } from '../config/workspace.ts';

const at = (...addresses: string[]) => ({
  lookup: async () => addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 })),
});

describe('an address is harmless', () => {
  const harmless = [
    '127.0.0.1',
    '127.255.255.254',
    '::1',
    '0.0.0.0',
    '::',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    'fc00::1',
    'fdff::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:c0a8:101',
  ];
  for (const address of harmless) {
    test(`that is loopback or private: ${address}`, () => assert.equal(isHarmless(address), true));
  }
  const untrusted = [
    '93.184.216.34',
    '172.15.0.1',
    '172.32.0.1',
    '192.169.0.1',
    '11.0.0.1',
    '128.0.0.1',
    '100.64.0.1',
    '0.0.0.1',
    '2001:db8::1',
    'fec0::1',
    'fe80::1',
    'fe80::1%eth0',
    '169.254.1.1',
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '100.100.100.200',
    '::ffff:93.184.216.34',
    '64:ff9b::a00:1',
    'localhost',
    '',
  ];
  for (const address of untrusted) {
    test(`but not ${address || 'nothing'}`, () => assert.equal(isHarmless(address), false));
  }
});

describe('a target', () => {
  test('on this machine is resolved without asking for permission', async () => {
    const allowHosts: string[] = [];
    assert.deepEqual(await resolveTarget(parseTarget('http://127.0.0.1:1'), { allowHosts }), ['127.0.0.1']);
    assert.deepEqual(await resolveTarget(parseTarget('http://[::1]:1'), { allowHosts }), ['::1']);
    assert.deepEqual(await resolveTarget(parseTarget('http://2130706433'), { allowHosts }), ['127.0.0.1']);
    const local = await resolveTarget(parseTarget('http://localhost:1'), { allowHosts });
    assert.ok(local.includes('127.0.0.1') || local.includes('::1'), `${local}`);
  });

  test('keeps all addresses of its name in their order, each once', async () => {
    const addresses = await resolveTarget(parseTarget('http://api.test'), {
      allowHosts: [],
      ...at('fd00::1', '10.0.0.2', 'fd00::1'),
    });
    assert.deepEqual(addresses, ['fd00::1', '10.0.0.2']);
  });

  test('beyond is refused, even where only one of its addresses is', async () => {
    const target = parseTarget('https://api.example.com/v1');
    assert.equal(
      await messageOf(resolveTarget(target, { allowHosts: [], ...at('10.0.0.1', '93.184.216.34') })),
      lines(
        'https://api.example.com: the target is neither loopback nor private nor allowed [target.not-allowed]',
        '  found     api.example.com, which is 93.184.216.34',
        '  expected  a loopback or private address, or a host that you name',
        '  instead   --allow-host api.example.com, or { "allowHosts": ["api.example.com"] } in plimsoll.config.json, if this load may reach it',
      ),
    );
    assert.match(
      await messageOf(resolveTarget(parseTarget('http://93.184.216.34'), { allowHosts: [] })),
      /found {5}93\.184\.216\.34\n/,
    );
  });

  const permissions: readonly (readonly [string, string, boolean])[] = [
    ['api.example.com', 'api.example.com', true],
    ['API.example.com', 'api.EXAMPLE.com', true],
    ['api.example.com.', 'api.example.com', true],
    ['api.example.com', '*.example.com', true],
    ['a.b.example.com', '*.example.com', true],
    ['example.com', '*.example.com', false],
    ['notexample.com', '*.example.com', false],
    ['api.example.com', 'example.com', false],
    ['api.example.com.evil.test', 'api.example.com', false],
    ['api.example.com', '*', false],
  ];
  for (const [host, allowed, passes] of permissions) {
    test(`at ${host} ${passes ? 'passes' : 'does not pass'} where ${allowed} is allowed`, async () => {
      const work = resolveTarget(parseTarget(`http://${host}`), {
        allowHosts: [allowed],
        ...at('93.184.216.34'),
      });
      if (passes) assert.deepEqual(await work, ['93.184.216.34']);
      else assert.match(await messageOf(work), /neither loopback nor private nor allowed/);
    });
  }

  test('with a untrusted address passes where that address is allowed', async () => {
    const allowHosts = ['93.184.216.34', '[2001:db8::1]'];
    assert.deepEqual(await resolveTarget(parseTarget('http://93.184.216.34'), { allowHosts }), [
      '93.184.216.34',
    ]);
    assert.deepEqual(await resolveTarget(parseTarget('http://[2001:db8::1]'), { allowHosts }), [
      '2001:db8::1',
    ]);
  });

  test('whose name does not resolve never answered', async () => {
    assert.match(
      await messageOf(resolveTarget(parseTarget('http://nowhere.invalid'), { allowHosts: [] }), 3),
      /^http:\/\/nowhere\.invalid: the target never answered: its name does not resolve \[target\.unresolved\]\n {2}found {5}no .*nowhere\.invalid/,
    );
  });

  test('whose name server never answers is given up after five seconds', async t => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const work = messageOf(
      resolveTarget(parseTarget('http://slow.test'), { allowHosts: [], lookup: () => new Promise(() => {}) }),
      3,
    );
    t.mock.timers.tick(5_000);
    assert.match(await work, /found {5}no answer within 5 s for slow\.test/);
  });
});

describe('settings', () => {
  const read = (content: string) => inWorkspace({ 'plimsoll.config.json': content }, readSettings);

  test('are empty without a file', async () => {
    assert.deepEqual(await inWorkspace({}, readSettings), { allowHosts: [] });
    assert.deepEqual(await read('{}'), { allowHosts: [] });
  });

  test('name hosts, budgets and the folder for reports', async () => {
    const settings = {
      allowHosts: ['*.example.com', '2001:db8::1'],
      budgets: 'perf/budgets.json',
      out: 'out',
    };
    assert.deepEqual(await read(JSON.stringify({ $schema: 'x', ...settings })), settings);
  });

  test('are refused with all that is wrong', async () => {
    const hosts = ['https://api.example.com/x', 'api.example.com:80', '*', ''];
    const expected =
      '  expected  a host name without scheme and port, such as staging.example.com or *.example.com';
    const wrong = (index: number, found: string, ...rest: string[]) => [
      `plimsoll.config.json:1:${[17, 46, 68, 73][index]}: allowHosts[${index}]: ${index === 3 ? 'invalid value [value.invalid]' : 'invalid host name [settings.invalid-host]'}`,
      `  found     ${found}`,
      ...rest,
    ];
    assert.equal(
      await read(`{"allowHosts": ${JSON.stringify(hosts).replaceAll('","', '", "')}, "budget": 1}`).then(
        () => '',
        (error: Error) => error.message,
      ),
      lines(
        ...wrong(0, '"https://api.example.com/x"', expected, '  instead   api.example.com'),
        ...wrong(1, '"api.example.com:80"', expected, '  instead   api.example.com'),
        ...wrong(2, '"*"', expected),
        ...wrong(3, '""', '  expected  a host name such as staging.example.com or *.example.com'),
        'plimsoll.config.json:1:78: budget: unknown key [value.unknown-key]',
        '  expected  allowHosts, production, maxRate, budgets, out, reports, deliver, store, targetBranch, gate, serve',
        '  instead   budgets',
      ),
    );
    assert.match(
      await messageOf(read('{"out": 5}')),
      /out: invalid value \[value\.invalid\]\n {2}found {5}5 \(a number\)/,
    );
  });
});
