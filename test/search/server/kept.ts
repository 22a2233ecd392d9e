/** Resources put into the store of a world without a door: as it stores them, whether they would pass its checks or not. */
import { storedForm } from '../../../src/interactions/prepare.ts';
import type { Stored } from '../../../src/storage/store.ts';
import { insert, remove, supersede } from '../../../src/storage/write.ts';
import type { World } from '../../world/world.ts';
import type { Kept } from '../specification/finds.ts';

/** A second passes with every write. */
const TICK = 1000;

function formOf({ rooms, clock }: World, resource: Kept, version: number): Stored {
  clock.advance(TICK);
  const { catalog, secrets, baseUrl } = rooms;
  return storedForm({ catalog, secrets, baseUrl }, resource, {
    id: resource.id,
    version,
    lastUpdated: clock.now(),
  });
}

/** Stores a new resource. */
export async function keep(w: World, resource: Kept): Promise<Stored> {
  const stored = formOf(w, resource, 1);
  await w.rooms.store.commit(insert(resource.resourceType, stored));
  return stored;
}

/** Stores new resources at once. */
export async function keepAll(w: World, resources: readonly Kept[]): Promise<readonly Stored[]> {
  const forms = resources.map((resource) => formOf(w, resource, 1));
  await w.rooms.store.commit(
    forms.flatMap((stored, at) => insert(resources[at]?.resourceType ?? '', stored)),
  );
  return forms;
}

/** Stores the next version of a resource. */
export async function change(w: World, was: Stored, resource: Kept): Promise<Stored> {
  const stored = formOf(w, resource, was.version + 1);
  await w.rooms.store.commit(supersede(resource.resourceType, was, stored));
  return stored;
}

/** Deletes a resource. */
export async function drop(w: World, type: string, was: Stored): Promise<void> {
  w.clock.advance(TICK);
  await w.rooms.store.commit(remove(type, was, w.clock.now()));
}
