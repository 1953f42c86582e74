/** What AWS is asked by a run in the rehearsal, as IAM sees it: by karmada-eks itself, by eksctl, and by its stacks. */

import type { CreateStackCommandInput } from '@aws-sdk/client-cloudformation';
import type { ChangeResourceRecordSetsCommandInput } from '@aws-sdk/client-route-53';
import { runCli } from '../../src/main.js';
import { regionKey, withIamOf } from '../../src/rehearsal/account/other-accounts.js';
import type { Account } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';
import type { AwsClients } from '../../src/world/aws.js';
import { accountIn, type Place, regionIn } from '../../src/world/place.js';
import type { World } from '../../src/world/world.js';
import { fakeSurroundings } from '../ui/fake-surroundings.js';
import { eksctlRequests } from './eksctl-requests.js';
import type { Request } from './evaluator.js';
import { ask, globalArn, recordKeys, regionalArn, tagged } from './shapes.js';
import { networkComes, stackGoes } from './stack-requests.js';

type Input = Readonly<Record<string, unknown>>;

/**
 * All requests of a run, which has to end with exit code 0 or, of a `down` that only lists what is left, 5.
 * @param of the other account whose requests are meant, all of its role's
 */
export async function requestsOf(account: Account, words: string, of?: string): Promise<readonly Request[]> {
  const found: Request[] = [];
  const { world } = connect(account);
  const surroundings = fakeSurroundings();
  const composition = {
    open: async () => ({
      world: listening(world, account, (requests, by) => {
        if (by === of) found.push(...requests);
      }),
      onEvent: () => undefined,
      close: async () => undefined,
    }),
    surroundings,
    backupProgram: async () => 'the program of a scheduled backup',
    onStop: () => undefined,
  };
  const code = await runCli(composition, words.split(' '));
  if (code !== 0 && code !== 5)
    throw new Error(`${words}: expected exit code 0, got ${code}\n${surroundings.stderr.text}`);
  return found;
}

/** Receives requests with the other account that they are made in. */
type Tell = (requests: readonly Request[], by: string | undefined) => void;

/** The account as its role sees it, and requests with ARNs of that one. */
function seenBy(
  account: Account,
  by: string | undefined,
): { account: Account; own: (all: readonly Request[]) => readonly Request[] } {
  if (by === undefined) return { account, own: (all) => all };
  const own = (all: readonly Request[]): readonly Request[] =>
    JSON.parse(JSON.stringify(all).replaceAll(`:${account.state.accountId}:`, `:${by}:`)) as readonly Request[];
  const state = withIamOf(account, regionKey(by, '')).state;
  return { account: { ...account, state, region: (name) => account.region(regionKey(by, name)) }, own };
}

function listening(world: World, account: Account, tell: Tell): World {
  const clientOf =
    (service: string, open: (place: Place) => { send: unknown }) =>
    (place: Place): unknown => {
      const client = open(place);
      const region = regionIn(place);
      const by = accountIn(place)?.id;
      const seen = seenBy(account, by);
      const send = client.send as (...args: readonly unknown[]) => Promise<unknown>;
      return {
        ...client,
        send: (
          command: { readonly input: Input; readonly constructor: { readonly name: string } },
          ...more: unknown[]
        ) => {
          const operation = command.constructor.name.replace(/Command$/, '');
          tell(seen.own(ownRequests(seen.account, { service, operation, region, input: command.input })), by);
          return send(command, ...more);
        },
      };
    };
  const { credentialLife, eksToken, ...clients } = world.aws;
  const aws = Object.fromEntries(Object.entries(clients).map(([service, open]) => [service, clientOf(service, open)]));
  return {
    ...world,
    aws: { ...aws, credentialLife, eksToken } as AwsClients,
    exec: (request) => {
      const by = request.as?.account.id;
      const seen = seenBy(account, by);
      if (request.tool === 'eksctl') tell(seen.own(eksctlRequests(seen.account, request)), by);
      return world.exec(request);
    },
  };
}

interface Call {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly input: Input;
}

const services: Readonly<Record<string, string>> = { elbv2: 'elasticloadbalancing' };

