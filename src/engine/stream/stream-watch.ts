import type { StreamSeen } from '../../model/run/exchange.ts';
import { type Micros, micros, microsToMillis } from '../../model/units.ts';
import { fieldIn } from '../answer/head-fields.ts';
import type { EventListener, EventReader } from './event-reader.ts';
import { EventText, longestEvent, type SharedRoom } from './event-text.ts';
import { LineReader } from './line-reader.ts';
import type { ReadyStream } from './ready-stream.ts';
import { SseReader } from './sse-reader.ts';

/** What of a user its stream needs. */
interface StreamingUser {
  readonly due: Micros;
  readonly sentAt: Micros;
  /** When the bytes came that are being read. */
  readonly readAt: Micros;
}

/** How the request ended. */
type End =
  | { readonly kind: 'ok' | 'unfinished' }
  | { readonly kind: 'failed'; readonly failure: { readonly kind: string } };

/** Gaps are noted when there are so many, so that a stream without end takes no more memory. */
const mostGaps = 1_024;
const none: Micros = micros(-1);

/** Watches one streamed answer: when its events come, and whether it comes whole. An event came with the read that completed it. */
export class StreamWatch implements EventListener {
  readonly #rule: ReadyStream;
  readonly #user: StreamingUser;
  readonly #text: EventText;
  readonly #reader: EventReader & { readonly fault?: string | null };
  /** Null before the head, then whether the answer is read as a stream. */
  #isStream: boolean | null = null;
  #coding: string | null = null;
  #firstAt: Micros = none;
  #firstNoted = false;
  #lastAt: Micros = none;
  #hasEnd = false;
  #isWhole = false;
  #gaps: number[] = [];
  /** When the event came before the first of the gaps. */
  #gapsFrom: Micros = none;
  #longestGap = 0;
  /** Events from the first that counts on. */
  events = 0;
  /** Of the answer; 0 before its head. */
  status = 0;

  constructor(rule: ReadyStream, user: StreamingUser, room: SharedRoom | null) {
    this.#rule = rule;
    this.#user = user;
    this.#text = new EventText(room);
    this.#reader = rule.format === 'sse' ? new SseReader(this, this.#text) : new LineReader(this, this.#text);
  }

  /** The head has come; `text` is all of it. */
  begin(status: number, text: string): void {
    this.status = status;
    this.#isStream = this.#rule.expects(status);
    const coding = fieldIn(text.toLowerCase(), 'content-encoding')?.trim() ?? '';
    this.#coding = coding === '' || coding === 'identity' ? null : coding;
  }

