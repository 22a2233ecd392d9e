/**
 * Token search: the keys a value is stored under, and the keys a query asks for.
 * https://hl7.org/fhir/R4/search.html#token
 */
import type { TokenParameter, TokenType } from '../../catalog/define.ts';
import { isSecretSystem, isSecretType } from '../../catalog/secret-systems.ts';
import { fail } from '../../core/failure.ts';
import { refuseModifier, refuseValue, type Asked, type Written } from '../asked.ts';
import { allOf, anyOf, NOTHING, type Clause } from '../clause.ts';
import { cutAt, unescaped } from '../escape.ts';
import { keyOf } from '../key.ts';
import { textOf, valuesOf } from '../values.ts';

interface Token {
  readonly system?: string | undefined;
  readonly code?: string | undefined;
}

/** Types whose values have no system of their own beside them. */
const BARE: ReadonlySet<TokenType> = new Set([
  'code',
  'boolean',
  'string',
  'uri',
  'id',
  'presence',
  // Its system is its kind (phone, email), and not what a query calls a system.
  'ContactPoint',
]);

/** The keys of one value: `code`, `|code` where it has no system, `system|code` and `system|` where it has one. */
export function keysOfToken({ system, code }: Token): readonly string[] {
  if (system === undefined) return code === undefined ? [] : [code, `|${code}`];
  return code === undefined ? [`${system}|`] : [code, `${system}|`, `${system}|${code}`];
}

function tokenOfIdentifier(value: unknown): Token | undefined {
  const system = textOf(value, 'system');
  const types = valuesOf(value, ['type.coding']);
  const secret =
    isSecretSystem(system) ||
    types.some((type) => isSecretType(textOf(type, 'system'), textOf(type, 'code')));
  return secret ? undefined : { system, code: textOf(value, 'value') };
}

function tokensOf(of: TokenType, value: unknown): readonly Token[] {
  switch (of) {
    case 'CodeableConcept':
      return valuesOf(value, ['coding']).flatMap((coding) => tokensOf('Coding', coding));
    case 'Coding':
      return [{ system: textOf(value, 'system'), code: textOf(value, 'code') }];
    case 'Identifier':
      return [tokenOfIdentifier(value) ?? {}];
    case 'ContactPoint':
      return [{ code: textOf(value, 'value') }];
    default:
      return typeof value === 'string' || typeof value === 'boolean' ? [{ code: String(value) }] : [];
  }
}

const presence = (values: readonly unknown[]): string => String(values.some((value) => value !== false));

/** Whether the keys of bare codes do without a system altogether. */
const keysOfCode = (of: TokenType, token: Token): readonly string[] =>
  BARE.has(of) ? (token.code === undefined ? [] : [token.code]) : keysOfToken(token);

export function index(name: string, { of }: TokenParameter, values: readonly unknown[]): Written {
  if (of === 'presence') return { tokens: [keyOf(name, presence(values))] };
  const tokens = values.flatMap((value) => tokensOf(of, value));
  const sort = tokens[0]?.code;
  return {
    tokens: tokens.flatMap((token) => keysOfCode(of, token).map((key) => keyOf(name, key))),
    ...(sort !== undefined && { sort }),
  };
}

/** The token asked for: `code`, `system|code`, `|code` (an empty system) or `system|`. */
function parse(asked: Asked<TokenParameter>, value: string): Token {
  const parts = cutAt('|', value).map(unescaped);
  const [first = '', second] = parts;
  if (parts.length > 2 || (first === '' && second === '')) {
    return refuseValue(asked, 'a token is code, system|code, |code or system|');
  }
  if (second === undefined) return { code: first };
  return second === '' ? { system: first } : { system: first, code: second };
}

/** Of a bare code, the system is the one that the element's definition binds it to. */
function clauseOfCode({ name, parameter }: Asked<TokenParameter>, { system, code }: Token): Clause {
  if (system !== undefined && system !== '' && system !== parameter.system) return NOTHING;
  if (code === undefined) return { op: 'prefix', field: 'tokens', prefixes: [`${name}=`] };
  return { op: 'in', field: 'tokens', keys: [keyOf(name, code)] };
}

function keyAsked({ system, code = '' }: Token): string {
  return system === undefined ? code : `${system}|${code}`;
}

const SECRET_PLACE =
  'A social security number is a criterion only as system|value of "identifier" in the body of a POST _search.';

function clauseOfSecret({ setting, modifier, name }: Asked, { system = '', code }: Token): Clause {
  if (setting.inUrl || modifier !== undefined || name !== 'identifier' || code === undefined) {
    return fail('forbidden', SECRET_PLACE);
  }
  return { op: 'in', field: 'secretKeys', keys: setting.blind(system, code) };
}

/** The asked tokens: those of an index, and secrets, which have one of their own. */
function clauseOfTokens(asked: Asked<TokenParameter>): Clause {
  const tokens = asked.values.map((value) => parse(asked, value));
  if (BARE.has(asked.parameter.of)) return anyOf(merged(tokens.map((token) => clauseOfCode(asked, token))));
  const secrets = tokens.filter(({ system }) => isSecretSystem(system));
  const plain = tokens.filter(({ system }) => !isSecretSystem(system));
  const keys = plain.map((token) => keyOf(asked.name, keyAsked(token)));
  return anyOf([
    ...(keys.length > 0 ? [{ op: 'in', field: 'tokens', keys } as const] : []),
    ...secrets.map((token) => clauseOfSecret(asked, token)),
  ]);
}

/** Alternatives that ask for keys of one field ask for all of them at once. */
function merged(clauses: readonly Clause[]): readonly Clause[] {
  const keys = clauses.flatMap((clause) => (clause.op === 'in' ? clause.keys : []));
  const others = clauses.filter(({ op }) => op !== 'in' && op !== 'none');
  return keys.length === 0 ? others : [{ op: 'in', field: 'tokens', keys }, ...others];
}

export function compile(asked: Asked<TokenParameter>): Clause {
  if (asked.modifier === undefined) return clauseOfTokens(asked);
  if (asked.modifier !== 'not') return refuseModifier(asked);
  const clause = clauseOfTokens(asked);
  return clause.op === 'in' ? { ...clause, op: 'not-in' } : { op: 'not', of: allOf([clause]) };
}
