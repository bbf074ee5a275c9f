import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Calibration } from '../../../src/model/calibration.ts';
import { calibrationMarkdown } from '../../../src/report/calibration-markdown.ts';
import { calibrationTerminal } from '../../../src/report/calibration-terminal.ts';
import { calibrationSentence, rateRange, rateText } from '../../../src/report/calibration-wording.ts';
import { displayWidth } from '../../../src/report/foreign-text.ts';
import { exampleCalibration, madeUnits } from '../../fixtures/calibration.ts';

let example: Calibration;
before(() => {
  example = exampleCalibration();
});

const hostile = 'GET /`|<script>@all\u001b[31m';

describe('the report of a calibration', () => {
  test('begins with what it means for who runs duets', () => {
    const sentence = calibrationSentence(example);
    assert.match(
      sentence,
      /^On this machine a slowdown of 10% of all times is caught in \d+% of duets, and a slowdown of 20% of p95 alone is caught in \d+% of duets, within 26 restarts or 3 min 54 s of load; a build is accused of being slower than itself in at most [\d.]+% of duets\.$/,
    );
    const joined = calibrationTerminal(example, { color: false, width: 100 }).replaceAll(/\s+/g, ' ');
    assert.ok(joined.startsWith(`browse-bills: ${sentence}`), joined.slice(0, 300));
  });

  test('has each injected delay at each look, with what became of the duets', () => {
    const text = calibrationTerminal(example, { color: false, width: 140 });
    const table = text
      .slice(text.indexOf('injected'), text.indexOf('\n\n', text.indexOf('injected')))
      .split('\n');
    assert.equal(table.length, 1 + 2 * 4);
    const [scale] = example.findings.power;
    assert.match(
      table[0] ?? '',
      /injected +units +load +caught +warned +passed +open +others +were starts worse/,
    );
    assert.match(table[1] ?? '', /^\+10% on all +10 +1 min 30 s/);
    for (const [look, rates] of (scale?.looks ?? []).entries()) {
      assert.ok(table[look + 1]?.includes(` ${rateRange(rates.caught)} `), table[look + 1]);
    }
  });

  test('says how far starts differ and how often a build was accused', () => {
    for (const text of [
      calibrationTerminal(example, { color: false, width: 200 }),
      calibrationMarkdown(example),
    ]) {
      assert.match(text, /none of 1, so at most 95%, of duets as they were measured/);
      assert.match(text, /Starts of one build differ by [\d.]+% \(at most [\d.]+%\) at p95/);
      assert.match(text, /drawn from 20 restarts/);
    }
  });

  test('says what is not known of few starts, of rounds and of none', () => {
    const few = exampleCalibration({
      units: madeUnits({ starts: 11, endpoints: ['GET /'], between: 0, within: 0.1 }),
    });
    assert.match(calibrationMarkdown(few), /known from 20 on; here are 11/);
    const rounds = exampleCalibration({ layout: { ...example.layout, unit: 'round' } });
    assert.match(calibrationMarkdown(rounds), /not known from rounds of APIs that run already/);
    const none = exampleCalibration({ units: [] });
    assert.match(calibrationTerminal(none, { color: false }), /Too few restarts were recorded/);
    assert.match(calibrationMarkdown(none), /Too few restarts were recorded/);
    const five = exampleCalibration({
      units: madeUnits({ starts: 5, endpoints: ['GET /'], between: 0, within: 0.1 }),
    });
    for (const text of [calibrationTerminal(five, { color: false }), calibrationMarkdown(five)]) {
      assert.match(text, /Too few restarts were recorded/);
      assert.match(text, /p50 moved/);
      assert.doesNotMatch(text, /1 min 30 s/);
    }
  });

  test('keeps to the width of the terminal, as far as its tables can shrink', () => {
    for (const width of [80, 100, 140]) {
      const lines = calibrationTerminal(example, { color: false, width }).split('\n');
      for (const line of lines) assert.ok(displayWidth(line) <= width, `${width}: ${line}`);
    }
  });

  test('gives foreign names no power', () => {
    const units = madeUnits({ starts: 11, endpoints: [hostile], between: 0, within: 0.1 });
    const named = exampleCalibration({ units });
    const terminal = calibrationTerminal(named, { color: false });
    const markdown = calibrationMarkdown(named);
    assert.ok(!terminal.includes('\u001b') && !markdown.includes('\u001b'), 'no escape sequence');
    assert.ok(!markdown.includes('<script>') && !markdown.includes('@all'), 'neither a tag nor a mention');
  });
});

describe('a rate', () => {
  test('is never rounded to never or always', () => {
    const texts = [
      [0, 300],
      [1, 300],
      [150, 300],
      [299, 300],
      [300, 300],
      [0, 0],
    ].map(([hits = 0, of = 0]) => rateText({ hits, of }));
    assert.deepEqual(texts, ['0%', '<1%', '50%', '>99%', '100%', '–']);
  });
});
