import type { CommandModule } from 'yargs';

/**
 * The command that a line chooses, which runs once the parser is left. From within its handler, yargs would render the
 * whole help: a tenth of what a short run costs.
 */
export class CommandChoice {
  readonly #isMade = new Error('a command was chosen');
  #work: () => unknown = () => {};

  /** The command, which is chosen in place of run. */
  of<Flags>(command: CommandModule<object, Flags>): CommandModule<object, Flags> {
    return {
      ...command,
      handler: flags => {
        this.#work = () => command.handler(flags);
        throw this.#isMade;
      },
    };
  }

  /** Parses a line, and runs what it chose. */
  async madeBy(parse: () => Promise<unknown>): Promise<void> {
    try {
      await parse();
    } catch (error) {
      if (error !== this.#isMade) throw error;
    }
    await this.#work();
  }
}
