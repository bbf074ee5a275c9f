import { resolve } from 'node:path';
import { problem } from '../../../model/error.ts';
import { foreignValue, listIn, mapIn, textIn } from '../form/foreign-document.ts';
import type { ImportOptions } from '../form/import-source.ts';
import { FilledText, type Imported, type ImportedBody, type ImportedRequest } from '../form/imported.ts';
import { type ImportedText, sentText } from '../form/imported-text.ts';
import { Omissions } from '../form/omissions.ts';
import { mediaTypeOf } from '../form/recorded-body.ts';
import { isSafeMethod, mayChange } from '../form/safe-method.ts';
import { expectationOf } from './arazzo-criteria.ts';
import { decodedPointer, replaced } from './arazzo-payload.ts';
import { ArazzoValues, UnknownExpression } from './arazzo-values.ts';
import { type DescribedDocument, readBeside } from './described-document.ts';
import { openApiIn } from './openapi-document.ts';
import { type OpenApiOperation, operationsOf, serversOf } from './openapi-operations.ts';
import { simpleText } from './openapi-parameters.ts';
import { openApiParts } from './openapi-parts.ts';
import { type OpenApiPart as Part, resolverOf } from './openapi-references.ts';
import { requestOf } from './openapi-request.ts';

/** A journey for each workflow of an Arazzo file, with the requests of the descriptions that it names. */
export async function importArazzo(
  file: DescribedDocument,
  { includesWrites }: ImportOptions,
): Promise<Imported> {
  const { root, shown } = file;
  if (!/^1\.\d/.test(textIn(root.arazzo) ?? '') || !Array.isArray(root.workflows)) {
    throw problem('import.other-format', {
      where: shown,
      found: `arazzo: ${JSON.stringify(root.arazzo)}${Array.isArray(root.workflows) ? '' : ', and no list workflows'}`,
      expected: 'an Arazzo file of version 1',
    });
  }
  const apis = await Promise.all(
    listIn(root.sourceDescriptions)
      .map(mapIn)
      .filter(({ type }) => type !== 'arazzo')
      .map(source => apiOf(source, file)),
  );
  const omissions = new Omissions();
  const resolved = resolverOf(root);
  const origins = new Set<string | null>();
  const journeys = root.workflows.map(mapIn).flatMap((workflow, index) => {
    const name = textIn(workflow.workflowId) ?? `workflow ${index + 1}`;
    const steps = new WorkflowSteps(workflow, { apis, root, resolved, omissions }).requests();
    const writes = steps.filter(({ request }) => !isSafeMethod(request.method));
    if (writes.length > 0 && !includesWrites) {
      omissions.add(name, `as workflows ${mayChange}`);
      return [];
    }
    for (const { api } of steps) origins.add(api.origin);
    return steps.length === 0 ? [] : [{ name, weight: 1, steps: steps.map(({ request }) => request) }];
  });
  const [origin = null, ...others] = [...origins].filter(one => one !== null);
  for (const other of others)
    omissions.add(other, 'as hosts of their own: a scenario has one target, and sends all requests there');
  const title = textIn(mapIn(root.info).title) ?? 'workflows';
  return {
    ...{ source: `${shown} (Arazzo, ${title})`, title, origin, journeys },
    ...{ stages: null, isRecorded: false, omissions },
  };
}

/** A description that workflows take operations from. */
type Api = Awaited<ReturnType<typeof apiOf>>;

async function apiOf({ name, url }: Part, { path, url: from, shown, proxies }: DescribedDocument) {
  const written = textIn(url) ?? '';
  const isRemote = /^https?:\/\//i.test(written);
  const base = from ?? path;
  const at = isRemote ? written : from === null ? resolve(path, '..', written) : new URL(written, from).href;
  const text = await readBeside(at, base, proxies).catch((cause: Error) => {
    if (!/another folder or host/.test(cause.message)) throw cause;
    throw problem('import.other-format', {
      where: `${shown}: sourceDescriptions`,
      found: written,
      expected: 'a description in the folder of the Arazzo file or below it, or at its own host',
      instead: 'the description as a file beside it',
    });
  });
  const root = mapIn(await foreignValue(text, written, at));
  const document = await openApiIn({
    text,
    root,
    shown: written,
    url: isRemote || from !== null ? at : null,
    path: at,
    proxies,
  });
  const parts = await openApiParts(document.root);
  const [{ origin, basePath }] = serversOf(document, parts.resolved);
  return {
    name: textIn(name) ?? '',
    document,
    parts,
    origin,
    basePath,
    operations: operationsOf(document.root, parts.resolved),
  };
}

interface Surroundings {
  readonly apis: readonly Api[];
  readonly root: Part;
  readonly resolved: (part: unknown) => Part;
  readonly omissions: Omissions;
}

/** The steps of one workflow, whose outputs are known from step to step. */
class WorkflowSteps {
  readonly #workflow: Part;
  readonly #around: Surroundings;
  readonly #values: ArazzoValues;
  readonly #name: string;

  constructor(workflow: Part, around: Surroundings) {
    this.#workflow = workflow;
    this.#around = around;
    this.#name = textIn(workflow.workflowId) ?? 'a workflow';
    this.#values = new ArazzoValues(around.resolved(workflow.inputs));
  }

