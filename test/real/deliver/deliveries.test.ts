import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DeliverySettings } from '../../../src/config/deliveries.ts';
import { PlimsollError } from '../../../src/model/error.ts';
import type { JudgedRun } from '../../../src/model/judgement/judged-run.ts';
import { exitCodeOfRuns } from '../../../src/model/judgement/judged-run.ts';
import { deliverAll, earlierVerdicts } from '../../../src/pipeline/delivery/deliver.ts';
import { openDeliveries } from '../../../src/pipeline/delivery/deliveries.ts';
import { runDocument } from '../../../src/report/document/subject/run-document.ts';
import { exampleRuns } from '../../fixtures/example-runs.ts';
import { startTarget } from '../../target/target.ts';
import { place } from '../cli/command-line.ts';
import { receiver } from './receiver.ts';

const runs = (name: string): readonly JudgedRun[] => exampleRuns[name] ?? assert.fail(name);

/** Delivers an example; answers what went wrong. */
async function delivered(
  name: string,
  settings: DeliverySettings,
  { mostMs = 5_000, earlier = earlierVerdicts(runs(name)) } = {},
) {
  const { open } = openDeliveries([settings], {});
  const result = { document: runDocument(runs(name)), exitCode: exitCodeOfRuns(runs(name)), earlier };
  return (await deliverAll(result, open, mostMs)).map(({ message }) => message);
}

describe('a message', () => {
  test('to Slack names the verdict and what is no pass, and nothing in it mentions or links', async t => {
    const { url, received } = await receiver(t);
    assert.deepEqual(await delivered('hostile', { to: 'slack', url: `${url}/T0/B0/hook` }), []);
    const [one] = received;
    assert.deepEqual(
      [one?.method, one?.path, one?.headers['content-type']],
      ['POST', '/T0/B0/hook', 'application/json'],
    );
    const { text } = JSON.parse(one?.body ?? '');
    assert.match(text, /^\*❌ FAIL: /);
    assert.match(text, /p95 \(budget\): p95 was 16\.3 ms, over the limit of 5 ms/);
    assert.doesNotMatch(text, /<(?!\/?$)|@octocat|www\.evil|\*\*bold|`c`/);
  });

  test('to Teams is a card of texts that format nothing', async t => {
    const { url, received } = await receiver(t);
    assert.deepEqual(await delivered('fail', { to: 'teams', url }), []);
    const [{ contentType, content }] = JSON.parse(received[0]?.body ?? '').attachments;
    assert.equal(contentType, 'application/vnd.microsoft.card.adaptive');
    assert.deepEqual([content.type, content.body[0].type], ['AdaptiveCard', 'RichTextBlock']);
    assert.match(content.body[0].inlines[0].text, /FAIL: browse-bills/);
  });

  test('to a program holds the summary', async t => {
    const { url, received } = await receiver(t);
    assert.deepEqual(
      await delivered('fail', { to: 'webhook', url, headers: { 'x-token': 'abcdef123' } }),
      [],
    );
    const { verdict, summary } = JSON.parse(received[0]?.body ?? '');
    assert.deepEqual(
      [verdict, summary.runs[0].scenario, received[0]?.headers['x-token']],
      ['fail', 'browse-bills', 'abcdef123'],
    );
  });

  test('is sent on a fail, on a change or always, as the settings say', async t => {
    const { url, received } = await receiver(t);
    const sent = async (
      name: string,
      when: DeliverySettings['when'],
      earlier: readonly ('pass' | 'fail')[] = [],
    ) => {
      const before = received.length;
      assert.deepEqual(await delivered(name, { to: 'webhook', url, when }, { earlier }), []);
      return received.length > before;
    };
    assert.deepEqual(
      [await sent('pass', undefined), await sent('fail', undefined), await sent('pass', 'always')],
      [false, true, true],
    );
    assert.deepEqual(
      [
        await sent('pass', 'change'),
        await sent('fail', 'change'),
        await sent('fail', 'change', ['fail']),
        await sent('pass', 'change', ['fail']),
      ],
      [false, true, false, true],
    );
  });
});

