import type { Argv } from 'yargs';
import type { ReportSubject } from '../../app.ts';
import { allowHostFlag, type SharedFlags, sharedFlags } from './options.ts';

/** The flags of every command that loads two sides in turn. */
export interface TurnFlags extends SharedFlags {
  readonly scenario: string | undefined;
  readonly slot: string | undefined;
  readonly pairs: number | undefined;
  readonly allowHost: readonly string[] | undefined;
  readonly allowUnsafe?: boolean | undefined;
}

/** Declares the flags of every command that loads two sides in turn; `span` is what the turns of `--pairs` fill. */
export function turnFlags<T>(argv: Argv<T>, span: string, subject: ReportSubject): Argv<T & TurnFlags> {
  return sharedFlags(
    argv
      .positional('scenario', {
        type: 'string',
        describe: 'A scenario file, or the name of one in scenarios/ [default: the only one there]',
      })
      .options({
        slot: {
          type: 'string',
          requiresArg: true,
          describe: 'Length of a turn, after which the other side is loaded [default: 250ms]',
        },
        pairs: {
          type: 'number',
          requiresArg: true,
          describe: `Turns of each side per ${span} [default: 18 to 36, depending on the rate]`,
        },
        ...allowHostFlag,
      }),
    { subject },
  ) as unknown as Argv<T & TurnFlags>;
}
