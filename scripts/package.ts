/**
 * Makes `dist/`, what an installed package runs and is typed by: Node strips no types below node_modules. The program
 * is copied with its types blanked out, so that lines stay where they are; the library's declarations are TypeScript's.
 * npm runs it before the package is packed and, `--for-another`, where its folder is installed in another project.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const from = join(root, 'src');
const to = join(root, 'dist');

/** A relative path to a module, in an import or as the URL of a process of its own. */
const MODULE_PATH = /(['"])(\.{1,2}\/[^'"\n]*)\.ts\1/g;
const named = (code: string): string => code.replace(MODULE_PATH, '$1$2.js$1');

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function program(): void {
  for (const file of globSync('**/*.*', { cwd: from })) {
    if (!file.endsWith('.ts')) write(join(to, file), readFileSync(join(from, file)));
    else {
      const code = stripTypeScriptTypes(readFileSync(join(from, file), 'utf8'));
      write(join(to, file.replace(/\.ts$/, '.js')), named(code));
    }
  }
}

const isForAnother = process.argv.includes('--for-another');

function declarations(): void {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if (isForAnother && !existsSync(compiler)) {
    console.error('TypeScript is not installed here, so the package has no types; npm ci brings it.');
    return;
  }
  execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.package.json')], { stdio: 'inherit' });
  for (const file of globSync('**/*.d.ts', { cwd: to })) {
    write(join(to, file), named(readFileSync(join(to, file), 'utf8')));
  }
}

/** npm says where it was called: who installs the project's own dependencies needs no package of it. */
const isForItself = isForAnother && process.env['INIT_CWD'] === root;

if (!isForItself) {
  rmSync(to, { recursive: true, force: true });
  program();
  declarations();
}
