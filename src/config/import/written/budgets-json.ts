/** Budgets to begin with: few errors, and no endpoint slower than a person notices. */
export const firstBudgets = `{
  "$schema": "./node_modules/plimsoll/schema/budgets.json",
  "defaults": { "errorRate": "1%" },
  "endpointDefaults": { "p95": "1s" }
}
`;
