/** No file keeps the marks of a conflict between two changes: in prose nothing else would notice them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const texts = /\.(?:ts|js|md|json|yml)$/;

it('no file of the project has marks of a conflict', () => {
  const files = ['.', 'src', 'test', 'docs', 'scripts', 'action'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' })
      .filter((path) => texts.test(path) && !path.includes('node_modules'))
      .map((path) => join(folder, path)),
  );
  expect(files.length).toBeGreaterThan(900);
  const marks = /^(?:<{7}|={7}|>{7})(?: |$)/m;
  expect(files.filter((path) => marks.test(readFileSync(join(root, path), 'utf8')))).toEqual([]);
});
