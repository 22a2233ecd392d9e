/**
 * What the modifiers of a token search mean: `:not`, `:text`, `:of-type`, value sets and hierarchies
 * (https://hl7.org/fhir/R4/search.html#token).
 */
import type { TokenParameter, TokenType } from '../../catalog/define.ts';
import { isSecretType } from '../../catalog/secret-systems.ts';
import { fail } from '../../core/failure.ts';
import { refuseModifier, refuseValue, type Asked, type Code } from '../asked.ts';
import { allOf, type Clause } from '../clause.ts';
import { cutAt, unescaped } from '../escape.ts';
import { keyOf } from '../key.ts';
import { EXPANSION_MAX } from '../limits.ts';
import { foldedOf } from './string.ts';
import { clauseOf, clauseOfTokens, parse, SECRET_PLACE } from './token.ts';

/** Values of these types have words beside their codes. */
const WORDED: ReadonlySet<TokenType> = new Set(['Coding', 'CodeableConcept', 'Identifier']);

/** Begins with the text, as every string search does. */
function clauseOfText(asked: Asked<TokenParameter>): Clause {
  if (!WORDED.has(asked.parameter.of)) return refuseModifier(asked);
  const prefixes = asked.values.map((value) => keyOf(`${asked.name}:text`, foldedOf(asked, value)));
  return { op: 'prefix', field: 'tokens', prefixes };
}

function clauseOfType(asked: Asked<TokenParameter>): Clause {
  if (asked.parameter.of !== 'Identifier') return refuseModifier(asked);
  const keys = asked.values.map((value) => {
    const [system = '', code = '', text = '', ...more] = cutAt('|', value).map(unescaped);
    if (code === '' || text === '' || more.length > 0) {
      return refuseValue(asked, ':of-type takes system|code|value, the first two of the type');
    }
    if (isSecretType(system === '' ? undefined : system, code)) fail('forbidden', SECRET_PLACE);
    return keyOf(`${asked.name}:of-type`, `${system}|${code}|${text}`);
  });
  return { op: 'in', field: 'tokens', keys };
}

/** Values of these types are codes of a system; others have no value sets and no hierarchies. */
const CODED: ReadonlySet<TokenType> = new Set(['code', 'Coding', 'CodeableConcept']);

function clauseOfCodes(asked: Asked<TokenParameter>, codes: readonly Code[]): Clause {
  if (codes.length > EXPANSION_MAX) {
    return fail('too-costly', `"${asked.name}" asks for more than ${EXPANSION_MAX} codes at once.`);
  }
  return clauseOf(asked, codes);
}

/** The codes of value sets that the server knows by their canonical. */
function clauseOfValueSet(asked: Asked<TokenParameter>): Clause {
  if (!CODED.has(asked.parameter.of)) return refuseModifier(asked);
  const codes = asked.values.flatMap(
    (value) =>
      asked.setting.expand?.(unescaped(value)) ??
      fail(
        'not-understood',
        `"${asked.name}:${asked.modifier ?? ''}" names a value set that this server does not have.`,
      ),
  );
  return clauseOfCodes(asked, codes);
}

/** The codes above or below, themselves included, where their system has a hierarchy that the server knows. */
function clauseOfHierarchy(asked: Asked<TokenParameter>, direction: 'above' | 'below'): Clause {
  if (!CODED.has(asked.parameter.of)) return refuseModifier(asked);
  const codes = asked.values.flatMap((value) => {
    const { system = asked.parameter.system, code } = parse(asked, value);
    if (code === undefined || system === undefined) {
      return refuseValue(asked, `:${direction} takes system|code`);
    }
    return (
      asked.setting.hierarchy?.(direction, { system, code }) ??
      fail(
        'not-understood',
        `The server knows no hierarchy in which "${asked.name}:${direction}" could look.`,
      )
    );
  });
  return clauseOfCodes(asked, codes);
}

const negated = (clause: Clause): Clause =>
  clause.op === 'in' ? { ...clause, op: 'not-in' } : { op: 'not', of: allOf([clause]) };

const MODIFIERS: Readonly<Record<string, (asked: Asked<TokenParameter>) => Clause>> = {
  not: (asked) => negated(clauseOfTokens(asked)),
  text: clauseOfText,
  'of-type': clauseOfType,
  in: clauseOfValueSet,
  'not-in': (asked) => negated(clauseOfValueSet(asked)),
  above: (asked) => clauseOfHierarchy(asked, 'above'),
  below: (asked) => clauseOfHierarchy(asked, 'below'),
};

export function compile(asked: Asked<TokenParameter>): Clause {
  const { modifier } = asked;
  if (modifier === undefined) return clauseOfTokens(asked);
  const compileBy = Object.hasOwn(MODIFIERS, modifier) ? MODIFIERS[modifier] : undefined;
  return compileBy === undefined ? refuseModifier(asked) : compileBy(asked);
}
