/** What an operation is asked with: parameters of the URL, or of a Parameters resource (https://hl7.org/fhir/R4/operations.html#request). */
import type { CodeableConcept, Coding, ParametersParameter, Resource } from '@medplum/fhirtypes';
import type { Ask, QueryPair } from '../core/context.ts';
import { fail } from '../core/failure.ts';
import { targetOf } from '../search/kinds/reference.ts';

export interface Inputs {
  /** A simple value, as text. */
  text(name: string): string | undefined;
  all(name: string): readonly string[];
  /** @throws Failure `invalid-value` for what is neither true nor false */
  flag(name: string): boolean | undefined;
  /** @throws Failure `invalid-value` for what is no whole number from 0 on */
  count(name: string): number | undefined;
  /** The codings of a `coding` or `codeableConcept`. */
  codings(): readonly Coding[];
  resource(name: string): Resource | undefined;
}

function parametersOf({ body }: Ask): readonly ParametersParameter[] {
  if (body?.kind !== 'resource' || body.resource.resourceType !== 'Parameters') return [];
  return body.resource.parameter ?? [];
}

/** @throws Failure `not-understood` for a name that the operation does not have, unless lenience is asked for */
function checkNames(ask: Ask, names: readonly string[], known: readonly string[]): void {
  if (ask.prefer.handling === 'lenient') return;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    fail(
      'not-understood',
      `$${ask.operation ?? ''} here takes ${known.join(', ')}; leave out what it does not.`,
    );
}

function codingsIn(parameters: readonly ParametersParameter[]): readonly Coding[] {
  const concept = (each: ParametersParameter): CodeableConcept | undefined => each.valueCodeableConcept;
  return parameters.flatMap((each) => [
    ...(each.valueCoding === undefined ? [] : [each.valueCoding]),
    ...(concept(each)?.coding ?? []),
  ]);
}

/** A parameter of a body that has a simple value, as a query would write it. */
function simple({ name, ...values }: ParametersParameter): readonly QueryPair[] {
  return Object.values(values).flatMap((value): QueryPair[] => {
    if (typeof value === 'string') return [[name, value]];
    return typeof value === 'number' || typeof value === 'boolean' ? [[name, String(value)]] : [];
  });
}

const notA = (name: string, what: string): never => fail('invalid-value', `${name} must be ${what}.`);

/**
 * The inputs of an operation.
 * @param known names of all parameters that it takes
 * @throws Failure `not-understood`
 */
export function inputsOf(ask: Ask, known: readonly string[]): Inputs {
  const parameters = parametersOf(ask);
  checkNames(ask, [...ask.query.map(([name]) => name), ...parameters.map(({ name }) => name)], known);
  const given = [...ask.query, ...parameters.flatMap(simple)];
  const all = (name: string): readonly string[] =>
    given.filter(([each, value]) => each === name && value !== '').map(([, value]) => value);
  return {
    all,
    text: (name) => all(name)[0],
    flag: (name) => {
      const [text] = all(name);
      if (text === undefined) return undefined;
      return text === 'true' || (text === 'false' ? false : notA(name, 'true or false'));
    },
    count: (name) => {
      const [text] = all(name);
      if (text === undefined) return undefined;
      return /^\d{1,9}$/.test(text) ? Number(text) : notA(name, 'a whole number from 0 on');
    },
    codings: () => codingsIn(parameters),
    resource: (name) => parameters.find((each) => each.name === name)?.resource,
  };
}

/** The code that is asked about: `code` with `system`, a `coding`, or the codings of a `codeableConcept`. */
export function codesAsked(inputs: Inputs, system: string | undefined): readonly Coding[] {
  const code = inputs.text('code');
  const given = code === undefined ? [] : [{ code, ...(system !== undefined && { system }) }];
  const codings = [...given, ...inputs.codings()].filter((each) => each.code !== undefined);
  if (codings.length > 0) return codings;
  return fail('required', 'Ask about a code: code and system, coding, or codeableConcept.');
}

/**
 * The id of the resource that a parameter refers to, in its valueReference.
 * @throws Failure `invalid-value` for a reference that leads elsewhere
 */
export function referenceIn(ask: Ask, name: string, type: string): string | undefined {
  const given = parametersOf(ask).find((each) => each.name === name);
  if (given === undefined) return undefined;
  const target = targetOf(given.valueReference?.reference ?? '');
  return target?.type === type && target.server === ''
    ? target.id
    : fail('invalid-value', `The parameter ${name} is a valueReference to a ${type} of this server.`);
}
