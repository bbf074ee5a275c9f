import type { CheckAnswer, Prepare } from '../../model/code/user-code.ts';
import type { DurationText, RangeText, RequestText, SizeText } from '../grammar/quantity-text.ts';

/** A request with whatever else there is to say of it. */
export interface ScenarioRequest {
  /** Method and path; `{{set.column}}` and `{{capture}}` are filled in, percent-encoded. */
  readonly request: RequestText;
  /** The name under which the step is measured. Default: the method and the path with `:name` for `{{name}}`. */
  readonly endpoint?: string;
  readonly headers?: Headers;
  /** The body as text, in which templates are filled in as they are; or a file. */
  readonly body?: string | ScenarioFileBody;
  /** The body as JSON, with its content-type; templates stand inside strings and are escaped. */
  readonly json?: Json;
  /** The body as a form, with its content-type; a field with a list is sent with each value. */
  readonly form?: { readonly [field: string]: FormValue | readonly FormValue[] };
  /** The body as a form with files, with its content-type. */
  readonly multipart?: {
    readonly [field: string]: FormValue | ScenarioUpload | readonly (FormValue | ScenarioUpload)[];
  };
  /** A request of GraphQL; the name of its operation becomes that of the endpoint. */
  readonly graphql?: ScenarioGraphql;
  /** How the request proves who sends it; `none` where `defaults` does not hold for it. */
  readonly auth?: ScenarioAuth | 'none';
  /** From the moment the request is due to its last byte. */
  readonly timeout?: DurationText;
  /** Whether redirects within the target are followed, each with a request of its own. */
  readonly redirects?: 'follow' | 'none';
  /** How the answer is read event by event. Default: as a whole. */
  readonly stream?: ScenarioStreamFormat | ScenarioStream;
  /** What an answer must be to count as ok. */
  readonly expect?: {
    /** The status, or the statuses, of an expected answer; `2xx` is any from 200 to 299. Default: any 2xx or 3xx. */
    readonly status?: number | `${number}xx` | readonly (number | `${number}xx`)[];
    /** What headers contain, or what else is expected of them. */
    readonly headers?: { readonly [name: string]: string | ScenarioTextTest };
    /** What the body contains, or what else is expected of it. */
    readonly body?: string | ScenarioTextTest;
    /** Values of the JSON answer by their path, or what else is expected of them. */
    readonly json?: {
      readonly [path: string]:
        | Exclude<Json, { readonly [key: string]: Json | undefined }>
        | ScenarioValueTest;
    };
    /** The most bytes of the answer, header and body as they are sent; or a range. */
    readonly size?: RangeText<SizeText>;
    /** The longest time from when the request is written to its last byte. */
    readonly time?: DurationText;
    /** A JSON Schema file that the body must satisfy. */
    readonly schema?: string;
    /** `ok` fails an answer of GraphQL that has `errors`, whatever its status. */
    readonly graphql?: 'ok';
  };
  /** Values of the answer that later steps use as `{{name}}`: `{ author: '$.authorId', next: { header: 'location' } }`. */
  readonly capture?: { readonly [name: string]: string | ScenarioCapture };
  /** Changes the request before it is sent; only in a scenario that is code. */
  readonly prepare?: Prepare;
  /** Looks at an answer that has an expected status; only in a scenario that is code. */
  readonly check?: CheckAnswer;
  readonly think?: never;
}

/** What a streamed answer consists of: `openai` is `sse` with OpenAI's first and last events. */
export type ScenarioStreamFormat = 'sse' | 'jsonLines' | 'openai';

/** How a streamed answer is read. */
export interface ScenarioStream {
  readonly format: ScenarioStreamFormat;
  /** A JSONPath: the first event that has something there counts as the first. Default: any event. */
  readonly first?: string;
  /** The event without which the stream is broken: its text, or a JSONPath where it has something. */
  readonly end?: string;
  /** The longest wait for an event. Default: the timeout alone. */
  readonly idle?: DurationText;
  /** Leaves the stream after this time. Default: reads to its end. */
  readonly listen?: DurationText;
}

/** The value of a field; in text, templates are filled in. */
export type FormValue = string | number | boolean;

/** A file that is sent as it is. */
export interface ScenarioFileBody {
  readonly file: string;
  /** Its content type. Default: by the ending of its name. */
  readonly type?: string;
}

