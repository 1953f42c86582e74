/** The published JSON schema of the configuration file is what the program checks by. */
import { expect, it } from 'vitest';
import type { ZodType } from 'zod';
import { requestSchema } from '../../src/fleet/schema.js';
import { readDoc } from './read-doc.js';

const path = 'docs/karmada-eks.schema.json';

it(`${path} is up to date (npm run build && node scripts/schema.js)`, async () => {
  // Scripts are JavaScript without types: they run before anything is built.
  const script = new URL('../../scripts/schema.js', import.meta.url);
  const { schemaText } = (await import(script.href)) as { readonly schemaText: (schema: ZodType) => string };
  expect(await readDoc(path)).toBe(schemaText(requestSchema));
});

it('explains every part, and every part of a member', async () => {
  interface Part {
    readonly description?: string;
    readonly properties?: Readonly<Record<string, Part>>;
    readonly anyOf?: readonly { readonly items?: Part }[];
  }
  const { properties = {} } = JSON.parse(await readDoc(path)) as Part;
  const member = properties['members']?.anyOf?.find(({ items }) => items !== undefined)?.items;
  const unexplained = Object.entries({ ...properties, ...member?.properties }).filter(([, part]) => !part.description);
  expect(Object.keys(member?.properties ?? {})).toContain('mode');
  expect(unexplained).toEqual([]);
});

it('has the address at which its package is served', async () => {
  const { name, files } = JSON.parse(await readDoc('package.json')) as { name: string; files: readonly string[] };
  const { $id } = JSON.parse(await readDoc(path)) as { $id: string };
  expect($id).toMatch(new RegExp(`^https://[^/]+/npm/${name}/${path}$`));
  expect(files).toContain('docs');
});
