/** Which addresses lead into the house. */
import { expect, test } from '@jest/globals';
import { isInner } from '../../src/core/inner-address.ts';

test.each([
  ['https://127.0.0.1/', true],
  ['https://2130706433/', true],
  ['https://0x7f.1/', true],
  ['https://10.1.2.3/', true],
  ['https://172.31.0.1/', true],
  ['https://192.168.1.1/', true],
  ['https://169.254.169.254/', true],
  ['https://100.64.0.1/', true],
  ['https://[::1]/', true],
  ['https://[::ffff:10.0.0.1]/', true],
  ['https://[fd00::1]/', true],
  ['https://[fe80::1]/', true],
  ['https://localhost/', true],
  ['https://metadata.internal/', true],
  ['https://172.32.0.1/', false],
  ['https://[2606:4700::1111]/', false],
  ['https://clinic.example.org/jwks', false],
  ['https://10.example.org/', false],
])('%s: %s', (url, is) => {
  expect(isInner(new URL(url))).toBe(is);
});
