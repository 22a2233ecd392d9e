/** One criterion of a query: which parameter and modifier it names, and the clause that it means. */
import type {
  DateParameter,
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
import { NOTHING, type Clause } from './clause.ts';
import { cutAt, unescaped } from './escape.ts';
import * as date from './kinds/date.ts';
import * as reference from './kinds/reference.ts';
import * as string from './kinds/string.ts';
import * as token from './kinds/token.ts';
import * as uri from './kinds/uri.ts';
import { VALUES_MAX } from './limits.ts';
import { compileMissing } from './missing.ts';
import { namedOf } from './named.ts';

/** What Asked is once its parameter's kind is known. */
const as = <P extends SearchParameter>(asked: Asked, _kind: P['kind']): Asked<P> => asked as Asked<P>;

function compileKind(asked: Asked): Clause {
  switch (asked.parameter.kind) {
    case 'token':
      return token.compile(as<TokenParameter>(asked, 'token'));
    case 'string':
      return string.compile(as<StringParameter>(asked, 'string'));
    case 'date':
      return asked.name === '_lastUpdated'
        ? date.compileInstant(as<DateParameter>(asked, 'date'))
        : date.compile(as<DateParameter>(asked, 'date'));
    case 'reference':
      return reference.compile(as<ReferenceParameter>(asked, 'reference'));
    case 'uri':
      return uri.compile(as<UriParameter>(asked, 'uri'));
  }
}

/** Ids that no resource can have are no error: there is no such resource (R4 search.html#id). */
function compileId(asked: Asked): Clause {
  if (asked.modifier !== undefined) return refuseModifier(asked);
  const ids = asked.values.map(unescaped).filter(isId);
  return ids.length === 0 ? NOTHING : { op: 'in', field: '_id', keys: ids };
}

function compile(asked: Asked): Clause {
  if (asked.modifier === 'missing') return compileMissing(asked);
  return asked.name === '_id' ? compileId(asked) : compileKind(asked);
}

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
 * The clause that one parameter of a query means for a type; undefined where the type has no such parameter.
 *
 * @param code the parameter's name with its modifier, as in `name:exact`
 * @throws Failure `not-understood` for modifiers, `invalid-value` for values that the parameter cannot take
 */
export function criterionOf(
  entry: ResourceEntry,
  code: string,
  value: string,
  setting: Setting,
): Clause | undefined {
  const [name = '', ...modifiers] = code.split(':');
  const named = namedOf(entry, name);
  if (named === undefined) return undefined;
  if (modifiers.length > 1)
    return fail('not-understood', `The parameter "${name}" has more than one modifier.`);
  const modifier = modifiers[0];
  const values = alternatives(name, value);
  return compile({ ...named, values, setting, ...(modifier !== undefined && { modifier }) });
}
