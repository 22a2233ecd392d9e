/** Queries have a longest time: what takes longer is told as such. */
import { fail } from '../core/failure.ts';

const EXCEEDED_TIME_LIMIT = 50;

/** What the database gave up on was too costly to ask. */
export async function bounded<T>(query: Promise<T>): Promise<T> {
  return query.catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === EXCEEDED_TIME_LIMIT) {
      fail(
        'too-costly',
        'The search took too long and was ended; narrow it (a patient, an identifier, a name with a birth date).',
      );
    }
    throw error;
  });
}
