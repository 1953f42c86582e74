/** Whatever AWS throws or leaves out, it becomes a Problem or a judgement, and never an accident. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answerOf, answerOrMissing, errorName } from '../../src/aws/call.js';
import type { AvailabilityZone, NatGateway, RouteTable, Subnet } from '../../src/aws/ec2/ec2.js';
import { problemsIn } from '../../src/errors/diagnostic.js';
import { Problem } from '../../src/errors/problem.js';
import { problemTable } from '../../src/errors/table.js';
import { judgeReading } from '../../src/preflight/network/network.js';
import { ownRegion } from '../../src/world/place.js';
import { rejection } from '../tools/scripted-exec.js';
import { runs } from './runs.js';
import { noise } from './texts.js';

const names = fc.oneof(
  fc.constantFrom(
    'ExpiredToken',
    'AccessDenied',
    'ThrottlingException',
    'TimeoutError',
    'CredentialsProviderError',
    '',
  ),
  noise,
);

/** Errors as the SDK has them, with parts missing or of another kind, and things that are no errors at all. */
const thrown = fc.oneof(
  fc.record({ name: names, message: noise, code: fc.constantFrom('ECONNREFUSED', 'EAI_AGAIN', '') }),
  fc.record(
    { name: fc.anything(), message: fc.anything(), code: fc.anything(), $metadata: fc.anything() },
    { requiredKeys: [] },
  ),
  fc.tuple(names, noise).map(([name, message]) => Object.assign(new Error(message), { name })),
  fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }),
  fc.constantFrom(Symbol('x'), () => 'x', Object.freeze(new Error('x'))),
);

it('an error of any form is a Problem with a known code', async () => {
  const property = fc.asyncProperty(thrown, async (error) => {
    expect(typeof errorName(error)).toBe('string');
    for (const asked of [
      answerOf('listing VPCs', Promise.reject(error)),
      answerOrMissing('reading a cluster', () => false, Promise.reject(error)),
    ]) {
      const problem = await rejection(asked);
      expect(problem).toBeInstanceOf(Problem);
      expect(Object.keys(problemTable)).toContain(problem instanceof Problem ? problem.code : '');
    }
  });
  await fc.assert(property, runs(500));
});

const id = (kind: string) => fc.constantFrom(`${kind}-1`, `${kind}-2`, '', undefined);
const text = fc.oneof(fc.constantFrom('available', 'active', '0.0.0.0/0', 'off'), noise);

/** A part of an answer in which anything may be missing. */
const part = <T>(fields: { [Key in keyof T]?: fc.Arbitrary<unknown> }): fc.Arbitrary<T> =>
  fc.record(fields as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: [] }).map((value) => value as T);

const subnets = part<Subnet>({
  SubnetId: id('subnet'),
  AvailabilityZone: fc.constantFrom('eu-west-1a', 'eu-west-1b', '', undefined),
  AvailabilityZoneId: text,
  State: fc.constantFrom('available', 'available', 'pending', undefined),
  AvailableIpAddressCount: fc.oneof(fc.integer(), fc.constant(undefined)),
  MapPublicIpOnLaunch: fc.constantFrom(true, false, undefined),
  BlockPublicAccessStates: fc.constantFrom(undefined, {}, { InternetGatewayBlockMode: 'off' }),
});
const route = part<NonNullable<RouteTable['Routes']>[number]>({
  DestinationCidrBlock: text,
  GatewayId: fc.constantFrom('igw-1', 'local', '', undefined),
  NatGatewayId: id('nat'),
  State: text,
});
const tables = part<RouteTable>({
  Associations: fc.array(part({ SubnetId: id('subnet'), Main: fc.boolean() }), { maxLength: 3 }),
  Routes: fc.array(route, { maxLength: 3 }),
});
const gateways = part<NatGateway>({
  NatGatewayId: id('nat'),
  SubnetId: id('subnet'),
  State: text,
  NatGatewayAddresses: fc.array(part({ PublicIp: text }), { maxLength: 2 }),
});

it('a VPC with anything missing is judged all the same', () => {
  const reading = fc.record({
    vpcId: fc.constantFrom('vpc-1', ''),
    vpcName: noise,
    cidrs: fc.array(text, { maxLength: 2 }),
    dns: fc.record({ support: fc.boolean(), hostnames: fc.boolean() }),
    offering: fc.array(fc.constantFrom('eu-west-1a', 'eu-west-1b', ''), { maxLength: 3 }),
    architectures: fc.array(fc.record({ type: fc.constant('m5.large'), isArm: fc.boolean() }), { maxLength: 2 }),
    subnets: fc.array(subnets, { maxLength: 6 }),
    routeTables: fc.array(tables, { maxLength: 3 }),
    natGateways: fc.array(gateways, { maxLength: 3 }),
    zones: fc.array(part<AvailabilityZone>({ ZoneName: text, ZoneType: text }), { maxLength: 3 }),
  });
  const property = fc.property(reading, fc.boolean(), (read, needsPublicSubnet) => {
    const spec = {
      ...ownRegion('eu-west-1'),
      vpc: 'main',
      holdsNew: true,
      instanceTypes: ['m5.large'],
      needsPublicSubnet,
    };
    const { found, diagnostics } = judgeReading(read, spec);
    expect(found === undefined).toBe(problemsIn(diagnostics).length > 0);
    for (const { id: subnetId } of [...(found?.public ?? []), ...(found?.private ?? [])]) expect(subnetId).not.toBe('');
  });
  fc.assert(property, runs(1_500));
});
