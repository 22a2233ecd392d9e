/** Addresses that lead into the house: this machine, its network, and what machines tell each other there (RFC 6890). */
import { BlockList, isIP } from 'node:net';

const INNER = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  INNER.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  INNER.addSubnet(network, bits, 'ipv6');

const LOCAL_NAME = /(^|\.)(localhost|local|internal)\.?$/i;

/**
 * Whether a URL names an inner address by itself. What a name leads to is looked at when it is called: that can change.
 */
export function isInner({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(host);
  if (family === 0) return LOCAL_NAME.test(host);
  return INNER.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
