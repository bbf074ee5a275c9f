import type { RequestPhase } from '../../model/run/failure.ts';
import type { Expression } from '../../model/run/scenario.ts';
import { type Micros, micros } from '../../model/units.ts';
import { secretsInJson } from '../../safety/found-secrets.ts';
import { redactor } from '../../safety/secret.ts';
import type { CookieJar } from '../answer/cookie-jar.ts';
import type { Draws } from '../draws/draws.ts';
import { originOf, targetIn } from '../form/origin.ts';
import { filledText } from '../form/rendered.ts';
import type { StreamWatch } from '../stream/stream-watch.ts';
import { never } from './clock.ts';
import type { Expiring } from './deadlines.ts';
import type { Fork } from './fork.ts';
import type { OpenTransactions } from './open-transactions.ts';
import type { PreparedJourney, PreparedRequest } from './prepared-request.ts';

/** A connection, as its user sees it. */
export interface Carrier {
  destroy(): void;
}

/**
 * One virtual user and the one request that it has under way. Objects are used again, journey after journey, so that
 * sending allocates nothing.
 */
export class VirtualUser implements Expiring {
  /** Which user of a closed load this is; 0 in an open one. */
  readonly number: number;
  journey: PreparedJourney | null = null;
  /** The journey's index in the run: what its random choices are drawn from. */
  index = 0;
  step = 0;
  /** Whether the journey has made a request. */
  hasAsked = false;
  /** Where its random choices come from. */
  draws: Draws | null = null;
  readonly captured: string[];
  /** Which captures are not text, but JSON as it was written. */
  readonly capturedJson: boolean[];
  /** Bit by bit, which capture slots are filled. */
  readonly filled: boolean[];
  journeyStarted: Micros = never;

  request: PreparedRequest | null = null;
  /** What is sent, from when the request is rendered to its end. */
  bytes: Buffer | null = null;
  /** What the request is doing; null where none is under way. */
  phase: RequestPhase | null = null;
  due: Micros = never;
  /** How late the generator itself took the request up. */
  lag: Micros = never;
  sentAt: Micros = never;
  firstByteAt: Micros = never;
  /** When the bytes came that are being read. */
  readAt: Micros = never;
  bytesReceived = 0;
  /** Watches the events of the answer; null where that is no stream. */
  stream: StreamWatch | null = null;
  requestId: string | null = null;
  /** 1 where the answer held all that is expected of it, 0 where not, NaN where nothing was looked at. */
  held = Number.NaN;
  /** What the latest whole answer said of itself, by the plan's signals; null where the plan has none. */
  signals: Float64Array | null = null;
  /** Status line and header fields of an answer whose body is kept, which say how to read it. */
  answerHead = '';
  /** The cookies of the journey; null before the first. */
  cookies: CookieJar | null = null;
  /** The request to make before the journey's next step; null where there is none. */
  detour: PreparedRequest | null = null;
  /** Where it goes, and how many were made since the latest step. */
  detourTo = '';
  detoursMade = 0;
  /** What it has begun of what is measured as a whole; null where the plan measures nothing so. */
  transactions: OpenTransactions | null = null;
  /** What carries the request; null while it waits for a connection. */
  carrier: Carrier | null = null;

  deadline: Micros = never;
  wheelNext: Expiring | null = null;
  wheelPrevious: Expiring | null = null;
  queueNext: VirtualUser | null = null;
  queuePrevious: VirtualUser | null = null;

  /** Whom this user helps to make several requests at once; null of one that journeys by itself. */
  readonly leader: VirtualUser | null;
  /** Those who help this one. */
  readonly companions: VirtualUser[] = [];
  /** The requests that its companions make at once; null where they make none. */
  fork: Fork | null = null;
  /** Of a companion, where its request stands in the leader's journey. */
  place = 0;

  /** A companion shares what its leader captured. */
  constructor(number: number, leader: VirtualUser | null = null) {
    this.number = number;
    this.leader = leader;
    this.captured = leader?.captured ?? [];
    this.capturedJson = leader?.capturedJson ?? [];
    this.filled = leader?.filled ?? [];
  }

  /** Where its latest request stands in the journey. */
  get position(): number {
    return this.leader === null ? this.step - 1 : this.place;
  }

  /** Takes up one of the requests that its leader makes at once. */
  accompany(leader: VirtualUser, journey: PreparedJourney, place: number): void {
    this.journey = journey;
    this.index = leader.index;
    this.step = 0;
    this.place = place;
    this.draws = leader.draws;
    this.cookies = leader.cookies;
    this.detour = null;
  }

  /** Starts a journey at its first step. */
  embark(journey: PreparedJourney, index: number): void {
    this.journey = journey;
    this.index = index;
    this.step = 0;
    this.hasAsked = false;
    for (let slot = 0; slot < journey.slots; slot += 1) this.filled[slot] = false;
  }

  /** Ends a journey, and lets go of what the target said in it. */
  disembark(): void {
    this.journey = null;
    this.captured.length = 0;
    this.cookies = null;
    this.detour = null;
  }

  /** What fills a hole with a capture: its text, or its JSON where it is the whole value. */
  captureFor({ slot, whole }: Extract<Expression, { kind: 'capture' }>): string {
    const text = this.captured[slot] ?? '';
    return whole === true && this.capturedJson[slot] !== true ? JSON.stringify(text) : text;
  }

  /** A text that an answer may have brought, without the secrets that this journey captured or has as cookies. */
  withoutCaptured(text: string): string {
    const slots = [...(this.journey?.secretSlots ?? [])].filter(slot => this.filled[slot]);
    const captured = slots.flatMap(slot => {
      const value = this.captured[slot] ?? '';
      return this.capturedJson[slot] === true ? secretsInJson(JSON.parse(value), true) : [value];
    });
    const secrets = [...captured, ...(this.cookies?.secrets ?? [])];
    if (secrets.length === 0) return text;
    return redactor(secrets)(text);
  }

  /** What fills a hole; `before` is the text of the request up to it. */
  fill(expression: Expression, before: string): string {
    switch (expression.kind) {
      case 'data':
        return this.draws?.datum(expression, this.index) ?? '';
      case 'capture':
        return this.captureFor(expression);
      case 'iteration':
        return String(this.index + 1);
      case 'redirect':
        return this.detourTo;
      case 'generated':
        return this.draws?.generated(expression, this.index, this.position) ?? '';
      case 'file':
        return '';
      case 'joined':
        return filledText(expression.template, inner => this.fill(inner, before));
      case 'cookies': {
        const site = this.request?.site ?? null;
        return site === null || this.cookies === null
          ? ''
          : this.cookies.sentTo(originOf(site) + targetIn(before));
      }
    }
  }

  /** Takes up a request that was due at a moment. */
  take(request: PreparedRequest, due: Micros, now: Micros): void {
    this.request = request;
    this.hasAsked = true;
    this.bytes = request.bytes;
    this.due = due;
    this.lag = micros(now - due);
    this.deadline = micros(due + request.timeout);
    this.sentAt = never;
    this.firstByteAt = never;
    this.bytesReceived = 0;
    this.requestId = null;
    this.held = Number.NaN;
  }
}
