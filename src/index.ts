export { PlimsollError } from './model/error.ts';
export { readRecord } from './store/records/record-reader.ts';
