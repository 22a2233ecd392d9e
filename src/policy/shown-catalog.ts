/** The catalog as a caller knows it: without the search parameters that read what is hidden from it. */
import { parameterOf } from '../catalog/common.ts';
import type { ResourceEntry, SearchParameter } from '../catalog/define.ts';
import type { Catalog, Types } from '../catalog/index.ts';
import type { Grant } from './decide.ts';
import { isHidden, type Mask } from './mask.ts';

/** What a query may name. A type of which nothing is hidden is the catalog's own entry. */
export const shownCatalog = (catalog: Catalog, grant: Pick<Grant, 'mask'>): Types => ({
  get: (type) => {
    const entry = catalog.get(type);
    const mask = grant.mask(type);
    return entry === undefined || mask.hides.length + mask.closes.length === 0
      ? entry
      : entryUnder(entry, mask);
  },
});

const made = new WeakMap<Mask, Map<string, ResourceEntry>>();

/** Masks are few and shared, and the searches of an entry are remembered under it: it is made once. */
function entryUnder(entry: ResourceEntry, mask: Mask): ResourceEntry {
  const ofMask = made.get(mask) ?? new Map<string, ResourceEntry>();
  made.set(mask, ofMask);
  const shown = ofMask.get(entry.type) ?? narrowed(entry, mask);
  ofMask.set(entry.type, shown);
  return shown;
}

function narrowed(entry: ResourceEntry, mask: Mask): ResourceEntry {
  const { defaultSort, sort = [], ...rest } = entry;
  const isShown = (name: string): boolean => {
    const parameter = parameterOf(entry, name.replace(/^-/, ''));
    return parameter === undefined || !isHidden(mask, pathsOf(parameter));
  };
  return {
    ...rest,
    search: Object.fromEntries(Object.entries(entry.search).filter(([name]) => isShown(name))),
    sort: sort.filter(isShown),
    ...(defaultSort !== undefined && defaultSort.split(',').every(isShown) && { defaultSort }),
  };
}

/** All that a parameter reads; those of a composite's parts stand below the element that has both. */
function pathsOf(parameter: SearchParameter): readonly string[] {
  if (parameter.kind !== 'composite') return parameter.paths;
  return parameter.paths.flatMap((path) =>
    parameter.components.flatMap((part) =>
      part.paths.map((inner) => [path, inner].filter(Boolean).join('.')),
    ),
  );
}
