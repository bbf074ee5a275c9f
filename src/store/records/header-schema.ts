import * as z from 'zod';

const count = z.int().nonnegative();
const duration = z.number().nonnegative();
const text = z.string();

/** How a run is marked that was saved as a baseline on purpose. */
export const baselineMarkSchema = z
  .object({
    verdict: z
      .enum(['pass', 'warn', 'fail', 'inconclusive'])
      .optional()
      .describe('What it was judged when it was saved; left out by earlier versions.'),
    accepted: z
      .object({
        reason: text,
        author: text.nullable(),
        at: z.iso.datetime(),
        findings: z.array(z.object({ endpoint: text, metric: text })),
        commit: text
          .optional()
          .describe('The commit whose message accepts it; left out where plimsoll accept did.'),
        isPartial: z
          .literal(true)
          .optional()
          .describe('There where the run was also worse in what nobody accepted.'),
      })
      .optional()
      .describe('There where somebody accepted a regression: why, who, when, and what was worse.'),
  })
  .describe('There where the run was saved as a baseline on purpose.');

/** What history needs of a run record, as zod reads it. */
export const headerSchema = z.object({
  id: z.string().min(1),
  scenario: text,
  digest: text.describe('SHA-256 of the workload: equal digests are comparable runs.'),
  file: text.nullable().describe('The scenario file; null for a run without one.'),
  startedAt: z.iso.datetime().describe('ISO 8601, UTC.'),
  durationMs: duration.describe('From the first request due to the last answer.'),
  target: text.describe('Origin and base path of the target, without credentials or query.'),
  command: text.describe('The command that repeats the run.'),
  timeoutMs: duration.describe('The longest a request may take, over all steps.'),
  fingerprint: z
    .object({
      cpu: text,
      cores: z.int().positive(),
      memoryMb: count,
      os: text,
      node: text,
      plimsoll: text,
      ci: text.nullable().describe('For instance github-actions; null outside CI.'),
      targetHost: text,
      git: z.object({ commit: text, branch: text.nullable(), dirty: z.boolean() }).nullable(),
    })
    .describe('The machine, the tool and the code that the run belongs to.'),
  subject: z
    .object({
      path: text.nullable().describe('The scenario file in the repository; null without one or the other.'),
      serve: text.nullable().describe('The command that started the API; null where it ran already.'),
    })
    .optional()
    .describe('What was measured besides target and workload; left out by earlier versions.'),
});
