import { type Delivered, type Deliveries, deliverAll, openDeliveries, type Settings } from '../../app.ts';
import type { Session } from '../streams/session.ts';

/** Opens the deliveries of the settings, and says which are left out. */
export function deliveriesOf(
  { deliver }: Settings,
  { quiet }: { readonly quiet: boolean },
  { env, stderr }: Session,
): Deliveries {
  const deliveries = openDeliveries(deliver, env);
  if (!quiet) for (const sentence of deliveries.skipped) stderr.write(`note: ${sentence}\n`);
  return deliveries;
}

/** Delivers a result, and says what was not taken; it costs no exit code. Whoever interrupts a command waits for nobody. */
export async function sayDelivered(
  delivered: Delivered,
  { open }: Deliveries,
  { interrupt, stderr }: Session,
): Promise<void> {
  if (interrupt.aborted) return;
  for (const { message } of await deliverAll(delivered, open)) stderr.write(`${message}\n`);
}