/** GetCallerIdentity needs no permission. */
function ownRequests(account: Account, call: Call): readonly Request[] {
  const { service, operation, region, input } = call;
  if (service === 'sts') return [];
  if (service === 's3') return [s3Request(operation, region, input)];
  const action = `${services[service] ?? service}:${operation}`;
  const roleName = input['RoleName'];
  if (/^(Describe|List|Get)/.test(operation)) {
    return [ask(action, roleName === undefined ? '*' : globalArn(`role/${String(roleName)}`), region)];
  }
  if (action === 'cloudformation:DeleteStack') {
    const stack = account
      .region(region)
      .stacks.find(({ name, status }) => name === input['StackName'] && status !== 'DELETE_COMPLETE');
    return stack === undefined ? [] : stackGoes(account, region, stack);
  }
  if (action === 'cloudformation:CreateStack') {
    const { StackName, Tags, TemplateBody } = input as Required<CreateStackCommandInput>;
    const tags = Object.fromEntries((Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
    return networkComes({ region, cluster: '', name: String(StackName), tags }, String(TemplateBody));
  }
  const change = changes[action];
  if (change === undefined) throw new Error(`what ${action} asks IAM is not known to this test`);
  return [{ ...change(account, call), action }];
}

/** The thing that is changed, with its tags as they are at that moment. */
const changes: Readonly<Record<string, (account: Account, call: Call) => Request>> = {
  'cloudformation:UpdateTerminationProtection': (account, call) => {
    const { region, input } = call;
    const stack = account
      .region(region)
      .stacks.find(({ name, status }) => name === input['StackName'] && status !== 'DELETE_COMPLETE');
    return ask('', stack?.id ?? '', region, tagged(stack?.tags));
  },
  'eks:TagResource': (account, { region, input }) => {
    const name = String(input['resourceArn']).split('/')[1] ?? '';
    const keys = Object.keys(input['tags'] as object);
    const tags = tagged(account.region(region).clusters[name]?.tags);
    return ask('', String(input['resourceArn']), region, { ...tags, 'aws:TagKeys': keys });
  },
  'ec2:DeleteVolume': (account, call) => ec2Thing('volume', account.region(call.region).volumes, call, 'VolumeId'),
  'ec2:DeleteNetworkInterface': (account, call) =>
    ec2Thing('network-interface', account.region(call.region).networkInterfaces, call, 'NetworkInterfaceId'),
  'ec2:DeleteSecurityGroup': (account, call) =>
    ec2Thing('security-group', account.region(call.region).securityGroups, call, 'GroupId'),
  'ec2:RevokeSecurityGroupIngress': (account, call) =>
    ec2Thing('security-group', account.region(call.region).securityGroups, call, 'GroupId'),
  'elasticloadbalancing:DeleteLoadBalancer': (account, { region, input }) => {
    const arn = String(input['LoadBalancerArn']);
    return ask('', arn, region, tagged(account.region(region).loadBalancers.find((each) => each.arn === arn)?.tags));
  },
  'elasticloadbalancing:DeleteTargetGroup': (account, { region, input }) => {
    const arn = String(input['TargetGroupArn']);
    return ask('', arn, region, tagged(account.region(region).targetGroups?.find((each) => each.arn === arn)?.tags));
  },
  'route53:ChangeResourceRecordSets': (_, { region, input }) => recordsChange(input, region),
  'logs:DeleteLogGroup': (_, { region, input }) =>
    ask('', `${regionalArn('logs', region, `log-group:${String(input['logGroupName'])}`)}:*`, region),
  'iam:DeleteRole': role,
  'iam:DeleteRolePolicy': role,
  'iam:DetachRolePolicy': role,
  'iam:RemoveRoleFromInstanceProfile': (_, { input }) =>
    ask('', globalArn(`instance-profile/${String(input['InstanceProfileName'])}`), 'us-east-1'),
  'iam:DeleteOpenIDConnectProvider': ({ state }, { input }) => {
    const arn = String(input['OpenIDConnectProviderArn']);
    return ask('', arn, 'us-east-1', tagged(state.oidcTags?.[arn]));
  },
};

/** With a name and a type for each record (Route 53 Developer Guide, conditions for fine-grained access control). */
function recordsChange(input: Input, region: string): Request {
  const { HostedZoneId, ChangeBatch } = input as Partial<ChangeResourceRecordSetsCommandInput>;
  const sets = (ChangeBatch?.Changes ?? []).map(({ ResourceRecordSet: set }) => set);
  const names = sets.map((set) => (set?.Name ?? '').replace(/\.$/, ''));
  return ask(
    '',
    `arn:aws:route53:::hostedzone/${HostedZoneId}`,
    region,
    recordKeys(
      names,
      sets.map((set) => set?.Type ?? ''),
    ),
  );
}

/** Of parts IAM knows nothing but that an object is written (S3 User Guide, multipart upload API and permissions). */
const s3Actions: Readonly<Record<string, string>> = {
  HeadObject: 'GetObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  ListObjectsV2: 'ListBucket',
};

function s3Request(operation: string, region: string, { Bucket, Key, Prefix, ExpectedBucketOwner }: Input): Request {
  const arn = `arn:aws:s3:::${Bucket}${Key === undefined ? '' : `/${Key}`}`;
  return ask(`s3:${s3Actions[operation] ?? operation}`, arn, region, {
    'aws:ResourceAccount': [`${ExpectedBucketOwner}`],
    ...(Prefix === undefined ? {} : { 's3:prefix': [`${Prefix}`] }),
  });
}

function role({ state }: Account, { input }: Call): Request {
  const name = String(input['RoleName']);
  const context = { ...tagged(state.roleParts?.[name]?.tags), 'iam:PolicyARN': [String(input['PolicyArn'])] };
  return ask('', globalArn(`role/${name}`), 'us-east-1', context);
}

function ec2Thing(
  kind: string,
  all: readonly { readonly id: string; readonly tags?: Readonly<Record<string, string>> }[],
  { region, input }: Call,
  key: string,
): Request {
  const id = String(input[key]);
  return ask('', regionalArn('ec2', region, `${kind}/${id}`), region, tagged(all.find((each) => each.id === id)?.tags));
}
