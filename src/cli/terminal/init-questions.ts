import { createInterface, type Interface } from 'node:readline';
import { type ImportSource, problem } from '../../app.ts';
import type { Session } from '../streams/session.ts';

/** What the answers say of a new scenario. */
export interface AskedProject {
  readonly source: ImportSource;
  readonly start?: string;
}

const missing = {
  where: 'URL',
  found: 'none',
  expected: 'a URL that the scenario requests, or a file to import',
  instead: 'plimsoll init http://127.0.0.1:3000/api/items',
} as const;

/** Asks for what a scenario needs; without a terminal there is nobody to ask, which is `command.missing-argument`. */
export async function askForProject({ stdin, stderr }: Session): Promise<AskedProject> {
  const input = stdin();
  const isAnswered = 'isTTY' in input && input.isTTY === true;
  if (!isAnswered || !stderr.isTTY) throw problem('command.missing-argument', missing);
  const lines = createInterface({ input });
  try {
    const ask = async (question: string) => {
      stderr.write(question);
      return await lineOf(lines);
    };
    stderr.write(
      'This writes a scenario, budgets.json and a GitHub workflow. Ctrl-C leaves without writing.\n',
    );
    let url = '';
    while (!/^https?:\/\/[^/]/.test(url)) {
      url = await ask('URL of a request, such as http://127.0.0.1:3000/api/items: ');
    }
    const start = await ask('Command that starts the API (empty if it runs already): ');
    return { source: { kind: 'urls', urls: [url] }, ...(start === '' ? {} : { start }) };
  } finally {
    lines.close();
    input.pause();
  }
}

/** The next line; an input that ends has answered nothing. */
async function lineOf(lines: Interface): Promise<string> {
  return await new Promise((resolve, reject) => {
    const onClose = () => reject(problem('command.missing-argument', missing));
    lines.once('close', onClose);
    lines.once('line', line => {
      lines.off('close', onClose);
      resolve(line.trim());
    });
  });
}
