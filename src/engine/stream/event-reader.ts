import type { EventText } from './event-text.ts';

/** What is told of events. */
export interface EventListener {
  /** Whether the text of the event that begins is to be kept. */
  wantsText(): boolean;
  /** An event is whole; its text stands in the reader's, where it was wanted. */
  event(text: EventText): void;
}

/** Finds the events in a body that comes in pieces of any size. */
export interface EventReader {
  /** Reads on; false where an event cannot be kept. */
  read(bytes: Uint8Array, start: number, end: number): boolean;
  /** The body is over; whether it ended between two events. */
  finish(): boolean;
}
