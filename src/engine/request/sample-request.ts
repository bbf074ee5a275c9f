import type { Plan } from '../../model/run/plan.ts';
import type { Expression } from '../../model/run/scenario.ts';
import { drawsOf } from '../draws/draws.ts';
import { filledText } from '../form/rendered.ts';
import { nobody } from '../form/scripted-user.ts';
import { shownRequest } from '../form/shown-request.ts';
import { prepareJourneys } from './prepared-request.ts';

/** The first request to each endpoint as text, or why it cannot be sent; captured values stand in angle brackets. */
export function sampleRequests(plan: Plan): readonly { readonly endpoint: string; readonly text: string }[] {
  const draws = drawsOf(plan);
  const names = plan.journeys.map(
    journey =>
      new Map(
        journey.steps.flatMap(step =>
          step.kind === 'request' ? step.captures.map(({ slot, name }) => [slot, name] as const) : [],
        ),
      ),
  );
  const texts = new Map<number, string>();
  prepareJourneys(plan).forEach(({ steps, slots }, journey) => {
    const captured = Array.from(
      { length: slots },
      (_, slot) => `<${names[journey]?.get(slot) ?? 'captured'}>`,
    );
    for (const [position, step] of steps.entries()) {
      if (step.kind !== 'request' || texts.has(step.endpoint)) continue;
      const fill = (expression: Expression): string => {
        if (expression.kind === 'data') return draws.datum(expression, 0);
        if (expression.kind === 'generated') return draws.generated(expression, 0, 0);
        if (expression.kind === 'joined') return filledText(expression.template, fill);
        if (expression.kind === 'iteration') return '1';
        if (expression.kind !== 'capture') return '';
        return `${expression.link ? '/' : ''}<${names[journey]?.get(expression.slot) ?? 'captured'}>`;
      };
      const request = step.render(fill, {
        ...nobody,
        draws,
        position,
        captured,
        filled: captured.map(() => true),
      });
      texts.set(
        step.endpoint,
        request.kind === 'bytes' ? shownRequest(request.bytes, step.files) : request.reason,
      );
    }
  });
  return plan.endpoints.map(({ name }, index) => ({ endpoint: name, text: texts.get(index) ?? '' }));
}
