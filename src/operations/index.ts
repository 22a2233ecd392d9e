/** Every `$operation` by its name in the catalog, and who carries it out. */
import type { Handler } from '../interactions/rooms.ts';
import { accountingOfDisclosures } from './accounting-of-disclosures.ts';
import { settleDoses } from './doses/decide-doses.ts';
import { immunizationHistory } from './doses/history.ts';
import { emergencyAccess } from './emergency/access.ts';
import { everything } from './everything.ts';
import { expand } from './expand.ts';
import { explainAccess } from './explain-access.ts';
import { immdsForecast } from './immds-forecast.ts';
import { lookup } from './lookup.ts';
import { match } from './match.ts';
import { merge } from './merge/merge.ts';
import { unmerge } from './merge/unmerge.ts';
import { original } from './rejected/original.ts';
import { resend } from './rejected/resend.ts';
import { review } from './review.ts';
import { settle } from './settle.ts';
import { meta } from './meta.ts';
import { CHANGES, type ChangeName } from '../participants/changes.ts';
import { admit, admitPerson, release } from './participants/admit.ts';
import { members } from './participants/members.ts';
import { changer } from './participants/change.ts';
import { apply, enrollClient, enrollPerson } from './participants/enroll.ts';
import { linkIdentity, resetSecondFactor, unlinkIdentity } from './participants/sign-on.ts';
import { participation } from './participants/participation.ts';
import { answerAmendment } from './amendments/answer.ts';
import { requestAmendment } from './amendments/request.ts';
import { panel, panelCounts } from './panel/panel.ts';
import { dataQuality } from './quality/data-quality.ts';
import { translate } from './translate.ts';
import { validateCode } from './validate-code.ts';
import { validate } from './validate.ts';

export const operations: ReadonlyMap<string, Handler> = new Map([
  ['meta', meta],
  ['everything', everything],
  ['emergency-access', emergencyAccess],
  ['explain-access', explainAccess],
  ['accounting-of-disclosures', accountingOfDisclosures],
  ['immds-forecast', immdsForecast],
  ['immunization-history', immunizationHistory],
  ['settle-doses', settleDoses],
  ['match', match],
  ['merge', merge],
  ['unmerge', unmerge],
  ['review', review],
  ['settle', settle],
  ['original', original],
  ['resend', resend],
  ['validate', validate],
  ['lookup', lookup],
  ['validate-code', validateCode],
  ['expand', expand],
  ['translate', translate],
  ['apply', apply],
  ['enroll-person', enrollPerson],
  ['enroll-client', enrollClient],
  ['reset-second-factor', resetSecondFactor],
  ['link-identity', linkIdentity],
  ['unlink-identity', unlinkIdentity],
  ['participation', participation],
  ['admit', admit],
  ['admit-person', admitPerson],
  ['release', release],
  ['members', members],
  ['request-amendment', requestAmendment],
  ['answer-amendment', answerAmendment],
  ['panel', panel],
  ['panel-counts', panelCounts],
  ['data-quality', dataQuality],
  ...Object.keys(CHANGES).map((name): [string, Handler] => [name, changer(name as ChangeName)]),
]);
