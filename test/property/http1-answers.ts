import fc from 'fast-check';

/** An answer in its parts, as text of one byte a character. */
export interface Answer {
  readonly method: string;
  /** Empty lines and interim answers before it. */
  readonly interim: string;
  readonly statusLine: string;
  /** Without their line ends. */
  readonly fields: readonly string[];
  readonly body: readonly string[];
  /** Without their line ends; null where the body is not chunked. */
  readonly trailers: readonly string[] | null;
}

/** The answer's bytes. */
export function bytesOf(answer: Answer): Buffer {
  const { interim, statusLine, fields, body, trailers } = answer;
  const ends = trailers === null ? '' : `${trailers.map(field => `${field}\r\n`).join('')}\r\n`;
  const head = `${statusLine}\r\n${fields.map(field => `${field}\r\n`).join('')}\r\n`;
  return Buffer.from(interim + head + body.join('') + ends, 'latin1');
}

const characters = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCharCode(from + index));
const tokenCharacters = [
  ..."!#$%&'*+-.^_`|~",
  ...characters(0x30, 0x39),
  ...characters(0x41, 0x5a),
  ...characters(0x61, 0x7a),
];
const valueCharacters = [...characters(0x20, 0x7e), ...characters(0x80, 0xff), '\t'];

const textOf = (alphabet: readonly string[], minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });

const token = textOf(tokenCharacters, 1, 12);
const value = textOf(valueCharacters, 0, 30);
/** Names that say how an answer is delimited, and one that Node's parser takes for such. */
const framing = ['connection', 'content-length', 'transfer-encoding', 'upgrade', 'proxy-connection'];
const name = fc
  .oneof(token, fc.constantFrom('Set-Cookie', 'Date', 'Server', 'X-Request-Id', 'Keep-Alive', 'Trailer'))
  .filter(text => !framing.includes(text.toLowerCase()));
const blanks = textOf([' ', '\t'], 0, 3);
const spaces = textOf([' '], 0, 3);

const plainField = fc.tuple(name, blanks, value, blanks).map(parts => {
  const [fieldName, before, content, after] = parts;
  return `${fieldName}:${before}${content}${after}`;
});

const anyCase = (text: string) =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map(upper => [...text].map((each, index) => (upper[index] ? each.toUpperCase() : each)).join(''));

/** A field whose meaning counts, in any case and with spaces around its value. */
const framingField = (fieldName: string, content: string) =>
  fc
    .tuple(anyCase(fieldName), spaces, anyCase(content), spaces)
    .map(([written, before, text, after]) => `${written}:${before}${text}${after}`);

const reason = fc.oneof(
  fc.constant(''),
  value.map(text => ` ${text}`),
);
const version = fc.constantFrom('1.1', '1.1', '1.1', '1.0');

/** What servers write behind an answer's body that does not belong to it, and is skipped before the next one. */
const emptyLines = fc.constantFrom('', '', '', '\r\n', '\r\n\r\n');

const interim = fc
  .array(
    fc
      .tuple(fc.constantFrom(100, 102, 103), reason, fc.array(plainField, { maxLength: 2 }), emptyLines)
      .map(
        ([status, text, fields, empty]) =>
          `${empty}HTTP/1.1 ${status}${text}\r\n${fields.map(field => `${field}\r\n`).join('')}\r\n`,
      ),
    { maxLength: 2 },
  )
  .map(answers => answers.join(''));
const before = fc
  .tuple(fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 1, arbitrary: interim }), emptyLines)
  .map(parts => parts.join(''));

const connection = fc.constantFrom<readonly string[]>(
  ...[
    [],
    [],
    ['close'],
    ['keep-alive'],
    ['keep-alive, x'],
    ['x ,close'],
    ['close, x'],
    ['x', 'close'],
    ['closed'],
  ],
);

/** Extensions that Node's parser reads, too; the wider ones are among the differences. */
const extension = fc.oneof(
  fc.constant(''),
  token.map(text => `;${text}`),
  fc.tuple(token, token).map(([key, text]) => `;${key}=${text}`),
  fc
    .tuple(token, textOf([...characters(0x23, 0x5b), ' ', '\t', '\xe9'], 0, 8))
    .map(([key, text]) => `;${key}="${text}"`),
);
const zeros = fc.constantFrom('', '', '0', '000', '0'.repeat(20));
const data = fc.oneof(
  fc.string({ unit: fc.constantFrom(...characters(0, 255)), maxLength: 40 }),
  fc.constant('\r\n'.repeat(20)),
);

const chunk = fc
  .tuple(
    zeros,
    data.filter(text => text !== ''),
    fc.boolean(),
    extension,
  )
  .map(parts => {
    const [leading, text, upper, extended] = parts;
    const size = text.length.toString(16);
    return `${leading}${upper ? size.toUpperCase() : size}${extended}\r\n${text}\r\n`;
  });

