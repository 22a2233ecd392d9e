/** Appending records that belong to no other write: what arrives while one group is under way is the next group. */
import type { Connection, mongo } from 'mongoose';

interface Waiting {
  readonly documents: readonly Row[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}
type Row = mongo.Document & { readonly _id: string };

const MOST_IN_ONE = 500;

/** Makes an appender to one collection; its promise is kept when a majority has the documents in the journal. */
export function appender<Document extends Row>(
  connection: Connection,
  name: string,
): (documents: readonly Document[]) => Promise<void> {
  const waiting: Waiting[] = [];
  let running = false;

  const flush = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      const group = waiting.splice(0, MOST_IN_ONE);
      const rows = group.flatMap(({ documents }) => [...documents]);
      await connection
        .collection<Row>(name)
        .insertMany(rows, { writeConcern: { w: 'majority', journal: true } })
        .then(
          () =>
            group.forEach(({ done }) => {
              done();
            }),
          (error: unknown) =>
            group.forEach(({ failed }) => {
              failed(error);
            }),
        );
    }
    running = false;
  };
  return (documents) =>
    new Promise((done, failed) => {
      waiting.push({ documents, done, failed });
      if (!running) setImmediate(() => void (!running && flush()));
    });
}
