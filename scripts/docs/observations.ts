/** CDSi's observations as a CodeSystem: CDC lists them in its supporting data, and gives them no canonical of its own. */
import { readFileSync } from 'node:fs';
import type { CodeSystem } from '@medplum/fhirtypes';
import { SHIPPED_RELEASE } from '../../src/forecasting/schedule/load-schedule.ts';
import type { Release } from '../../src/forecasting/schedule/release.ts';
import { CDSI_OBSERVATION } from '../../src/operations/forecast/codes.ts';

/** The CodeSystem as text of its file in profiles/code-systems. */
export function observationSystem(): string {
  const { version, observations } = JSON.parse(readFileSync(SHIPPED_RELEASE, 'utf8')) as Release;
  const concept = Object.entries(observations)
    .map(([code, { title }]) => ({ code, display: title }))
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
  const system: CodeSystem = {
    resourceType: 'CodeSystem',
    id: 'cdsi-observation',
    url: CDSI_OBSERVATION,
    version,
    name: 'CdsiObservation',
    title: 'Observations of CDSi',
    status: 'active',
    experimental: false,
    date: '2026-11-27',
    publisher: 'fhir-iis',
    description:
      'What makes somebody immune, at risk or unfit for a vaccine, by the codes of the coded observations in CDC’s Clinical Decision Support for Immunization (CDSi). Forecasts count an Observation, a Condition or an AllergyIntolerance that has one of these codes, beside the codes of SNOMED CT and PHIN VADS that mean the same.',
    jurisdiction: [{ coding: [{ system: 'urn:iso:std:iso:3166', code: 'US' }] }],
    copyright: 'Codes and titles: CDC, CDSi supporting data; US government work, public domain.',
    caseSensitive: true,
    content: 'complete',
    count: concept.length,
    concept,
  };
  return `${JSON.stringify(system, null, 2)}\n`;
}
