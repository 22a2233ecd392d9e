/** Loads the schedule that the project ships, or one compiled to another file. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSchedule } from './build-schedule.ts';
import type { Release } from './release.ts';
import type { Schedule } from './schedule.ts';

/** The release that the project ships. */
export const SHIPPED_RELEASE = fileURLToPath(new URL('release.json', import.meta.url));
const GUIDANCE = new URL('guidance.json', import.meta.url);

/**
 * Reads and builds a schedule; done once at start.
 * @param file a release written by `fhir-iis cdsi-data`; without it, the one that the project ships.
 */
export function loadSchedule(file = SHIPPED_RELEASE): Schedule {
  const release = JSON.parse(readFileSync(file, 'utf8')) as Release;
  return buildSchedule(release, loadGuidance());
}

/** The project's own words for CDC's guidance texts, by key. */
export function loadGuidance(): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(GUIDANCE, 'utf8')) as Record<string, string>;
}
