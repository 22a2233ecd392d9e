/** Task/[id]/$review: what waits for staff, as it came, beside the people whom it may be of. Staff only. */
import type { ParametersParameter, Patient, Task } from '@medplum/fhirtypes';
import { fail } from '../core/failure.ts';
import { absent } from '../interactions/read.ts';
import { idOf, type Handler } from '../interactions/rooms.ts';
import { staffOnly } from '../interactions/staff.ts';
import { keptAsk, type Pending } from '../pending/kept-ask.ts';
import { inputsOf } from './inputs.ts';
import { parametersAnswer } from './parameters.ts';
import { PENDING } from '../storage/sealed-places.ts';

export const review: Handler = async (rooms, ask, grant, entry) => {
  staffOnly(ask.actor);
  inputsOf(ask, []);
  const id = idOf(ask);
  const stored = await rooms.store.read(grant, 'read', 'Task', id);
  if (stored === undefined) return absent(rooms, grant, 'Task', id);
  const pending = (await rooms.store.note(PENDING, id)) as Pending | undefined;
  if (pending === undefined) return fail('not-found', 'Nothing waits under this Task.');
  entry.concerns(stored.patients);
  const { original, contentType } = keptAsk(rooms.secrets, pending);
  const { input = [] } = JSON.parse(stored.json) as Task;
  const ids = input.flatMap(({ valueReference }) => valueReference?.reference?.split('/')[1] ?? []);
  const people = new Map((await rooms.store.readMany(grant, 'Patient', ids)).map((each) => [each._id, each]));
  const candidates = input.flatMap(({ valueReference, extension = [] }): ParametersParameter[] => {
    const person = people.get(valueReference?.reference?.split('/')[1] ?? '');
    if (person === undefined) return [];
    const part = extension.flatMap(({ valueCode, valueDecimal }): ParametersParameter[] =>
      valueCode === undefined
        ? [{ name: 'score', valueDecimal: Number(valueDecimal) }]
        : [{ name: 'grade', valueCode }],
    );
    return [
      {
        name: 'candidate',
        part: [...part, { name: 'patient', resource: JSON.parse(person.json) as Patient }],
      },
    ];
  });
  return parametersAnswer([
    { name: 'contentType', valueCode: contentType.split(';')[0] ?? '' },
    { name: 'original', valueBase64Binary: original.toString('base64') },
    ...candidates,
  ]);
};