  /** Reads a piece of the body; false where an event is longer than can be kept. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#isStream !== true || this.#coding !== null) return true;
    return this.#reader.read(bytes, start, end);
  }

  /** Why an event could not be kept. */
  get lack(): { readonly kind: 'stream' | 'tooLarge'; readonly detail: string } | null {
    if (this.#text.lack === null) return null;
    if (this.#text.lack === 'tooLong') {
      return { kind: 'stream', detail: `an event of more than ${longestEvent} bytes` };
    }
    return { kind: 'tooLarge', detail: 'no room for an event of its stream (maxBodies)' };
  }

  /** Lets go of the memory that is shared. */
  release(): void {
    this.#text.release();
  }

  wantsText(): boolean {
    const { isFirst, isEnd } = this.#rule;
    return (isFirst !== null && this.#firstAt < 0) || (isEnd !== null && !this.#hasEnd);
  }

  event(text: EventText): void {
    const { isFirst, isEnd } = this.#rule;
    if (isEnd !== null && !this.#hasEnd) this.#hasEnd = isEnd(text);
    const now = this.#user.readAt;
    if (this.#firstAt < 0) {
      if (isFirst !== null && !isFirst(text)) return;
      this.#firstAt = now;
      this.#gapsFrom = now;
    } else {
      const gap = Math.max(0, now - this.#lastAt);
      this.#longestGap = Math.max(this.#longestGap, gap);
      this.#gaps.push(gap);
    }
    this.events += 1;
    this.#lastAt = now;
    if (this.#gaps.length === mostGaps) this.#note(none);
  }

  /** What is wrong with a stream whose answer is complete; null where nothing is. */
  fault(): string | null {
    const { isEnd, isFirst } = this.#rule;
    if (this.#coding !== null) {
      return `the content-encoding ${this.#coding.slice(0, 40)}: a stream is read as it comes, without one`;
    }
    if (!this.#reader.finish()) return this.#after('ended in the midst of an event');
    if (this.#reader.fault != null) return this.#reader.fault;
    if (this.#firstAt < 0) return isFirst === null ? 'ended without an event' : 'no event is the first one';
    if (isEnd !== null && !this.#hasEnd) return this.#after('ended without its last event');
    this.#isWhole = true;
    return null;
  }

  #after(what: string): string {
    return `${what}, after ${this.events} ${this.events === 1 ? 'event' : 'events'}`;
  }

  /** How far it came, for a message about its end. */
  get progress(): string {
    if (this.#isStream !== true) return '';
    return this.events === 0
      ? ', no event'
      : `, ${this.events} ${this.events === 1 ? 'event' : 'events'} so far`;
  }

  /** What became of it: 1 where it came whole, 0 where it broke, NaN where it never began or the run cut it. */
  end(end: End, now: Micros): number {
    this.release();
    const isCut = end.kind === 'unfinished' || (end.kind === 'failed' && end.failure.kind === 'timeout');
    if (this.#isStream !== false) this.#note(isCut ? now : none);
    if (this.#isStream !== true || end.kind === 'unfinished') return Number.NaN;
    return this.#isWhole || end.kind === 'ok' ? 1 : 0;
  }

  /** When the stream is to be looked at next: when it is to be left, or has been without an event for too long. */
  nextLook(now: Micros): Micros {
    const { idleUs, listenUs } = this.#rule;
    const { sentAt } = this.#user;
    const since = sentAt < 0 ? now : Math.max(sentAt, this.#lastAt);
    const idle = idleUs === null ? Number.POSITIVE_INFINITY : since + idleUs;
    const leave = listenUs === null ? Number.POSITIVE_INFINITY : (sentAt < 0 ? now : sentAt) + listenUs;
    return micros(Math.min(idle, leave));
  }

  /** What is wrong with a stream that is left; null where nothing is. */
  leftFault(): string | null {
    return this.#firstAt < 0 ? 'left without an event' : null;
  }

  /** Whether it has been read for as long as it is to be. */
  isLeft(now: Micros): boolean {
    const { listenUs } = this.#rule;
    const { sentAt } = this.#user;
    return listenUs !== null && this.#isStream === true && sentAt >= 0 && now >= sentAt + listenUs;
  }

  /** The longest wait for an event that is allowed, once it is over; null before. */
  idleMs(now: Micros): number | null {
    const { idleUs } = this.#rule;
    const { sentAt } = this.#user;
    if (idleUs === null || sentAt < 0 || now < Math.max(sentAt, this.#lastAt) + idleUs) return null;
    return microsToMillis(idleUs);
  }

  /** What of it people are shown. */
  get seen(): StreamSeen {
    const { sentAt } = this.#user;
    return {
      events: this.events,
      firstMs: this.#firstAt < 0 ? null : microsToMillis(micros(this.#firstAt - sentAt)),
      longestGapMs: microsToMillis(micros(this.#longestGap)),
    };
  }

  /** Notes what is new; a wait that is cut at `cutAt` is only known to be at least as long. */
  #note(cutAt: Micros): void {
    const { due, sentAt } = this.#user;
    const isNew = this.#firstAt >= 0 && !this.#firstNoted;
    const isOpen = cutAt >= 0 && sentAt >= 0;
    const openFirstUs = isOpen && this.#firstAt < 0 ? micros(Math.max(1, cutAt - sentAt)) : null;
    const openGapUs = isOpen && this.#firstAt >= 0 ? micros(Math.max(1, cutAt - this.#lastAt)) : null;
    if (!isNew && openFirstUs === null && openGapUs === null && this.#gaps.length === 0) return;
    this.#rule.notes.add({
      endpoint: this.#rule.endpoint,
      due,
      firstAt: isNew ? this.#firstAt : null,
      firstUs: isNew ? micros(Math.max(1, this.#firstAt - sentAt)) : null,
      openFirstUs,
      openGapUs,
      from: this.#gapsFrom,
      gaps: this.#gaps,
    });
    this.#firstNoted ||= isNew;
    this.#gaps = [];
    this.#gapsFrom = this.#lastAt;
  }
}
