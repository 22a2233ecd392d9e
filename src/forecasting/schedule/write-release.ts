/** Writes a release as JSON with one record a line, so that two releases can be compared line by line. */
import type { AntigenData, Release } from './release.ts';

export function writeRelease(release: Release): string {
  return `{\n${Object.entries(release)
    .map(([name, value]) => `${quote(name)}: ${member(name, value)}`)
    .join(',\n')}\n}\n`;
}

const quote = (value: unknown): string => JSON.stringify(value);

function member(name: string, value: unknown): string {
  if (name === 'antigens') return `[\n${(value as Release['antigens']).map(antigen).join(',\n')}\n]`;
  if (Array.isArray(value)) return `[\n${value.map((row) => ` ${quote(row)}`).join(',\n')}\n]`;
  if (typeof value !== 'object' || value === null) return quote(value);
  return `{\n${Object.entries(value)
    .map(([key, row]) => ` ${quote(key)}: ${quote(row)}`)
    .join(',\n')}\n}`;
}

function antigen({ series, ...rest }: AntigenData): string {
  const written = series.map(({ doses, ...about }) => {
    const lines = doses.map((dose) => `   ${quote(dose)}`).join(',\n');
    return `  ${quote(about).slice(0, -1)}, "doses": [\n${lines}\n  ]}`;
  });
  return ` ${quote(rest).slice(0, -1)}, "series": [\n${written.join(',\n')}\n ]}`;
}
