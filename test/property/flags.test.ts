/** No value, whoever it comes from, becomes a flag of a tool or a word of its own. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import { requestSchema } from '../../src/fleet/schema.js';
import type { ClusterConfig } from '../../src/tools/eksctl/cluster-config.js';
import { eksctlCommands } from '../../src/tools/eksctl/commands.js';
import { karmadaCommands } from '../../src/tools/karmada/commands.js';
import { kubectlCommands } from '../../src/tools/kubectl/commands.js';
import type { Command } from '../../src/world/exec.js';
import { runs } from './runs.js';
import { noise } from './texts.js';

/** What somebody would write who wants a value to be more than one. */
const hostile = fc.oneof(
  fc.constantFrom(
    '--all',
    '-f',
    '-',
    '--',
    '-n=kube-system',
    '--kubeconfig=/etc/x',
    '',
    ' ',
    'a\n--all',
    'a --all',
    '$(id)',
    '`id`',
    'a;b',
    "'",
    '\u0000',
    '–all',
  ),
  noise,
  noise.map((text) => `-${text}`),
);

/** Takes the next of the given values each time it is called. */
function taker(values: readonly string[]): () => string {
  let next = 0;
  return () => values[next++ % values.length] ?? '';
}

type Builders = Readonly<Record<string, (...args: never[]) => Command>>;
type Calls<B extends Builders> = { readonly [Name in keyof B]: (take: () => string) => Command };

const access = (take: () => string) => ({ kubeconfig: take(), context: take() });
const cluster = (take: () => string) => ({ name: take(), region: take() });
const place = (take: () => string) => ({ name: take(), provider: take(), region: take(), zones: [take(), take()] });
const ref = (take: () => string) => ({ kind: 'pods', name: take(), namespace: take(), selector: take() });
const container = (take: () => string) => ({ pod: take(), namespace: take(), container: take() });
const config = (take: () => string): ClusterConfig => {
  return { apiVersion: 'eksctl.io/v1alpha5', kind: 'ClusterConfig', metadata: cluster(take) };
};

const eksctl: Calls<typeof eksctlCommands> = {
  version: () => eksctlCommands.version(),
  createCluster: (take) => eksctlCommands.createCluster(config(take)),
  tryCluster: (take) => eksctlCommands.tryCluster(config(take)),
  createNodegroup: (take) => eksctlCommands.createNodegroup(config(take)),
  scaleNodegroup: (take) => eksctlCommands.scaleNodegroup({ ...cluster(take), nodeGroup: take() }, 3),
  deleteNodegroup: (take) => eksctlCommands.deleteNodegroup(config(take)),
  createAddon: (take) => eksctlCommands.createAddon(config(take)),
  deleteAddon: (take) => eksctlCommands.deleteAddon(cluster(take), take()),
  createAccessEntries: (take) => eksctlCommands.createAccessEntries(config(take)),
  createIdentityMapping: (take) => eksctlCommands.createIdentityMapping(cluster(take), take()),
  associateOidcProvider: (take) => eksctlCommands.associateOidcProvider(cluster(take)),
  createEbsRole: (take) => eksctlCommands.createEbsRole(cluster(take), { name: take(), policy: take(), tags: {} }),
  deleteEbsRole: (take) => eksctlCommands.deleteEbsRole(cluster(take)),
  createAccountRole: (take) =>
    eksctlCommands.createAccountRole(cluster(take), {
      metadata: { name: take(), namespace: take() },
      attachPolicy: { Version: take() },
      roleName: take(),
      roleOnly: true,
      tags: {},
    }),
  deleteAccountRole: (take) => eksctlCommands.deleteAccountRole(cluster(take), { name: take(), namespace: take() }),
  createEbsAddon: (take) => eksctlCommands.createEbsAddon(cluster(take), take()),
  deleteCluster: (take) => eksctlCommands.deleteCluster(cluster(take)),
};

