/**
 * Token search: the keys a value is stored under, and the keys a query asks for.
 * https://hl7.org/fhir/R4/search.html#token
 */
import type { TokenParameter, TokenType } from '../../catalog/define.ts';
import { isSecretSystem, isSecretType } from '../../catalog/secret-systems.ts';
import { fail } from '../../core/failure.ts';
import { refuseValue, type Asked, type Written } from '../asked.ts';
import { anyOf, NOTHING, type Clause } from '../clause.ts';
import { cutAt, unescaped } from '../escape.ts';
import { fold } from '../fold.ts';
import { keyOf } from '../key.ts';
import { textOf, textsOf, valuesOf } from '../values.ts';

export interface Token {
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
      return typeof value === 'object'
        ? valuesOf(value, ['coding']).flatMap((coding) => tokensOf('Coding', coding))
        : // The other side of a choice: a flag.
          tokensOf('boolean', value);
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

/** The keys that `code`, `system|code` and the like lead to; bare codes do without a system altogether. */
export function keysOfValue(of: TokenType, value: unknown): readonly string[] {
  const tokens = tokensOf(of, value);
  return BARE.has(of)
    ? tokens.flatMap(({ code }) => (code === undefined ? [] : [code]))
    : tokens.flatMap(keysOfToken);
}

/** The words beside the codes of a value. */
function textsOfValue(of: TokenType, value: unknown): readonly string[] {
  if (of === 'CodeableConcept') {
    const displays = valuesOf(value, ['coding']).flatMap((coding) => textsOf(coding, 'display'));
    return [...textsOf(value, 'text'), ...displays];
  }
  if (of === 'Coding') return textsOf(value, 'display');
  return of === 'Identifier' ? valuesOf(value, ['type']).flatMap((type) => textsOf(type, 'text')) : [];
}

/** `type system|type code|value`, for `:of-type`; a secret has none. */
function keysOfType(of: TokenType, value: unknown): readonly string[] {
  const code = of === 'Identifier' ? tokenOfIdentifier(value)?.code : undefined;
  if (code === undefined) return [];
  return valuesOf(value, ['type.coding']).map(
    (type) => `${textOf(type, 'system') ?? ''}|${textOf(type, 'code') ?? ''}|${code}`,
  );
}

export function index(name: string, { of }: TokenParameter, values: readonly unknown[]): Written {
  if (of === 'presence') return { tokens: [keyOf(name, presence(values))] };
  const under = (label: string, keysOf: (type: TokenType, value: unknown) => readonly string[]): string[] =>
    values.flatMap((value) => keysOf(of, value)).map((key) => keyOf(label, key));
  const texts = values.flatMap((value) => textsOfValue(of, value)).map(fold);
  const [sort] = values.flatMap((value) => tokensOf(of, value)).map(({ code }) => code);
  return {
    tokens: [
      ...under(name, keysOfValue),
      ...under(`${name}:of-type`, keysOfType),
      ...texts.filter((text) => text !== '').map((text) => keyOf(`${name}:text`, text)),
    ],
    ...(sort !== undefined && { sort }),
  };
}

/** The token asked for: `code`, `system|code`, `|code` (an empty system) or `system|`. */
export function parse(asked: Asked<TokenParameter>, value: string): Token {
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

export const SECRET_PLACE =
  'A social security number is a criterion only as system|value of "identifier" in the body of a POST _search.';

function clauseOfSecret({ setting, modifier, name }: Asked, { system = '', code }: Token): Clause {
  if (setting.inUrl || modifier !== undefined || name !== 'identifier' || code === undefined) {
    return fail('forbidden', SECRET_PLACE);
  }
  return { op: 'in', field: 'secretKeys', keys: setting.blind(system, code) };
}

/** The asked tokens. */
export function clauseOfTokens(asked: Asked<TokenParameter>): Clause {
  return clauseOf(
    asked,
    asked.values.map((value) => parse(asked, value)),
  );
}

/** One of the tokens: those of an index, and secrets, which have one of their own. */
export function clauseOf(asked: Asked<TokenParameter>, tokens: readonly Token[]): Clause {
  if (BARE.has(asked.parameter.of)) return anyOf(merged(tokens.map((token) => clauseOfCode(asked, token))));
  const secrets = tokens.filter(({ system }) => isSecretSystem(system));
  const plain = tokens.filter(({ system }) => !isSecretSystem(system));
  const keys = plain.map((token) => keyOf(asked.name, keyAsked(token)));
  return anyOf([
    ...(keys.length > 0 ? [{ op: 'in', field: 'tokens', keys } as const] : []),
    ...secrets.map((token) => clauseOfSecret(asked, token)),
  ]);
}

/** The key that one alternative asks for, where it is one of a composite; undefined where nothing can have it. */
export function keyOfAlternative(asked: Asked<TokenParameter>, value: string): string | undefined {
  const { system, code } = parse(asked, value);
  if (isSecretSystem(system)) return fail('forbidden', SECRET_PLACE);
  if (!BARE.has(asked.parameter.of)) return keyAsked({ system, code });
  return system === undefined || system === '' || system === asked.parameter.system ? code : undefined;
}

/** Alternatives that ask for keys of one field ask for all of them at once. */
function merged(clauses: readonly Clause[]): readonly Clause[] {
  const keys = clauses.flatMap((clause) => (clause.op === 'in' ? clause.keys : []));
  const others = clauses.filter(({ op }) => op !== 'in' && op !== 'none');
  return keys.length === 0 ? others : [{ op: 'in', field: 'tokens', keys }, ...others];
}
