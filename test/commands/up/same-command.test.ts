/** The one command that a guided run ends with says what was answered, and nothing else. */
import { expect, it } from 'vitest';
import { sameCommand } from '../../../src/commands/up/same-command.js';
import { configFile } from '../../../src/fleet/config-file.js';
import type { FleetRequest } from '../../../src/fleet/schema.js';
import { noOptions } from '../../../src/options/read-options.js';
import { cli } from '../../lifecycle/cli.js';
import { newMachine, otherRegion, region, succeed } from '../../lifecycle/fleet.js';

const request: FleetRequest = {
  fleet: 'shop',
  region,
  vpc: 'main',
  nodes: 4,
  instanceType: 'm5.large',
  members: [
    { name: 'one', mode: 'push' },
    { name: 'two', mode: 'pull', region: otherRegion, vpc: 'ma*n' },
  ],
  kubernetesVersion: '1.34',
  allow: ['203.0.113.7/32', '198.51.100.0/24'],
  internal: true,
  publicAccess: ['203.0.113.0/24'],
  admins: ['arn:aws:iam::111122223333:role/Ops'],
  useExisting: true,
};

it('quotes what a shell would change', () => {
  expect(sameCommand({ ...request, vpc: "Tom's *" }, {})).toBe(
    [
      'karmada-eks up --fleet shop --region us-west-2',
      String.raw`--vpc 'Tom'\''s *'`,
      `--member name=one,mode=push --member 'name=two,mode=pull,region=eu-west-1,vpc=ma*n'`,
      '--nodes 4 --instance-type m5.large --kubernetes-version 1.34',
      '--allow 203.0.113.7/32 --allow 198.51.100.0/24 --internal --public-access-cidr 203.0.113.0/24 --admin arn:aws:iam::111122223333:role/Ops --use-existing --yes',
    ].join(' '),
  );
});

it('leaves out what is nothing, and keeps how it was run', () => {
  const small: FleetRequest = { fleet: 'shop', region, vpc: 'vpc-1', members: 0, allow: [], useExisting: false };
  expect(sameCommand(small, { rehearse: true, speed: 600, useContext: true, config: 'x.yaml' })).toBe(
    'karmada-eks up --fleet shop --region us-west-2 --vpc vpc-1 --members 0 --use-context --rehearse --speed 600 --yes',
  );
  expect(sameCommand({ ...small, members: [] }, {})).toContain('--members 0');
  expect(
    sameCommand(small, { ...noOptions, prune: true, trustContext: ['kind a', 'b'], concurrency: 5, json: true }),
  ).toBe(
    "karmada-eks up --fleet shop --region us-west-2 --vpc vpc-1 --members 0 --concurrency 5 --trust-context 'kind a' --trust-context b --prune --yes",
  );
});

it('gives the same plan as the file that is saved', async () => {
  const byFile = newMachine();
  byFile.state.files['/home/you/karmada-eks.yaml'] = configFile(request);
  const fromFile = await succeed(byFile, 'plan -o json --config karmada-eks.yaml');
  const words = sameCommand(request, {})
    .replaceAll("'", '')
    .replace('karmada-eks up', 'plan -o json')
    .replace(' --yes', '');
  const fromWords = await succeed(newMachine(), words);
  expect(JSON.parse(fromFile.stdout)).toEqual(JSON.parse(fromWords.stdout));
  expect(JSON.parse(fromFile.stdout)).toMatchObject({
    fleet: { name: 'shop', nodes: 4, members: [{}, { mode: 'pull' }] },
  });
});

it('shows the command that has the details of this very plan', async () => {
  const words = `up --fleet shop --region ${region} --vpc main --member name=eu,mode=pull --nodes 4`;
  const { stderr } = await cli(newMachine(), words, { columns: 400, leaves: true });
  const [, shown = ''] = /^details: karmada-eks (.*)$/m.exec(stderr) ?? [];
  expect(shown).toBe(`plan --fleet shop --region ${region} --vpc main --member name=eu,mode=pull --nodes 4 --details`);
  expect((await succeed(newMachine(), shown)).stdout).toContain('EKS cluster shop-parent');
});

it('names the file of a patch, and leaves members to the file that has patches of them', () => {
  const patch = { secretsEncryption: { keyARN: 'k' } };
  const small: FleetRequest = { fleet: 'shop', region, vpc: 'vpc-1', members: [{ name: 'one' }] };
  const start = 'karmada-eks up --fleet shop --region us-west-2 --vpc vpc-1';
  expect(sameCommand({ ...small, clusterConfigPatch: patch }, { clusterConfigPatch: 'p.yaml' })).toBe(
    `${start} --member name=one --cluster-config-patch p.yaml --yes`,
  );
  const own = [{ name: 'one', clusterConfigPatch: patch }];
  expect(sameCommand({ ...small, members: own }, { config: 'f.yaml' })).toBe(`${start} --config f.yaml --yes`);
  expect(sameCommand(small, { config: 'f.yaml' })).toBe(`${start} --member name=one --yes`);
});
