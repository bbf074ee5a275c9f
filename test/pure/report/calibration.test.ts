import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Calibration } from '../../../src/model/duet/calibration.ts';
import { calibrationQuote } from '../../../src/report/words/calibration-quote.ts';
import { calibrationSentence, rateRange, rateText } from '../../../src/report/words/calibration-wording.ts';
import { displayWidth } from '../../../src/safety/untrusted-text.ts';
import { changeText } from '../../../src/words/change-text.ts';
import { exampleCalibration, madeUnits } from '../../fixtures/calibration.ts';
import { calibrationIn } from '../../fixtures/rendered.ts';

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
      /^On this machine a delay of 10% on all answers, which moved p50 by \+[\d.]+% to \+[\d.]+%, is caught in \d+% of duets, and a delay of 20% on the slowest tenth, which moved p95 by \+[\d.]+%(?: to \+[\d.]+%)?, is caught in \d+% of duets, within 26 restarts or 3 min 54 s of load; if neither side is favoured by its place, a build is accused of being slower than itself in at most [\d.]+% of duets; of measured duets of a build against itself, none of 1 accused it\.$/,
    );
    const joined = calibrationIn(example, 'terminal', { color: false, width: 100 }).replaceAll(/\s+/g, ' ');
    assert.ok(joined.startsWith(`browse-bills: ${sentence}`), joined.slice(0, 300));
  });

  test('names the measured shift beside the nominal one: of p50 where all answers wait, of p95 of the tail', () => {
    const [scale, tail] = example.findings.power;
    const sentence = calibrationSentence(example);
    for (const [power, name] of [
      [scale, 'p50'],
      [tail, 'p95'],
    ] as const) {
      const moved = (power?.shifts ?? []).map(shift => shift[name]?.value ?? 0).sort((a, b) => a - b);
      const texts = [...new Set(moved.map(value => changeText(value, 'relative')))].join(' to ');
      assert.ok(sentence.includes(`moved ${name} by ${texts},`), `${texts}: ${sentence}`);
    }
    assert.match(
      calibrationIn(example, 'markdown'),
      /a share of the time to the first byte as the proxy sees it/,
    );
    assert.match(
      calibrationIn(example, 'markdown'),
      /one effect per restart of factor .* lower end of its 95% interval/s,
    );
  });

  test('has each injected delay at each look, with what became of the duets', () => {
    const text = calibrationIn(example, 'terminal', { color: false, width: 140 });
    const table = text
      .slice(text.indexOf('injected'), text.indexOf('\n\n', text.indexOf('injected')))
      .split('\n');
    assert.equal(table.length, 1 + 2 * 4);
    const [scale] = example.findings.power;
    assert.match(
      table[0] ?? '',
      /injected +restarts +load +caught +warned +passed +open +others +were starts worse/,
    );
    assert.match(table[1] ?? '', /^\+10% on all +10 +1 min 30 s/);
    for (const [look, rates] of (scale?.looks ?? []).entries()) {
      assert.ok(table[look + 1]?.includes(` ${rateRange(rates.caught)} `), table[look + 1]);
    }
  });

  test('says how far starts differ and how often a build was accused', () => {
    for (const text of [
      calibrationIn(example, 'terminal', { color: false, width: 200 }),
      calibrationIn(example, 'markdown'),
    ]) {
      assert.match(text, /none of 1, so at most 95%, of duets as they were measured/);
      assert.match(text.replaceAll(/\s+/g, ' '), /hold if neither side is favoured by its place/);
      assert.match(text, /Starts of one build differ by [\d.]+% \(at most [\d.]+%\) at p50 or p95/);
      assert.match(text, /drawn from 20 restarts/);
    }
  });

  test('says what is not known of few starts, of rounds and of none', () => {
    const few = exampleCalibration({
      restarts: madeUnits({ starts: 11, endpoints: ['GET /'], between: 0, within: 0.1 }),
    });
    assert.match(calibrationIn(few, 'markdown'), /known from 20 on; here are 11/);
    const none = exampleCalibration({ restarts: [] });
    assert.match(calibrationIn(none, 'terminal', { color: false }), /Too few restarts were recorded/);
    assert.match(calibrationIn(none, 'markdown'), /Too few restarts were recorded/);
    const five = exampleCalibration({
      restarts: madeUnits({ starts: 5, endpoints: ['GET /'], between: 0, within: 0.1 }),
    });
    for (const text of [calibrationIn(five, 'terminal', { color: false }), calibrationIn(five, 'markdown')]) {
      assert.match(text, /Too few restarts were recorded/);
      assert.match(text, /p50 moved/);
      assert.doesNotMatch(text, /1 min 30 s/);
    }
  });

  test('of one instance says how often it crosses the bar, and nothing of starts, power or builds', () => {
    for (const [url, words] of [
      ['http://localhost:4010', /unless `plimsoll calibrate --ref` with a commit of this API has shown/],
      ['http://10.0.0.7', /and on another machine nothing measures it from here; errors can fail/],
    ] as const) {
      const rounds = exampleCalibration({
        contestant: { kind: 'url', url },
        layout: { ...example.layout, repeat: 'round' },
      });
      assert.match(
        calibrationSentence(rounds),
        /^This instance crosses the bar of a fail against itself in at most [\d.]+% of duets, if neither side is favoured by its place; of its measured duets against itself, none of 1 did\.$/,
      );
      const plain = calibrationIn(rounds, 'terminal', { color: false, width: 200 }).replaceAll(/\s+/g, ' ');
      const markdown = calibrationIn(rounds, 'markdown').replaceAll('\\', '').replaceAll('&#96;', '`');
      for (const text of [plain, markdown]) {
        assert.match(text, words);
        assert.doesNotMatch(text, /slower than itself|is caught|starts differ by|were starts worse/);
        if (url.includes('10.0.0.7')) assert.doesNotMatch(text, /--ref/);
      }
    }
  });

  test('keeps to the width of the terminal, as far as its tables can shrink', () => {
    for (const width of [80, 100, 140]) {
      const lines = calibrationIn(example, 'terminal', { color: false, width }).split('\n');
      for (const line of lines) assert.ok(displayWidth(line) <= width, `${width}: ${line}`);
    }
  });

  test('gives untrusted names no power', () => {
    const restarts = madeUnits({ starts: 11, endpoints: [hostile], between: 0, within: 0.1 });
    const named = exampleCalibration({ restarts });
    const terminal = calibrationIn(named, 'terminal', { color: false });
    const markdown = calibrationIn(named, 'markdown');
    assert.ok(!terminal.includes('\u001b') && !markdown.includes('\u001b'), 'no escape sequence');
    assert.ok(!markdown.includes('<script>') && !markdown.includes('@all'), 'neither a tag nor a mention');
  });
});

