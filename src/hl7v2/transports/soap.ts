/**
 * CDC's web service for immunization messages (WSDL of 2011, SOAP 1.2, document/literal): connectivityTest and
 * submitSingleMessage with their faults. Answers to messages are messages, however bad those are; faults are for what
 * never became one: credentials, size, an operation that there is not.
 */
import { timingSafeEqual } from 'node:crypto';
import express, { type Request, type Response, type Router } from 'express';
import { XMLParser } from 'fast-xml-parser';
import type { Authenticate } from '../../auth/authenticate.ts';
import type { Actor } from '../../core/context.ts';
import { Failure, FAILURES } from '../../core/failure.ts';
import { textOf } from '../bytes.ts';
import { LIMITS } from '../message.ts';
import { receive, type V2Door } from '../receive.ts';
import { NotItsSender, type Caller } from '../senders.ts';
import { MESSAGE_BYTES } from './http.ts';
import { wsdl } from './wsdl.ts';

const NAMESPACE = 'urn:cdc:iisb:2011';
const ENVELOPE = 'http://www.w3.org/2003/05/soap-envelope';
const SOAP = 'application/soap+xml; charset=utf-8';
/** An envelope may write every character of a message as an entity. */
const ENVELOPE_BYTES = 2 * MESSAGE_BYTES;

/** Faults of the WSDL, with the reasons that it fixes. */
const FAULTS = {
  fault: { code: 100, reason: 'Unknown', role: 'Receiver' },
  SecurityFault: { code: 10, reason: 'Security', role: 'Sender' },
  MessageTooLargeFault: { code: 20, reason: 'MessageTooLarge', role: 'Sender' },
  UnsupportedOperationFault: { code: 30, reason: 'UnsupportedOperation', role: 'Sender' },
} as const;
type FaultName = keyof typeof FAULTS;

class Fault extends Error {
  override readonly name = 'Fault';
  readonly fault: FaultName;
  constructor(fault: FaultName, detail: string) {
    super(detail);
    this.fault = fault;
  }
}

/** The service, to be mounted at its path. */
export function soapTransport(door: V2Door, authenticate: Authenticate, address: string): Router {
  const router = express.Router();
  router.get('/', (_request: Request, response: Response) => {
    response.status(200).set('Content-Type', 'text/xml; charset=utf-8').send(wsdl(address));
  });
  router.use(express.raw({ type: () => true, limit: ENVELOPE_BYTES }));
  router.post('/', async (request: Request, response: Response) => {
    try {
      const answer = await answerOf(door, authenticate, request, response);
      response.status(200).set('Content-Type', SOAP).send(envelope(answer));
    } catch (error) {
      const fault = faultOf(error);
      response
        .status(fault.fault === 'fault' ? 500 : 400)
        .set('Content-Type', SOAP)
        .send(faultText(fault));
    }
  });
  router.use((error: unknown, _request: Request, response: Response, next: express.NextFunction) => {
    const isLarge = error instanceof Error && 'type' in error && error.type === 'entity.too.large';
    if (isLarge)
      response
        .status(400)
        .set('Content-Type', SOAP)
        .send(faultText(new Fault('MessageTooLargeFault', TOO_LARGE)));
    else next(error);
  });
  return router;
}

const TOO_LARGE = 'The message is larger than this server takes; send one message for each person.';

async function answerOf(
  door: V2Door,
  authenticate: Authenticate,
  request: Request,
  response: Response,
): Promise<string> {
  const { operation, parts } = operationIn(request.body);
  if (operation === 'connectivityTest') return returned(operation, parts.get('echoBack') ?? '');
  if (operation !== 'submitSingleMessage')
    throw new Fault('UnsupportedOperationFault', 'There are connectivityTest and submitSingleMessage.');
  const caller = await callerOf(request, response, authenticate, parts);
  await checkFacility(door, caller, parts.get('facilityID') ?? '');
  const message = parts.get('hl7Message') ?? '';
  if (message.length > LIMITS.characters) throw new Fault('MessageTooLargeFault', TOO_LARGE);
  return returned(operation, await receive(door, caller, message));
}

