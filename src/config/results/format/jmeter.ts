import { failureOf } from '../reading/failure-text.ts';
import { foundSamples, type LineFormat } from '../reading/result-format.ts';
import { type CsvRow, eachRow, headerOf } from '../reading/rows.ts';
import { type ForeignSample, sampleCollector } from '../reading/sample-collector.ts';
import { amount, isFailure, moment } from '../reading/values.ts';

const needed = ['timeStamp', 'elapsed', 'label', 'success'];
const delimiters = [',', ';', '\t'];

/** `jmeter -n -l FILE.jtl`: a line for each sample, in milliseconds. Rows of transaction controllers are sums of others, and left out. */
export const jmeterCsv: LineFormat = {
  kind: 'lines',
  tool: 'jmeter',
  name: 'JTL in CSV',
  made: 'jmeter -n -t PLAN -l FILE.jtl',
  is: head => delimiterOf(head) !== undefined,
  async read(file) {
    const collector = sampleCollector(file.known);
    let delimiter: string | undefined;
    for (const one of delimiters) {
      if (delimiter !== undefined) break;
      if (await startsWith(file, one)) delimiter = one;
    }
    await eachRow(
      file,
      row => {
        const { cell, where } = row;
        if (isTransaction(row)) return;
        const written = cell('timeStamp') ?? '';
        const startMs = /^\d+$/.test(written) ? Number(written) : Date.parse(written.replaceAll('/', '-'));
        const status = Number(/^\d{3}$/.exec(cell('responseCode') ?? '')?.[0] ?? 0) || null;
        collector.add({
          endpoint: file.names.ofLabel(cell('label') ?? ''),
          startMs: moment(startMs, () => where('timeStamp')),
          durationMs: amount(cell('elapsed'), () => where('elapsed')),
          ended: endedHow(row, status),
          status,
          bytes: Math.max(0, Number(cell('bytes') ?? 0)) || 0,
        });
      },
      { delimiter: delimiter ?? ',' },
    );
    return foundSamples(collector.finish());
  },
};

function delimiterOf(head: string): string | undefined {
  return delimiters.find(delimiter => needed.every(column => headerOf(head, delimiter).includes(column)));
}

async function startsWith(file: Parameters<typeof eachRow>[0], delimiter: string): Promise<boolean> {
  const { readHead } = await import('../reading/head.ts');
  return delimiterOf(await readHead(file)) === delimiter;
}

/** A failed assertion fails a sample whose answer was fine. */
function endedHow({ cell }: CsvRow, status: number | null): ForeignSample['ended'] {
  if (cell('success')?.toLowerCase() === 'true') return 'ok';
  if (status !== null) return isFailure(status) ? 'status' : 'check';
  return failureOf(
    `${cell('responseCode') ?? ''} ${cell('responseMessage') ?? ''} ${cell('failureMessage') ?? ''}`,
  );
}

function isTransaction({ cell }: CsvRow): boolean {
  return (
    (cell('dataType') ?? '') === '' &&
    (cell('responseMessage') ?? '').startsWith('Number of samples in transaction')
  );
}
