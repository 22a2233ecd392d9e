/** Reads the conditional skips of a series dose (Logic Specification §6.2) from an antigen file. */
import { fail } from '../../core/failure.ts';
import type { ConditionalSkip, Logic, SkipCondition, SkipSet } from './release.ts';
import { date, duration, list, present, requiredText, text, wholeNumber, word } from './read-values.ts';
import { cvxCode } from './cvx.ts';
import { filled, type XmlElement } from './read-xml.ts';

export function readConditionalSkip(element: XmlElement): ConditionalSkip {
  return {
    context: word(element, 'context', ['Evaluation', 'Forecast', 'Both']) ?? 'Both',
    logic: logicOf(element, 'setLogic'),
    sets: filled(element, 'set').map(readSet),
  };
}

/** Empty and `n/a` stand where there is one member only; AND then means that member. */
function logicOf(element: XmlElement, name: string): Logic {
  return word(element, name, ['AND', 'OR']) ?? 'AND';
}

function readSet(set: XmlElement): SkipSet {
  return present({
    logic: logicOf(set, 'conditionLogic'),
    effectiveDate: date(set, 'effectiveDate'),
    cessationDate: date(set, 'cessationDate'),
    conditions: filled(set, 'condition').map(readCondition),
  });
}

const COUNT = /^vaccine count by (age|date|date and age|age and date)$/;

function readCondition(condition: XmlElement): SkipCondition {
  const type = requiredText(condition, 'conditionType').toLowerCase();
  if (type === 'age') return present({ type: 'Age' as const, ...ageRange(condition) });
  if (type === 'completed series')
    return { type: 'Completed Series', seriesGroups: list(condition, 'seriesGroups') };
  if (type === 'interval') return intervalCondition(condition);
  if (COUNT.test(type)) return countCondition(condition);
  return fail('not-understood', `A conditional skip has the unknown condition type ${type}`);
}

function ageRange(element: XmlElement) {
  return present({ beginAge: duration(element, 'beginAge'), endAge: duration(element, 'endAge') });
}

function intervalCondition(condition: XmlElement): SkipCondition {
  const interval = duration(condition, 'interval');
  if (interval === undefined) return fail('required', 'A conditional skip by interval has no <interval>');
  return { type: 'Interval', interval };
}

function countCondition(condition: XmlElement): SkipCondition {
  const doseCount = wholeNumber(condition, 'doseCount');
  if (doseCount === undefined) return fail('required', 'A conditional skip by count has no <doseCount>');
  return present({
    type: 'Vaccine Count' as const,
    ...ageRange(condition),
    startDate: date(condition, 'startDate'),
    endDate: date(condition, 'endDate'),
    doseCount,
    doseType: word(condition, 'doseType', ['Valid', 'Total']) ?? 'Total',
    doseCountLogic: countLogic(condition),
    vaccineTypes: list(condition, 'vaccineTypes').map(cvxCode),
  });
}

function countLogic(condition: XmlElement): 'greater than' | 'equal to' | 'less than' {
  if (text(condition, 'doseCountLogic')?.toLowerCase() === 'equal') return 'equal to';
  const logic = word(condition, 'doseCountLogic', ['greater than', 'equal to', 'less than']);
  return logic ?? fail('required', 'A conditional skip by count has no <doseCountLogic>');
}
