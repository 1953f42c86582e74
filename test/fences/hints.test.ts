/** A hint names the fleet that it is about: without, defaults and variables may make it act on another one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const src = fileURLToPath(new URL('../../src', import.meta.url));

/** Where examples and help stand, or where no fleet is known. */
const general =
  /^(?:cli|options|rehearsal|ui)\/|^(?:fleet\/config-file|fleet\/fleet-command|model\/api-access|steps\/kubeconfig\/user-kubeconfig-files|commands\/shared\/config-file-request|commands\/up\/offer-file)\.ts$/;

const verbs = 'backup|up|plan|status|doctor|join|clusters|kubeconfig|demo|unjoin|down|support-bundle';
const command = new RegExp(`karmada-eks (?:${verbs})\\b(?!.*(?:--fleet|--help|where}))`);

/** Lines of code in which a command stands that names no fleet. */
function namelessHints(text: string): readonly string[] {
  return text.split('\n').filter((line) => command.test(line) && !/^\s*(?:\/?\*|\/\/)/.test(line));
}

it('every command that src shows names its fleet', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !general.test(path));
  expect(files.length).toBeGreaterThan(300);
  expect(files.flatMap((path) => namelessHints(readFileSync(join(src, path), 'utf8')))).toEqual([]);
});

it.each([
  ["next: ['repair it: karmada-eks up'],", 1],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text
  ['next: [`repair it: ${fleetCommand("up", fleet)}`],', 0],
  ["'karmada-eks down --fleet NAME'", 0],
  ['/** `karmada-eks up` again. */', 0],
])('%s: %d nameless', (line, count) => {
  expect(namelessHints(line)).toHaveLength(count);
});
