// json-server with bills that only who has logged in may read, by a token in a header, as its users do it.
import { randomUUID } from 'node:crypto';
import jsonServer from 'json-server';

const bills = Array.from({ length: 50 }, (_, index) => ({
  id: index + 1,
  title: `Bill ${index + 1}`,
  votes: index,
}));
const tokens = new Set();

const server = jsonServer.create();
server.use(jsonServer.bodyParser);
server.get('/health', (_, response) => response.jsonp({ ok: true }));
server.post('/login', (request, response) => {
  if (request.body.password !== 'correct horse')
    return response.status(403).jsonp({ error: 'wrong password' });
  const token = randomUUID();
  tokens.add(token);
  response.jsonp({ token });
});
server.use((request, response, next) => {
  const token = request.headers.authorization?.replace('Bearer ', '');
  if (tokens.has(token)) next();
  else response.status(401).jsonp({ error: 'log in first' });
});
server.use(jsonServer.router({ bills }));
server.listen(Number(process.env.PORT), process.env.HOST);
