import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { catalog } from '../../src/catalog/index.ts';
import { Failure } from '../../src/core/failure.ts';
import { route, type Target } from '../../src/interactions/route.ts';

const of = (method: string, path: string): Target => route(catalog, method, path);
function faultOf(method: string, path: string): Failure {
  try {
    of(method, path);
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error(`${method} ${path} was understood.`);
}

describe('a path and a method', () => {
  test.each<readonly [string, string, Target]>([
    ['GET', 'Patient/1', { interaction: 'read', type: 'Patient', id: '1' }],
    ['HEAD', 'Patient/1', { interaction: 'read', type: 'Patient', id: '1' }],
    ['GET', 'Patient/1/_history/2', { interaction: 'vread', type: 'Patient', id: '1', version: '2' }],
    ['GET', 'Patient/1/_history', { interaction: 'history-instance', type: 'Patient', id: '1' }],
    ['GET', 'Patient/_history', { interaction: 'history-type', type: 'Patient' }],
    ['GET', '_history', { interaction: 'history-system' }],
    ['GET', 'Patient', { interaction: 'search-type', type: 'Patient' }],
    ['POST', 'Patient/_search', { interaction: 'search-type', type: 'Patient' }],
    ['POST', 'Patient', { interaction: 'create', type: 'Patient' }],
    ['PUT', 'Patient/1', { interaction: 'update', type: 'Patient', id: '1' }],
    ['PUT', 'Patient', { interaction: 'update', type: 'Patient' }],
    ['PATCH', 'Patient', { interaction: 'patch', type: 'Patient' }],
    ['DELETE', 'Patient', { interaction: 'delete', type: 'Patient' }],
    ['POST', '', { interaction: 'transaction' }],
    ['GET', 'metadata', { interaction: 'capabilities' }],
    [
      'GET',
      'Patient/1/$everything',
      { interaction: 'operation', type: 'Patient', id: '1', operation: 'everything' },
    ],
    [
      'GET',
      'Patient/1/Immunization',
      { interaction: 'search-type', type: 'Immunization', compartment: { type: 'Patient', id: '1' } },
    ],
    ['GET', 'Patient/..', { interaction: 'read', type: 'Patient', id: '..' }],
  ])('%s %s', (method, path, target) => {
    expect(of(method, path)).toEqual(target);
  });

  test.each([
    ['GET', 'Nothing/1', 'unknown-type'],
    ['GET', 'Patient/a_b', 'invalid-value'],
    ['GET', 'Patient/1/2/3', 'unknown-operation'],
    ['GET', 'Patient/%', 'invalid-value'],
    ['GET', 'Patient/1/$nothing', 'unknown-operation'],
    ['POST', 'Patient/$everything', 'unknown-operation'],
    ['GET', 'Organization/1/Immunization', 'unknown-operation'],
  ])('%s %s is %s', (method, path, kind) => {
    expect(faultOf(method, path).kind).toBe(kind);
  });

  test.each([
    ['DELETE', 'Patient/1/_history', 'GET, HEAD'],
    ['POST', 'Patient/1', 'GET, HEAD, PUT, PATCH, DELETE'],
    ['POST', 'AuditEvent', 'GET, HEAD'],
    ['PUT', '', 'POST'],
    ['DELETE', 'Patient/1/$everything', 'GET, HEAD, POST'],
  ])('%s %s is refused with Allow: %s', (method, path, allow) => {
    expect(faultOf(method, path)).toMatchObject({ kind: 'not-allowed', allow });
  });

  test('whatever the text, it is a target or a Failure', () => {
    const segment = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'Patient',
        '_history',
        '_search',
        '$everything',
        '__proto__',
        'constructor',
        '',
        '..',
        '1',
      ),
    );
    const path = fc.array(segment, { maxLength: 6 }).map((segments) => segments.join('/'));
    const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'TRACE', 'constructor');
    fc.assert(
      fc.property(method, path, (verb, text) => {
        try {
          expect(of(verb, text).interaction).toBeDefined();
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
    );
  });
});
