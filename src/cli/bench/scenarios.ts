/** What is measured: the requests of each scenario, on the server and on the floor beneath it. */
import type { Dice } from '../../sandbox/dice.ts';
import type { Bodies, Who } from './bodies.ts';
import type { Messages } from './messages.ts';
import { ER7 } from '../../core/media-types.ts';
import type { Aim, Shot } from './shot.ts';

/** What is in the store and can be asked for. */
export interface Known {
  /** Patients of ten doses each. */
  readonly patients: readonly string[];
  readonly doses: readonly string[];
  readonly people: readonly Who[];
}
export interface Setting {
  /** Path of the FHIR endpoint, without a slash at its end. */
  readonly base: string;
  readonly known: Known;
  readonly chance: Dice;
  readonly bodies: Bodies;
  readonly messages: Messages;
}
export interface Scenario {
  readonly means: string;
  /** The scenario of the floor that it stands on. */
  readonly floor?: string;
  readonly aim: (setting: Setting) => Aim;
}

const get = (path: string): Shot => ({ method: 'GET', path, status: 200 });

const create = ({ base, known, chance, bodies }: Setting): Shot => {
  const body = bodies.dose(`Patient/${chance.pick(known.patients)}`);
  return { method: 'POST', path: `${base}/Immunization`, body, status: 201 };
};
const transaction = ({ base, bodies }: Setting): Shot => ({
  method: 'POST',
  path: base,
  body: bodies.transaction().json,
  status: 200,
});
const read = ({ base, known, chance }: Setting): Shot =>
  get(`${base}/Immunization/${chance.pick(known.doses)}`);
const doses = ({ base, known, chance }: Setting): Shot =>
  get(`${base}/Immunization?patient=${chance.pick(known.patients)}`);
const people = ({ base, known, chance }: Setting): Shot => {
  const { family, birthDate } = chance.pick(known.people);
  return get(`${base}/Patient?family=${encodeURIComponent(family)}&birthdate=${birthDate}`);
};

const message = (body: string, expects: string): Shot => ({
  method: 'POST',
  path: '/hl7v2',
  contentType: ER7,
  body,
  status: 200,
  expects,
});
const vxu = ({ messages }: Setting): Shot => message(messages.vxu(), '\rMSA|AA|');
const query = ({ known, chance, messages }: Setting): Shot =>
  message(messages.query(chance.pick(known.people)), '|Z42^CDCPHINVS');

/** Shares of a working day: clinics look up and read far more than they write. */
const MIX = [
  [doses, 40],
  [read, 25],
  [people, 15],
  [create, 17],
  [transaction, 3],
] as const;

const each =
  (shoot: (setting: Setting) => Shot) =>
  (setting: Setting): Aim =>
  () =>
    shoot(setting);

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  create: { means: 'create Immunization', floor: 'floor-insert', aim: each(create) },
  transaction: { means: 'transaction: 1 patient, 10 doses', aim: each(transaction) },
  read: { means: 'read Immunization', floor: 'floor-find', aim: each(read) },
  doses: { means: "search a patient's 10 doses", floor: 'floor-ten', aim: each(doses) },
  people: { means: 'search Patient by family, birth date', aim: each(people) },
  mixed: {
    means: 'mixed (97 % single, 3 % transactions)',
    aim: (setting) => () => setting.chance.weigh(MIX)(setting),
  },
  'v2-vxu': { means: 'HL7 v2: VXU acknowledged', aim: each(vxu) },
  'v2-qbp': { means: 'HL7 v2: Z44 with forecast', aim: each(query) },
};

/** On the floor's own routes; ids are those that it filled its database with. */
export const FLOORS: Readonly<Record<string, Scenario>> = {
  'floor-fixed': { means: 'floor: Express, fixed resource', aim: () => () => get('/fixed') },
  'floor-insert': {
    means: 'floor: Express, driver insert',
    aim:
      ({ known, chance, bodies }) =>
      () => {
        const patient = chance.pick(known.patients);
        return {
          method: 'POST',
          path: `/kept/${patient}/${chance.uuid()}`,
          body: bodies.dose(`Patient/${patient}`),
          status: 201,
        };
      },
  },
  'floor-find': {
    means: 'floor: Express, driver find by id',
    aim:
      ({ known, chance }) =>
      () =>
        get(`/kept/${chance.pick(known.doses)}`),
  },
  'floor-ten': {
    means: 'floor: Express, driver find of 10',
    aim:
      ({ known, chance }) =>
      () =>
        get(`/ten/${chance.pick(known.patients)}`),
  },
};
