/** One criterion of a query: which parameter and modifier it names, and the clause that it means. */
import type {
  CompositeParameter,
  DateParameter,
  NumberParameter,
  QuantityParameter,
  ReferenceParameter,
  ResourceEntry,
  SearchParameter,
  StringParameter,
  TokenParameter,
  UriParameter,
} from '../catalog/define.ts';
import { fail } from '../core/failure.ts';
import { isId } from '../core/id.ts';
import { refuseModifier, refuseValue, type Asked, type Setting } from './asked.ts';
import { allOf, NOTHING, type Clause } from './clause.ts';
import { cutAt, unescaped } from './escape.ts';
import * as composite from './kinds/composite.ts';
import * as date from './kinds/date.ts';
import * as number from './kinds/number.ts';
import * as quantity from './kinds/quantity.ts';
import * as reference from './kinds/reference.ts';
import * as string from './kinds/string.ts';
import * as token from './kinds/token-modifiers.ts';
import * as uri from './kinds/uri.ts';
import { VALUES_MAX } from './limits.ts';
import { compileMissing } from './missing.ts';
import { namedOf } from './named.ts';
import { refuseUnready } from './unready.ts';
import { besideIndex, usualKeys } from './usual.ts';

/** What Asked is once its parameter's kind is known. */
const as = <P extends SearchParameter>(asked: Asked, _kind: P['kind']): Asked<P> => asked as Asked<P>;

function compileOne(asked: Asked): Clause {
  const { parameter } = asked;
  switch (parameter.kind) {
    case 'token':
      return token.compile(as<TokenParameter>(asked, 'token'));
    case 'string':
      return string.compile(as<StringParameter>(asked, 'string'));
    case 'reference':
      return reference.compile(as<ReferenceParameter>(asked, 'reference'));
    case 'uri':
      return uri.compile(as<UriParameter>(asked, 'uri'));
    case 'number':
      return number.compile(as<NumberParameter>(asked, 'number'));
    case 'quantity':
      return quantity.compile(as<QuantityParameter>(asked, 'quantity'));
    case 'composite':
      return composite.compile(as<CompositeParameter>(asked, 'composite'));
    case 'date':
      return allOf(compileDates([as<DateParameter>(asked, 'date')]));
  }
}

const compileDates = (all: readonly Asked<DateParameter>[]): readonly Clause[] =>
  all[0]?.name === '_lastUpdated' ? date.compileInstant(all) : date.compile(all);

/** Ids that no resource can have are no error: there is no such resource (R4 search.html#id). */
function compileId(asked: Asked): Clause {
  if (asked.modifier !== undefined) return refuseModifier(asked);
  const ids = asked.values.map(unescaped).filter(isId);
  return ids.length === 0 ? NOTHING : { op: 'in', field: '_id', keys: ids };
}

const compile = (asked: Asked): Clause => besideIndex(compileAsked(asked), usualKeys(asked));

function compileAsked(asked: Asked): Clause {
  if (asked.modifier === 'missing') return compileMissing(asked);
  return asked.name === '_id' ? compileId(asked) : compileOne(asked);
}

const isDate = ({ parameter, modifier }: Asked): boolean =>
  parameter.kind === 'date' && modifier === undefined;

/** The alternatives of a value: an empty one is absent (R4 search.html#errors). */
function alternatives(name: string, value: string): readonly string[] {
  const values = cutAt(',', value).filter((each) => each !== '');
  if (values.length === 0) refuseValue({ name }, 'there is nothing between its commas');
  if (values.length > VALUES_MAX) {
    fail(
      'too-costly',
      `The parameter "${name}" has more than ${VALUES_MAX} values; ask for them in several searches.`,
    );
  }
  return values;
}

/**
 * The clauses that a parameter of a query means for a type; undefined where the type has no such parameter.
 *
 * @param code the parameter's name with its modifier, as in `name:exact`
 * @param values what was given for it: all must hold
 * @throws Failure `not-understood` for modifiers, `invalid-value` for values that the parameter cannot take
 */
export function criterionOf(
  entry: ResourceEntry,
  code: string,
  values: readonly string[],
  setting: Setting,
): readonly Clause[] | undefined {
  const [name = '', ...modifiers] = code.split(':');
  const named = namedOf(entry, name);
  if (named === undefined) return undefined;
  refuseUnready(setting, entry.type, name);
  if (modifiers.length > 1)
    return fail('not-understood', `The parameter "${name}" has more than one modifier.`);
  const modifier = modifiers[0];
  const all = values.map((value): Asked => ({
    ...named,
    values: alternatives(name, value),
    setting,
    ...(modifier !== undefined && { modifier }),
  }));
  return all.every(isDate) ? compileDates(all as readonly Asked<DateParameter>[]) : all.map(compile);
}