interface Framing {
  readonly fields: fc.Arbitrary<string>[];
  readonly body: readonly string[];
  readonly trailers: readonly string[] | null;
  /** Whether the fields say where the body ends. */
  readonly delimited: boolean;
}

const byLength: fc.Arbitrary<Framing> = fc.tuple(zeros, data).map(([leading, text]) => ({
  fields: [framingField('content-length', `${leading}${text.length}`)],
  body: [text],
  trailers: null,
  delimited: true,
}));
const byChunks: fc.Arbitrary<Framing> = fc
  .tuple(
    fc.constantFrom(['chunked'], ['gzip, chunked'], ['gzip', 'chunked'], ['gzip,chunked']),
    fc.array(chunk, { maxLength: 4 }),
    zeros,
    extension,
    fc.array(plainField, { maxLength: 2 }),
  )
  .map(([codings, chunks, leading, extended, trailers]) => ({
    fields: codings.map(coding => framingField('transfer-encoding', coding)),
    body: [...chunks, `${leading}0${extended}\r\n`],
    trailers,
    delimited: true,
  }));
const byClose: fc.Arbitrary<Framing> = fc
  .tuple(fc.constantFrom([], ['gzip'], ['chunked, gzip'], ['xchunked']), data)
  .map(([codings, text]) => ({
    fields: codings.map(coding => framingField('transfer-encoding', coding)),
    body: [text],
    trailers: null,
    delimited: false,
  }));

/** Puts the framing fields among others, in their order. */
function shuffled(own: readonly fc.Arbitrary<string>[]): fc.Arbitrary<readonly string[]> {
  return fc
    .tuple(
      fc.tuple(...own),
      fc.array(plainField, { maxLength: 4 }),
      fc.array(fc.nat(4), { maxLength: own.length, minLength: own.length }),
    )
    .map(([framingFields, others, places]) => {
      const order = [...places].sort((a, b) => a - b);
      const result = [...others];
      framingFields.forEach((field, index) => {
        result.splice(Math.min(result.length, (order[index] ?? 0) + index), 0, field);
      });
      return result;
    });
}

/** An answer to a request that RFC 9112 calls well-formed. */
export const validAnswer: fc.Arbitrary<Answer> = fc
  .record({
    method: fc.constantFrom('GET', 'GET', 'POST', 'HEAD'),
    interim: before,
    version,
    status: fc.oneof(
      fc.constantFrom(200, 201, 204, 205, 301, 304, 404, 500),
      fc.integer({ min: 200, max: 999 }),
    ),
    reason,
    connection,
    framing: fc.oneof(byLength, byChunks, byClose),
  })
  // Whether a connection outlives an answer to HEAD that names neither length nor chunks is one of the differences.
  .filter(({ method, framing }) => method !== 'HEAD' || framing.delimited)
  // So is whether one outlives chunks of HTTP/1.0.
  .filter(({ version: spoken, framing }) => spoken !== '1.0' || framing.trailers === null)
  .chain(({ framing, connection: options, ...parts }) => {
    const fields = [...framing.fields, ...options.map(option => framingField('connection', option))];
    return shuffled(fields).map(placed => answerOf(parts, placed, framing));
  });

function answerOf(
  parts: { method: string; interim: string; version: string; status: number; reason: string },
  fields: readonly string[],
  { body, trailers }: Framing,
): Answer {
  const { method, status } = parts;
  const hasBody = method !== 'HEAD' && status !== 204 && status !== 304;
  return {
    method,
    interim: parts.interim,
    statusLine: `HTTP/${parts.version} ${status}${parts.reason}`,
    fields,
    body: hasBody ? body : [],
    trailers: hasBody ? trailers : null,
  };
}

/** The same answer twice: with fields that are folded, and with blanks in place of each fold. */
export const foldedAnswer: fc.Arbitrary<{ readonly folded: Answer; readonly plain: Answer }> = fc
  .tuple(validAnswer, fc.infiniteStream(fc.tuple(fc.nat(2), fc.constantFrom(' ', '   '))))
  .map(([answer, folds]) => {
    const placed = (
      lineEnd: string,
      fields: readonly string[],
      places: readonly (readonly [number, string])[],
    ) =>
      fields.map((field, index) => {
        const [place, after] = places[index] as readonly [number, string];
        const colon = field.indexOf(':') + 1;
        if (place === 0) return field;
        if (place === 1) return `${field}${lineEnd}${after}`;
        return `${field.slice(0, colon)}${lineEnd}${after}${field.slice(colon)}`;
      });
    const taken = (count: number) => [...folds.take(count)];
    const [ofFields, ofTrailers] = [taken(answer.fields.length), taken(answer.trailers?.length ?? 0)];
    const written = (lineEnd: string): Answer => ({
      ...answer,
      fields: placed(lineEnd, answer.fields, ofFields),
      trailers: answer.trailers && placed(lineEnd, answer.trailers, ofTrailers),
    });
    return { folded: written('\r\n'), plain: written('  ') };
  });

