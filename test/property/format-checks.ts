import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import type { Format } from '../../src/report/render/renderers.ts';
import { controls } from './hostile-text.ts';

const prometheusSample = /^plimsoll_[a-z_]+\{(?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)*\} -?[\d.e+-]+$/;

function samplesIn(text: string): readonly string[] {
  assert.ok(text.endsWith('# EOF\n'), text.slice(-100));
  return text.split('\n').filter(line => line !== '' && !/^# (?:HELP|TYPE) plimsoll_|^# EOF$/.test(line));
}

/** What a reader of a format would not take: whatever is in the document, each has its shape and nothing breaks out of it. */
const checks: { readonly [format in Format]?: (text: string) => void } = {
  json: text => JSON.parse(text),
  csv(text) {
    const rows: string[][] = parse(text, { relax_column_count: false });
    for (const cell of rows.slice(1).flatMap(row => row.slice(0, 4)))
      assert.doesNotMatch(cell, /^\s*[=+\-@]/);
  },
  junit(text) {
    // Attributes and texts hold no markup; libxml2 says so too, of fewer cases.
    const inner = text
      .replaceAll(/<\/?[a-z-]+(?: [a-z]+="[^"<>]*")*\/?>/g, '')
      .replace(/^<\?xml [^<>]*\?>/, '');
    assert.doesNotMatch(inner, /[<>"]/, inner.slice(0, 500));
    assert.doesNotMatch(text, /&(?!#\d+;)/);
  },
  prometheus(text) {
    const samples = samplesIn(text);
    for (const sample of samples) assert.match(sample, prometheusSample);
    const series = samples.map(sample => sample.replace(/ \S+$/, ''));
    assert.equal(new Set(series).size, series.length, 'each series is there once');
  },
  'gitlab-metrics'(text) {
    for (const sample of samplesIn(text)) {
      assert.match(sample, prometheusSample);
      assert.ok(!sample.includes('#'), sample);
    }
  },
  'gitlab-quality'(text) {
    for (const issue of JSON.parse(text)) assert.match(issue.fingerprint, /^[\da-f]{64}$/);
  },
  hlog(text) {
    for (const line of text.split('\n').slice(4, -1)) {
      assert.match(line, /^Tag=[^\s,]*,\d+\.\d{3},\d+\.\d{3},\d+\.\d{3},HIST[\w+/=]+$/);
    }
  },
};

/** Fails where a text breaks out of its format, or moves the cursor of who prints it. */
export function assertHarmless(format: Format, text: string): void {
  assert.ok(text.isWellFormed(), format);
  checks[format]?.(text);
  if (format !== 'json') assert.doesNotMatch(text.replaceAll('\r\n', '\n'), controls, format);
}
