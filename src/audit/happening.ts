/** What is recorded beside the interactions of FHIR: sign-ons, tokens, participants, and the log's own beginnings and ends. */
import type { AuditEventEntity } from '@medplum/fhirtypes';
import { documentOf } from './document.ts';
import { eventOf, patientEntity, requestEntity } from './event.ts';
import type { Draft } from '../storage/strands.ts';
import { HAPPENINGS, OTHER, type What } from './words.ts';

export interface Happening {
  readonly what: What;
  readonly outcome: 'done' | 'refused' | 'failed';
  /** Who did it, or tried to; without a client it is the server itself. */
  readonly client?: string;
  readonly user?: string;
  readonly organization?: string;
  readonly role?: string;
  readonly purpose?: string;
  /** Id of the patient whom it is about. */
  readonly patient?: string;
  readonly from?: string;
  readonly requestId?: string;
  /** Facts by name; nothing secret. */
  readonly detail?: Readonly<Record<string, string>>;
}

const STATUS = { done: 200, refused: 403, failed: 500 } as const;

/** The record of what happened, to be stored now or with what changes. */
export const draftOf =
  (happening: Happening, now: () => Date): Draft =>
  (newId) => {
    const { what, outcome, client, user, from } = happening;
    const { type, subtype, action } = HAPPENINGS[what];
    const event = eventOf(
      newId(),
      { status: STATUS[outcome], recorded: now() },
      {
        ...{ type, subtype: [subtype], action, from, isRead: false },
        actor: client === undefined && user === undefined ? undefined : happening,
        entity: entitiesOf(happening),
      },
    );
    return [documentOf(event)];
  };

function entitiesOf({ patient, detail, requestId }: Happening): AuditEventEntity[] {
  const facts = Object.entries(detail ?? {}).map(([type, valueString]) => ({ type, valueString }));
  return [
    ...(patient === undefined ? [] : [patientEntity(patient)]),
    ...(facts.length === 0 ? [] : [{ type: OTHER, detail: facts }]),
    ...(requestId === undefined ? [] : [requestEntity(requestId)]),
  ];
}
