/** CDC's web service: its two operations, its faults, its description, and envelopes as senders really write them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { XMLParser } from 'fast-xml-parser';
import { tokenOf, enrol, guarded } from '../auth/bearer.ts';
import { world, type World } from '../world/world.ts';
import { HISTORICAL, order, person, vxu } from './messages.ts';

let w: World;
beforeAll(async () => {
  w = await world();
});
afterAll(() => w.end());

interface Told {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

async function post(to: World, body: string): Promise<Told> {
  const answer = await fetch(to.url.replace(/\/fhir\/R4$/, '/hl7v2/soap'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/soap+xml' },
    body,
  });
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
}

const envelope = (body: string): string =>
  `<?xml version="1.0"?><env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:u="urn:cdc:iisb:2011"><env:Header/><env:Body>${body}</env:Body></env:Envelope>`;
const submit = (message: string, more = ''): string =>
  envelope(`<u:submitSingleMessage>${more}<u:hl7Message>${message}</u:hl7Message></u:submitSingleMessage>`);
const message = (number: string, family: string): string =>
  vxu(order(HISTORICAL, number), { pid: person(number, family) });
const asText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

test('connectivityTest gives back what it was given', async () => {
  const { status, type, text } = await post(
    w,
    envelope('<u:connectivityTest>\n <u:echoBack>a &lt;b&gt; &amp; c</u:echoBack></u:connectivityTest>'),
  );
  expect([status, type]).toEqual([200, 'application/soap+xml; charset=utf-8']);
  expect(text).toContain(
    '<connectivityTestResponse xmlns="urn:cdc:iisb:2011"><return>a &lt;b&gt; &amp; c</return>',
  );
});

describe('submitSingleMessage', () => {
  test.each([
    ['text with entities', (text: string) => asText(text).replaceAll('\r', '&#xD;')],
    ['text with line feeds', (text: string) => asText(text).replaceAll('\r', '\n')],
    ['a CDATA section', (text: string) => `<![CDATA[${text.replaceAll('\r', '\r\n')}]]>`],
  ])('takes a message as %s', async (what, write) => {
    const { status, text } = await post(w, submit(write(message(`S${what.length}`, `Soaped${what.length}`))));
    expect(status).toBe(200);
    expect(text).toContain('<submitSingleMessageResponse xmlns="urn:cdc:iisb:2011"><return>MSH|^~\\&amp;|');
    expect(text).toContain('&#xD;MSA|AA|M1&#xD;');
  });

  test('answers a message that is none with a message', async () => {
    const { status, text } = await post(w, submit('hello'));
    expect(status).toBe(200);
    expect(text).toContain('MSA|AR');
  });

  test('takes one message at a time, and nothing of several', async () => {
    const { text } = await post(w, submit(asText(message('S90', 'Several') + message('S91', 'Severalmore'))));
    expect(text).toContain('&#xD;MSA|AR|M1&#xD;ERR||MSH^2|100^Segment sequence error^HL70357|E|');
    expect((await w.fhir.get('/Patient?identifier=S90,S91')).body).toMatchObject({ total: 0 });
  });

  test('expands no entities, and takes no document type', async () => {
    const { text } = await post(
      w,
      `<!DOCTYPE x [<!ENTITY a "aaaa">]>${submit('&a;').replace('<?xml version="1.0"?>', '')}`,
    );
    expect(text).toContain('<fault xmlns="urn:cdc:iisb:2011"><Code>100</Code>');
  });
});

test('an operation that there is not, and an envelope that is none, are faults', async () => {
  const unsupported = await post(w, envelope('<u:deleteEverything/>'));
  expect(unsupported.status).toBe(400);
  expect(unsupported.text).toContain('<Code>30</Code><Reason>UnsupportedOperation</Reason>');
  for (const body of ['', 'MSH|', '<a>', '<a/>'])
    expect((await post(w, body)).text).toContain('<Reason>Unknown</Reason>');
});

test('a message that is too large is the fault that says so', async () => {
  const { text } = await post(w, submit('x'.repeat(4_000_001)));
  expect(text).toContain('<Code>20</Code><Reason>MessageTooLarge</Reason>');
});

test('the service describes itself', async () => {
  const { status, text } = await w.root.get('/hl7v2/soap?wsdl').buffer(true);
  expect(status).toBe(200);
  expect(new XMLParser().parse(text)).toHaveProperty('definitions');
  expect(text).toContain('soapAction="urn:cdc:iisb:2011:submitSingleMessage"');
});

test('credentials that are not right are a SecurityFault, and a token as password is right', async () => {
  const g = await guarded();
  try {
    const wrong = await post(
      g,
      submit(asText(message('S90', 'Refused')), '<u:username>x</u:username><u:password>y</u:password>'),
    );
    expect(wrong.text).toContain('<Code>10</Code><Reason>Security</Reason>');
    expect((await post(g, submit('MSH|'))).text).toContain('<Reason>Security</Reason>');
    await enrol(g, { id: 'tester', what: 'client', role: 'registry-manager' });
    const token = tokenOf(g);
    const parts = `<u:username>tester</u:username><u:password>${token}</u:password><u:facilityID>RIVER</u:facilityID>`;
    expect((await post(g, submit(asText(message('S91', 'Accepted')), parts))).text).toContain('MSA|AA|M1');
    const other = parts.replace('>tester<', '>somebody<');
    expect((await post(g, submit(asText(message('S91', 'Accepted')), other))).text).toContain(
      '<Reason>Security</Reason>',
    );
  } finally {
    await g.end();
  }
});
