/** Puts patients of ten doses into the server and remembers what can be asked for. */
import { bodiesFrom, type Who } from './bodies.ts';
import type { Known } from './scenarios.ts';

const AT_ONCE = 8;

interface Answer {
  readonly entry?: readonly { readonly response?: { readonly location?: string } }[];
}

/** `Patient` and the id, from `Patient/1/_history/1`, relative or absolute. */
function idsIn(answer: Answer, type: string): readonly string[] {
  const locations = (answer.entry ?? []).map((entry) => entry.response?.location ?? '');
  return locations
    .map((location) => new RegExp(`(?:^|/)${type}/([^/]+)`).exec(location)?.[1])
    .filter((id) => id !== undefined);
}

async function send(url: string, body: string): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/fhir+json' },
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(
      `The server refused a transaction of the benchmark: ${response.status} ${text.slice(0, 500)}`,
    );
  return JSON.parse(text) as Answer;
}

/** Throws an Error where the server does not take a transaction. */
export async function prepare(url: string, run: string, patients: number): Promise<Known> {
  const bodies = bodiesFrom(0, run);
  const known = {
    patients: [] as string[],
    doses: [] as string[],
    people: [] as Who[],
  };
  const fill = async (): Promise<void> => {
    while (known.people.length < patients) {
      const { json, who } = bodies.transaction();
      known.people.push(who);
      const answer = await send(url, json);
      known.patients.push(...idsIn(answer, 'Patient'));
      known.doses.push(...idsIn(answer, 'Immunization'));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fill));
  return known;
}