const kubectl: Calls<typeof kubectlCommands> = {
  version: () => kubectlCommands.version(),
  get: (take) => kubectlCommands.get(access(take), ref(take)),
  getAll: (take) => kubectlCommands.getAll(access(take), [{ name: take() }]),
  apply: (take) => kubectlCommands.apply(access(take), [{ name: take() }]),
  create: (take) => kubectlCommands.create(access(take), { name: take() }),
  createNew: (take) => kubectlCommands.createNew(access(take), { name: take() }),
  replace: (take) => kubectlCommands.replace(access(take), { name: take() }),
  dryReplace: (take) => kubectlCommands.dryReplace(access(take), [{ name: take() }]),
  removeVersion: (take) => kubectlCommands.removeVersion(access(take), take(), take()),
  listableTypes: (take) => kubectlCommands.listableTypes(access(take), 'all'),
  mergePatchAll: (take) => kubectlCommands.mergePatchAll(access(take), [{ name: take() }], { name: take() }),
  mergePatch: (take) => kubectlCommands.mergePatch(access(take), ref(take), { name: take() }),
  approve: (take) => kubectlCommands.approve(access(take), take()),
  remove: (take) => kubectlCommands.remove(access(take), ref(take)),
  strategicPatch: (take) => kubectlCommands.strategicPatch(access(take), ref(take), { spec: { [take()]: take() } }),
  exec: (take) => kubectlCommands.exec(access(take), container(take), ['ls']),
  portForward: (take) => kubectlCommands.portForward(access(take), take(), take(), 2379),
  logs: (take) => kubectlCommands.logs(access(take), container(take), true),
  viewContext: (take) => kubectlCommands.viewContext(take()),
  raw: (take) => kubectlCommands.raw(access(take), take()),
};

const karmada: Calls<typeof karmadaCommands> = {
  version: () => karmadaCommands.version(),
  init: (take) =>
    karmadaCommands.init({
      parent: access(take),
      advertiseAddress: take(),
      certAddresses: [take()],
      certNames: [take()],
      dataDir: take(),
      storageClass: take(),
      replicas: 3,
      standbys: 2,
      crds: take(),
    }),
  deinit: (take) => karmadaCommands.deinit(access(take)),
  join: (take) => karmadaCommands.join(access(take), access(take), place(take)),
  unjoin: (take) => karmadaCommands.unjoin(access(take), access(take), take()),
  unjoinByForce: (take) => karmadaCommands.unjoinByForce(access(take), take()),
  createToken: (take) => karmadaCommands.createToken(access(take), take()),
  deleteToken: (take) => karmadaCommands.deleteToken(access(take), take()),
  register: (take) =>
    karmadaCommands.register({
      place: place(take),
      member: access(take),
      endpoint: take(),
      token: take(),
      caHash: take(),
    }),
  unregister: (take) => karmadaCommands.unregister(access(take), access(take), take()),
};

const all = Object.entries({ eksctl, kubectl, karmada }).flatMap(([tool, calls]) =>
  Object.entries<(take: () => string) => Command>(calls).map(([name, call]) => [`${tool} ${name}`, call] as const),
);

/** The flag of an argument, and whether it is one at all; values are not looked at. */
const flagOf = (arg: string): string => /^--?[a-z][a-z-]*/.exec(arg)?.[0] ?? (arg.startsWith('-') ? arg : 'a word');

describe('every command', () => {
  it.each(all)('%s has the same flags and words, whatever the values are', (_, call) => {
    const usual = call(taker(['value'])).args.map(flagOf);
    const property = fc.property(fc.array(hostile, { minLength: 1, maxLength: 12 }), (values) => {
      let command: Command;
      try {
        command = call(taker(values));
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(Problem);
        expect(thrown).toMatchObject({ code: 'invalid-value' });
        return;
      }
      expect(command.args.map(flagOf)).toEqual(usual);
    });
    fc.assert(property, runs(150));
  });
});

describe('what a user says', () => {
  const whole = {
    fleet: 'demo',
    region: 'eu-west-1',
    vpc: 'main',
    members: [{ name: 'one', cluster: 'One_1', region: 'eu-west-1', vpc: 'vpc-1' }],
    instanceType: 'm5.large',
    kubernetesVersion: '1.35',
    karmadaVersion: '1.18.2',
    allow: ['203.0.113.7/32'],
    admins: ['arn:aws:iam::111122223333:role/admin'],
  } as const;

  it('is a value of its kind, or refused', () => {
    const [member] = whole.members;
    const property = fc.property(
      hostile,
      fc.constantFrom(...Object.keys(whole), ...Object.keys(member)),
      (text, key) => {
        const inMember = key in member && key !== 'region' && key !== 'vpc';
        const raw = inMember
          ? { ...whole, members: [{ ...member, [key]: text }] }
          : { ...whole, [key]: Array.isArray(whole[key as keyof typeof whole]) ? [text] : text };
        const { success } = requestSchema.safeParse(raw);
        if (success) expect(text).toMatch(/^[\w*][\w .*+=@:/-]*$/);
      },
    );
    fc.assert(property, runs(2_000));
    expect(requestSchema.safeParse(whole).success).toBe(true);
  });
});
