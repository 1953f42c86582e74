/** The one command that a guided run ends with: typed into a shell, it asks for the very same fleet. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.js';
import { sameCommand } from '../../src/commands/up/same-command.js';
import { checkRequest } from '../../src/fleet/request.js';
import { type FleetRequest, type MemberRequest, requestSchema } from '../../src/fleet/schema.js';
import { requestOptions } from '../../src/options/request.js';
import type { Options } from '../../src/options/table.js';
import { runs } from './runs.js';

const run = promisify(execFile);

/** What a POSIX shell makes of a line. */
async function shellWords(line: string): Promise<string[]> {
  const { stdout } = await run('sh', ['-c', `for word in ${line}; do printf '%s\\0' "$word"; done`]);
  return stdout.split('\0').slice(0, -1);
}

/** The request in a command line, by the program's own parser. */
async function requestIn(line: string): Promise<FleetRequest> {
  const [, ...argv] = await shellWords(line);
  let request: Record<string, unknown> = {};
  const told: string[] = [];
  await runProgram({
    version: '',
    env: {},
    argv,
    width: 80,
    writeOut: (text) => void told.push(text),
    writeErr: (text) => void told.push(text),
    withSession: async (options) => {
      request = requestOptions(options as Options);
      return 0;
    },
    refuse: async (_, problem) => told.push(problem.message, ...problem.parts.map(({ message }) => message)),
  });
  expect(told).toEqual([]);
  return checkRequest(request, (path) => path);
}

/** Without the parts that say no more than their absence. */
function essence(request: FleetRequest): Record<string, unknown> {
  const { members, ...rest } = request;
  const types = rest.instanceType && { instanceType: [rest.instanceType].flat() };
  const given = Object.entries({ ...rest, ...types, members: isEmpty(members) ? 0 : members });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== false && !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

const name = fc.stringMatching(/^[a-z][-a-z0-9]{0,20}[a-z0-9]$/);
const place = fc.constantFrom('eu-west-1', 'us-gov-east-1', 'ap-southeast-2');
const vpc = fc.oneof(fc.constant('vpc-0abc'), fc.stringMatching(/^[\w*][\w .*+=@:/-]{0,30}[\w*]$/));
const cidr = fc.ipV4().map((ip) => `${ip}/32`);
const mode = fc.constantFrom('push' as const, 'pull' as const);
const anything = fc
  .oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom('a,b', 'a\\', '\\,', 'x=y,z', "it's", '-x', '$HOME', 'arn:aws:eks:x'),
  )
  .map((text) => text.replaceAll('\0', '').trim())
  .filter((text) => text !== '');

const how = { mode: fc.option(mode, { nil: undefined }), sources: fc.array(cidr, { minLength: 1, maxLength: 3 }) };
const member: fc.Arbitrary<MemberRequest> = fc.oneof(
  fc.record(
    {
      name,
      region: place,
      vpc,
      cluster: name,
      zones: fc.constant<string[]>(['us-east-1a', 'us-east-1b']),
      volumeSize: fc.constant(100),
      amiFamily: fc.constant('Bottlerocket'),
      spot: fc.boolean(),
      existing: fc.constant(true),
      ...how,
    },
    { requiredKeys: ['name'] },
  ),
  fc.record({ name, context: anything, ...how }, { requiredKeys: ['name', 'context'] }),
);

/** Whatever the questions, a file and the record of a fleet can fill. */
const request: fc.Arbitrary<FleetRequest> = fc
  .record({
    fleet: name,
    region: place,
    vpc,
    members: fc.oneof(fc.nat(100), fc.array(member, { maxLength: 4 })),
    nodes: fc.integer({ min: 3, max: 100 }),
    instanceType: fc.constantFrom<string | string[]>('m5.large', 'u-6tb1.metal', ['m5.large', 'm6i.2xlarge']),
    spot: fc.option(fc.constant(true), { nil: undefined }),
    volumeSize: fc.option(fc.integer({ min: 20, max: 16_384 }), { nil: undefined }),
    amiFamily: fc.option(fc.constantFrom('AmazonLinux2023', 'Ubuntu2404'), { nil: undefined }),
    kubernetesVersion: fc.option(fc.constantFrom('1.35', '1.30'), { nil: undefined }),
    karmadaVersion: fc.option(fc.constant('1.18.2'), { nil: undefined }),
    crds: fc.option(
      anything.map((text) => `/${text}`),
      { nil: undefined },
    ),
    allow: fc.array(cidr, { maxLength: 3 }),
    internal: fc.option(fc.boolean(), { nil: undefined }),
    publicAccess: fc.array(
      fc.integer({ min: 11, max: 99 }).map((first) => `${first}.20.30.0/24`),
      { maxLength: 3 },
    ),
    privateEndpoints: fc.option(fc.boolean(), { nil: undefined }),
    privateAccess: fc.option(fc.constant<string[]>(['10.20.0.0/16', '10.30.0.7/32']), { nil: undefined }),
    zones: fc.option(fc.constant<string[]>(['eu-west-1a', 'eu-west-1b']), { nil: undefined }),
    subnets: fc.option(fc.constant<string[]>(['subnet-0a', 'subnet-0b']), { nil: undefined }),
    imageRegistry: fc.option(fc.constantFrom('registry.example.com:5000/a-b/c.d', 'none'), { nil: undefined }),
    imageMirrorCountry: fc.option(fc.constantFrom('cn' as const, 'none' as const), { nil: undefined }),
    imagePullSecret: fc.option(
      anything.map((text) => `/${text}`),
      { nil: undefined },
    ),
    controlPlaneLogs: fc.subarray(['api', 'audit', 'controllerManager']),
    admins: fc.array(fc.constantFrom('arn:aws:iam::111122223333:role/Ops', 'arn:aws:iam::111122223333:user/a,b+c=d'), {
      maxLength: 2,
    }),
    tags: fc.constantFrom({}, { team: 'shop' }, { 'cost centre': '12/7 @ x', team: 'a-b' }),
    permissionsBoundary: fc.option(fc.constant('arn:aws:iam::111122223333:policy/a/b+c=d'), { nil: undefined }),
    kmsKeys: fc.subarray([
      'arn:aws:kms:eu-west-1:111122223333:key/a-1',
      'arn:aws:kms:us-east-1:111122223333:key/mrk-2',
    ]),
    useExisting: fc.option(fc.constant(true), { nil: undefined }),
  })
  .map(ofOneKind);

/** Endpoints are public or private. */
function ofOneKind<T extends Pick<FleetRequest, 'privateEndpoints'>>(asked: T): T {
  return asked.privateEndpoints === true ? { ...asked, publicAccess: [] } : { ...asked, privateAccess: undefined };
}

it('asks for the same fleet', async () => {
  const property = fc.asyncProperty(request, async (asked) => {
    expect(requestSchema.parse(asked)).toEqual(asked);
    expect(essence(await requestIn(sameCommand(asked, {})))).toEqual(essence(asked));
  });
  await fc.assert(property, runs(300));
});