const replaced = (bad: fc.Arbitrary<string>, into: (answer: Answer, line: string) => Answer) => ({
  bad,
  into,
});
const control = fc.constantFrom(...characters(0, 8), '\x0b', '\x0c', ...characters(0x0e, 0x1f), '\x7f');
const badField = fc.oneof(
  token,
  token.map(text => `${text} : x`),
  value.map(text => `:${text}`),
  fc
    .tuple(token, fc.constantFrom(...'(),/:;<=>?@[]{} "\t\xe9'))
    .filter(([, each]) => each !== ':')
    .map(([text, each]) => `${text}${each}x: y`),
  fc.tuple(token, control).map(([text, each]) => `${text}: x${each}y`),
  token.map(text => `${text}: x\ry`),
  token.map(text => `${text}: x\n${text}: y`),
);
/** Before any other field there is none that a line with a blank before it could go on with. */
const badFirstField = fc.oneof(
  badField,
  token.map(text => ` ${text}: x`),
);
const chunkedAnswer =
  (body: readonly string[], trailers: readonly string[] = []) =>
  (answer: Answer) => ({
    ...answer,
    method: 'GET',
    statusLine: 'HTTP/1.1 200 OK',
    fields: ['transfer-encoding: chunked'],
    body,
    trailers,
  });
const badLength = fc.constantFrom('', '-1', '+1', '1x', '0x1', '1.0', '1 1', '1,1', '1,2', '9'.repeat(21));

const breakages = [
  replaced(
    fc.constantFrom(
      ...[
        '',
        'OK',
        'GET / HTTP/1.1',
        'SSH-2.0-OpenSSH_9.2',
        'http/1.1 200 OK',
        'HTTP 200 OK',
        'HTTP/1 200 OK',
      ],
      ...[
        'HTTP/1.1',
        'HTTP/1.1 ',
        'HTTP/1.1 20',
        'HTTP/1.1 20 OK',
        'HTTP/1.1 2000 OK',
        'HTTP/1.1 200OK',
        'HTTP/1.1 2x0 OK',
      ],
      ...[
        'HTTP/1.1  200 OK',
        'HTTP/1.1\t200 OK',
        'HTTP/1.1 200\tOK',
        'HTTP/3.0 200 OK',
        'HTTP/1.1 200 O\rK',
        'HTTP/1.1 200 OK\nx: y',
        ' HTTP/1.1 200 OK',
      ],
    ),
    (answer, statusLine) => ({ ...answer, interim: '', statusLine: statusLine || 'x' }),
  ),
  replaced(badFirstField, (answer, field) => ({ ...answer, fields: [field, ...answer.fields] })),
  replaced(badField, (answer, field) => ({ ...answer, fields: [...answer.fields, field] })),
  replaced(badLength, (answer, length) => ({
    ...answer,
    fields: [`content-length: ${length}`, ...answer.fields],
  })),
  replaced(
    fc.constantFrom(
      'content-length: 1\r\ncontent-length: 2',
      'content-length: 0\r\ntransfer-encoding: chunked',
      'transfer-encoding: gzip\r\ncontent-length: 5',
    ),
    (answer, field) => ({ ...answer, fields: [field] }),
  ),
  replaced(
    fc.oneof(
      fc.constantFrom(
        '\r\n',
        'x\r\n',
        '-1\r\n',
        '0x1\r\n',
        '1x\r\n',
        ' 1\r\n',
        '1\n',
        '1\r1',
        ';x\r\n',
        `1${'0'.repeat(16)}\r\n`,
      ),
      control.filter(each => each !== '\0').map(each => `1;x${each}\r\n`),
      fc.constantFrom('1\r\nab\r\n', '1\r\na\n', '1\r\na\r\r', '1\r\na0\r\n'),
    ),
    (answer, size) => chunkedAnswer(['2\r\nab\r\n', size])(answer),
  ),
  replaced(badFirstField, (answer, field) => chunkedAnswer(['0\r\n'], [field])(answer)),
];

/** A well-formed answer of which one thing was broken. */
export const invalidAnswer: fc.Arbitrary<Answer> = fc
  .constantFrom(...breakages)
  .chain(({ bad, into }) => fc.tuple(validAnswer, bad).map(([answer, line]) => into(answer, line)));
