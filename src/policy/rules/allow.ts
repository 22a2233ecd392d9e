/** Everybody may do everything: the policy of a server that listens on loopback only. */
import type { Rule } from '../decide.ts';

export const allow: Rule = () => ({ filter: [] });
