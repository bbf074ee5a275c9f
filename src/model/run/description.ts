/** Answers of one operation that are not as the description of the API declares them, in one way. */
export interface Drift {
  /** As the description has it: `GET /pets/{petId}`. */
  readonly operation: string;
  readonly status: number;
  /** A status or a media type that is not declared, or a body that does not match its schema. */
  readonly of: 'status' | 'type' | 'body';
  /** Of a body where it does not match and why, of a type what it is; null of a status. */
  readonly detail: string | null;
  readonly answers: number;
}

/** How a run compares with a description of its API. */
export interface DescriptionCheck {
  /** The file and its version, for people. */
  readonly source: string;
  readonly operations: number;
  /** Operations that the scenario does not load. */
  readonly uncovered: readonly string[];
  /** Endpoints of the scenario that the description does not have. */
  readonly undescribed: readonly string[];
  /** Answers of one pass behind the load whose type and body were looked at. */
  readonly answers: number;
  /** Why the bodies of operations that were asked could not be looked at. */
  readonly unchecked: readonly { readonly operation: string; readonly reason: string }[];
  readonly drifts: readonly Drift[];
}

/** An answer as it is held against a description: whole, and with whatever secrets are in it. */
export interface SeenAnswer {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly body:
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'unread'; readonly reason: string };
}
