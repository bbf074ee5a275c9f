import { join } from 'node:path';
import {
  formatsOfFiles,
  nearest,
  problem,
  type ReportFile,
  type ReportSubject,
  reportFileOf,
} from '../../app.ts';
import { assertFileName } from './options.ts';

/** What asks for report files besides the usual ones. */
export interface AskedReports {
  readonly subject: ReportSubject;
  /** Where files go that have no place of their own. */
  readonly folder: string;
  /** Of the flag `--report`. */
  readonly flag: readonly string[] | undefined;
  /** Of the settings, which hold for every command: a format that cannot write of this subject is no mistake there. */
  readonly settings: readonly string[] | undefined;
}

/** The report files that are asked for as `FORMAT` or `FORMAT=FILE`; a flag replaces what the settings say of its format. */
export function askedReports(asked: AskedReports): readonly ReportFile[] {
  const byFlag = (asked.flag ?? []).flatMap(written => reportIn(written, '--report', asked) ?? []);
  const bySettings = (asked.settings ?? [])
    .flatMap(written => reportIn(written, settingsPlace, asked) ?? [])
    .filter(({ format }) => byFlag.every(flag => flag.format !== format));
  const files = new Map<string, ReportFile>();
  for (const one of [...byFlag, ...bySettings]) {
    const other = files.get(one.file);
    if (other !== undefined && other.format !== one.format) {
      throw problem('command.conflicting-flags', {
        where: byFlag.includes(one) ? '--report' : settingsPlace,
        found: `${one.file} for ${other.format} and for ${one.format}`,
        expected: 'a file for each format',
      });
    }
    files.set(one.file, one);
  }
  return [...files.values()];
}

const settingsPlace = 'plimsoll.config.json: reports';

function reportIn(written: string, where: string, { subject, folder }: AskedReports): ReportFile | null {
  const [, format = '', , file] = /^([^=]*)(=(.*))?$/s.exec(written) ?? [];
  if (file !== undefined) assertFileName(file, where);
  const usual = reportFileOf(subject, format);
  if (usual !== null) return { ...usual, name: format, file: file ?? join(folder, usual.file) };
  const isElsewhere = formatsOfFiles('any').includes(format);
  if (isElsewhere && where === settingsPlace) return null;
  const formats = formatsOfFiles(subject);
  const near = nearest(format, formats);
  throw problem('command.invalid-value', {
    where,
    found: JSON.stringify(written),
    expected: `FORMAT or FORMAT=FILE, where the format is one of ${formats.join(', ')}`,
    ...(near === undefined || isElsewhere ? {} : { instead: file === undefined ? near : `${near}=${file}` }),
  });
}
