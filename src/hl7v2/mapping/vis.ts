/**
 * Vaccine Information Statements: document (69764-9), edition (29768-9) and the day it was given (29769-7), tied
 * together by OBX-4. Senders mix sub-ids up; what has no partner of its own takes the next one that has none.
 */
import type { Immunization, ImmunizationEducation } from '@medplum/fhirtypes';
import { terminology } from '../../terminology/load.ts';
import { groupsOf } from '../../terminology/lookup.ts';
import type { Segment } from '../message.ts';
import { dayOf } from '../time.ts';
import type { OrderReading } from './order.ts';
import { filled, loincOf } from './read.ts';

export const DOCUMENT = '69764-9';
export const PUBLISHED = '29768-9';
export const PRESENTED = '29769-7';
/** How older senders name a statement: by the vaccine that it is about, or each of a combined one, beside its edition. */
export const VACCINES = ['30956-7', '38890-0'] as const;
/** The barcode: 253, the document's number of 13 digits, 11, and the edition as YYMMDD. */
const BARCODE = /^253\d{13}11(\d{2})(\d{2})(\d{2})$/;

interface Told {
  readonly group: string;
  readonly obx: Segment;
}

const editionIn = (barcode: string): string | undefined => {
  const [, year, month, day] = BARCODE.exec(barcode) ?? [];
  return year === undefined ? undefined : dayOf(`20${year}${month ?? ''}${day ?? ''}`);
};

/** Whether the table of statements has it. */
function isStatement(barcode: string): boolean {
  for (const statements of terminology().statements.values())
    if (statements.some(({ encoded }) => encoded === barcode)) return true;
  return false;
}

export function educationOf(
  reading: OrderReading,
  observations: readonly Segment[],
  given: string,
): Pick<Immunization, 'education'> {
  const told = (loinc: string): Told[] =>
    observations
      .filter((obx) => loincOf(obx) === loinc && obx.value(5) !== '')
      .map((obx) => ({ group: obx.value(4), obx }));
  const [documents, published, presented] = [told(DOCUMENT), told(PUBLISHED), told(PRESENTED)];
  const leaders = documents.length > 0 ? documents : published.length > 0 ? published : presented;
  const publishedOf = partners(leaders, published);
  const vaccineOf = partners(leaders, VACCINES.flatMap(told));
  const presentedOf = partners(leaders, presented);
  const education = leaders.flatMap((leader) =>
    statementOf(reading, given, {
      document: documents.includes(leader) ? leader.obx : undefined,
      vaccine: vaccineOf.get(leader)?.obx,
      published: publishedOf.get(leader)?.obx,
      presented: presentedOf.get(leader)?.obx,
    }),
  );
  return education.length === 0 ? {} : { education };
}

/** By sub-id first; then those left over, in their order. One day may hold for all the statements of a dose. */
function partners(leaders: readonly Told[], others: readonly Told[]): ReadonlyMap<Told, Told> {
  const found = new Map<Told, Told>();
  const left = [...others];
  for (const leader of leaders) {
    const at = left.findIndex(({ group }) => group === leader.group);
    const [partner] = at < 0 ? [] : left.splice(at, 1);
    if (partner !== undefined) found.set(leader, partner);
  }
  for (const leader of leaders.filter((each) => !found.has(each))) {
    const partner = left.shift();
    if (partner !== undefined) found.set(leader, partner);
  }
  return found;
}

interface Statement {
  readonly document: Segment | undefined;
  readonly vaccine: Segment | undefined;
  readonly published: Segment | undefined;
  readonly presented: Segment | undefined;
}

function statementOf(reading: OrderReading, given: string, statement: Statement): ImmunizationEducation[] {
  const { document, published, presented } = statement;
  const sent = document?.value(5) ?? '';
  if (document !== undefined && !isStatement(sent))
    reading.findings.report('vis-unrecognized', document, { field: 5 });
  const publicationDate = dateIn(reading, published, 'vis-published-invalid') ?? editionIn(sent);
  const barcode = sent || barcodeOf(statement.vaccine, publicationDate);
  const presentationDate = dateIn(reading, presented, 'vis-presented-invalid');
  if (presented !== undefined) checkOrder(reading, presented, [publicationDate, presentationDate, given]);
  const dates = filled({ publicationDate, presentationDate });
  // R4 wants a document or a reference (imm-1): a date alone is no statement.
  if (barcode !== '') return [{ documentType: barcode, ...dates }];
  return Object.keys(dates).length === 0 ? [] : [{ documentType: UNNAMED, ...dates }];
}

/** The statement of that edition about a vaccine, or the one about vaccines of just its group; empty where there is none. */
function barcodeOf(vaccine: Segment | undefined, edition: string | undefined): string {
  const terms = terminology();
  const sent = vaccine?.value(5) ?? '';
  const of = (cvx: string): string[] =>
    (terms.statements.get(cvx) ?? []).flatMap((each) => (each.edition === edition ? each.encoded : []));
  const [own] = of(sent);
  if (own !== undefined) return own;
  const groups = groupsOf(terms, sent).join();
  if (groups === '') return '';
  const related = [...terms.statements.keys()]
    .filter((cvx) => groupsOf(terms, cvx).join() === groups)
    .flatMap(of);
  const [only = '', ...others] = new Set(related);
  return others.length === 0 ? only : '';
}

function dateIn(
  { findings }: OrderReading,
  obx: Segment | undefined,
  invalid: 'vis-published-invalid' | 'vis-presented-invalid',
): string | undefined {
  if (obx === undefined) return undefined;
  const date = dayOf(obx.value(5));
  if (date === undefined) findings.report(invalid, obx, { field: 5 });
  return date;
}

function checkOrder(
  { findings }: OrderReading,
  presented: Segment,
  [edition, shown, given = '']: readonly (string | undefined)[],
): void {
  if (shown === undefined) return;
  if (edition !== undefined && shown < edition)
    findings.report('vis-presented-early', presented, { field: 5 });
  if (shown > given.slice(0, 10)) findings.report('vis-presented-late', presented, { field: 5 });
}

/** Older senders name the vaccine, and not the document. */
export const UNNAMED = 'Vaccine Information Statement';
