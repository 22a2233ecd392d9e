/** What a place to look for `mongod` is asked, and what it answers. */

export interface Need {
  /** Directory of this user where downloaded copies are kept. */
  readonly cacheDir: string;
  /** The MongoDB that wrote the data there are, such as `6.0.5`; absent for a new store. */
  readonly dataVersion?: string;
  /** Tells a person what takes long. */
  readonly say: (text: string) => void;
}

/** A program that was tried and runs here. */
export interface Mongod {
  readonly path: string;
  readonly version: string;
}

/** Why a place has nothing to offer: ends a sentence that begins with the name of the place. */
export interface Missing {
  readonly missing: string;
}

export interface Source {
  readonly name: string;
  seek(need: Need): Promise<Mongod | Missing>;
}
