import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { assertServable } from '../../../src/launch/process/serve.ts';
import { PlimsollError } from '../../../src/model/error.ts';
import { usualTransport } from '../../../src/model/run/plan.ts';
import { millis } from '../../../src/model/units.ts';
import { answering, isRunning, place } from './api.ts';

/** Checks that an error is of this code and that its text matches. */
const is = (code: string, ...texts: readonly RegExp[]) => {
  return (error: unknown) => {
    assert.ok(error instanceof PlimsollError, String(error));
    assert.deepEqual(
      error.problems.map(problem => problem.code),
      [code],
    );
    for (const text of texts) assert.match(error.message, text);
    return true;
  };
};

const refuses = (port: number) =>
  new Promise<boolean>(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
    socket.once('connect', () => socket.destroy());
  });

/** A target at a Unix socket in the folder. */
function socketIn(folder: string) {
  const socketPath = join(folder, 'api.sock');
  return { host: 'localhost', port: 80, url: `unix:${socketPath}:/base`, socketPath };
}

/** A certificate or key of the fixtures. */
const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/tls/${name}`, import.meta.url));

/** A script that notes its process id and serves nothing. */
const idle = "require('node:fs').writeFileSync('pid', String(process.pid)); setTimeout(() => {}, 60_000);";

describe('an API that Plimsoll starts', () => {
  test('gets HOST and PORT, is ready when it answers, and is gone when stopped', async t => {
    const at = await place(t);
    const served = await at.serve(at.script('api.js', answering()));
    const answer = await fetch(`http://127.0.0.1:${at.port}/x`);
    assert.equal(await answer.text(), 'GET /x');
    assert.ok(isRunning(served.pid), 'it runs');
    assert.deepEqual(served.lastLines(), ['listening']);

    await Promise.all([served.stop(), served.stop()]);
    await served.stop();
    assert.ok(await refuses(at.port), 'nothing listens any more');
    assert.ok(!isRunning(served.pid), 'it runs no more');
    assert.ok(!isRunning(Number(at.read('pid'))), 'it runs no more');
    await served.exited;
  });

  test('runs in its own folder with the environment that it is given', async t => {
    const at = await place(t);
    mkdirSync(join(at.folder, 'nested'));
    const print = 'console.log(process.cwd(), process.env.COLOUR);';
    writeFileSync(join(at.folder, 'nested', 'api.js'), answering(print));
    const served = await at.serve(
      `"${process.execPath}" api.js`,
      { directory: join(at.folder, 'nested') },
      { env: { ...process.env, COLOUR: 'teal' } },
    );
    assert.match(served.lastLines()[0] ?? '', /nested teal$/);
  });

  test('may be a shell command with quotes of both kinds, variables and pipes', async t => {
    const at = await place(t);
    at.script('api.js', answering('console.log(JSON.stringify(process.argv.slice(2)));'));
    const served = await at.serve(
      `true | "${process.execPath}" api.js "it's" 'say "hi"' "port $PORT" && true`,
    );
    assert.deepEqual(JSON.parse(served.lastLines()[0] ?? ''), ["it's", 'say "hi"', `port ${at.port}`]);
  });

  test('may bind late and answer other statuses first', async t => {
    const at = await place(t);
    const late = `
      const statuses = [503, 302, 404, 204];
      setTimeout(() => require('node:http').createServer((request, response) => {
        const status = statuses.shift();
        console.log(request.method, request.url, status);
        response.writeHead(status).end();
      }).listen(Number(process.env.PORT), process.env.HOST), 700);`;
    const served = await at.serve(at.script('api.js', late), {
      ready: { method: 'HEAD', path: '/up?full=1' },
    });
    assert.deepEqual(
      served.lastLines(),
      [503, 302, 404, 204].map(status => `HEAD /up?full=1 ${status}`),
    );
  });

  test('is asked again when a readiness request hangs', async t => {
    const at = await place(t);
    const hanging = `
      let asked = 0;
      require('node:http').createServer((request, response) => { if (asked++ > 0) response.end(); })
        .listen(Number(process.env.PORT), process.env.HOST);`;
    await at.serve(at.script('api.js', hanging));
  });

  test('may speak HTTP/2 alone, where the load will', async t => {
    const at = await place(t);
    const start = at.script(
      'api.js',
      `require('node:http2').createServer((request, response) => {
        response.statusCode = request.url === '/health?a=1' ? 204 : 404;
        response.end();
      }).listen(process.env.PORT, '127.0.0.1');`,
    );
    const ready = { method: 'GET', path: '/health?a=1' };
    const served = await at.serve(start, { ready }, { protocol: 'http2' });
    assert.ok(isRunning(served.pid), 'it runs');
    await served.stop();
    // The port of a server that has ended is anybody's.
    const other = await place(t);
    await assert.rejects(
      other.serve(other.script('other.js', answering()), { timeout: millis(1_000) }, { protocol: 'http2' }),
      is('serve.not-ready', /something that is not HTTP\/2/, /speak HTTP\/2 there/),
    );
  });

  test('may answer its readiness request with a body that never ends', async t => {
    const at = await place(t);
    const endless = `
      require('node:http').createServer((request, response) => { response.writeHead(200); response.write('x'); })
        .listen(Number(process.env.PORT), process.env.HOST);`;
    await at.serve(at.script('api.js', endless));
  });

  test('may be reached by an IPv6 address', async t => {
    const at = await place(t);
    const target = { host: '[::1]', port: at.port, socketPath: null, url: `http://[::1]:${at.port}` };
    await at.serve(at.script('api.js', answering()), {}, { target });
  });

  test('may listen on a Unix socket, whose path it gets as SOCKET_PATH', async t => {
    const at = await place(t);
    const target = socketIn(at.folder);
    const api = `
      require('node:http').createServer((request, response) => response.end(request.url))
        .listen(process.env.SOCKET_PATH, () => console.log(process.env.SOCKET_PATH));`;
    const served = await at.serve(at.script('api.js', api), {}, { target });
    assert.deepEqual(served.lastLines(), [target.socketPath]);
    const answer = await new Promise<string>((resolve, reject) => {
      const { socketPath } = target;
      get({ socketPath, path: '/x', agent: false }, async response => {
        resolve(String(Buffer.concat(await response.toArray())));
      }).once('error', reject);
    });
    assert.equal(answer, '/x');
    await served.stop();
    assert.ok(!isRunning(served.pid), 'it runs no more');
  });

  test('may want a certificate of its clients, and have one that nobody knows', async t => {
    const at = await place(t);
    const api = `
      const { readFileSync } = require('node:fs');
      require('node:https').createServer({
        cert: readFileSync(${JSON.stringify(fixture('self-signed.crt'))}),
        key: readFileSync(${JSON.stringify(fixture('server.key'))}),
        ca: readFileSync(${JSON.stringify(fixture('ca.crt'))}),
        requestCert: true,
        SNICallback: (name, done) => { console.log(name); done(null); },
      }, (request, response) => response.end()).listen(Number(process.env.PORT), process.env.HOST);`;
    const [certificate, key] = ['client.crt', 'client.key'].map(name => readFileSync(fixture(name), 'utf8'));
    assert.ok(certificate !== undefined && key !== undefined, 'the fixtures are there');
    const tls = { ...usualTransport.tls, certificate, key, serverName: 'api.test' };
    const target = {
      host: '127.0.0.1',
      port: at.port,
      socketPath: null,
      url: `https://127.0.0.1:${at.port}`,
    };
    const served = await at.serve(at.script('api.js', api), {}, { target, tls });
    assert.equal(served.lastLines()[0], 'api.test');
    const start = at.script('api.js', api);
    await served.stop();
    await assert.rejects(
      at.serve(start, { timeout: millis(1_500) }, { target }),
      is('serve.not-ready', /GET https:\S+\/health to be answered/),
    );
  });

  test('may write megabytes: the log has all of it, and its last lines are a few', async t => {
    const at = await place(t);
    const flood = "for (let i = 0; i < 80_000; i++) console.log('line ' + i + ' ' + 'x'.repeat(90));";
    const served = await at.serve(at.script('api.js', answering(`${flood} console.error('last words');`)));
    const log = readFileSync(at.logFile, 'utf8');
    assert.ok(log.length > 8_000_000, `${log.length} characters`);
    assert.equal(log.split('\n').filter(line => line.startsWith('line ')).length, 80_000);
    const lines = served.lastLines();
    assert.equal(lines.length, 20);
    assert.deepEqual(lines.slice(-2), ['last words', 'listening']);
  });

  test('may write a line of megabytes and control characters', async t => {
    const at = await place(t);
    const flood =
      "process.stdout.write('y'.repeat(5_000_000)); console.log(); console.log('\\x1b[31mred\\x1b[0m\\x07\\ttab');";
    const served = await at.serve(at.script('api.js', answering(flood)));
    const lines = served.lastLines();
    assert.deepEqual(lines.slice(-2), ['red  tab', 'listening']);
    assert.ok(
      lines.every(line => line.length <= 201),
      'no line is long',
    );
    assert.equal(statSync(at.logFile).size > 5_000_000, true);
  });

  test('appends to its log, and its last lines are of this start alone', async t => {
    const at = await place(t);
    mkdirSync(join(at.folder, 'logs'));
    writeFileSync(at.logFile, 'an earlier start\n');
    const served = await at.serve(at.script('api.js', answering()));
    assert.deepEqual(served.lastLines(), ['listening']);
    assert.match(readFileSync(at.logFile, 'utf8'), /^an earlier start\nlistening\n$/);
  });

  test('tells when and how it ended by itself', async t => {
    const at = await place(t);
    const ending = `
      require('node:http').createServer((request, response) => {
        if (request.url === '/end') process.exit(7);
        response.end();
      }).listen(Number(process.env.PORT), process.env.HOST);`;
    const served = await at.serve(at.script('api.js', ending));
    await assert.rejects(fetch(`http://127.0.0.1:${at.port}/end`));
    assert.deepEqual(await served.exited, { code: 7, signal: null });
    await served.stop();
  });
});

