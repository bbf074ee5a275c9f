/** Budgets to begin with: few errors, and no endpoint slower than a person notices; or those that the source has. */
export function budgetsJson(scenario: string, own: { readonly [metric: string]: string }): string {
  if (Object.keys(own).length === 0) return firstBudgets;
  const { defaults, $schema } = JSON.parse(firstBudgets) as { readonly [key: string]: unknown };
  const budgets = { $schema, defaults, scenarios: { [scenario]: { total: own } } };
  return `${JSON.stringify(budgets, null, 2)}\n`;
}

const firstBudgets = `{
  "$schema": "./node_modules/plimsoll/schema/budgets.json",
  "defaults": { "errorRate": "1%" },
  "endpointDefaults": { "p95": "1s" }
}
`;
