/** What can be tested of the lab without root: why it is skipped, and that its README knows its versions. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

interface Machine {
  readonly platform: string;
  readonly arch: string;
  readonly uid: number | undefined;
  readonly has: (program: string) => boolean;
}

// The lab's JavaScript has no types: it runs without a build.
const needs = new URL('needs.js', import.meta.url);
const { missingFor } = (await import(needs.href)) as {
  readonly missingFor: (machine: Machine) => string | undefined;
};

const good: Machine = { platform: 'linux', arch: 'x64', uid: 0, has: () => true };

const lacking: readonly (readonly [string, Partial<Machine>, string])[] = [
  ['another system', { platform: 'darwin' }, 'Linux'],
  ['another processor', { arch: 'arm64' }, 'x86-64'],
  ['another user than root', { uid: 1000 }, 'root'],
  ['no user ids', { uid: undefined }, 'root'],
  ['no Python', { has: (program) => program !== 'python3' }, 'needs python3'],
  ['no Go', { has: (program) => program !== 'go' }, 'needs go'],
  ['no packages of Debian', { has: (program) => program !== 'apt-get' }, 'needs apt-get'],
];

it.each(lacking)('says why it cannot run: %s', (_, difference, reason) => {
  expect(missingFor({ ...good, ...difference })).toContain(reason);
});

it('says nothing on a machine that has everything', () => {
  expect(missingFor(good)).toBeUndefined();
});

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');

it('has a README that names every version which the set-up pins', async () => {
  const readme = await read('README.md');
  const pins = JSON.parse(await read('build/versions.json')) as Record<string, { readonly version?: string }>;
  const python = await read('build/requirements.txt');
  const pinned = Object.entries(pins).flatMap(([name, { version }]) =>
    version === undefined ? [] : [[name, version]],
  );
  for (const name of ['moto', 'awscli']) pinned.push([name, RegExp(`^${name}==(.+)$`, 'm').exec(python)?.[1] ?? '?']);
  const rows = readme.split('\n').filter((line) => line.startsWith('| '));
  const unnamed = pinned.filter(([, version]) => !rows.some((row) => row.includes(` ${version} `)));
  expect(pinned.length).toBeGreaterThan(5);
  expect(unnamed).toEqual([]);
});

it('builds Kubernetes, etcd and the cloud controller with module files for the versions that it pins', async () => {
  const pins = JSON.parse(await read('build/versions.json')) as Record<string, { readonly version: string }>;
  const required = [
    ['kubernetes', 'k8s.io/kubernetes'],
    ['etcd', 'go.etcd.io/etcd/server/v3'],
    ['cloud-provider-aws', 'k8s.io/cloud-provider-aws'],
  ] as const;
  for (const [folder, module] of required) {
    expect(await read(`build/${folder}/go.mod`)).toContain(`${module} v${pins[folder]?.version}\n`);
  }
});

it('has a README that names every setting of the simulator and every kind of fault', async () => {
  const readme = await read('README.md');
  const settings = [...(await read('aws/settings.py')).matchAll(/^ {4}"((?:SIM|LAB)_\w+)":/gm)].map(([, name]) => name);
  const sources = await Promise.all(
    ['front', 'cfn_stacks', 'cfn_deletion', 'eks_clusters', 'nodegroups', 'eks_addons', 'tokens'].map((name) =>
      read(`aws/${name}.py`),
    ),
  );
  const taken = sources.flatMap((source) =>
    [...source.matchAll(/take_fault\(\[([^\]]+)\]/g)].map(([, kinds]) => kinds),
  );
  const kinds = taken.flatMap((list) => [...(list ?? '').matchAll(/"([\w-]+)"/g)].map(([, kind]) => kind));
  expect(settings.length).toBeGreaterThan(10);
  expect(kinds.length).toBeGreaterThan(8);
  expect([...settings, ...kinds].filter((name) => !readme.includes(name ?? '?'))).toEqual([]);
});
