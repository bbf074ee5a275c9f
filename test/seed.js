// Plain JavaScript: worker threads load it too, as every `--import`, and Node 20 knows no TypeScript there.
import { isMainThread } from 'node:worker_threads';

const { PROPERTY_SEED } = process.env;

/** Every run draws the same cases, so that a commit passes or fails for good; `PROPERTY_SEED=7 npm test` draws others. */
if (isMainThread) {
  const { default: fc } = await import('fast-check');
  fc.configureGlobal({
    ...fc.readConfigureGlobal(),
    seed: PROPERTY_SEED === undefined ? 1 : Number(PROPERTY_SEED),
  });
}
