import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fetchText } from '../../../src/config/import/form/fetched-text.ts';
import { proxiesFor } from '../../../src/safety/proxy/proxy-rules.ts';
import { startProxy } from './proxy-server.ts';
import { startValueServer } from './value-server.ts';

const portOf = (url: string) => Number(new URL(url).port);

describe('a description behind a proxy', () => {
  it('is fetched through it, redirects included', async t => {
    const { url } = await startValueServer(t, (request, response) => {
      const isMoved = request.url?.endsWith('/moved') === true;
      if (isMoved) response.writeHead(302, { location: '/openapi.json' });
      response.end(isMoved ? '' : '{"openapi":"3.1.0"}');
    });
    const proxy = await startProxy(t, portOf(url));
    const proxies = proxiesFor(undefined, { http_proxy: `http://me:pw@127.0.0.1:${proxy.port}` });
    const text = await fetchText('http://api.internal/moved', 'it', 1_000, proxies);
    assert.equal(text, '{"openapi":"3.1.0"}');
    assert.match(proxy.heads[0] ?? '', /^GET http:\/\/api\.internal\/moved HTTP\/1\.1\r\n/);
    assert.match(proxy.heads[0] ?? '', /proxy-authorization: Basic /i);
  });

  it('names the proxy that refuses it, without its password', async t => {
    const proxy = await startProxy(t, 1, () => 'HTTP/1.1 403 Forbidden\r\n\r\n');
    const proxies = proxiesFor(undefined, { https_proxy: `http://me:s3cret@127.0.0.1:${proxy.port}` });
    await assert.rejects(fetchText('https://api.internal/a', 'it', 1_000, proxies), (error: Error) => {
      assert.match(error.message, /import\.fetch-failed/);
      assert.match(
        error.message,
        /the proxy http:\/\/127\.0\.0\.1:\d+ refused api\.internal:443: status 403/,
      );
      return !error.message.includes('s3cret');
    });
  });
});
