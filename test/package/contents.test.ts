/** What may be in the package, and the notices that go with it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../world/temp-folder.js';

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

type ComplaintsAbout = (packed: Packed, folder: string, secrets: readonly string[]) => string[];

/** Scripts are JavaScript without types: they run before anything is built. */
const script = async (name: string): Promise<unknown> =>
  await import(new URL(`../../scripts/${name}`, import.meta.url).href);

const lockOf = (entry: object): string => JSON.stringify({ packages: { '': {}, 'node_modules/a': entry } });

const good = {
  'bin/karmada-eks.js': '',
  'dist/backup-job.js': '',
  'dist/help.json': '{}',
  'dist/main.js': '',
  'dist/cli/program.js': '',
  'docs/tour.md': '',
  'docs/pictures/up.svg': '',
  'package.json': '',
  'README.md': '',
  LICENSE: '',
  'npm-shrinkwrap.json': lockOf({ integrity: 'sha512-x', version: '1.0.0' }),
  NOTICE: '',
  'THIRD_PARTY_NOTICES.txt': '',
};

async function complaints(files: Readonly<Record<string, string>>, size = 300_000): Promise<string[]> {
  const folder = await tempFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const { complaintsAbout } = (await script('pack-contents.js')) as { readonly complaintsAbout: ComplaintsAbout };
  const paths = Object.keys(files).map((path) => ({ path }));
  return complaintsAbout({ size, unpackedSize: size, files: paths }, folder, ['/home/builder', 'registry.example']);
}

it('lets the program, its documentation and its licences through', async () => {
  expect(await complaints(good)).toEqual([]);
});

it.each(['src/main.ts', 'dist/main.js.map', 'test/main.test.js', 'dist/test/main.js', '.npmrc'])(
  'refuses %s',
  async (path) => {
    expect(await complaints({ ...good, [path]: '' })).toEqual([`${path} does not belong into the package`]);
  },
);

it('misses a licence', async () => {
  const { LICENSE: _, ...rest } = good;
  expect(await complaints(rest)).toEqual(['LICENSE is missing']);
});

it.each(['/home/builder', 'registry.example', 'sourceMappingURL='])('finds %s in a file', async (secret) => {
  expect(await complaints({ ...good, 'dist/main.js': `//# ${secret}x` })).toEqual([`dist/main.js holds ${secret}`]);
});

it('refuses more than 10 MB', async () => {
  expect(await complaints(good, 10_000_001)).toEqual(['it has more than 10000000 bytes']);
});

it.each([
  ['node_modules/a is for development only', lockOf({ integrity: 'sha512-x', dev: true })],
  ['node_modules/a names where it is downloaded', lockOf({ integrity: 'sha512-x', resolved: 'https://mirror/a.tgz' })],
  ['node_modules/a has no checksum', lockOf({})],
  ['it lists no package', JSON.stringify({ packages: { '': {} } })],
])('refuses a lock of which is true: %s', async (complaint, text) => {
  expect(await complaints({ ...good, 'npm-shrinkwrap.json': text })).toEqual([`npm-shrinkwrap.json: ${complaint}`]);
});

it('misses the lock', async () => {
  const { 'npm-shrinkwrap.json': _, ...rest } = good;
  expect(await complaints(rest)).toEqual(['npm-shrinkwrap.json is missing']);
});

it('locks every package that comes with an installation, in the version that is tested', async () => {
  const { shrinkwrap, shrinkwrapComplaints } = (await script('pack-shrinkwrap.js')) as {
    readonly shrinkwrap: () => string;
    readonly shrinkwrapComplaints: (text: string) => string[];
  };
  const text = shrinkwrap();
  expect(shrinkwrapComplaints(text)).toEqual([]);
  const { packages } = JSON.parse(text);
  const { dependencies, devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  expect(packages[''].dependencies).toEqual(dependencies);
  expect(packages['']).not.toHaveProperty('devDependencies');
  for (const name of Object.keys(dependencies)) {
    const { version } = JSON.parse(await readFile(`node_modules/${name}/package.json`, 'utf8'));
    expect(packages[`node_modules/${name}`]).toMatchObject({ version });
  }
  for (const name of Object.keys(devDependencies)) expect(packages).not.toHaveProperty([`node_modules/${name}`]);
});

it('names every dependency with its version and licence, and no package that is only for development', async () => {
  const { thirdPartyNotices } = (await script('pack-notices.js')) as { readonly thirdPartyNotices: () => string };
  const notices = thirdPartyNotices();
  const { dependencies, devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  const titled = (name: string): RegExp => new RegExp(`^${name} \\d\\S* \\(.+\\)$`, 'm');
  for (const name of Object.keys(dependencies)) expect(notices).toMatch(titled(name));
  for (const name of Object.keys(devDependencies)) expect(notices).not.toMatch(titled(name));
  expect(notices).toContain('Permission is hereby granted');
});

it('takes what npm would correct in package.json for a fault, and a missing login for none', async () => {
  const { publishWarnings } = (await script('pack-contents.js')) as {
    readonly publishWarnings: (stderr: string) => string[];
  };
  const corrected = 'npm warn publish "repository" was changed from a string to an object';
  const login = 'npm warn publish This command requires you to be logged in (dry-run)';
  expect(publishWarnings(`npm notice name: karmada-eks\n${corrected}\n${login}\n`)).toEqual([corrected]);
});

it('is a package that npm can show the origin of: a public address, and provenance by default', async () => {
  const { repository, homepage, bugs, keywords, publishConfig } = JSON.parse(
    await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as Record<string, { readonly url: string }>;
  const address = repository?.url.replace(/^git\+|\.git$/g, '');
  expect(address).toMatch(/^https:\/\/github\.com\//);
  expect({ homepage, bugs }).toEqual({ homepage: `${address}#readme`, bugs: `${address}/issues` });
  expect(keywords).toContain('karmada');
  expect(publishConfig).toEqual({ access: 'public', provenance: true });
});
