// A server that has nothing in common with the reference backend: no framework and no database. It sorts, serializes and
// compresses a part of a list that it holds, as large as the id says, so that its times spread and its garbage is collected.
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';

const rows = Array.from({ length: 4_000 }, (_, index) => ({
  id: index,
  key: (index * 7_919) % 4_001,
  text: `row ${index} ${'abcdefghij'.repeat(1 + (index % 5))}`,
}));

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const id = Number(pathname.split('/').at(-1)) || 0;
  const from = (id * 131) % 3_000;
  const size = 50 + ((id * 37) % 40) ** 2 / 4;
  const part = rows.slice(from, from + size).sort((one, other) => one.key - other.key);
  const body = gzipSync(JSON.stringify(part), { level: 4 });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});
server.listen(Number(process.env.PORT ?? 4010), '127.0.0.1');
