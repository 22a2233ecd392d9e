import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sealingOf, secretsOf, type MasterKey } from '../../src/storage/secrets.ts';

const key = (name: string, fill = Number(name)): MasterKey => ({ name, bytes: Buffer.alloc(32, fill) });
const secrets = secretsOf([key('0001')]);

describe('sealing', () => {
  test('is undone by opening, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (plain) => {
        expect(secrets.open('use', secrets.seal('use', plain))).toBe(plain);
      }),
    );
  });

  test('of one text twice gives two ciphertexts', () => {
    expect(secrets.seal('use', '123-45-6789').cipher).not.toBe(secrets.seal('use', '123-45-6789').cipher);
  });

  test('for one use does not open for another', () => {
    const sealed = secrets.seal('identifier', '123-45-6789');
    expect(() => secrets.open('page', sealed)).toThrow();
  });

  test('notices every change of a single bit', () => {
    const { key: name, cipher } = secrets.seal('use', '123-45-6789');
    const bytes = Buffer.from(cipher, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => secrets.open('use', { key: name, cipher: changed.toString('base64url') })).toThrow();
    }
  });

  test.each([[''], ['AAAA'], ['not base64url!']])('does not open %j', (cipher) => {
    expect(() => secrets.open('use', { key: '0001', cipher })).toThrow();
  });

  test('as text opens again, and not when it was changed', () => {
    const { seal, open } = sealingOf(secrets, 'page');
    const text = seal('[1,2,3]');
    expect(open(text)).toBe('[1,2,3]');
    for (const changed of ['', 'x', text.slice(1), text.slice(0, -2), `0002${text.slice(4)}`]) {
      expect(() => open(changed)).toThrow();
    }
  });

  test('says nothing of the text where it fails', () => {
    const sealed = secrets.seal('use', '123-45-6789');
    for (const ring of [secretsOf([key('0002')]), secretsOf([key('0001', 9)])]) {
      expect(() => ring.open('use', sealed)).toThrow(
        expect.not.objectContaining({ message: expect.stringMatching(/6789/) }),
      );
    }
  });
});

describe('a ring of keys', () => {
  const newer = secretsOf([key('0001'), key('0002')]);

  test('opens what its older keys sealed and seals with the newest', () => {
    expect(newer.open('use', secrets.seal('use', 'old'))).toBe('old');
    const sealed = newer.seal('use', 'new');
    expect(sealed.key).toBe('0002');
    expect(newer.isCurrent(sealed)).toBe(true);
    expect(newer.isCurrent(secrets.seal('use', 'old'))).toBe(false);
    expect(() => secrets.open('use', sealed)).toThrow('No key named 0002');
  });

  test('is told by marks that are one for each key and say nothing of it', () => {
    expect(newer.keys.map(({ name }) => name)).toEqual(['0001', '0002']);
    expect(newer.keys[0]).toEqual(secrets.keys[0]);
    expect(newer.keys[1]).not.toEqual(secretsOf([key('0002', 3)]).keys[0]);
    expect(Buffer.from(newer.keys[0]?.mark ?? '', 'base64url')).toHaveLength(12);
  });
});

describe('the hash of a text', () => {
  test('is told for every key, the newest first, and is another for every use', () => {
    const both = secretsOf([key('0001'), key('0002')]);
    expect(both.hash('request', 'text')).toEqual([
      ...secretsOf([key('0002')]).hash('request', 'text'),
      ...secrets.hash('request', 'text'),
    ]);
    expect(secrets.hash('request', 'text')).not.toEqual(secrets.hash('blind', 'text'));
  });
});

describe('the hash of a number', () => {
  test('is the same however its digits are set apart and whatever its system is called', () => {
    const forms = [
      '123456789',
      '123-45-6789',
      '123 45 6789',
      '123.45.6789',
      '123\u201145\u20116789',
      ' 123-45-6789 ',
    ];
    expect(new Set(forms.flatMap((form) => secrets.blind('urn:x', form))).size).toBe(1);
    expect(secrets.blind('http://hl7.org/fhir/sid/us-ssn', '123456789')).toEqual(
      secrets.blind('', '123456789'),
    );
  });

  test('is another for another number and under another key', () => {
    const hashes = [
      secrets.blind('', '123456789'),
      secrets.blind('', '123456780'),
      secretsOf([key('0001', 2)]).blind('', '123456789'),
    ];
    expect(new Set(hashes.flat()).size).toBe(3);
  });
});