describe('a receiver that takes nothing', () => {
  const secret = 'T012345/B0SECRET';
  const cases = [
    ['hangs', () => {}, /no answer within 0\.3 s/],
    [
      'hangs in the middle of its answer',
      response => {
        response.writeHead(500);
        response.write('x');
      },
      /no answer within 0\.3 s/,
    ],
    [
      'answers 500 and echoes the URL',
      (response, { path }) => {
        response.statusCode = 500;
        response.end(`no ${path} \u001b[31m::error::x`);
      },
      /it answered 500: no/,
    ],
    [
      'redirects',
      response => {
        response.writeHead(302, { location: 'http://127.0.0.1:1/' });
        response.end();
      },
      /it answered 302/,
    ],
    ['closes the connection', response => response.destroy(), /other side closed|ECONNRESET|hang up/],
  ] as const satisfies readonly (readonly [string, Parameters<typeof receiver>[1], RegExp])[];
  for (const [what, answer, said] of cases) {
    test(`${what} is named with its reason, and without its secret`, async t => {
      const { url } = await receiver(t, answer);
      const [message = '', ...more] = await delivered(
        'fail',
        { to: 'slack', url: `${url}/${secret}` },
        { mostMs: 300 },
      );
      assert.deepEqual(more, []);
      assert.match(
        message,
        /^slack \(http:\/\/127\.0\.0\.1:\d+\): it was not told of the result \[delivery\.failed\]/,
      );
      assert.match(message, said);
      assert.ok(!/B0SECRET/.test(message) && !message.includes('\u001b'), message);
    });
  }

  test('because of its credentials or headers is named as well', async t => {
    const { url, received } = await receiver(t);
    const to = (user: string) => url.replace('//', `//${user}@`);
    assert.deepEqual(await delivered('fail', { to: 'webhook', url: to('a:b%3Ac') }), []);
    assert.equal(received[0]?.headers.authorization, `Basic ${Buffer.from('a:b:c').toString('base64')}`);
    assert.match((await delivered('fail', { to: 'webhook', url: to('%zz:x') }))[0] ?? '', /URI malformed/);
    const [message = ''] = await delivered('fail', {
      to: 'webhook',
      url,
      headers: { 'x-a': 'B0SECRET\nx: y' },
    });
    assert.match(message, /delivery\.failed/);
    assert.doesNotMatch(message, /B0SECRET/);
  });

  test('costs neither the exit code of a run nor another delivery', async t => {
    const target = await startTarget({ '/ok': {} });
    t.after(() => target.stop());
    const down = await receiver(t, response => {
      response.statusCode = 503;
      response.end();
    });
    const up = await receiver(t);
    const at = await place(t);
    await at.write('plimsoll.config.json', {
      deliver: [
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the settings
        { to: 'slack', url: '${HOOK}', when: 'always' },
        { to: 'webhook', url: up.url, when: 'always' },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the settings
        { to: 'teams', url: '${UNSET}' },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the settings
        { to: 'teams', url: '${UNSET:-}' },
      ],
    });
    const run = ['run', `${target.url}/ok`, '-c', '1', '-n', '5', '--out', `${at.folder}/reports`];
    const { code, stderr, stdout } = await at.run(run, { env: { HOOK: `${down.url}/${secret}` } });
    assert.ok(
      code === 0 || code === 3,
      `exit code of the run, whatever this machine is busy with: ${code} ${stderr}`,
    );
    assert.match(stderr, /^note: teams is not told: \$\{UNSET\} is not set\n/m);
    assert.equal(stderr.match(/is not set/g)?.length, 1, 'a default of nothing is silent');
    assert.match(
      stderr,
      /^slack \(http:\/\/127\.0\.0\.1:\d+\): it was not told of the result \[delivery\.failed\]\n {2}found {5}it answered 503/m,
    );
    assert.doesNotMatch(stderr + stdout, /B0SECRET/);
    assert.equal(up.received.length, 1);
  });
});

describe('settings of a delivery', () => {
  const refused = (settings: DeliverySettings, env = {}) => {
    try {
      openDeliveries([settings], env);
    } catch (error) {
      if (error instanceof PlimsollError) return error.message;
      throw error;
    }
    return assert.fail('not refused');
  };
  test('that cannot be meant are refused before anything is sent, without the value of a URL', () => {
    for (const url of ['hooks.slack.com/B0SECRET', 'file:///B0SECRET', 'http://', 'javascript:B0SECRET']) {
      const message = refused({ to: 'slack', url });
      assert.match(message, /^plimsoll\.config\.json: deliver\[0\]\.url: invalid value/);
      assert.doesNotMatch(message, /B0SECRET/);
    }
    assert.match(refused({ to: 'slack' }), /deliver\[0\]\.url: a required value is missing/);
    assert.match(refused({ to: 'slack', url: 'http://a/', job: 'x' }), /deliver\[0\]\.job: unknown key/);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the settings
    assert.match(refused({ to: 'slack', url: '${1}' }), /variable\.malformed/);
  });
});
