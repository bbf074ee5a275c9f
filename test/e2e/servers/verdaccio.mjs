// An npm registry without a way out, ready once a package is published to it.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { runServer } from 'verdaccio';

const { HOST: host, PORT: port } = process.env;
const name = '@acme/ship';
const version = '1.2.3';
const storage = join(process.cwd(), 'storage');

const app = await runServer({
  storage,
  configPath: join(process.cwd(), 'verdaccio.yaml'),
  self_path: join(process.cwd(), 'verdaccio.yaml'),
  auth: { htpasswd: { file: join(storage, 'htpasswd') } },
  uplinks: {},
  packages: { '**': { access: '$all', publish: '$all' } },
  web: { enable: false },
  log: { type: 'stdout', format: 'pretty', level: 'warn' },
});
await new Promise(listening => app.listen(Number(port), host, listening));

const tarball = Buffer.from('a tarball that nobody unpacks');
const file = `ship-${version}.tgz`;
const manifest = {
  name,
  version,
  description: 'carries what she may carry',
  dist: {
    shasum: createHash('sha1').update(tarball).digest('hex'),
    tarball: `http://${host}:${port}/${name}/-/${file}`,
  },
};
const answer = await fetch(`http://${host}:${port}/${encodeURIComponent(name)}`, {
  method: 'PUT',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    _id: name,
    name,
    'dist-tags': { latest: version },
    versions: { [version]: manifest },
    _attachments: {
      [file]: {
        content_type: 'application/octet-stream',
        data: tarball.toString('base64'),
        length: tarball.length,
      },
    },
  }),
});
if (!answer.ok) throw new Error(`not published: ${answer.status} ${await answer.text()}`);
