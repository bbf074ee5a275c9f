import type { Document, ReportSubject } from '../document/document.ts';
import { codeQuality } from '../export/code-quality.ts';
import { histogramLog } from '../export/histogram-log.ts';
import { judgedSubjects } from '../export/judged-cases.ts';
import { junit } from '../export/junit.ts';
import { gitlabMetrics, prometheus } from '../export/prometheus.ts';
import { csv } from './csv.ts';
import { html } from './html/html.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import type { RenderOptions } from './render-options.ts';
import { terminal } from './terminal.ts';

/** A way to write a document down. */
export interface Renderer {
  /** What its file is called in a list of files, and in the folder of a run. */
  readonly name: string;
  /** Of its file; null where it is only printed. */
  readonly extension: string | null;
  /** Its file is written only where somebody asks for it. */
  readonly onDemand?: true;
  /** What it can write of; of everything where it is left out. */
  readonly subjects?: readonly ReportSubject[];
  readonly render: (document: Document, options?: RenderOptions) => string;
}

/** Renderers by format. */
export interface Renderers {
  readonly [format: string]: Renderer;
}

const runSubjects = ['run', 'comparison'] as const;

/** Every format: the choices of `--format`, the files that are written and withdrawn, all follow from this table. */
export const renderers = {
  terminal: { name: 'screen', extension: null, render: terminal },
  markdown: { name: 'report', extension: 'md', render: markdown },
  html: { name: 'report', extension: 'html', render: html },
  json: { name: 'summary', extension: 'json', render: json },
  csv: {
    name: 'figures',
    extension: 'csv',
    onDemand: true,
    subjects: ['history', ...runSubjects],
    render: csv,
  },
  junit: { name: 'junit', extension: 'xml', onDemand: true, subjects: judgedSubjects, render: junit },
  prometheus: {
    name: 'metrics',
    extension: 'prom',
    onDemand: true,
    subjects: runSubjects,
    render: prometheus,
  },
  hlog: { name: 'latency', extension: 'hlog', onDemand: true, subjects: runSubjects, render: histogramLog },
  'gitlab-quality': {
    name: 'gl-code-quality-report',
    extension: 'json',
    onDemand: true,
    subjects: judgedSubjects,
    render: codeQuality,
  },
  'gitlab-metrics': {
    name: 'metrics',
    extension: 'txt',
    onDemand: true,
    subjects: runSubjects,
    render: gitlabMetrics,
  },
} as const satisfies Renderers;

/** The name of a format. */
export type Format = keyof typeof renderers;

/** The name of a format that can write every one of some subjects. */
export type FormatOf<Of extends ReportSubject> = {
  [Each in Format]: (typeof renderers)[Each] extends { readonly subjects: readonly (infer Written)[] }
    ? [Of] extends [Written]
      ? Each
      : never
    : Each;
}[Format];

/** The formats in which a subject can be printed. */
export function formatsOf<Of extends ReportSubject>(subject: Of): readonly FormatOf<Of>[] {
  const formats = Object.keys(renderers) as Format[];
  return formats.filter((format): format is FormatOf<Of> => canWrite(renderers[format], subject));
}

/** A file that holds a document in one format. */
export interface ReportFile {
  readonly format: string;
  /** What it is called in a list of files. */
  readonly name: string;
  readonly file: string;
}

/** The files of a subject: `report.md` and `summary.json` of a run, `duet.md` and `duet.json` of a duet. */
export function reportFilesOf(subject: ReportSubject, table: Renderers = renderers): readonly ReportFile[] {
  return Object.entries(table).flatMap(([format, renderer]) => {
    const { name, extension, onDemand = false } = renderer;
    if (extension === null || onDemand || !canWrite(renderer, subject)) return [];
    return [{ format, name, file: `${subject === 'run' ? name : subject}.${extension}` }];
  });
}

/** The formats that can be asked for as files of a subject, or of any. */
export function formatsOfFiles(subject: ReportSubject | 'any'): readonly string[] {
  return Object.entries<Renderer>(renderers).flatMap(([format, renderer]) => {
    const isFile = renderer.extension !== null && (subject === 'any' || canWrite(renderer, subject));
    return isFile ? [format] : [];
  });
}

/** The file of a format that somebody asks for; null where it cannot write of the subject. */
export function reportFileOf(subject: ReportSubject, format: string): ReportFile | null {
  const table: Renderers = renderers;
  const renderer = Object.hasOwn(table, format) ? table[format] : undefined;
  if (!renderer?.extension || !canWrite(renderer, subject)) return null;
  const { name, extension, onDemand = false } = renderer;
  const always = subject === 'run' ? name : subject;
  return {
    format,
    name,
    file: `${onDemand && subject !== 'run' ? `${subject}-${name}` : always}.${extension}`,
  };
}

function canWrite({ subjects }: Renderer, subject: ReportSubject): boolean {
  return subjects === undefined || subjects.includes(subject);
}