/** A file that is uploaded in a form. */
export interface ScenarioUpload extends ScenarioFileBody {
  /** The name that is sent. Default: that of the file. */
  readonly name?: string;
}

/** A request of GraphQL. */
export interface ScenarioGraphql {
  /** The document, or a file with it. */
  readonly query: string | { readonly file: string };
  readonly variables?: Json;
  /** Which operation of the document is meant. Default: the only one. */
  readonly operationName?: string;
}

/** What is expected of a text; templates are filled in. */
export interface ScenarioTextTest {
  readonly equals?: string;
  readonly contains?: string;
  /** A regular expression that is found in it. */
  readonly matches?: string;
  /** Whether there is one. */
  readonly exists?: boolean;
}

/** What is expected of a JSON value; templates are filled in. */
export interface ScenarioValueTest {
  readonly equals?: Json;
  readonly not?: Json;
  readonly above?: number;
  readonly below?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** A part of a text, or an item of a list. */
  readonly contains?: Json;
  /** A regular expression that is found in it. */
  readonly matches?: string;
  /** The number of characters, items or members. */
  readonly length?: number;
  /** Whether there is one. */
  readonly exists?: boolean;
}

/** Where a value of an answer is found: at most one of `json`, `header`, `cookie` and `select`, else in the body. */
export interface ScenarioCapture {
  /** A JSONPath (RFC 9535), of which the first value counts. */
  readonly json?: string;
  readonly header?: string;
  /** A cookie that the answer sets. */
  readonly cookie?: string;
  /** A selector of CSS: the text of the first element of an HTML or XML answer that it fits. */
  readonly select?: string;
  /** An attribute of that element, instead of its text. */
  readonly attribute?: string;
  /** A regular expression: its first group is captured, or the whole match. */
  readonly match?: string;
}

/** A pause between two requests. */
export interface ScenarioThink {
  /** How long; a range from which it is drawn evenly, `200ms..800ms`; or the mean of exponentially distributed pauses. */
  readonly think: RangeText<DurationText> | { readonly mean: DurationText };
  readonly request?: never;
}

/** Request headers by name; one with a list is sent once with each value. */
export type Headers = { readonly [name: string]: string | readonly (string | number | boolean)[] };

/** What JSON can hold. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** A secret: a variable of the environment or a template in text, or a command that prints it. */
export type ScenarioSecret = string | { readonly command: readonly string[] };

/** How requests prove who sends them: one of these ways. */
export interface ScenarioAuth {
  readonly basic?: { readonly user: string; readonly password: ScenarioSecret };
  readonly bearer?: ScenarioSecret;
  /** A key in a header or in the query. */
  readonly apiKey?: { readonly header?: string; readonly query?: string; readonly value: ScenarioSecret };
  /** A token that is fetched before the load, and again before it expires. */
  readonly oauth2?: {
    readonly tokenUrl: string;
    /** Default: `clientCredentials`. */
    readonly grant?: 'clientCredentials' | 'password';
    readonly clientId: string;
    readonly clientSecret?: ScenarioSecret;
    readonly user?: string;
    readonly password?: ScenarioSecret;
    readonly scope?: string;
    readonly audience?: string;
    /** Where the client is named. Default: `header`. */
    readonly client?: 'header' | 'body';
  };
  /** AWS Signature Version 4; needs the package `aws4`. */
  readonly aws?: {
    readonly region: string;
    readonly service: string;
    readonly accessKeyId: ScenarioSecret;
    readonly secretAccessKey: ScenarioSecret;
    readonly sessionToken?: ScenarioSecret;
  };
  readonly hmac?: {
    readonly secret: ScenarioSecret;
    /** Default: `x-signature`. */
    readonly header?: string;
    /** Default: `sha256`. */
    readonly algorithm?: 'sha256' | 'sha1' | 'sha512';
    /** Default: `hex`. */
    readonly encoding?: 'hex' | 'base64';
    readonly prefix?: string;
    /** What is signed, one part a line. Default: the body. */
    readonly sign?: readonly ('timestamp' | 'method' | 'path' | 'body')[];
    /** The header that holds the time in seconds. */
    readonly timestamp?: string;
  };
}
