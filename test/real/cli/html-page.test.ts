import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { exampleDuets } from '../../fixtures/example-duets.ts';
import { exampleRuns } from '../../fixtures/example-runs.ts';
import { duetIn, runsIn } from '../../fixtures/rendered.ts';

/** Debian's; the project installs no browser of its own. */
const chromiumPath = '/usr/bin/chromium';
const skip = existsSync(chromiumPath) ? false : `there is no Chromium at ${chromiumPath}`;
/** What Jenkins and others allow a report. */
const strict = "default-src 'none'; style-src 'self'; img-src 'self'";

const pages: { readonly [path: string]: string } = {
  '/run': runsIn(exampleRuns.regressed ?? [], 'html'),
  '/fail': runsIn(exampleRuns.fail ?? [], 'html'),
  '/hostile': runsIn(exampleRuns.hostile ?? [], 'html'),
  '/duet': duetIn(exampleDuets.fail as NonNullable<typeof exampleDuets.fail>, 'html'),
};

describe('a report in a browser', { skip }, () => {
  let server: Server;
  let browser: Browser;
  let origin: string;
  const asked: string[] = [];

  before(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const url = new URL(request.url ?? '/', 'http://local');
      const policy = url.searchParams.has('strict') ? { 'content-security-policy': strict } : {};
      response.writeHead(200, { 'content-type': 'text/html', ...policy }).end(pages[url.pathname] ?? '');
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  });

  after(async () => {
    await browser?.close();
    server?.close();
  });

  /** A page, with what it said on the console and whatever it asked for besides itself. */
  async function opened(path: string, options: Parameters<Browser['newPage']>[0] = {}) {
    const page = await browser.newPage(options);
    const said: string[] = [];
    const requests: string[] = [];
    page.on('console', message => said.push(message.text()));
    page.on('pageerror', error => said.push(String(error)));
    page.on('request', request => requests.push(request.url()));
    await page.goto(`${origin}${path}`);
    return {
      page,
      said,
      others: () => requests.filter(url => url !== `${origin}${path}` && !url.startsWith('data:')),
    };
  }

  for (const [path, colorScheme, width] of [
    ['/run', 'dark', 1280],
    ['/duet', 'light', 390],
    ['/hostile', 'light', 390],
  ] as const) {
    test(`says nothing on the console, asks for nothing, fits and is accessible: ${path}, ${colorScheme}, ${width} px`, async () => {
      const { page, said, others } = await opened(path, { colorScheme, viewport: { width, height: 900 } });
      assert.deepEqual([said, others()], [[], []]);
      const wide = await page.evaluate('document.documentElement.scrollWidth');
      assert.equal(wide, width, 'the page itself does not scroll sideways');
      await page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })");
      assert.deepEqual(await violations(page), []);
      await page.close();
    });
  }

  test('sorts and filters tables, and reads a drawing by keyboard', async () => {
    const { page, said } = await opened('/fail');
    const first = 'details table.sortable tbody tr:first-child th';
    const title = page.getByRole('button', { name: 'p95' }).first();
    await title.click();
    assert.equal(await page.locator(first).first().textContent(), 'GET /api/bills');
    await title.click();
    assert.equal(await page.locator(first).first().textContent(), 'GET /api/bills/:id');
    await page.locator('figure.course svg').first().focus();
    await page.keyboard.press('End');
    assert.match(
      (await page.locator('figure.course output').first().textContent()) ?? '',
      /p95 [\d.]+ ms · p99/,
    );
    assert.deepEqual(said, []);
    await page.close();
  });

  test('shows every figure and every drawing where neither its style nor its script may run', async () => {
    const { page, said, others } = await opened('/run?strict', { viewport: { width: 1280, height: 900 } });
    const free = await opened('/run');
    const drawings = (of: Page) => of.locator('svg.plot:visible').count();
    assert.ok((await drawings(page)) >= 8, 'the drawings are there');
    assert.equal(await drawings(page), await drawings(free.page));
    const words = (of: Page) =>
      of.evaluate("[...document.querySelectorAll('h1, td, svg text')].map(one => one.textContent)");
    assert.deepEqual(await words(page), await words(free.page));
    const paints = await page.evaluate(
      "[...document.querySelectorAll('svg.plot path')].filter(one => getComputedStyle(one).stroke === 'none' && getComputedStyle(one).fill === 'rgb(0, 0, 0)').length",
    );
    assert.equal(paints, 0, 'no shape is painted as if it had no attributes');
    const refused = said.filter(
      text => !/Refused to|violates the following Content Security Policy/.test(text),
    );
    assert.deepEqual([refused, others()], [[], []]);
    await Promise.all([page.close(), free.page.close()]);
  });
});

/** What axe-core finds that is serious, by rule and place. */
async function violations(page: Page): Promise<unknown> {
  await page.evaluate(axe.source);
  return await page.evaluate(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html.slice(0, 200))]))`);
}
