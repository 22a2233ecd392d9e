/**
 * What SMART App Launch asks of servers (its requirements set 2.2.0, whose numbers 2.0.0 shares; every SHALL of the actor
 * "Server"), in words of our own, and which tests show it. Where this server does not do a thing that is asked of those who
 * do it, the row says so.
 */

/** A test or a group of tests: its file below test/, and its title. */
export type Shown = `${string}#${string}`;

export interface Requirement {
  /** Numbers of the requirements set. */
  readonly ids: readonly number[];
  readonly says: string;
  readonly tests?: readonly Shown[];
  /** Why nothing is asked of this server. */
  readonly not?: string;
}

const LAUNCH =
  'auth/launch.test.ts#gives the app the patient that was chosen, who signed on, and nothing else';
const EHR = 'auth/launch.test.ts#is about the patient that the EHR has open';
const REFRESH = 'auth/launch.test.ts#gives a new token of the same launch, and a new refresh token';
const LESS = 'auth/launch.test.ts#gives less where less is asked for, never more';
const REFUSED = 'auth/launch.test.ts#an authorization request is refused';
const NO = 'auth/launch.test.ts#that is refused tells the app so';
const NARROWED = 'auth/launch.test.ts#grants no more than the person may have';
const DOCUMENT = 'auth/token-endpoints.test.ts#is JSON for anybody, with absolute addresses that answer';
const SERVICE = 'auth/backend-services.test.ts#proves itself by %s and reads';
const PROOF = 'auth/backend-services.test.ts#for a proof %s';
const REPLAY =
  'auth/backend-services.test.ts#for a proof that was used, though many come at once on several nodes';
const SUBSET = 'auth/backend-services.test.ts#gets of 21 types those that its registration has';
const INTROSPECTED = 'auth/token-endpoints.test.ts#says what a token opens, for whom, and until when';
const BY_BEARER = 'auth/standing.test.ts#shows a registry manager anybody’s token';
const EXPIRED = 'auth/tokens.test.ts#that was seen before ends on time all the same';
const CLAIMS = 'auth/tokens.test.ts#%s is refused';
const MATRIX = 'policy/scopes-matrix.test.ts#is closed to a scope that lacks one of them';
const OPEN = 'policy/scopes-matrix.test.ts#is open to a scope with the letters that it needs';
const OWN_RECORD = 'policy/scopes-reach.test.ts#shows that patient’s record and nobody else’s';
const CONSTRAINED = 'policy/scopes-reach.test.ts#shows and finds only what meets it';
const SECRET = 'auth/token-endpoints.test.ts#needs its secret, in the header or the form';
const REGISTERED = 'auth/token-endpoints.test.ts#makes an app that can be launched';
const KEYS = 'auth/keys-at-url.test.ts#are fetched, and fetched again after a client has changed them';
const JKU = 'auth/standing.test.ts#is at the registered address or in the registration, and nowhere else';
const CORS = 'auth/token-endpoints.test.ts#may ask the token endpoint from its own origin only';
const HEADERS = 'auth/token-endpoints.test.ts#is told before it asks which headers it may send';

const NO_ENCOUNTERS = 'A registry has no encounters: the capability and the parameter are not offered.';
const NO_CONTEXT = 'No launch context beside the patient is offered.';
const NO_BRANDS = 'The server hosts no User Access Brand Bundle and names none in smart-configuration.';