describe('what a duet quotes of a calibration', () => {
  test('is its sentence where slot, pairs, load, looks and limits agree', () => {
    const { layout, looks, policy } = example;
    const stored = { tolerance: 0.5, floorMs: 9 };
    const terms = { layout: { ...layout, mostRestarts: 13 }, looks, policy: { ...policy, stored } };
    assert.equal(
      calibrationQuote(example, terms),
      `Calibrated on ${example.header.startedAt.slice(0, 10)}: ${calibrationSentence(example)}`,
    );
  });

  for (const [what, layout, policy, words] of [
    ['slot', { slotMs: 1_000 }, {}, /: slots of 250 ms, not slots of 1 s\.$/],
    ['pairs', { pairsPerRestart: 30 }, {}, /: 18 pairs a restart, not 30 pairs a restart\.$/],
    ['load', { load: { model: 'closed', users: 4 } }, {}, /150 journeys\/s, not closed load of 4 users\.$/],
    ['tolerance', {}, { tolerance: 0.05 }, /: a tolerance of 10%, not a tolerance of 5%\.$/],
    ['floor', {}, { floor: 0.01 }, /: a floor of 3%, not a floor of 1%\.$/],
    [
      'slot and pairs',
      { slotMs: 50, pairsPerRestart: 12 },
      {},
      /50 ms; 18 pairs a restart, not 12 pairs a restart\.$/,
    ],
  ] as const) {
    test(`is what is different where it is the ${what}`, () => {
      const terms = {
        layout: { ...example.layout, ...layout },
        looks: example.looks,
        policy: { ...example.policy, ...policy },
      };
      const quote = calibrationQuote(example, terms);
      assert.match(quote, words);
      assert.match(
        quote,
        /^The calibration of [\d-]+ is of other duets than this one and says nothing of it: /,
      );
    });
  }
});

describe('a calibration by other looks', () => {
  test('is not quoted, and the looks of both are said', () => {
    const { layout, policy } = example;
    const looks = [{ restarts: 8, spend: 0.01, boundTail: 0.05 }];
    assert.match(
      calibrationQuote(example, { layout, looks, policy }),
      /says nothing of it: looks at 10 restarts \(spends 0\.1%, .*, not looks at 8 restarts \(spends 1%, bounds at 5%\)\.$/,
    );
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
