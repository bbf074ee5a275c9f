import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitText } from '../../../src/words/exit-text.ts';

test('how a command ended is said with the signal that a shell reports as a code', () => {
  const texts = [0, 7, 127, 128, 137, 139, 255].map(code => exitText({ code, signal: null }));
  assert.deepEqual(texts, [
    'exit code 0',
    'exit code 7',
    'exit code 127, command not found',
    'exit code 128',
    'exit code 137, as after SIGKILL',
    'exit code 139, as after SIGSEGV',
    'exit code 255',
  ]);
  assert.equal(exitText({ code: null, signal: 'SIGTERM' }), 'it was ended by SIGTERM');
});
