import { parseQuantity, parseRange } from '../../config/grammar/quantity.ts';
import { durationKind, rate } from '../../config/grammar/quantity-kind.ts';
import { parseRequestLine } from '../../config/grammar/request-line.ts';
import { parseTarget } from '../../config/grammar/target-url.ts';
import type { ImportOptions, ImportSource } from '../../config/import/form/import-source.ts';
import { gather } from '../../config/source/diagnostics.ts';
import { problem } from '../../model/error.ts';
import { type ChosenOrigin, isLocal } from './local-origin.ts';

/** What is said of a new scenario besides its source, as it is written. */
export interface InitWords {
  /** The name of the scenario; by default the source's. */
  readonly name: string | undefined;
  /** The origin to load; by default the source's if it is local, else one on this machine. */
  readonly target: string | undefined;
  /** How Plimsoll starts the API, and what it must answer then. */
  readonly start: string | undefined;
  readonly ready: string | undefined;
  readonly rate: string | undefined;
  readonly duration: string | undefined;
}

/** What `plimsoll init` is asked for. */
export interface InitOptions extends ImportOptions, InitWords {
  readonly source: ImportSource;
  readonly writesWorkflow: boolean;
  /** Whether a scenario of that name is replaced. */
  readonly replaces: boolean;
  /** What names the proxies through which URLs are fetched. */
  readonly env?: { readonly [name: string]: string | undefined };
}

/** What the flags of `plimsoll init` say, checked. */
export type InitChoices = { readonly [word in Exclude<keyof InitWords, 'target'>]: string | null } & {
  readonly target: ChosenOrigin | null;
};

/** Checks what was asked for, and names all mistakes at once. */
export function initChoices(asked: InitOptions): InitChoices {
  const diagnostics = gather();
  const check = (flag: string, value: string | undefined, read: (value: string) => unknown) => {
    if (value !== undefined) diagnostics.attempt(flag, () => read(value));
    return value ?? null;
  };
  const choices = {
    name: check('--name', asked.name, assertName),
    start: check('--start', asked.start, assertCommand),
    ready: check('--ready', asked.ready, parseRequestLine),
    rate: check('--rate', asked.rate, value => assertAboveZero(parseRange(rate, value), value)),
    duration: check('--duration', asked.duration, value => parseQuantity(durationKind, value)),
  };
  const target =
    asked.target === undefined ? null : diagnostics.attempt('--target', () => chosen(asked.target ?? ''));
  if (asked.ready !== undefined && asked.start === undefined) {
    diagnostics.add({
      code: 'command.conflicting-flags',
      where: '--ready',
      found: 'no --start',
      expected: 'what starts the API, which is ready when it answers this request',
    });
  }
  diagnostics.finish();
  return { ...choices, target: target ?? null };
}

function chosen(text: string): ChosenOrigin {
  const { url, socketPath, basePath } = parseTarget(text);
  const isPlain = socketPath === null && basePath === '';
  if (isPlain) return { target: url, isLocal: isLocal(url) };
  throw problem('target.invalid', {
    found: JSON.stringify(text),
    expected: 'scheme, host and port alone: the paths of the requests are kept',
  });
}

function assertName(name: string): void {
  if (/^[a-z0-9][\w.-]{0,59}$/i.test(name) && !/\.(?:ya?ml|json)$/i.test(name)) return;
  throw problem('command.invalid-value', {
    found: JSON.stringify(name),
    expected: 'a name of letters, digits, dots, dashes and underscores, without the ending of a file',
  });
}

function assertCommand(command: string): void {
  if (command.trim() !== '' && !/\p{Cc}/u.test(command)) return;
  throw problem('command.invalid-value', {
    found: JSON.stringify(command),
    expected: 'a command on one line',
  });
}

function assertAboveZero({ from, to }: { readonly from: number; readonly to: number }, text: string): void {
  if (from > 0 || to > 0) return;
  throw problem('value.out-of-range', { found: JSON.stringify(text), expected: 'a rate above 0/s' });
}
