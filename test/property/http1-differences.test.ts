import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nodeReads, pieces, plimsollReads, type Reading } from './http1-readings.ts';

/** What a reader makes of an answer: where it takes its end to be, and whether the connection outlives it. */
type Verdict = 'malformed' | 'cut' | 'ends by close' | 'keeps' | 'closes';

interface Difference {
  readonly name: string;
  /** Why the reading is not Node's. */
  readonly reason: string;
  readonly method?: string;
  readonly answers: readonly string[];
  readonly ours: Verdict;
  readonly node: Verdict;
}

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`;
const empty = 'content-length: 0\r\n\r\n';

const differences: readonly Difference[] = [
  {
    name: 'an answer to HEAD without a length keeps its connection',
    reason:
      'RFC 9112, 6.3, rule 1: it ends behind its header block whatever that says. Node decides before it knows of HEAD.',
    method: 'HEAD',
    answers: [
      `${ok}\r\n`,
      `${ok}transfer-encoding: gzip\r\n\r\n`,
      `${ok}transfer-encoding: chunked, gzip\r\n\r\n`,
    ],
    ours: 'keeps',
    node: 'closes',
  },
  {
    name: 'a chunk’s extension may hold blanks, any text, or nothing',
    reason:
      'RFC 9112, 7.1.1: unknown extensions are ignored, and blanks around them are “bad” but to be read.',
    answers: ['2 ', '2\t', '2 ;x', '2; x=y', '2;', '2;x="a', '2;\xe9'].map(
      size => `${chunked}${size}\r\nab\r\n0\r\n\r\n`,
    ),
    ours: 'keeps',
    node: 'malformed',
  },
  {
    name: 'the same length may be given twice',
    reason:
      'RFC 9110, 8.6: a recipient may take repeated equal lengths for one; nothing about them is ambiguous.',
    answers: [`${ok}content-length: 2\r\ncontent-length: 2\r\n\r\nab`],
    ours: 'keeps',
    node: 'malformed',
  },
  {
    name: 'a tab behind a length is blank space',
    reason: 'RFC 9110, 5.6.3: optional white space is spaces and tabs.',
    answers: [`${ok}content-length: 2\t\r\n\r\nab`],
    ours: 'keeps',
    node: 'malformed',
  },
  {
    name: 'a tab behind “chunked” is blank space',
    reason: 'RFC 9110, 5.6.3, as above.',
    answers: [`${ok}transfer-encoding: chunked\t\r\n\r\n0\r\n\r\n`],
    ours: 'keeps',
    node: 'ends by close',
  },
  {
    name: '“close” closes beside a tab, and in HTTP/1.0 beside “keep-alive”',
    reason: 'RFC 9112, 9.3: “close” comes before all else.',
    answers: [
      `${ok}connection: close\t\r\n${empty}`,
      `HTTP/1.0 200 OK\r\nconnection: keep-alive, close\r\n${empty}`,
    ],
    ours: 'closes',
    node: 'keeps',
  },
  {
    name: 'proxy-connection means nothing',
    reason:
      'RFC 9112, C.2.2: it is no field of HTTP, and a client that speaks to no proxy has no use for it.',
    answers: [`${ok}proxy-connection: close\r\n${empty}`],
    ours: 'keeps',
    node: 'closes',
  },
  {
    name: 'what an interim answer says of the connection does not count',
    reason: 'RFC 9110, 15.2: the final answer follows an interim one, and it decides.',
    answers: [`HTTP/1.1 100 Continue\r\nconnection: close\r\n\r\n${ok}${empty}`],
    ours: 'keeps',
    node: 'malformed',
  },
  {
    name: 'a trailer does not say how the body is delimited',
    reason: 'RFC 9110, 6.5.1: a framing field in the trailers is ignored.',
    answers: [`${chunked}0\r\ncontent-length: 5\r\n\r\n`],
    ours: 'keeps',
    node: 'malformed',
  },
  {
    name: 'a switch of protocols ends HTTP on its connection',
    reason: 'RFC 9110, 15.2.2: what follows a 101 is of another protocol, even where no field names it.',
    answers: ['HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ours: 'closes',
    node: 'keeps',
  },
  {
    name: 'a folded line goes on with the field before it',
    reason: 'RFC 9112, 5.2: a user agent replaces each fold with blanks.',
    answers: [
      `${ok}x-a: one\r\n two\r\n${empty}`,
      `${ok}x-a:\r\n\tone\r\n  \r\n${empty}`,
      `${ok}content-length:\r\n 2\r\n\r\nab`,
      `${ok}transfer-encoding: gzip,\r\n chunked\r\n\r\n0\r\n\r\n`,
      `${chunked}0\r\nx: y\r\n z\r\n\r\n`,
    ],
    ours: 'keeps',
    node: 'malformed',
  },
  {
    name: 'a folded connection or keep-alive field is understood',
    reason: 'RFC 9112, 5.2, as above.',
    answers: [
      `${ok}connection: x,\r\n close\r\n${empty}`,
      `${ok}keep-alive: timeout=5,\r\n max=0\r\n${empty}`,
    ],
    ours: 'closes',
    node: 'malformed',
  },
  {
    name: 'empty members of a list of codings do not count',
    reason: 'RFC 9110, 5.6.1: a recipient ignores them.',
    answers: ['chunked,', 'chunked, ,', ',chunked', 'gzip, ,chunked ,'].map(
      codings => `${ok}transfer-encoding: ${codings}\r\n\r\n0\r\n\r\n`,
    ),
    ours: 'keeps',
    node: 'ends by close',
  },
  {
    name: 'chunks of HTTP/1.0 are read, and then the connection closes',
    reason: 'RFC 9112, 6.1: HTTP/1.0 has no chunks, so the framing is not to be trusted behind them.',
    answers: ['HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ours: 'closes',
    node: 'keeps',
  },
  {
    name: 'a later minor version is read as HTTP/1.1',
    reason: 'RFC 9110, 2.5: a recipient processes it as the highest minor version that it knows.',
    answers: [`HTTP/1.2 200 OK\r\n${empty}`, `HTTP/1.9 200 OK\r\n${empty}`],
    ours: 'keeps',
    node: 'malformed',
  },
  {
    name: 'a connection on which no further request is wanted is not used again',
    reason: 'It is what `Keep-Alive: max=0` says; a request sent then is lost.',
    answers: ['max=0', 'timeout=5, max=0', 'timeout=5,max = 00'].map(
      terms => `${ok}connection: keep-alive\r\nkeep-alive: ${terms}\r\n${empty}`,
    ),
    ours: 'closes',
    node: 'keeps',
  },
  {
    name: 'only HTTP/1 is spoken',
    reason: 'RFC 9112, 2.3: an answer of another major version is none to a request of HTTP/1.1.',
    answers: [`HTTP/2.0 200 OK\r\n${empty}`, `HTTP/0.9 200 OK\r\n${empty}`],
    ours: 'malformed',
    node: 'closes',
  },
  {
    name: 'a status is at least 100',
    reason: 'RFC 9110, 15.',
    answers: [`HTTP/1.1 099 OK\r\n${empty}`, `HTTP/1.1 000 OK\r\n${empty}`],
    ours: 'malformed',
    node: 'keeps',
  },
  {
    name: 'a coding without a name is none',
    reason:
      'RFC 9112, 6.1: the field names at least one; reading on to the close would hide a broken server.',
    answers: [`${ok}transfer-encoding:\r\n\r\nab`],
    ours: 'malformed',
    node: 'ends by close',
  },
  {
    name: 'a length that no number holds exactly is refused at once',
    reason: 'Nine petabytes cannot be meant; waiting for them would turn a lie into a timeout.',
    answers: [
      `${ok}content-length: 9007199254740993\r\n\r\na`,
      `${ok}content-length: 18446744073709551615\r\n\r\na`,
      `${chunked}20000000000000\r\na`,
    ],
    ours: 'malformed',
    node: 'cut',
  },
];

function verdictOf(reading: Reading): Verdict {
  if (reading.outcome !== 'complete') return reading.outcome;
  if (reading.byClose) return 'ends by close';
  return reading.reusable ? 'keeps' : 'closes';
}

describe('other than for Node’s own client,', () => {
  for (const { name, reason, method = 'GET', answers, ours, node } of differences) {
    it(`${name} (${reason})`, async () => {
      for (const answer of answers) {
        const bytes = Buffer.from(answer, 'latin1');
        for (const parts of [[bytes], pieces(bytes, [...bytes.keys()])]) {
          assert.equal(verdictOf(plimsollReads(parts, method)), ours, JSON.stringify(answer));
          // A later Node may have come to read it so, too.
          const others = verdictOf(await nodeReads(parts, method));
          assert.ok(others === node || others === ours, `Node: ${others} for ${JSON.stringify(answer)}`);
        }
      }
    });
  }

  it('bytes behind an answer that come later close the connection (RFC 9112, 9.2)', () => {
    const first = Buffer.from(`${ok}${empty}`);
    assert.equal(verdictOf(plimsollReads([first, first], 'GET')), 'closes');
    assert.equal(verdictOf(plimsollReads([first], 'GET')), 'keeps');
  });
});
