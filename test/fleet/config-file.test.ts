/** The configuration file that is written: read back it is the same, and it explains itself. */
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { configFile } from '../../src/fleet/config-file.js';
import { type FleetRequest, requestSchema } from '../../src/fleet/schema.js';

const whole: FleetRequest = {
  fleet: 'shop',
  region: 'eu-west-1',
  vpc: '*my vpc: a',
  members: [{ name: 'eu', cluster: 'prod', region: 'us-east-1', vpc: 'vpc-1', mode: 'pull' }],
  nodes: 3,
  instanceType: 'm5.large',
  kubernetesVersion: '1.30',
  karmadaVersion: '1.18.2',
  crds: '/tmp/crds.tar.gz',
  allow: ['198.51.100.0/24'],
  internal: true,
  apiName: 'karmada.example.com',
  publicAccess: ['203.0.113.0/24'],
  admins: ['arn:aws:iam::111122223333:role/ops'],
  useExisting: true,
};

it.each([whole, { members: [], publicAccess: ['0.0.0.0/0'] }, {}])('reads back as what was written: %j', (request) => {
  expect(requestSchema.parse(parse(configFile(request)) ?? {})).toEqual(request);
});

const kept = Object.entries(requestSchema.shape)
  .filter(([, { description = '' }]) => description.startsWith('Maintained by karmada-eks'))
  .map(([part]) => part);

it('explains each part in the line before it, whether it is there or not', () => {
  const parts = Object.keys(requestSchema.shape).filter((part) => !kept.includes(part));
  for (const text of [configFile(whole), configFile({})]) {
    const lines = text.split('\n');
    for (const part of parts) {
      const at = lines.findIndex((line) => line.replace('#', '').startsWith(`${part}:`));
      expect(lines[at - 1], part).toMatch(/^# \S.{10,}/);
    }
  }
});

it('leaves out what karmada-eks maintains', () => {
  expect(kept.sort()).toEqual(['former', 'formerApiNames', 'id', 'pullsWithSecret', 'revision']);
  const request = { ...whole, id: '0a1b2c3d4e5f.111122223333.eu-west-1', former: [{ name: 'old' }], revision: 3 };
  expect(configFile(request)).toBe(configFile(whole));
});

it('leaves out what holds without a line, and an empty list that --config would refuse', () => {
  const text = configFile({ publicAccess: [], allow: [], internal: false, useExisting: false, failover: false });
  for (const part of ['publicAccess', 'allow', 'internal', 'useExisting']) expect(text).toContain(`\n#${part}:\n`);
  expect(text).toContain('\nfailover: false\n');
});
