import { createRequire } from 'node:module';
import type * as OtlpExporter from '@opentelemetry/exporter-metrics-otlp-http';
import type * as OtelResources from '@opentelemetry/resources';
import type * as OtelMetrics from '@opentelemetry/sdk-metrics';
import { problem } from '../model/error.ts';
import { version } from '../model/version.ts';
import { mostDeliveryMs, NotDelivered } from './post.ts';

/** A gauge as OpenTelemetry is told of it. */
export interface OtlpGauge {
  readonly name: string;
  readonly help: string;
  readonly unit: string | null;
  readonly samples: readonly {
    readonly labels: { readonly [label: string]: string };
    readonly value: number;
  }[];
}

/** The SDK, which does not come with Plimsoll. */
interface Sdk {
  readonly metrics: typeof OtelMetrics;
  readonly exporter: typeof OtlpExporter;
  readonly resources: typeof OtelResources;
}

/** The releases that run on Node 20; later ones need Node 22. */
const releases =
  '@opentelemetry/sdk-metrics@2.12 @opentelemetry/exporter-metrics-otlp-http@0.223 @opentelemetry/resources@2.12';

const require = createRequire(import.meta.url);

/** The SDK of OpenTelemetry; throws `package.not-installed`. */
export function openTelemetry(): Sdk {
  try {
    return {
      metrics: require('@opentelemetry/sdk-metrics'),
      exporter: require('@opentelemetry/exporter-metrics-otlp-http'),
      resources: require('@opentelemetry/resources'),
    };
  } catch (cause) {
    throw problem(
      'package.not-installed',
      {
        found: 'no OpenTelemetry beside Plimsoll, or not all of it',
        expected: 'the SDK that sends metrics by OTLP, which does not come with Plimsoll',
        instead: `npm install --save-dev ${releases}`,
      },
      { cause },
    );
  }
}

/** Sends gauges to an OTLP collector over HTTP, once; throws `NotDelivered`. */
export async function sendOtlp(
  gauges: readonly OtlpGauge[],
  { url, headers }: { readonly url: URL | null; readonly headers: { readonly [name: string]: string } },
  mostMs = mostDeliveryMs,
): Promise<void> {
  const { metrics, exporter, resources } = openTelemetry();
  /** Reads once, when it is asked. */
  class Reader extends metrics.MetricReader {
    protected override async onForceFlush(): Promise<void> {}
    protected override async onShutdown(): Promise<void> {}
  }
  const reader = new Reader();
  const provider = new metrics.MeterProvider({
    readers: [reader],
    resource: resources.resourceFromAttributes({ 'service.name': 'plimsoll', 'service.version': version }),
    // A run of thousands of endpoints has more series than the SDK keeps apart by itself.
    views: [{ instrumentName: '*', aggregationCardinalityLimit: 1_000_000 }],
  });
  const meter = provider.getMeter('plimsoll', version);
  for (const { name, help, unit, samples } of gauges) {
    meter
      .createObservableGauge(`plimsoll.${name}`, { description: help, ...(unit === null ? {} : { unit }) })
      .addCallback(result => {
        for (const { labels, value } of samples) result.observe(value, labels);
      });
  }
  const sender = new exporter.OTLPMetricExporter({
    ...(url === null ? {} : { url: metricsUrl(url).href }),
    headers: { ...headers },
    timeoutMillis: mostMs,
  });
  const { resourceMetrics } = await reader.collect();
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      new Promise<void>((sent, failed) => {
        sender.export(resourceMetrics, ({ code, error }) => {
          if (code === 0) sent();
          else failed(new NotDelivered(error?.message ?? 'the collector did not take it'));
        });
      }),
      new Promise((_, failed) => {
        timer = setTimeout(() => failed(new NotDelivered(`no answer within ${mostMs / 1_000} s`)), mostMs);
      }),
    ]);
  } finally {
    clearTimeout(timer);
    // Whatever it still tries is not waited for.
    void sender.shutdown().catch(() => {});
    void provider.shutdown().catch(() => {});
  }
}

/** The URL of a collector alone means the path that the protocol gives to metrics. */
function metricsUrl(url: URL): URL {
  if (url.pathname !== '/') return url;
  const metrics = new URL(url);
  metrics.pathname = '/v1/metrics';
  return metrics;
}
