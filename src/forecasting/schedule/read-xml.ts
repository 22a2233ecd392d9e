/** Reads the XML of a supporting data file into plain elements and holds them to the shape of CDC's schema. */
import { XMLParser } from 'fast-xml-parser';
import { fail } from '../../core/failure.ts';

export interface XmlElement {
  readonly name: string;
  /** Its own text, trimmed; empty where it has child elements. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** Child elements that an element may have; `{}` is a text. */
export interface Shape {
  readonly [child: string]: Shape;
}

type Parsed = Readonly<Record<string, readonly Parsed[] | string>>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  trimValues: true,
});

/**
 * The root element of a file, once every element below it is known to the shape. An element that the schema does
 * not name stops the compilation: it could be a rule that this program would leave out in silence.
 * @throws Failure `malformed` if the text is no XML, `not-understood` if an element is unknown.
 */
export function readXml(text: string, file: string, root: string, shape: Shape): XmlElement {
  if (!isBalanced(text))
    fail('malformed', `${file} is not well-formed XML: an element is not closed where it should be`);
  const elements = elementsOf(parser.parse(text) as readonly Parsed[]);
  const found = elements.find((element) => element.name === root);
  if (found === undefined) return fail('not-understood', `${file} has no element <${root}>`);
  checkShape(found, shape, `${file} ${root}`);
  return found;
}

function elementsOf(nodes: readonly Parsed[]): XmlElement[] {
  return nodes.flatMap((node) =>
    Object.entries(node).flatMap(([name, content]) => {
      if (name.startsWith('#') || typeof content === 'string') return [];
      return [{ name, text: textOf(content), children: elementsOf(content) }];
    }),
  );
}

function textOf(nodes: readonly Parsed[]): string {
  const text = nodes.map((node) => (typeof node['#text'] === 'string' ? node['#text'] : '')).join('');
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, decimal: string) => String.fromCodePoint(Number(decimal)))
    .trim();
}

const MARKUP = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(\/?)([\w:.-]+)[^<>]*?(\/?)>/g;

/** Whether every element is closed in its turn: the parser forgives what is cut off, and rules would be lost in silence. */
function isBalanced(text: string): boolean {
  const open: string[] = [];
  for (const [, closes, name, empty] of text.matchAll(MARKUP)) {
    if (name === undefined || empty === '/') continue;
    if (closes !== '/') open.push(name);
    else if (open.pop() !== name) return false;
  }
  return open.length === 0;
}

function checkShape(element: XmlElement, shape: Shape, path: string): void {
  for (const child of element.children) {
    const inner = shape[child.name];
    if (inner === undefined)
      fail('not-understood', `${path} has an element <${child.name}> that is not in CDC's schema`);
    else checkShape(child, inner, `${path}/${child.name}`);
  }
}

/** The children of one name. */
export function all(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The first child of one name. */
export function one(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

/** Whether an element or one below it holds a text: the release has many empty placeholders, which say nothing. */
export function isFilled(element: XmlElement): boolean {
  return element.text !== '' || element.children.some(isFilled);
}

/** The children of one name that say something. */
export function filled(element: XmlElement, name: string): XmlElement[] {
  return all(element, name).filter(isFilled);
}
