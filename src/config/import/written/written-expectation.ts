import type { ImportedExpectation, ImportedTest } from '../form/imported.ts';
import { scenarioText, sentText } from '../form/imported-text.ts';

/** What is expected of an answer, as a scenario has it; what it cannot say is not expected. */
export function writtenExpectation({ statuses, headers, body, json }: ImportedExpectation): {
  readonly [key: string]: unknown;
} {
  const [status, ...others] = grouped(statuses);
  const of = (tests: readonly { readonly name: string; readonly test: ImportedTest }[]) => {
    const written = new Map<string, { readonly [is: string]: unknown }>();
    for (const { name, test } of tests) {
      const value = writtenValue(test);
      if (value !== undefined) written.set(name, { ...written.get(name), [test.is]: value });
    }
    return written.size === 0 ? undefined : Object.fromEntries(written);
  };
  const [ofHeaders, ofBody, ofJson] = [
    of(headers),
    body === null ? undefined : of([{ name: 'body', test: body }]),
    of(json.map(({ path, test }) => ({ name: path, test }))),
  ];
  return {
    ...(status === undefined ? {} : { status: others.length === 0 ? status : [status, ...others] }),
    ...(ofHeaders === undefined ? {} : { headers: ofHeaders }),
    ...ofBody,
    ...(ofJson === undefined ? {} : { json: ofJson }),
  };
}

function writtenValue({ value }: ImportedTest): unknown {
  return typeof value === 'string' ? scenarioText(sentText(value)) : value;
}

/** Statuses with `2xx` in place of all of a hundred. */
function grouped(statuses: readonly number[]): readonly (number | string)[] {
  const hundreds = [2, 3, 4, 5].filter(
    first => statuses.filter(status => Math.floor(status / 100) === first).length === 100,
  );
  return [
    ...hundreds.map(first => `${first}xx`),
    ...statuses.filter(status => !hundreds.includes(Math.floor(status / 100))),
  ];
}
