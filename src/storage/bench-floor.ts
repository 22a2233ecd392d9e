/**
 * The least that storing and reading a resource can cost on this machine: the driver alone, acknowledged as the
 * store acknowledges. The benchmark measures the server against it.
 */
import type { mongo } from 'mongoose';
import { connect } from './connect.ts';

interface Kept {
  readonly _id: string;
  readonly patient: string;
  readonly json: string;
}

export interface Floor {
  /** Stores ten texts for each patient, ids as patientOf and keptOf tell them. */
  fill(patients: number, textFor: (patient: string) => string): Promise<void>;
  /** Settles when the text is on a majority and in the journal. */
  insert(kept: Kept): Promise<void>;
  find(id: string): Promise<string | undefined>;
  /** At most ten texts of one patient. */
  findTen(patient: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

const TEN = 10;
const PATIENTS_AT_ONCE = 100;

/** Id of the nth patient that the floor is filled with. */
export const patientOf = (n: number): string => `p${n}`;
/** Id of the nth text that the floor is filled with. */
export const keptOf = (n: number): string => `${patientOf(Math.floor(n / TEN))}-${n % TEN}`;

async function fill(
  kept: mongo.Collection<Kept>,
  patients: number,
  textFor: (patient: string) => string,
): Promise<void> {
  for (let from = 0; from < patients; from += PATIENTS_AT_ONCE) {
    const until = Math.min(patients, from + PATIENTS_AT_ONCE) * TEN;
    const some = Array.from({ length: until - from * TEN }, (_, n): Kept => {
      const patient = patientOf(Math.floor((from * TEN + n) / TEN));
      return { _id: keptOf(from * TEN + n), patient, json: textFor(patient) };
    });
    await kept.insertMany(some, { ordered: false });
  }
}

/** Opens the floor on an empty database of its own. */
export async function openFloor(uri: string): Promise<Floor> {
  const connection = await connect(uri, 'fhir_iis_floor');
  const kept = connection.collection<Kept>('kept');
  await kept.createIndex({ patient: 1, _id: 1 }, {}, {});
  const onlyText = { projection: { _id: 0, json: 1 } } as const;
  return {
    fill: (patients, textFor) => fill(kept, patients, textFor),
    insert: async (one) => {
      await kept.insertOne(one);
    },
    find: async (id) => (await kept.findOne({ _id: id }, onlyText))?.json,
    findTen: async (patient) =>
      (await kept.find({ patient }, onlyText).limit(TEN).toArray()).map(({ json }) => json),
    close: () => connection.close(),
  };
}
