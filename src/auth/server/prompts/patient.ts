/** Which patient an app is launched for: one of one's own, or one that is found. */
import type { QueryPair } from '../../../core/context.ts';
import { html, sendPage } from '../pages.ts';
import { parameterIn } from '../parts.ts';
import { candidates } from '../patients.ts';
import { accountOf, faultText, finish, type Prompt, type Step } from './step.ts';

const clientOf = ({ details }: Step): string => parameterIn(details.params, 'client_id') ?? '';

const FIELDS = ['family', 'birthdate', 'identifier'] as const;

function searched({ request }: Step): QueryPair[] {
  return FIELDS.flatMap((name): QueryPair[] => {
    const value = request.query[name];
    return typeof value === 'string' && value !== '' ? [[name, value]] : [];
  });
}

export const patient: Prompt = {
  show: async (step, fault) => {
    const account = await accountOf(step);
    const query = searched(step);
    const found =
      account === undefined ? [] : await candidates(step.parts.rooms, account, clientOf(step), query);
    const search = html`<form>
      <label>Family name <input type="text" name="family" /></label>
      <label>Birth date <input type="date" name="birthdate" /></label>
      <label>Identifier <input type="text" name="identifier" /></label><button>Find</button>
    </form>`;
    const list = found.map(
      ({ id, label }) =>
        html`<label class="choice"
          ><input type="radio" name="patient" value="${id}" required /> ${label}</label
        >`,
    );
    const none = html`<p class="note">Nobody is found; give more of what identifies the person.</p>`;
    sendPage(
      step.response,
      'Choose a patient',
      html`${faultText(fault)}${account?.patients === undefined ? search : undefined}
        <form method="post">
          ${
            list.length === 0
              ? none
              : html`<fieldset>
                  <legend>Found</legend>
                  ${list}
                </fieldset>`
          }
          <button>Choose</button><button name="refuse" formnovalidate class="other">Cancel</button>
        </form>`,
      fault === undefined ? 200 : 400,
    );
  },
  act: async (step, form) => {
    const account = await accountOf(step);
    const id = form.get('patient') ?? '';
    const [found] =
      account === undefined ? [] : await candidates(step.parts.rooms, account, clientOf(step), [['_id', id]]);
    const isOwn = account?.patients?.includes(id) ?? true;
    if (found === undefined || !isOwn) await patient.show(step, 'Choose one of these patients.');
    else await finish(step, { patient: { id } });
  },
};