  /** A request for each step that maps. */
  requests(): readonly { readonly request: ImportedRequest; readonly api: Api }[] {
    this.#notCarried(this.#workflow, ['dependsOn', 'successActions', 'failureActions'], this.#name);
    return listIn(this.#workflow.steps)
      .map(mapIn)
      .flatMap((step, index) => {
        const what = `${this.#name}: ${textIn(step.stepId) ?? `step ${index + 1}`}`;
        try {
          const made = this.#requestOf(step, what);
          if (typeof made !== 'string') return [made];
          this.#around.omissions.add(what, made);
        } catch (error) {
          if (!(error instanceof UnknownExpression)) throw error;
          this.#around.omissions.add(
            `${what} (${error.message})`,
            'since nothing is known of an expression of',
          );
        }
        return [];
      });
  }

  #requestOf(step: Part, what: string) {
    if (step.workflowId !== undefined) return 'since they make another workflow';
    const found = this.#operationOf(step);
    if (found === null) return 'since no description has the operation of';
    const { api, operation } = found;
    this.#notCarried(step, ['onSuccess', 'onFailure'], what);
    const given = { parameters: this.#parametersOf(step, operation), body: this.#bodyOf(step.requestBody) };
    const request = requestOf(operation, api.basePath, api.document, api.parts, given);
    if (typeof request === 'string') return request;
    const expect = expectationOf(step.successCriteria, criterion =>
      this.#around.omissions.add(`${what}: ${criterion}`, 'as criteria that do not map'),
    );
    const captures = this.#captures(step, what);
    return { api, request: { ...request, captures, ...(expect === null ? {} : { expect }) } };
  }

  #operationOf(step: Part): { readonly api: Api; readonly operation: OpenApiOperation } | null {
    const { apis } = this.#around;
    const id = textIn(step.operationId)?.replace(
      /^\{?\$sourceDescriptions\.([^.{}]+)\.([^{}]+)\}?$/,
      '$1 $2',
    );
    const [, source, pointer] =
      /^\{?\$sourceDescriptions\.([^.{}]{1,200})\.url\}?#\/paths\/(.{1,500})$/.exec(
        textIn(step.operationPath) ?? '',
      ) ?? [];
    const [path, method] = (pointer ?? '').split('/').map(decodedPointer);
    for (const api of apis) {
      const operation = api.operations.find(one => {
        if (pointer !== undefined)
          return source === api.name && one.path === path && one.method === method?.toUpperCase();
        const own = textIn(one.operation.operationId);
        return own !== null && (id === own || id === `${api.name} ${own}`);
      });
      if (operation !== undefined) return { api, operation };
    }
    return null;
  }

  #parametersOf(step: Part, operation: OpenApiOperation): ReadonlyMap<string, ImportedText> {
    const all = [...listIn(this.#workflow.parameters), ...listIn(step.parameters)].map(given => {
      const { reference, ...own } = mapIn(given);
      const [, kind, name] = /^\$components\.(\w+)\.([\w.-]+)$/.exec(textIn(reference) ?? '') ?? [];
      const { components } = this.#around.root;
      return { ...mapIn(mapIn(mapIn(components)[kind ?? ''])[name ?? '']), ...own };
    });
    return new Map(
      all.map(({ name, in: place, value }) => {
        const own = textIn(name) ?? '';
        const known = operation.parameters.find(parameter => parameter.name === own);
        return [`${textIn(place) ?? textIn(known?.in) ?? 'query'} ${own}`, this.#values.text(value)] as const;
      }),
    );
  }

  #bodyOf(written: unknown): ImportedBody | undefined {
    const { contentType, payload, replacements } = mapIn(written);
    if (payload === undefined) return undefined;
    const value = this.#values.json(replaced(payload, replacements));
    const media = mediaTypeOf(textIn(contentType) ?? 'application/json');
    const text =
      value instanceof FilledText ? value.text : typeof value === 'string' ? sentText(value) : null;
    if (text !== null) return { kind: 'text', type: media, text };
    if (!media.includes('form')) return { kind: 'json', json: value };
    const kind = media.startsWith('multipart/') ? 'multipart' : 'form';
    const fields = Object.entries(mapIn(value)).map(([name, item]) => ({
      name,
      value: item instanceof FilledText ? item.text : sentText(simpleText(item)),
    }));
    return { kind, fields };
  }

  /** Captures of the outputs that something uses. */
  #captures(step: Part, what: string) {
    const id = textIn(step.stepId) ?? '';
    const used = JSON.stringify(this.#workflow.steps);
    return Object.entries(mapIn(step.outputs)).flatMap(([name, expression]) => {
      if (!used.includes(`$steps.${id}.outputs.${name}`)) return [];
      try {
        const capture = this.#values.output(id, name, expression);
        return capture === null ? [] : [capture];
      } catch (error) {
        if (!(error instanceof UnknownExpression)) throw error;
        this.#around.omissions.add(`${what}: ${name}`, 'as outputs that cannot be captured');
        return [];
      }
    });
  }

  #notCarried(part: Part, names: readonly string[], what: string): void {
    for (const name of names.filter(one => one in part))
      this.#around.omissions.add(`${name} of ${what}`, 'as parts that do not map');
  }
}
