import * as z from 'zod';
import { hmacParts } from '../../model/run/signing.ts';
import { headerName, headerValue } from '../grammar/header.ts';
import { choice, field, plainTextField, sectionField, textField, unexpected } from './field.ts';

const command = field<readonly string[], readonly string[]>(
  value => {
    const isWord = (word: unknown) => typeof word === 'string' && !word.includes('\0');
    if (Array.isArray(value) && value.length > 0 && value[0] !== '' && value.every(isWord)) return value;
    throw unexpected(value, 'a list of words such as [vault, read, -field=token, secret/api]');
  },
  {
    type: 'array',
    minItems: 1,
    items: { type: 'string' },
    description:
      'A program and its arguments, run once before the load, without a shell. What it prints is the secret.',
    examples: [['vault', 'read', '-field=token', 'secret/api']],
  },
);

// biome-ignore lint/suspicious/noTemplateCurlyInString: the notation is the example
const variable = '${API_TOKEN}';

const secret = (description: string) =>
  z
    .union(
      [
        plainTextField(`a secret from the environment, such as ${variable}`, {
          description: 'A variable of the environment, or a template.',
          examples: [variable],
        }),
        sectionField({ command }, { description: 'A command that prints the secret.' }),
      ],
      { error: `a variable such as ${variable}, or { command: [PROGRAM, ARGUMENT] }` },
    )
    .meta({ description });

const word = (description: string, example: string) =>
  textField('text on one line', { description, examples: [example] }, headerValue);

const name = (description: string, example: string) =>
  textField('the name of a header', { description, examples: [example] }, headerName);

const ways = {
  basic: sectionField(
    {
      user: word('The user. Templates work.', 'ann'),
      password: secret('The password.'),
    },
    { description: 'Sends a user and a password in the header authorization.' },
    { username: 'user', pass: 'password' },
  ).optional(),
  bearer: secret('A token, sent in the header authorization.').optional(),
  apiKey: sectionField(
    {
      header: name('The header that holds the key.', 'x-api-key').optional(),
      query: plainTextField('the name of a query parameter', {
        description: 'The query parameter that holds the key, in place of a header.',
        examples: ['key'],
      }).optional(),
      value: secret('The key.'),
    },
    { description: 'Sends a key in a header or in the query.' },
    { key: 'value', name: 'header' },
  )
    .check(
      z.refine(({ header, query }) => (header === undefined) !== (query === undefined), {
        error: 'either header or query',
      }),
    )
    .optional(),
  oauth2: sectionField(
    {
      tokenUrl: textField(
        'the http or https URL of the token endpoint',
        { description: 'Where tokens are fetched.', examples: ['https://login.example.com/oauth2/token'] },
        url => {
          if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url;
          throw unexpected(url, 'an http or https URL such as https://login.example.com/oauth2/token');
        },
      ),
      grant: choice(['clientCredentials', 'password'], {
        description: 'How the token is asked for. Default: clientCredentials.',
      }).default('clientCredentials'),
      clientId: word('The id of the client.', 'load-test'),
      clientSecret: secret('The secret of the client.').optional(),
      user: word('The user, with grant: password.', 'ann').optional(),
      password: secret('The password of the user, with grant: password.').optional(),
      scope: word('The scopes, with spaces between them.', 'orders:read orders:write').optional(),
      audience: word('The audience, where the server asks for one.', 'https://api.example.com').optional(),
      client: choice(['header', 'body'], {
        description: 'Where the client and its secret are sent to the token endpoint. Default: header.',
      }).default('header'),
    },
    { description: 'Fetches a token before the load, and another one before it expires.' },
    { url: 'tokenUrl', username: 'user', scopes: 'scope' },
  )
    .check(
      z.refine(
        ({ grant, user, password }) =>
          (grant === 'password') === (user !== undefined && password !== undefined),
        { error: 'user and password with grant: password, and only with it' },
      ),
    )
    .optional(),
  aws: sectionField(
    {
      region: word('The region.', 'eu-west-1'),
      service: word('The service, as AWS names it in signatures.', 'execute-api'),
      accessKeyId: secret('The id of the access key.'),
      secretAccessKey: secret('The secret access key.'),
      sessionToken: secret('The session token of temporary credentials.').optional(),
    },
    { description: 'Signs each request as AWS has it (Signature Version 4). Needs the package aws4.' },
  ).optional(),
  hmac: sectionField(
    {
      secret: secret('The key of the HMAC.'),
      header: name('The header that holds the signature. Default: x-signature.', 'x-signature').default(
        'x-signature',
      ),
      algorithm: choice(['sha256', 'sha1', 'sha512'], {
        description: 'The hash. Default: sha256.',
      }).default('sha256'),
      encoding: choice(['hex', 'base64'], {
        description: 'How the signature is written. Default: hex.',
      }).default('hex'),
      prefix: field<string, string>(
        value => {
          if (typeof value === 'string' && value !== '') return headerValue(value);
          throw unexpected(value, 'text in front of the signature');
        },
        { type: 'string', description: 'Text in front of the signature.', examples: ['sha256='] },
      ).default(''),
      sign: field<readonly (typeof hmacParts)[number][], readonly (typeof hmacParts)[number][]>(
        value => {
          const parts = Array.isArray(value) ? value : [];
          if (parts.length > 0 && parts.every(part => hmacParts.includes(part))) return parts;
          throw unexpected(value, `a list of ${hmacParts.join(', ')}`);
        },
        {
          type: 'array',
          minItems: 1,
          items: { enum: hmacParts },
          description: 'What is signed, one part a line. Default: [body].',
          examples: [['timestamp', 'method', 'path', 'body']],
        },
      ).default(['body']),
      timestamp: name(
        'The header that holds the time of the request in seconds. Default: x-timestamp, if it is signed.',
        'x-timestamp',
      ).optional(),
    },
    { description: 'Signs each request with an HMAC.' },
    { key: 'secret', algo: 'algorithm' },
  ).optional(),
};

const names = Object.keys(ways);

/** How requests prove who sends them. */
export const authField = z
  .union(
    [
      choice(['none'], { description: 'No credentials, whatever defaults says.' }),
      sectionField(
        ways,
        { description: 'The credentials of a request.' },
        { apikey: 'apiKey', token: 'bearer', sigv4: 'aws', jwt: 'bearer' },
      ).check(
        z.refine(written => Object.values(written).filter(way => way !== undefined).length === 1, {
          error: `a map with one of the keys ${names.join(', ')}`,
        }),
      ),
    ],
    { error: `none, or a map with one of the keys ${names.join(', ')}` },
  )
  .meta({ description: 'How requests prove who sends them: with one of the ways, or none.' });

/** Credentials as a scenario has them. */
export type WrittenAuth = Exclude<z.output<typeof authField>, 'none'>;

/** A secret as a scenario has it: text with variables filled in, or a command. */
export type WrittenSecret = NonNullable<WrittenAuth['bearer']>;
