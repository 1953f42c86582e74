/** A name of the user's for the Karmada API, through the life of a fleet. */
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import type { RecordState } from '../../src/rehearsal/state.js';
import { readyFleet } from '../commands/status/machines.js';
import { cli } from './cli.js';
import { down, fleetFolder, fleetId, kubeconfigPath, newMachine, smallUp, succeed } from './fleet.js';

const name = 'karmada.example.com';
const theirs: readonly RecordState[] = [
  { name: 'example.com', type: 'A', ttl: 60, values: ['192.0.2.80'] },
  { name: 'a.karmada.example.com', type: 'A', ttl: 60, values: ['192.0.2.81'] },
];

/** A zone of the account with records of somebody else's. */
function addZone({ state }: Account, id: string, zone: string, vpcs?: { id: string; region: string }[]) {
  const made = { name: zone, records: [...theirs], ...(vpcs === undefined ? {} : { vpcs }) };
  state.zones = { ...state.zones, [id]: made };
  return made;
}

function hostnameOf(account: Account): string {
  const [balancer] = account.region('us-west-2').loadBalancers.filter(({ deletedAt }) => deletedAt === undefined);
  return balancer?.hostname ?? expect.unreachable('no load balancer');
}

/** Where everybody is told that Karmada is. */
function servers({ state }: Account): readonly (string | undefined)[] {
  const texts = [
    state.files[`${fleetFolder}/kubeconfigs/karmada-apiserver.json`],
    state.files[kubeconfigPath],
    JSON.stringify(state.apis['karmada/us-west-2/karmada-parent']?.objects['configmaps/kube-public/cluster-info']),
    decoded(state.apis['eks/us-west-2/two']?.objects['secrets/karmada-system/karmada-kubeconfig']),
  ];
  return texts.map((text) => /https:\/\/[^"\\\s]+:32443/.exec(text ?? '')?.[0]);
}

function decoded(secret: unknown): string {
  return Buffer.from(JSON.stringify(secret).match(/"karmada-kubeconfig":"([^"]+)"/)?.[1] ?? '', 'base64').toString();
}

describe.sequential('a fleet with a name of its own', { shuffle: false }, () => {
  const account = newMachine();
  const zone = addZone(account, 'ZONE1', 'example.com');
  addZone(account, 'ZONE2', 'com');

  it('is told everywhere by that name, which leads to its load balancer', async () => {
    await succeed(account, `${smallUp} --api-name Karmada.Example.com.`);
    const target = hostnameOf(account);
    expect(zone.records.slice(2)).toMatchObject([
      { name, type: 'A', alias: { zone: 'ZREHEARSEDNLB', target } },
      { name: `_karmada-eks.${name}`, type: 'TXT', values: [`"karmada-eks ${fleetId(account)} ${target}"`] },
    ]);
    expect(account.state.zones?.['ZONE2']?.records).toEqual(theirs);
    expect(servers(account)).toEqual(Array(4).fill(`https://${name}:32443`));
    expect((await succeed(account, 'status')).stdout).toContain(`https://${name}:32443`);
  }, 60_000);

  it('has nothing to do afterwards', async () => {
    const { stdout } = await succeed(account, 'up --yes');
    expect(stdout).toContain('nothing to do');
  });

  it('stays reachable by its load balancer when somebody has the name lead elsewhere, which is not undone', async () => {
    const { records } = zone;
    zone.records = records.map((each) =>
      each.name === name ? { name, type: 'A', ttl: 60, values: ['192.0.2.9'] } : each,
    );
    const { stdout } = await succeed(account, 'status');
    expect(stdout).toContain('✔ Karmada API');
    expect(stdout).toContain(
      `! ${name} does not lead to this Karmada (connect ECONNREFUSED ${name}:32443); unless Route 53 of this account has it, make the record ${name} CNAME ${hostnameOf(account)}, then run up again`,
    );
    expect((await cli(account, 'doctor')).stdout).toContain(
      `${name} does not lead to this Karmada (connect ECONNREFUSED`,
    );
    const refused = await cli(account, 'up --yes');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatchInlineSnapshot(`
      "✖ hosted zone example.com (ZONE1) has a record karmada.example.com that this fleet did not make
        why:  it is A 192.0.2.9, and a record of somebody else’s is never replaced
        next: 1. use another name: --api-name NAME
              2. or delete that record, if nobody needs it, and run the same command again
        code: api-name-taken
      "
    `);
    zone.records = records;
  });

  it('gets another name while the former one goes on leading to it', async () => {
    const { stdout } = await succeed(account, 'up --yes --api-name api.example.com');
    expect(stdout).toContain('apiserver gets the name api.example.com');
    expect(stdout).toContain('publish the Karmada API under api.example.com: it is published as karmada.example.com');
    expect(servers(account)).toEqual(Array(4).fill('https://api.example.com:32443'));
    expect(zone.records.map((each) => each.name).slice(2)).toEqual([
      name,
      `_karmada-eks.${name}`,
      'api.example.com',
      '_karmada-eks.api.example.com',
    ]);
    expect((await succeed(account, 'up --yes')).stdout).toContain('nothing to do');
  });

  it('leaves the zone as it was, with what is somebody’s by now', async () => {
    // Somebody gave the former name another purpose: only the mark is deleted.
    const changed = { name, type: 'A', ttl: 60, values: ['192.0.2.9'] };
    zone.records = zone.records.map((each) => (each.name === name ? changed : each));
    const { stdout, stderr } = await succeed(account, down);
    expect(stdout).toContain('parent   record api.example.com, if this fleet made it');
    expect(stderr).toContain(`${name} is left as it is now: A 192.0.2.9`);
    expect(zone.records).toEqual([...theirs, changed]);
  }, 60_000);
});

it('a name that no zone of the account has is left to the user, and taken once it leads there', async () => {
  const account = await readyFleet();
  const hostname = hostnameOf(account);
  const line = `${name} does not lead to this Karmada (getaddrinfo ENOTFOUND ${name}); unless Route 53 of this account has it, make the record ${name} CNAME ${hostname}, then run up again`;
  const first = await succeed(account, `up --region us-west-2 --yes --api-name ${name}`);
  expect(first.stderr).toContain(line);
  expect(first.stderr).toContain(`lead ${name} to the load balancer (in no hosted zone of this account)`);
  expect(servers(account)).toEqual(Array(4).fill(`https://${hostname}:32443`));
  account.state.otherNames = { [name]: hostname };
  await succeed(account, 'up --region us-west-2 --yes');
  expect(servers(account)).toEqual(Array(4).fill(`https://${name}:32443`));
  await succeed(account, 'up --region us-west-2 --yes --api-name none');
  expect(servers(account)).toEqual(Array(4).fill(`https://${hostname}:32443`));
}, 60_000);

it('a run that was killed while it made the record is completed, and leaves one', async () => {
  const account = await readyFleet();
  const zone = addZone(account, 'ZONE1', 'example.com');
  const up = `up --region us-west-2 --yes --api-name ${name}`;
  expect((await cli(account, up, { killAfterMs: 5_000 })).code).toBe('killed');
  expect(zone.records.map((each) => each.name).slice(2)).toEqual([name, `_karmada-eks.${name}`]);
  await succeed(account, up);
  expect(zone.records).toHaveLength(4);
  expect(servers(account)).toEqual(Array(4).fill(`https://${name}:32443`));
}, 60_000);

it('a record of somebody else’s is refused before anything is changed', async () => {
  const account = newMachine();
  const zone = addZone(account, 'ZONE1', 'example.com');
  zone.records.push({ name, type: 'CNAME', ttl: 60, values: ['www.example.com'] });
  const before = JSON.stringify(account.state.zones);
  const { code, stderr, commands } = await cli(account, `${smallUp} --api-name ${name}`);
  expect([code, commands]).toEqual([3, []]);
  expect(stderr).toMatchInlineSnapshot(`
    "✖ hosted zone example.com (ZONE1) has a record karmada.example.com that this fleet did not make
      why:  it is CNAME www.example.com, and a record of somebody else’s is never replaced
      next: 1. use another name: --api-name NAME
            2. or delete that record, if nobody needs it, and run the same command again
      code: api-name-taken
    "
  `);
  expect(JSON.stringify(account.state.zones)).toBe(before);
});

it('a private zone alone is refused where a pull member’s VPC does not ask it', async () => {
  const account = newMachine();
  const own = account.region('us-west-2').vpcs[0]?.id ?? expect.unreachable();
  addZone(account, 'ZONE1', 'example.com', [{ id: own, region: 'us-west-2' }]);
  const plan = 'plan --region us-west-2 --vpc main --member name=far,region=eu-west-1,mode=pull';
  const { code, stderr } = await cli(account, `${plan} --api-name ${name}`);
  expect(code).toBe(2);
  expect(stderr).toMatchInlineSnapshot(`
    "✖ far could not find karmada.example.com
      why:  it would be in private hosted zone example.com (ZONE1) alone, which their VPCs do not ask
      next: 1. aws route53 associate-vpc-with-hosted-zone --hosted-zone-id ZONE1 --vpc VPCRegion=eu-west-1,VPCId=vpc-0000000000000000d
            2. or use a name in a public zone
      code: invalid-value
    "
  `);
  account.state.zones?.['ZONE1']?.vpcs?.push({
    id: account.region('eu-west-1').vpcs[0]?.id ?? '',
    region: 'eu-west-1',
  });
  expect((await cli(account, `${plan} --api-name ${name}`)).code).toBe(0);
});