export const REQUIREMENTS: readonly Requirement[] = [
  { ids: [14, 15], says: 'PKCE by S256, never by plain', tests: [REFUSED, DOCUMENT] },
  { ids: [16], says: 'Discovery can be read from any origin', tests: [DOCUMENT] },
  {
    ids: [17],
    says: 'The token endpoint and the FHIR endpoint can be called from a client’s own origin',
    tests: [CORS, HEADERS],
  },
  {
    ids: [18],
    says: 'The addresses of an app are registered',
    tests: [
      REGISTERED,
      'auth/launch.test.ts#without leaving the server for an unknown client or another redirect',
    ],
  },
  { ids: [24, 316], says: 'A registration is answered with a client id', tests: [REGISTERED] },
  {
    ids: [30, 372, 373, 374, 377, 378, 380],
    says: 'smart-configuration: JSON whatever Accept says, absolute addresses',
    tests: [DOCUMENT],
  },
  {
    ids: [31],
    says: 'A code is exchanged with its verifier only',
    tests: ['auth/launch.test.ts#is good with its verifier and for its client only'],
  },
  { ids: [48], says: 'Authorization by GET', tests: [LAUNCH] },
  {
    ids: [49, 354],
    says: 'Authorization by POST',
    tests: ['auth/standing.test.ts#may be posted, and is the same as one that is got'],
  },
  { ids: [53, 56, 57], says: 'A grant comes back as a code at the redirect', tests: [LAUNCH] },
  { ids: [54], says: 'A refusal comes back as an error', tests: [NO] },
  { ids: [59], says: 'With the state that was sent', tests: [NO] },
  {
    ids: [73, 74, 75, 78, 84, 85],
    says: 'The token endpoint answers JSON with access_token, token_type and scope',
    tests: [LAUNCH, NARROWED],
  },
  { ids: [77, 94, 265], says: 'A token that has expired does not count', tests: [EXPIRED, CLAIMS] },
  { ids: [86, 87], says: 'Tokens are never cached', tests: [LAUNCH] },
  { ids: [88], says: 'Tokens live as long as their answer says', tests: [INTROSPECTED] },
  {
    ids: [89],
    says: 'The server decides who gets a refresh token',
    tests: ['auth/launch.test.ts#comes with online_access too, and not without either'],
  },
  { ids: [95, 266], says: 'The scope of a token covers what is asked', tests: [MATRIX] },
  { ids: [96], says: 'A token counts at its own FHIR endpoint', tests: [CLAIMS] },
  {
    ids: [100, 366],
    says: 'online_access: new tokens while the person is online',
    tests: ['auth/sessions.test.ts#ends when nobody used it, and goes on while its app is refreshed'],
  },
  { ids: [101, 365], says: 'offline_access: new tokens without the person', tests: [REFRESH] },
  {
    ids: [103, 104],
    says: 'A refresh token is its client’s, and gives no more than was granted',
    tests: [LESS, 'auth/standing.test.ts#gives no more than its client may have now'],
  },
  {
    ids: [109, 110, 111, 112, 113, 114, 115],
    says: 'A refresh answers access_token, token_type, expires_in and the scope that was granted',
    tests: [REFRESH, LESS],
  },
  {
    ids: [119],
    says: 'Scopes never override what the person or program may do',
    tests: [
      NARROWED,
      'auth/backend-services.test.ts#gets no more than its role may have, whatever its registration says',
    ],
  },
  {
    ids: [123],
    says: 'Where an update creates, the update’s scope covers it',
    not: 'Clients choose no ids here: an update never creates.',
  },
  {
    ids: [130],
    says: 'Entries of a batch or transaction are judged one by one',
    tests: [
      MATRIX,
      'policy/scopes-matrix.test.ts#of one entry undoes a transaction and leaves a batch its others',
    ],
  },
  { ids: [136, 170, 367], says: 'patient/ scopes open one patient’s record', tests: [OWN_RECORD, LAUNCH] },
  {
    ids: [139],
    says: 'What a linked Patient means for a token is documented (docs/smart.md, "Scopes")',
    tests: ['conformance/smart/table.test.ts#says what linked patients mean for a token'],
  },
  { ids: [140, 368], says: 'user/ scopes open what the user may see', tests: [NARROWED] },
  { ids: [142], says: 'system/ scopes open what the program may see', tests: [SERVICE, SUBSET] },
  { ids: [144], says: 'A wildcard opens all types', tests: [OPEN] },
  { ids: [149, 168, 169], says: 'The context asked for comes beside the token', tests: [LAUNCH, EHR] },
  {
    ids: [164],
    says: 'A patient/ scope is granted with a patient only',
    tests: ['auth/launch.test.ts#asks for a patient whenever patient scopes are asked for'],
  },
  { ids: [171, 362, 364], says: 'encounter', not: NO_ENCOUNTERS },
  {
    ids: [172, 174, 175, 176, 177, 178, 188, 194, 360],
    says: 'fhirContext, intent, smart_style_url, tenant',
    not: NO_CONTEXT,
  },
  { ids: [173, 359], says: 'need_patient_banner', tests: [LAUNCH] },
  { ids: [197, 198, 209], says: 'fhirUser is the person as a resource, in the id token', tests: [LAUNCH] },
  { ids: [200, 205], says: 'openid brings an id token, by the code flow', tests: [LAUNCH] },
  {
    ids: [207],
    says: 'The keys are published as bare JWKs',
    tests: ['auth/token-endpoints.test.ts#has public keys only'],
  },
  {
    ids: [210],
    says: 'Id tokens are signed with RS256',
    tests: ['conformance/clients/openid-client.test.ts#signs on by code and PKCE, and checks the id token'],
  },
  {
    ids: [228, 285, 286, 287, 288, 289],
    says: 'What asymmetric clients need is in smart-configuration',
    tests: [DOCUMENT],
  },
  {
    ids: [231],
    says: 'TLS 1.2 or newer',
    not: 'TLS ends at the proxy before the server (docs/operations.md); a sandbox takes loopback addresses only.',
  },
  {
    ids: [240, 241, 250, 259],
    says: 'A program gets what it was registered for, and of that what it asks',
    tests: [SUBSET],
  },
  {
    ids: [247],
    says: 'What needs a token is the server’s decision: all but its description',
    tests: ['auth/tokens.test.ts#is not needed for what describes the server'],
  },
  { ids: [249, 335], says: 'The assertion of a client is verified (RFC 7523)', tests: [SERVICE, PROOF] },
  {
    ids: [251],
    says: 'Errors are OAuth’s',
    tests: ['auth/backend-services.test.ts#a backend service is refused, in OAuth JSON,'],
  },
  {
    ids: [253, 254, 255, 256, 258],
    says: 'The answer has access_token, token_type, expires_in and scope',
    tests: [SERVICE],
  },
  { ids: [261], says: 'A program’s token lives five minutes', tests: [SERVICE] },
  {
    ids: [271, 272, 273, 274, 275, 276],
    says: 'Introspection says active, scope, client_id and exp',
    tests: [INTROSPECTED],
  },
  { ids: [277], says: 'and the context of the launch', tests: [INTROSPECTED] },
  { ids: [278, 279], says: 'and iss and sub, as the id token has them', tests: [INTROSPECTED] },
  {
    ids: [282, 283],
    says: 'Whoever may introspect does so by a bearer token too, tokens of any client',
    tests: [BY_BEARER],
  },
  { ids: [296, 297], says: 'Keys are registered by URL and by value', tests: [KEYS, SERVICE] },
  {
    ids: [305],
    says: 'Registered keys cannot be changed by others',
    tests: ['auth/token-endpoints.test.ts#believes nothing that a client says of its rights'],
  },
  { ids: [310], says: 'RS384 and ES384 are verified', tests: [SERVICE] },
  { ids: [336], says: 'An assertion is good once', tests: [REPLAY] },
  {
    ids: [337],
    says: 'The client id is known, and is the issuer of the assertion',
    tests: [PROOF, 'auth/backend-services.test.ts#for an unknown client, a wrong grant, a missing proof'],
  },
  {
    ids: [338],
    says: 'The key: by kid, exactly one, at no other address than the registered one',
    tests: [JKU],
  },
  { ids: [339], says: 'Keys at a URL are fetched by GET', tests: [KEYS] },
  { ids: [340], says: 'A failed proof is invalid_client', tests: [PROOF] },
  {
    ids: [341, 342],
    says: 'Fetched keys are kept no longer than Cache-Control allows',
    tests: ['auth/client-keys.test.ts#are kept no longer than their answer allows'],
  },
  {
    ids: [344],
    says: 'Secrets are not for backend services',
    tests: ['auth/token-endpoints.test.ts#refuses %s'],
  },
  { ids: [348, 349, 350], says: 'The capability sets of patients and clinicians', tests: [DOCUMENT] },
  { ids: [351], says: 'The set "Clinician Access for EHR Launch" has encounters', not: NO_ENCOUNTERS },
  {
    ids: [352],
    says: 'launch-ehr',
    tests: [EHR, 'auth/launch.test.ts#is good for its person, its app and its time'],
  },
  { ids: [353], says: 'launch-standalone', tests: [LAUNCH] },
  { ids: [355], says: 'client-public', tests: [LAUNCH] },
  { ids: [356], says: 'client-confidential-symmetric', tests: [SECRET] },
  { ids: [357], says: 'client-confidential-asymmetric', tests: [SERVICE] },
  { ids: [358], says: 'sso-openid-connect', tests: [LAUNCH] },
  { ids: [361], says: 'context-ehr-patient', tests: [EHR] },
  { ids: [363], says: 'context-standalone-patient', tests: [LAUNCH] },
  { ids: [369], says: 'permission-v1', tests: ['policy/scopes-matrix.test.ts#version 1 scopes'] },
  { ids: [370], says: 'permission-v2', tests: [CONSTRAINED, MATRIX] },
  { ids: [371], says: 'smart-app-state', not: 'The capability is not offered.' },
  { ids: [381, 382, 383, 384, 385, 393, 394], says: 'What smart-configuration must have', tests: [DOCUMENT] },
  {
    ids: [396, 398, 400, 402, 403, 405, 409, 410, 412, 417, 418, 419, 421, 423, 430, 431, 432, 436],
    says: 'User Access Brands',
    not: NO_BRANDS,
  },
];
