import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { base, mistakesOf } from '../config/workspace.ts';
import { measured, startValueServer } from './value-server.ts';

/** What a selector captures of a page, as the next request sends it; else why not. */
async function captured(
  t: Parameters<typeof startValueServer>[0],
  page: string,
  capture: object,
  type = 'text/html; charset=utf-8',
): Promise<string> {
  const { url, received } = await startValueServer(t, (_, response) =>
    response.writeHead(200, { 'content-type': type }).end(page),
  );
  const { failureSamples } = await measured(
    url,
    `steps:\n  - { request: GET /page, capture: { v: ${JSON.stringify(capture)} } }\n  - { request: POST /, body: '{{v}}' }\n`,
  );
  return received[1]?.body ?? failureSamples[0]?.detail ?? '';
}

const page = `<!doctype html><html><body><ul class="items wide"><li><a HREF="/items/1?a=1&amp;b=2">one</a>
<li class=chosen><a href=/items/2>  two &lt;3 </a></ul>
<form id=login><input name="csrf" value="a&quot;b"><input name=other></form></body></html>`;

describe('a capture by a selector', () => {
  it('reads the text or an attribute of the first element that it fits', async t => {
    assert.equal(await captured(t, page, { select: '#login input[name="csrf"]', attribute: 'value' }), 'a"b');
    assert.equal(
      await captured(t, page, { select: 'ul.items > li:first-child a', attribute: 'href' }),
      '/items/1?a=1&b=2',
    );
    assert.equal(await captured(t, page, { select: 'li + li.chosen' }), 'two <3');
    assert.equal(
      await captured(t, page, { select: 'a[href^="/items/"]', attribute: 'href', match: 'items/(\\d+)' }),
      '1',
    );
  });

  it('reads XML with its names as they are written', async t => {
    const xml = '<?xml version="1.0"?><soap:Env><Order Id="7"><id>x</id><id/></Order></soap:Env>';
    assert.equal(await captured(t, xml, { select: 'Order', attribute: 'Id' }, 'application/soap+xml'), '7');
    assert.equal(await captured(t, xml, { select: 'soap\\:Env > Order > id' }, 'text/xml'), 'x');
    assert.equal(await captured(t, xml, { select: 'order > id' }, 'text/xml'), 'nothing to capture as v');
  });

  it('fails where there is nothing, and is not held up by a hostile page', async t => {
    assert.equal(await captured(t, page, { select: 'td' }), 'nothing to capture as v');
    assert.equal(
      await captured(t, page, { select: '#login', attribute: 'constructor' }),
      'nothing to capture as v',
    );
    assert.match(await captured(t, '<i>'.repeat(100_000), { select: 'i i i i b' }), /nested too deeply/);
    assert.match(await captured(t, `${'x'.repeat(1_000_001)}`, { select: 'a' }), /no selector looks at/);
    const wide = '<b></b>'.repeat(140_000);
    const started = process.cpuUsage().user;
    assert.equal(await captured(t, wide, { select: 'b + b > i' }), 'nothing to capture as v');
    assert.equal(
      await captured(t, wide, { select: 'b:last-child b:first-child i' }),
      'nothing to capture as v',
    );
    const seconds = (process.cpuUsage().user - started) / 1e6;
    assert.ok(seconds < 20, `${seconds} s of the processor`);
  });

  it('is refused where its selector is none, or may take long', async () => {
    for (const select of [
      'a ~ b',
      'a:has(b)',
      'a, b',
      'a >',
      '> a',
      'a[',
      'tr:nth-child(2)',
      'a:not(b)',
      'a {',
      '::x',
    ]) {
      const told = await mistakesOf(
        `${base}steps: [{ request: GET /, capture: { v: { select: ${JSON.stringify(select)} } } }]\n`,
      );
      assert.match(told, /capture\.v\.select: invalid selector/, select);
    }
    assert.match(
      await mistakesOf(`${base}steps: [{ request: GET /, capture: { v: { attribute: href } } }]\n`),
      /select beside it/,
    );
    assert.match(
      await mistakesOf(`${base}steps: [{ request: GET /, capture: { v: { select: a, json: $.a } } }]\n`),
      /one of json, header, cookie, select/,
    );
    assert.match(
      await mistakesOf(`${base}steps: [{ request: GET /, capture: { v: { selector: a } } }]\n`),
      /instead {3}select/,
    );
  });
});
