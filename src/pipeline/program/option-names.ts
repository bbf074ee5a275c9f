import { PlimsollError, rewritten } from '../../model/error.ts';

/** The flags of the command that calls have as options, where those are called otherwise. */
const names: { readonly [flag: string]: string } = { header: 'headers', 'allow-host': 'allowHosts' };
const flag =
  /--(url|rate|users|duration|method|header|body|timeout|warmup|poisson|insecure|http2|target|base|head|slot|pairs|rebuild|workers|anyway|allow-host)(?![\w-])(?: (\d[\w%/.]*))?/g;

/** Waits for work whose errors speak of flags, and has them speak of the options that a program writes. */
export async function withOptionNames<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof PlimsollError ? rewritten(error, optionNames) : error;
  }
}

/** `--rate 100/s` is `rate: '100/s'` in a program. */
function optionNames(text: string): string {
  return text.replace(flag, (_, name: string, value?: string) => {
    const option = names[name] ?? name;
    return value === undefined ? option : `${option}: ${/^\d+$/.test(value) ? value : `'${value}'`}`;
  });
}
