/** Cutting a job into parts, once: who plans the same job again goes on where the plan before stopped. */
import type { JobParts } from '../storage/job-parts.ts';

/** Ids in their order, after one: at most so many. */
export type IdsAfter = (after: string, limit: number) => Promise<readonly string[]>;

/** People in a part: some seconds of work, so that little is done twice after a crash. */
const PART_SIZE = 1000;

/** Makes the parts of a job that are missing; a job that is planned is left alone. */
export async function planJob(
  parts: JobParts,
  job: string,
  idsAfter: IdsAfter,
  { now, size = PART_SIZE }: { now: () => Date; size?: number },
): Promise<void> {
  if (await parts.isPlanned(job)) return;
  let after = '';
  for (let number = 1; ; number += 1) {
    const ids = await idsAfter(after, size);
    const last = ids.at(-1);
    if (last === undefined) break;
    await parts.add(job, number, { after, upTo: last, size: ids.length }, now());
    after = last;
  }
  await parts.planned(job, now());
}
