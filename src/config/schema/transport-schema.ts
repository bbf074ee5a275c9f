import * as z from 'zod';
import { usualStreams, usualTransport } from '../../model/run/plan.ts';
import { sizeKind } from '../grammar/quantity-kind.ts';
import {
  choice,
  quantityField,
  sectionField,
  textField,
  trueOrFalse,
  unexpected,
  wholeNumber,
} from './field.ts';

const connections = sectionField(
  {
    max: wholeNumber(1, 100_000, {
      description: 'The most connections that are open at once, in an open load. Default: 1000.',
    }).optional(),
    streams: wholeNumber(1, 10_000, {
      description: `With protocol: http2, the most requests at once on a connection; the server may allow fewer. In a closed load, so many users share a connection. Default: ${usualStreams}, and each user of a closed load has a connection of its own.`,
    }).optional(),
    reconnect: choice(['as needed', 'every request'], {
      description:
        'as needed: connections are reused. every request: each request gets a new one. Default: as needed.',
    }).default('as needed'),
  },
  { description: 'How connections are used.' },
  { keepAlive: 'reconnect: every request, where connections are not to be kept' },
);

const pemFile = (expected: string, description: string, example: string) =>
  textField(expected, { description, examples: [example] }, path => {
    if (!path.includes('-----BEGIN')) return path;
    throw unexpected(path, `${expected}, not what the file holds`);
  }).optional();

const tls = sectionField(
  {
    ca: pemFile(
      'the path of a PEM file',
      'The certificate authority to trust instead of the usual ones: a PEM file, relative to the scenario.',
      'certs/ca.pem',
    ),
    cert: pemFile(
      'the path of a PEM file',
      'The client certificate, with its chain: a PEM file, relative to the scenario.',
      'certs/client.pem',
    ),
    key: pemFile(
      'the path of the private key that belongs to cert',
      'The private key of the client certificate, without a passphrase: a PEM file, relative to the scenario.',
      'certs/client.key',
    ),
    serverName: textField(
      'a host name such as api.example.com',
      {
        description: 'The server name to ask for and to verify, instead of the host of the target.',
        examples: ['api.example.com'],
      },
      readServerName,
    ).optional(),
  },
  {
    description: 'How TLS connections are made.',
    dependencies: { cert: ['key'], key: ['cert'] },
  },
  {
    certificate: 'cert',
    insecure: 'insecure: true, at the top of the scenario',
    rejectUnauthorized: 'insecure: true, at the top of the scenario',
  },
).check(
  z.refine(({ cert, key }) => cert === undefined || key !== undefined, {
    path: ['key'],
    error: 'the path of the private key that belongs to cert',
  }),
  z.refine(({ cert, key }) => key === undefined || cert !== undefined, {
    path: ['cert'],
    error: 'the path of the certificate that belongs to key',
  }),
);

/** The keys of a scenario that say how requests travel. */
export const transportFields = {
  protocol: choice(['http1', 'http2'], {
    description:
      'The version of HTTP: http1 is HTTP/1.1. http2 is HTTP/2, agreed on by ALPN for https://, with prior knowledge for http://. Default: http1.',
  }).default('http1'),
  connections: connections.default({ reconnect: 'as needed' }),
  dns: choice(['once', 'perConnection'], {
    description:
      'When the name of the target is resolved: once per run, or for each connection. Default: once.',
  }).default(usualTransport.dns),
  tls: tls.default({}),
  proxy: textField(
    'the URL of an HTTP proxy such as http://proxy.example.com:3128, or none',
    {
      description:
        'The proxy for all requests, or none. Default: HTTPS_PROXY or HTTP_PROXY, without hosts that NO_PROXY names and never for this machine.',
      examples: ['http://proxy.example.com:3128', 'none'],
    },
    written => written,
  ).optional(),
  insecure: trueOrFalse({
    description: 'Accept any TLS certificate. Default: false.',
  }).default(false),
  maxResponse: quantityField(sizeKind, 'aboveZero', {
    description: 'The largest answer, including headers. A larger one is a failure. Default: 64MiB.',
    examples: ['64MiB'],
  }).default(usualTransport.maxResponse),
  maxBodies: quantityField(sizeKind, 'aboveZero', {
    description:
      'The bodies that all users together keep at once, for captures and checks. A request beyond them fails as tooLarge. Default: 256MB.',
    examples: ['256MB'],
  }).default(usualTransport.maxBodies),
};

/** Where a key belongs that people write at the top of a scenario by mistake. */
export const transportAside = {
  ca: 'inside tls: tls: { ca: certs/ca.pem }',
  cert: 'inside tls: tls: { cert: certs/client.pem, key: certs/client.key }',
  key: 'inside tls: tls: { cert: certs/client.pem, key: certs/client.key }',
  serverName: 'inside tls: tls: { serverName: api.example.com }',
  reconnect: 'inside connections: connections: { reconnect: every request }',
  max: 'inside connections: connections: { max: 1000 }',
  streams: 'inside connections: connections: { streams: 100 }',
  http: 'protocol: http2',
  http2: 'protocol: http2',
  httpVersion: 'protocol: http2',
};

/** A host name; TLS has no way to ask for an address by name. */
function readServerName(name: string): string {
  if (/^(?!-)[\w-]+(\.[\w-]+)*\.?$/.test(name) && !/^[\d.]+$/.test(name)) return name;
  throw unexpected(name, 'a host name such as api.example.com, without scheme and port; not an address');
}
