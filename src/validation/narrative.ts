/**
 * Whether a narrative is formatted text and nothing more: no scripts, no forms, nothing that acts when shown
 * (txt-1, txt-2). https://hl7.org/fhir/R4/narrative.html#security
 */
import { report, type Findings } from './findings.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const TAGS = words(
  'a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img ' +
    'kbd li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var',
);
const ATTRIBUTES = words(
  'abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char charoff charset ' +
    'cite class colspan compact coords dir frame headers height href hreflang hspace id lang longdesc name nowrap rel ' +
    'rev rowspan rules scope shape span src start style summary tabindex title type valign value vspace width ' +
    'xml:id xml:lang xmlns',
);

/** A tag with whole attributes, or a comment; whatever else begins with `<` is none. */
const TAG =
  /<(?:(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z:]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)|!--[^<>]*--)>/y;
const ATTRIBUTE = /([a-zA-Z:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
/** Links go to pages, to people and within the text; images may be inline. */
const SAFE_LINK = /^(?:https?:|ftp:|mailto:|tel:|#|data:\s?image\/(?:png|jpeg|gif);|[^:]*$)/i;

function isSafe(name: string, value: string): boolean {
  if (!ATTRIBUTES.has(name)) return false;
  if (name === 'href' || name === 'src' || name === 'longdesc' || name === 'cite')
    return SAFE_LINK.test(value.trim());
  return name !== 'style' || !/expression|url\s*\((?!data:\s?image\/)|@import|\\/i.test(value);
}

function areSafe(attributes: string): boolean {
  return [...attributes.matchAll(ATTRIBUTE)].every((each) => isSafe(each[1] ?? '', each[2] ?? each[3] ?? ''));
}

/** Opens or closes an element. */
function nest(open: string[], parts: RegExpExecArray): boolean {
  const [, slash, name = '', attributes = '', end] = parts;
  if (slash === '/') return open.pop() === name;
  if (!TAGS.has(name) || !areSafe(attributes)) return false;
  if (end !== '/') open.push(name);
  return true;
}

/** Whether every tag is allowed, has its other half, and all is inside one div. */
function isPlainXhtml(text: string): boolean {
  const open: string[] = [];
  let at = 0;
  while (at < text.length) {
    TAG.lastIndex = at;
    const parts = TAG.exec(text);
    if (parts === null) return false;
    if (parts[2] !== undefined && !nest(open, parts)) return false;
    at = TAG.lastIndex;
    if (open.length === 0) return at === text.length;
    const next = text.indexOf('<', at);
    at = next === -1 ? text.length : next;
  }
  return false;
}

/** Notes a narrative (`Narrative.div`) that is not plain formatted text in one `div`. */
export function checkNarrative(findings: Findings, value: unknown): void {
  if (typeof value !== 'string') return;
  const text = value.trim();
  if (!/^<div[\s>]/.test(text) || !isPlainXhtml(text))
    report(
      findings,
      'invariant',
      'txt-1: the narrative is well-formed XHTML in one div, of formatting elements and attributes only.',
    );
  else if (text.replace(/<(?!img\b)[^>]*>/g, '').trim() === '')
    report(findings, 'invariant', 'txt-2: the narrative has something to read.');
}
