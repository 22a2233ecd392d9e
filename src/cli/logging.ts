/** The log: one JSON line an event, on standard error, so that standard output stays for people and pipes. */
import { pino } from 'pino';
import type { Log } from '../core/log.ts';

export const logOf = (level: string): Log => pino({ level, base: null }, pino.destination(2));
