import { secretsInJson } from './found-secrets.ts';

/** So many are remembered until they are taken: a load of logins captures another in every journey. */
const mostKept = 10_000;

/** The secrets that captures read from answers, for whoever keeps what others write: an API's log may quote them. */
export class LearnedSecrets {
  #all = new Set<string>();

  add(captured: unknown): void {
    if (this.#all.size >= mostKept) return;
    for (const secret of secretsInJson(captured, true)) this.#all.add(secret);
  }

  /** What was learned since this was asked last. */
  take(): readonly string[] {
    const taken = [...this.#all];
    if (taken.length > 0) this.#all = new Set();
    return taken;
  }
}
