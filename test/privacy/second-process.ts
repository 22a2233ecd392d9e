/** A second server process on the database of a world: a program that listens until its parent is gone. */
import { world } from '../world/world.ts';
import { jurisdictionOf } from './packs.ts';
import { doorOf } from './server.ts';

const [, , database = '', state = '', at = ''] = process.argv;
const beside = { services: { connection: { name: database } } };
const w = await world({ beside, at, jurisdiction: jurisdictionOf(state) });
const { root } = await doorOf(w);
process.on('disconnect', () => process.exit());
process.send?.({ root, base: w.url });