/** The token of the header, or the password of the envelope where that is a token: no other secret is known here. */
async function callerOf(
  request: Request,
  response: Response,
  authenticate: Authenticate,
  parts: ReadonlyMap<string, string>,
): Promise<Caller> {
  const [username, password] = ['username', 'password'].map((name) => parts.get(name) ?? '');
  if (request.get('authorization') === undefined && password !== '')
    request.headers.authorization = `Bearer ${password ?? ''}`;
  const actor = await proven(authenticate, request);
  if (password !== '' && username !== '') checkName(username ?? '', actor);
  return {
    actor,
    requestId: String(response.getHeader('x-request-id') ?? ''),
    ...(request.ip !== undefined && { from: request.ip }),
  };
}

const NOT_VALID = 'The credentials are not valid for this service.';

async function proven(authenticate: Authenticate, request: Request): Promise<Actor> {
  try {
    return await authenticate(request);
  } catch (error) {
    if (error instanceof Failure) throw new Fault('SecurityFault', NOT_VALID);
    throw error;
  }
}

/** A token counts only for who it was made for. */
function checkName(username: string, { user, client }: Actor): void {
  if (!isSame(username, user ?? client) && !isSame(username, client))
    throw new Fault('SecurityFault', NOT_VALID);
}

/** The facility belongs to the credentials; without one it is the message that says. */
async function checkFacility({ senderOf }: V2Door, caller: Caller, name: string): Promise<void> {
  if (name === '' || caller.actor.organization === undefined) return;
  try {
    await senderOf(caller, [{ where: 'facilityID', name }]);
  } catch (error) {
    if (error instanceof NotItsSender) throw new Fault('SecurityFault', error.message);
    throw error;
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

interface Operation {
  readonly operation: string;
  readonly parts: ReadonlyMap<string, string>;
}

/** No entities but XML's own five and characters by number: nothing expands. */
const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: '__cdata',
});

function operationIn(body: unknown): Operation {
  const text = Buffer.isBuffer(body) ? textOf(body) : '';
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw new Fault('fault', 'A document type is not taken.');
  const inner = childOf(childOf(treeOf(text), 'Envelope'), 'Body');
  const [operation = '', content] = Object.entries(inner).find(([name]) => !name.startsWith('#')) ?? [];
  const parts = Object.entries(isTree(content) ? content : {}).map(([name, value]): [string, string] => [
    name,
    unescaped(value),
  ]);
  return { operation, parts: new Map(parts) };
}

function treeOf(text: string): Tree {
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- what checks instead is another package
    return parser.parse(text, true) as Tree;
  } catch {
    throw new Fault('fault', 'The envelope is no XML.');
  }
}

interface Tree {
  readonly [name: string]: unknown;
}
const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function childOf(tree: Tree, name: string): Tree {
  const child = tree[name];
  if (isTree(child)) return child;
  throw new Fault('fault', `The envelope has no ${name}.`);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Text as it was before it was put into XML: of a CDATA section as it stands, else with its entities resolved. */
function unescaped(value: unknown): string {
  if (isTree(value)) {
    const cdata = value['__cdata'];
    if (cdata !== undefined) return [cdata].flat().map(String).join('');
    return unescaped(value['#text'] ?? '');
  }
  return String(value).replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi,
    (all: string, ten?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? all;
      const point = ten === undefined ? Number.parseInt(hex ?? '', 16) : Number(ten);
      return point <= 0x10ffff ? String.fromCodePoint(point) : all;
    },
  );
}

/** XML readers turn a carriage return into a line feed, unless it is written as a number. */
const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#xD;')
    // eslint-disable-next-line no-control-regex -- what XML cannot hold at all
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '');

const returned = (operation: string, text: string): string =>
  `<${operation}Response xmlns="${NAMESPACE}"><return>${escaped(text)}</return></${operation}Response>`;

const envelope = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="${ENVELOPE}"><soap:Body>${body}</soap:Body></soap:Envelope>`;

function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof Failure && FAILURES[error.kind].status < 500) return new Fault('fault', error.message);
  return new Fault('fault', 'The service failed on this request.');
}

function faultText({ fault, message }: Fault): string {
  const { code, reason, role } = FAULTS[fault];
  const detail = `<${fault} xmlns="${NAMESPACE}"><Code>${code}</Code><Reason>${reason}</Reason><Detail>${escaped(message)}</Detail></${fault}>`;
  return envelope(
    `<soap:Fault><soap:Code><soap:Value>soap:${role}</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang="en">${escaped(message)}</soap:Text></soap:Reason><soap:Detail>${detail}</soap:Detail></soap:Fault>`,
  );
}
