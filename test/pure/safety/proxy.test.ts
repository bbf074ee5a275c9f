import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTarget } from '../../../src/config/grammar/target-url.ts';
import { bypasses } from '../../../src/safety/proxy/bypass.ts';
import { proxiesFor, proxyTo, secretsOfProxies } from '../../../src/safety/proxy/proxy-rules.ts';

type Variables = { readonly [name: string]: string };

const through = (url: string, env: Variables, asked?: string) =>
  proxyTo(proxiesFor(asked, env), parseTarget(url))?.url ?? null;

describe('the proxy of the environment', () => {
  const env = { HTTPS_PROXY: 'http://secure:1', HTTP_PROXY: 'plain:2' };
  for (const [url, variables, expected] of [
    ['https://api.example', env, 'http://secure:1'],
    ['http://api.example', env, 'http://plain:2'],
    ['https://api.example', { ...env, https_proxy: 'http://lower:3' }, 'http://lower:3'],
    ['https://api.example', { ...env, https_proxy: '' }, null],
    ['https://api.example', { HTTP_PROXY: 'http://plain:2' }, null],
    ['http://api.example', { ...env, REQUEST_METHOD: 'GET' }, null],
    ['http://api.example', { http_proxy: 'http://plain:2', REQUEST_METHOD: 'GET' }, 'http://plain:2'],
    ['http://api.example', { HTTP_PROXY: 'http://plain' }, 'http://plain:1080'],
    ['http://api.example', { HTTP_PROXY: 'http://plain:80/' }, 'http://plain:80'],
    ['http://api.example', { HTTP_PROXY: 'http://[::1]:8' }, 'http://[::1]:8'],
    ['http://api.example', { ...env, NO_PROXY: 'example' }, null],
    ['http://api.example', { ...env, no_proxy: 'other', NO_PROXY: 'example' }, 'http://plain:2'],
    ['http://localhost:3000', env, null],
    ['http://x.localhost:3000', env, null],
    ['http://127.0.0.2:3000', env, null],
    ['http://[::1]:3000', env, null],
    ['unix:/run/api.sock', env, null],
    ['http://10.0.0.1', env, 'http://plain:2'],
  ] as const) {
    it(`is ${expected} for ${url} with ${JSON.stringify(variables)}`, () => {
      assert.equal(through(url, variables), expected);
    });
  }

  it('gives way to what the scenario says, which holds for this machine too', () => {
    assert.equal(through('http://127.0.0.1:1', { ...env, NO_PROXY: '*' }, 'http://own:9'), 'http://own:9');
    assert.equal(through('https://api.example', env, 'none'), null);
  });

  for (const [url, found] of [
    ['socks5://p:1', 'socks5://p:1'],
    ['https://u:secret@p:1', 'https://p:1'],
    ['http://', 'something that is no URL'],
    ['http://a b', 'something that is no URL'],
  ] as const) {
    it(`is refused as ${url}, without its password, but only where it would be used`, () => {
      const variables = { HTTPS_PROXY: url };
      assert.throws(
        () => through('https://api.example', variables),
        (error: Error & { problems?: readonly { code: string; found?: string }[] }) => {
          assert.deepEqual([error.problems?.[0]?.code, error.problems?.[0]?.found], ['proxy.invalid', found]);
          return !error.message.includes('secret');
        },
      );
      assert.equal(through('http://api.example', variables), null);
      assert.equal(through('https://localhost', variables), null);
    });
  }

  it('has secrets, in every form in which they are sent', () => {
    const secrets = secretsOfProxies(proxiesFor(undefined, { HTTPS_PROXY: 'http://me:p%40ss@p:1' }));
    for (const secret of ['p@ss', 'p%40ss', Buffer.from('me:p@ss').toString('base64')]) {
      assert.ok(secrets.includes(secret), `${secret} among ${secrets}`);
    }
  });
});

describe('NO_PROXY', () => {
  for (const [list, host, expected] of [
    ['*', 'anything', true],
    ['example.com', 'example.com', true],
    ['example.com', 'a.b.example.com', true],
    ['example.com', 'notexample.com', false],
    ['.example.com', 'example.com', true],
    ['.example.com', 'a.example.com', true],
    ['EXAMPLE.com.', 'Example.COM', true],
    ['example.com', 'example.com.', true],
    ['a.com, b.com c.com', 'c.com', true],
    ['', 'a.com', false],
    ['.', 'a.com', false],
    ['*.example.com', 'a.example.com', false],
    ['example.com:8080', 'example.com', true],
    ['example.com:81', 'example.com', false],
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.1:8080', '10.0.0.1', true],
    ['10.0.0.1:81', '10.0.0.1', false],
    ['10.0.0.0/8', '10.9.9.9', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/33', '10.0.0.1', false],
    ['10.0.0.0/x', '10.0.0.1', false],
    ['0.0.1', '10.0.0.1', false],
    ['::1', '::1', true],
    ['[::1]', '::1', true],
    ['[::1]:8080', '::1', true],
    ['[::1]:81', '::1', false],
    ['fe80::/10', 'fe80::1', true],
    ['fe80::/10', '10.0.0.1', false],
    ['10.0.0.0/8', 'ten.example', false],
  ] as const) {
    it(`${expected ? 'names' : 'does not name'} ${host} with ${JSON.stringify(list)}`, () => {
      assert.equal(bypasses(list, host, 8_080), expected);
    });
  }
});
