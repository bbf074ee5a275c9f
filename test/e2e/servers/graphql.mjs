// A GraphQL server over HTTP with a query and a mutation.
import { createServer } from 'node:http';
import { buildSchema } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/http';

const schema = buildSchema(`
  type Bill { id: ID!, title: String!, votes: Int! }
  type Query { bills(limit: Int!): [Bill!]!, bill(id: ID!): Bill }
  type Mutation { vote(id: ID!): Bill! }
`);

const bills = Array.from({ length: 50 }, (_, index) => ({
  id: String(index + 1),
  title: `Bill ${index + 1}`,
  votes: 0,
}));
const rootValue = {
  bills: ({ limit }) => bills.slice(0, limit),
  bill: ({ id }) => bills.find(bill => bill.id === id),
  vote({ id }) {
    const bill = bills.find(one => one.id === id);
    if (bill === undefined) throw new Error(`no bill ${id}`);
    bill.votes += 1;
    return bill;
  },
};

const answer = createHandler({ schema, rootValue });
createServer((request, response) => {
  if (request.url === '/health') response.end('ok');
  else answer(request, response);
}).listen(Number(process.env.PORT), process.env.HOST);
