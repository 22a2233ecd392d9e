/** The resources among our files: everything under profiles/, the capability statement, every JSON example of the documents. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { library } from '../../src/terminology/library.ts';
import { publications } from '../../src/terminology/publication.ts';
import type { Subject } from './judge.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const under = (folder: string, ending: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));

const isResource = (text: string): boolean => {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && 'resourceType' in value;
  } catch {
    return false;
  }
};

/** JSON in a document: fenced, or the quoted body of a curl command. */
function examplesIn(text: string): readonly string[] {
  const fenced = [...text.matchAll(/^```json[^\n]*\n([\s\S]*?)^```/gm)].map((found) => found[1] ?? '');
  const bodies = [...text.matchAll(/-d '(\{[\s\S]*?\n\})'/g)].map((found) => found[1] ?? '');
  return [...fenced, ...bodies].filter(isResource);
}

function examples(path: string): readonly Subject[] {
  return examplesIn(read(path)).map((json, at) => ({ name: `${path} example ${at + 1}`, json }));
}

/** Our files and the code tables as they are published. */
export function documents(): readonly Subject[] {
  const files = [...under('profiles', '.json'), 'capability-statement.json'];
  return [
    ...files.map((path) => ({ name: path, json: read(path) })).filter(({ json }) => isResource(json)),
    ...publications(library()).map((each) => ({
      name: `${each.resourceType} ${each.id}`,
      json: JSON.stringify(each),
    })),
    ...['README.md', ...under('docs', '.md')].flatMap(examples),
  ];
}
