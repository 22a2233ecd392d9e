/**
 * Compiles a release of CDC's CDSi supporting data (antigen and schedule XML) into the compact form that the
 * project ships. The data are a work of the US government, in the public domain; CDC's sentences are not carried.
 */
import { createHash } from 'node:crypto';
import { fail } from '../../core/failure.ts';
import { checkReferences } from './check-references.ts';
import { readAntigen } from './read-antigen.ts';
import { readSchedule } from './read-schedule.ts';
import type { VaccineLists } from './read-series-dose.ts';
import { readXml } from './read-xml.ts';
import { RELEASE_FORMAT, type AllowableVaccines, type PreferableVaccine, type Release } from './release.ts';
import { ANTIGEN_SHAPE, SCHEDULE_SHAPE } from './shape.ts';

export interface XmlFile {
  readonly name: string;
  readonly text: string;
}

export interface Compiled {
  readonly release: Release;
  /** What in the release refers to something that it does not hold; the data are used all the same. */
  readonly warnings: readonly string[];
}

const SOURCE =
  'CDC Clinical Decision Support for Immunization (CDSi) supporting data; US government work, public domain';

/**
 * Compiles the XML files of one release.
 * @param version as CDC writes it, such as `4.64-508`; every forecast names it.
 * @throws Failure where a file has an element, word, length of time or date that this program does not know.
 */
export function compileRelease(files: readonly XmlFile[], version: string): Compiled {
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const schedules = sorted.filter(({ name }) => /^Schedule.*\.xml$/i.test(name));
  const antigens = sorted.filter(({ name }) => /^Antigen.*\.xml$/i.test(name));
  const [schedule] = schedules;
  if (schedule === undefined || antigens.length === 0) {
    return fail(
      'required',
      'A release has one ScheduleSupportingData.xml and AntigenSupportingData-….xml files beside it',
    );
  }
  const { lists, preferable, allowable } = vaccineLists();
  const release: Release = {
    format: RELEASE_FORMAT,
    version,
    digest: digestOf([...antigens, schedule]),
    source: SOURCE,
    ...readSchedule(readXml(schedule.text, schedule.name, 'scheduleSupportingData', SCHEDULE_SHAPE)),
    preferableVaccines: preferable,
    allowableVaccines: allowable,
    antigens: antigens.map(({ name, text }) =>
      readAntigen(readXml(text, name, 'antigenSupportingData', ANTIGEN_SHAPE), lists),
    ),
  };
  return { release, warnings: checkReferences(release) };
}

function digestOf(files: readonly XmlFile[]): string {
  const hash = createHash('sha256');
  for (const { name, text } of files) hash.update(`${name}\n${text}\n`);
  return hash.digest('hex');
}

function vaccineLists(): {
  readonly lists: VaccineLists;
  readonly preferable: (readonly PreferableVaccine[])[];
  readonly allowable: (readonly AllowableVaccines[])[];
} {
  const preferable: (readonly PreferableVaccine[])[] = [];
  const allowable: (readonly AllowableVaccines[])[] = [];
  return {
    lists: { preferable: interning(preferable), allowable: interning(allowable) },
    preferable,
    allowable,
  };
}

function interning<T>(lists: T[]): (list: T) => number {
  const places = new Map<string, number>();
  return (list) => {
    const key = JSON.stringify(list);
    const place = places.get(key) ?? lists.push(list) - 1;
    places.set(key, place);
    return place;
  };
}