describe('an API that does not get ready', () => {
  test('is not started where something listens on its port', async t => {
    const at = await place(t);
    const other = createServer();
    await new Promise<void>(done => other.listen(at.port, '127.0.0.1', done));
    t.after(() => other.close());
    await assert.rejects(
      at.serve(at.script('api.js', answering())),
      is('serve.port-in-use', new RegExp(`127\\.0\\.0\\.1:${at.port}`), /stop what listens there/),
    );
    assert.ok(!existsSync(join(at.folder, 'pid')), 'the API was started');
  });

  test('is not started where something listens on its Unix socket', async t => {
    const at = await place(t);
    const target = socketIn(at.folder);
    const other = createServer();
    await new Promise<void>(done => other.listen(target.socketPath, done));
    t.after(() => other.close());
    await assert.rejects(
      at.serve(at.script('api.js', answering()), {}, { target }),
      is('serve.port-in-use', /accepts connections on \S+\/api\.sock\n/, /that socket to be free/),
    );
    assert.ok(!existsSync(join(at.folder, 'pid')), 'the API was started');
  });

  test('is told of SOCKET_PATH where it does not listen there', async t => {
    const at = await place(t);
    await assert.rejects(
      at.serve(at.script('api.js', idle), { timeout: millis(500) }, { target: socketIn(at.folder) }),
      is(
        'serve.not-ready',
        /GET \/health over \S+\/api\.sock to be answered/,
        /listen on the SOCKET_PATH of/,
      ),
    );
  });

  test('is reported with exit code 127 where its command is not found', async t => {
    const at = await place(t);
    await assert.rejects(
      at.serve('no-such-command-here --port 1'),
      is('serve.exited', /exit code 127, command not found/, /no-such-command-here: .*not found/),
    );
  });

  test('is reported with its exit code and its last twenty lines', async t => {
    const at = await place(t);
    const failing = "for (let i = 1; i <= 30; i++) console.log('step ' + i); process.exitCode = 3;";
    await assert.rejects(at.serve(at.script('api.js', failing)), error => {
      is('serve.exited', /exit code 3/, /last:\n {4}step 11\n/, / {4}step 30$/m)(error);
      assert.doesNotMatch(String(error), /step 10\n/);
      return true;
    });
  });

  test('is reported with the signal that ended it', async t => {
    const at = await place(t);
    await assert.rejects(
      at.serve('kill -KILL $$'),
      is('serve.exited', /ended by SIGKILL/, /it wrote nothing/),
    );
  });

  test('is reported and cleared away where its command goes to the background', async t => {
    const at = await place(t);
    const background = `${at.script('api.js', idle)} & until [ -s pid ]; do sleep 0.05; done`;
    await assert.rejects(at.serve(background), is('serve.exited', /exit code 0/, /foreground/));
    assert.ok(!isRunning(Number(at.read('pid'))), 'it runs no more');
  });

  test('is reported with its last lines where time runs out, and stopped', async t => {
    const at = await place(t);
    const mute = `
      require('node:http').createServer((request, response) => response.writeHead(500).end())
        .listen(Number(process.env.PORT), process.env.HOST);`;
    const start = `echo $$ > pid; echo waiting for the database; exec ${at.script('api.js', mute)}`;
    await assert.rejects(
      at.serve(start, { timeout: millis(2_500) }),
      is(
        'serve.not-ready',
        /no 2xx within 2\.5 s, but 500 (once|\d+ times); it wrote last/,
        /name a request in `serve\.ready` that is answered with 2xx/,
        /waiting for the database/,
        /GET http:\S+:\d+\/health to be/,
      ),
    );
    assert.ok(!isRunning(Number(at.read('pid'))), 'it runs no more');
    assert.ok(await refuses(at.port), 'nothing listens any more');
  });

  test('is said to answer with other statuses, each with how often, and what to change', async t => {
    const picky = `
      let polls = 0;
      require('node:http').createServer((request, response) => {
        polls += 1;
        response.writeHead(polls === 1 ? 503 : 405).end();
      }).listen(Number(process.env.PORT), process.env.HOST);`;
    const at = await place(t);
    await assert.rejects(
      at.serve(at.script('api.js', picky), {
        ready: { method: 'POST', path: '/health' },
        timeout: millis(2_500),
      }),
      is('serve.not-ready', /but 503 once, 405 (once|\d+ times)/, /name a method in `serve\.ready`/),
    );
  });

  test('is said to speak something else where it does', async t => {
    const other = `
      require('node:net').createServer(socket => { socket.on('error', () => {}); socket.end('SSH-2.0-x\\r\\n'); })
        .listen(Number(process.env.PORT), process.env.HOST);`;
    const at = await place(t);
    await assert.rejects(
      at.serve(at.script('api.js', other), { timeout: millis(2_500) }),
      is('serve.not-ready', /something that is not HTTP\/1\.1 (once|\d+ times)/, /speak HTTP\/1\.1 there/),
    );
  });

  test('can be known to have no folder or no port before it is started', async t => {
    const at = await place(t);
    const target = { host: '127.0.0.1', port: at.port, url: `http://127.0.0.1:${at.port}`, socketPath: null };
    const plan = {
      ...{ install: null, build: null, start: 'true', timeout: millis(1_000) },
      ready: { method: 'GET', path: '/' },
      directory: at.folder,
    } as const;
    await assertServable(plan, target);
    const directory = join(at.folder, 'gone');
    await assert.rejects(assertServable({ ...plan, directory }, target), is('folder.missing', /gone/));
    await at.serve(at.script('api.js', answering()));
    await assert.rejects(assertServable(plan, target), is('serve.port-in-use', new RegExp(`${at.port}`)));
  });

  test('is not started in a folder that does not exist', async t => {
    const at = await place(t);
    const directory = join(at.folder, 'gone');
    await assert.rejects(
      at.serve('true', { directory }),
      is('folder.missing', /gone/, /the folder in which/),
    );
  });

  test('is not started where its log cannot be written', async t => {
    const at = await place(t);
    writeFileSync(join(at.folder, 'file'), '');
    const logFile = join(at.folder, 'file', 'api.log');
    await assert.rejects(
      at.serve(at.script('api.js', answering()), {}, { logFile }),
      is('output.unwritable', /api\.log/),
    );
    assert.ok(!existsSync(join(at.folder, 'pid')), 'the API was started');
  });

  test('is stopped where the start-up is aborted, which rejects with the reason', async t => {
    const at = await place(t);
    const abort = new AbortController();
    const start = at.script('api.js', idle);
    const serving = at.serve(start, {}, { signal: abort.signal });
    const rejected = assert.rejects(serving, new Error('enough'));
    while (!existsSync(join(at.folder, 'pid')) || at.read('pid') === '') {
      await new Promise(done => setTimeout(done, 20));
    }
    abort.abort(new Error('enough'));
    await rejected;
    assert.ok(!isRunning(Number(at.read('pid'))), 'it runs no more');
  });

  test('is not started where the signal is aborted already', async t => {
    const at = await place(t);
    const signal = AbortSignal.abort(new Error('too late'));
    await assert.rejects(at.serve(at.script('api.js', answering()), {}, { signal }), new Error('too late'));
    assert.ok(!existsSync(at.logFile), 'it was not begun');
  });
});
