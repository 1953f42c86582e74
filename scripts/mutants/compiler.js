/** Asks the compiler about a mutant: what does not compile is noticed before any test runs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript-5';
import { root } from '../run.js';

const { fileNames, options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.build.json'), ts.sys.readFile).config,
  ts.sys,
  root,
);
/** That something is not used any more shows only that something was left out: whoever does that takes the import out too. */
const unused = [6133, 6192, 6196];
const changed = new Map();
let version = 0;

const service = ts.createLanguageService({
  getScriptFileNames: () => fileNames,
  getScriptVersion: (name) => String(changed.get(name)?.version ?? 0),
  getScriptSnapshot: (name) => {
    if (!existsSync(name)) return undefined;
    return ts.ScriptSnapshot.fromString(changed.get(name)?.text ?? readFileSync(name, 'utf8'));
  },
  getCurrentDirectory: () => root,
  getCompilationSettings: () => ({ ...options, noEmit: true }),
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
  readDirectory: ts.sys.readDirectory,
});

/**
 * @param {string} file relative to the repository
 * @param {string} text what stands in it instead
 * @returns {boolean} whether that has an error of its own that it does not have now
 */
export function compilerRefuses(file, text) {
  const name = join(root, file);
  version += 1;
  changed.set(name, { version, text });
  const errors = [...service.getSemanticDiagnostics(name), ...service.getSyntacticDiagnostics(name)];
  version += 1;
  changed.set(name, { version, text: readFileSync(name, 'utf8') });
  return errors.some(({ code }) => !unused.includes(code));
}
