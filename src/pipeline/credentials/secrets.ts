import { printedSecret } from '../../launch/process/secret-command.ts';
import type { Plan } from '../../model/run/plan.ts';
import { secretsInData } from '../../safety/found-secrets.ts';
import { distinctSecrets } from '../../safety/secret.ts';

/** Where commands run that print secrets. */
export interface SecretSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly interrupt?: AbortSignal | undefined;
}

/** A run that is made again does not ask again. */
const filledBefore = new WeakMap<Plan, Plan>();

/** The plan with the secrets that its commands print, each run once; what fails is `secret.command-failed`. */
export async function withSecrets(plan: Plan, { env, interrupt }: SecretSurroundings): Promise<Plan> {
  const set = plan.data.find(({ ofSecrets }) => ofSecrets === 'commands');
  if (set === undefined) return plan;
  const before = filledBefore.get(plan);
  if (before !== undefined) return before;
  const row: string[] = [];
  for (const column of set.columns) {
    const command = JSON.parse(column) as readonly string[];
    const where = `${plan.file ?? plan.scenario}, auth`;
    row.push(await printedSecret(command, { where, env, interrupt }));
  }
  const { ofSecrets: _unfilled, ...filled } = set;
  const data = plan.data.map(one => (one === set ? { ...filled, rows: [row] } : one));
  const framed = [plan.framing?.setup, plan.framing?.teardown].filter(journey => journey != null);
  const known = [...row, ...secretsInData(data, [...plan.journeys, ...framed])];
  const ready = { ...plan, data, secrets: distinctSecrets([...plan.secrets, ...known]) };
  filledBefore.set(plan, ready);
  return ready;
}
