import { parseRequestUrl } from '../../config/grammar/target-url.ts';
import { sendOnce } from '../../engine/once.ts';
import type { Exchange } from '../../model/run/exchange.ts';
import { type Plan, usualTransport } from '../../model/run/plan.ts';
import type { RequestStep, Template } from '../../model/run/scenario.ts';
import type { TokenRequest } from '../../model/run/signing.ts';
import { bytes, millis } from '../../model/units.ts';
import { firstAddresses } from '../../safety/proxy/first-addresses.ts';

/** How long a token endpoint may take, and how much it may answer. */
const patience = millis(10_000);
const longestAnswer = bytes(65_536);

/** Where tokens are asked for, and what ends that. */
interface ExchangeTerms {
  /** The addresses of its host, or of the proxy before it; those of its name, if that is private, where they are left out. */
  readonly addresses: readonly string[] | undefined;
  readonly interrupt: AbortSignal;
}

/** What a token endpoint answered: its text is whole where its status is an expected one. */
interface TokenAnswer {
  readonly status: number;
  readonly text: string;
  readonly failure: Exchange['failure'];
}

/** Asks for a token as the requests of a plan are sent: over its TLS and through its proxy. */
export async function askForToken(
  plan: Plan,
  { url, form, client }: TokenRequest<Template>,
  textOf: (template: Template) => string,
  { addresses, interrupt }: ExchangeTerms,
): Promise<TokenAnswer> {
  const { target, path } = parseRequestUrl(url);
  const fields = new URLSearchParams(form.map(([name, value]): [string, string] => [name, textOf(value)]));
  const step: RequestStep = {
    kind: 'request',
    endpoint: 0,
    method: 'POST',
    path: plain(path),
    headers: [
      { name: 'accept', value: plain('application/json') },
      { name: 'content-type', value: plain('application/x-www-form-urlencoded') },
      ...(client === null
        ? []
        : [{ name: 'authorization', value: plain(basicOf(client.id, textOf(client.secret))) }]),
    ],
    body: { template: plain(fields.toString()), escape: 'none' },
    timeout: patience,
    expect: { statuses: null, schema: null },
    captures: [{ name: 'answer', slot: 0, body: 'text' }],
  };
  const { tls } = plan.transport;
  const isSameHost = target.host === plan.target.host;
  const asking: Plan = {
    scenario: plan.scenario,
    file: plan.file,
    digest: plan.digest,
    target,
    serve: null,
    load: plan.load,
    seed: plan.seed,
    connections: { max: 1 },
    transport: {
      ...usualTransport,
      // The name of another host than the target's is its own.
      tls: isSameHost ? tls : { ...tls, serverName: null },
      maxResponse: longestAnswer,
    },
    ...(plan.proxies === undefined ? {} : { proxies: plan.proxies }),
    engine: 'http',
    abortOn: null,
    signals: [],
    endpoints: [{ name: 'token', method: 'POST' }],
    data: [],
    journeys: [{ name: 'token', weight: 1, steps: [step], slots: 1 }],
    secrets: plan.secrets,
  };
  const to = addresses ?? (await firstAddresses(target, plan.proxies, []));
  const { exchanges, captured } = await sendOnce(asking, { addresses: to, interrupt });
  const [exchange] = exchanges;
  interrupt.throwIfAborted();
  return {
    status: exchange?.answer?.status ?? 0,
    text: captured[0]?.text ?? exchange?.answer?.body ?? '',
    failure: exchange?.failure ?? null,
  };
}

const plain = (text: string): Template => ({ literals: [text], expressions: [] });

function basicOf(id: string, secret: string): string {
  const text = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
  return `Basic ${Buffer.from(text).toString('base64')}`;
}
