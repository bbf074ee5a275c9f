import { problem } from '../../../model/error.ts';
import { failureOf } from '../reading/failure-text.ts';
import { foundSamples, type LineFormat } from '../reading/result-format.ts';
import { eachLine } from '../reading/rows.ts';
import { type ForeignSample, sampleCollector } from '../reading/sample-collector.ts';
import { amount, isFailure, moment } from '../reading/values.ts';

const tag = /<(\/?)(httpSample|sample)\b((?:[^<>"]|"[^"]*"){0,5000}?)(\/?)>/g;
const attribute = /([a-z]+)="([^"]*)"/g;
const entities: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * `jmeter -Jjmeter.save.saveservice.output_format=xml -l FILE.jtl`: an element for each sample, whose beginning is on one line, in
 * milliseconds. Samples within others, such as the pictures of a page, are counted with those. Transactions are sums, and left out.
 */
export const jmeterXml: LineFormat = {
  kind: 'lines',
  tool: 'jmeter',
  name: 'JTL in XML',
  made: 'jmeter -n -t PLAN -l FILE.jtl -Jjmeter.save.saveservice.output_format=xml',
  is: head => /^(?:<\?xml[^>]{0,200}\?>\s{0,20})?<testResults\b/.test(head),
  async read(file) {
    const collector = sampleCollector(file.known);
    let depth = 0;
    let isOver = false;
    await eachLine(file, (line, number) => {
      if (line.includes('</testResults>')) isOver = true;
      for (const [, isEnd, element, written = '', isEmpty] of line.matchAll(tag)) {
        if (element !== 'httpSample') continue;
        if (isEnd === '/') depth = Math.max(0, depth - 1);
        else {
          if (depth === 0) collector.add(sampleOf(written, number));
          if (isEmpty !== '/') depth += 1;
        }
      }
    });
    if (!isOver) {
      throw problem('file.syntax', {
        where: file.shown,
        found: 'no </testResults>',
        expected: 'a file that JMeter has written to its end',
      });
    }
    return foundSamples(collector.finish());

    function sampleOf(written: string, number: number): ForeignSample {
      const values = new Map(
        [...written.matchAll(attribute)].map(([, name = '', value = '']) => [name, unescaped(value)]),
      );
      const where = (name: string) => () => `${file.shown}:${number}: ${name}`;
      const code = values.get('rc') ?? '';
      const status = Number(/^\d{3}$/.exec(code)?.[0] ?? 0) || null;
      return {
        endpoint: file.names.ofLabel(values.get('lb') ?? ''),
        startMs: moment(values.get('ts'), where('ts')),
        durationMs: amount(values.get('t'), where('t')),
        ended: endedHow(values, status),
        status,
        bytes: Math.max(0, Number(values.get('by') ?? 0)) || 0,
      };
    }
  },
};

/** A failed assertion fails a sample whose answer was fine. */
function endedHow(values: ReadonlyMap<string, string>, status: number | null): ForeignSample['ended'] {
  if (values.get('s') === 'true') return 'ok';
  if (status !== null) return isFailure(status) ? 'status' : 'check';
  return failureOf(`${values.get('rc') ?? ''} ${values.get('rm') ?? ''}`);
}

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{1,6}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
