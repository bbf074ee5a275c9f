/** One file of a user's module, as it was read. */
export interface ModuleFile {
  readonly url: string;
  readonly text: string;
  /** The JavaScript of a module; null where Node reads the file by itself. */
  readonly script: string | null;
}

/** A scenario that is code: threads import it from what was read once, so that all run the same. */
export interface UserModule {
  /** The URL of the file that exports the scenario. */
  readonly entry: string;
  /** With the entry, the files that it imports by a relative path, and so on. */
  readonly files: readonly ModuleFile[];
}

/** Where a function stands in what a module exports: names of members and indexes of lists. */
export type FunctionPlace = readonly (string | number)[];

/** A function of a scenario, as the threads know it that do not run it. */
export class UserFunction {
  readonly name: string;
  readonly place: FunctionPlace;
  /** Of an `async` function or a generator, which answers before it is done. */
  readonly isAsync: boolean;

  constructor(name: string, place: FunctionPlace, isAsync: boolean) {
    this.name = name;
    this.place = place;
    this.isAsync = isAsync;
  }
}

/** A value in a scenario that no file of settings can hold, such as a Date. */
export class ForeignValue {
  /** For instance `a Date`. */
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}
