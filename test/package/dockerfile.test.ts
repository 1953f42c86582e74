/** The Dockerfile is pinned to what the program itself installs, and is read as Docker reads it. */
import { expect, it } from 'vitest';
import { defaultToolVersions } from '../../src/tools/install/catalogue.js';
import { readDoc } from '../docs/read-doc.js';

interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  readonly instructions: readonly { readonly word: string; readonly rest: string }[];
}

const script = new URL('../../scripts/image/dockerfile.js', import.meta.url);
const { baseOf, stagesOf } = (await import(script.href)) as {
  readonly baseOf: (image: string) => { readonly node: string; readonly debian: string };
  readonly stagesOf: (text: string) => readonly Stage[];
};

it('reads stages, continued lines and arguments', () => {
  const text = `# why
ARG V=22.1.0
FROM node:\${V}-bookworm-slim AS one
RUN a \\
 && b

FROM node:\${V}-x-slim
USER 1
`;
  expect(stagesOf(text)).toEqual([
    { image: 'node:22.1.0-bookworm-slim', name: 'one', instructions: [{ word: 'RUN', rest: 'a && b' }] },
    { image: 'node:22.1.0-x-slim', name: undefined, instructions: [{ word: 'USER', rest: '1' }] },
  ]);
});

it('refuses what it would not carry out', () => {
  expect(() => stagesOf('FROM a\nADD x y\n')).toThrow('ADD is not carried out here');
  expect(() => baseOf('node:latest')).toThrow('node:latest is not an image of Node.js on Debian');
});

it('every version is pinned, and the tools are those that the program installs', async () => {
  const stages = stagesOf(await readDoc('Dockerfile'));
  for (const { image } of stages) expect(baseOf(image).node).toMatch(/^\d+\.\d+\.\d+$/);
  const steps = stages.flatMap(({ instructions }) => instructions.map(({ rest }) => rest));
  const packages = steps.find((rest) => rest.includes('apt-get install'))?.match(/recommends (.*) && rm/)?.[1] ?? '';
  expect(packages.split(' ').filter((each) => !/^[a-z-]+=\d/.test(each))).toEqual([]);
  expect(packages).toContain('awscli=');
  const installed = steps.find((rest) => rest.includes('tools install')) ?? '';
  const versions = [...installed.matchAll(/--([a-z-]+)-version ([\d.]+)/g)].map(([, tool, version]) => [tool, version]);
  expect(Object.fromEntries(versions)).toEqual(defaultToolVersions);
});

it('does not run as root', async () => {
  const last = stagesOf(await readDoc('Dockerfile')).at(-1);
  expect(last?.instructions.filter(({ word }) => word === 'USER').at(-1)?.rest).toBe('1000');
});
