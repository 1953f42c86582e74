/** The typed clients used by discovery and the steps, built from a world. */
import { type CloudFormation, makeCloudFormation } from '../aws/cloudformation.js';
import { type Ec2, makeEc2 } from '../aws/ec2/ec2.js';
import { type Eks, makeEks } from '../aws/eks.js';
import { type Caller, readCaller } from '../aws/sts.js';
import { type Eksctl, makeEksctl } from '../tools/eksctl/client.js';
import { type KubectlKarmada, makeKubectlKarmada } from '../tools/karmada/client.js';
import { type Kubectl, makeKubectl } from '../tools/kubectl/client.js';
import { type AwsPlace, accountIn, type Place, regionIn } from '../world/place.js';
import type { World } from '../world/world.js';
import { ChangeGuard } from './change-guard.js';
import { clientPorts } from './exec.js';
import type { ReadCache } from './read-cache.js';

/** All typed clients; and the world for files, time and surroundings. */
export interface Clients extends OpenClients {
  /** Asked before every change that these clients make. */
  readonly guard: ChangeGuard;
  /** For the locks alone, which the guard itself asks. */
  readonly unguarded: OpenClients;
}

interface OpenClients {
  readonly world: World;
  /** How many members, of one region where that is known, are processed or checked in parallel. */
  readonly concurrency: number;
  /** See `ReadCache`. */
  readonly withReadCache: ReadCache['withReadCache'];
  /** See `ReadCache`. */
  readonly forgetReads: ReadCache['forgetReads'];
  readonly eksctl: Eksctl;
  readonly kubectl: Kubectl;
  readonly karmada: KubectlKarmada;
  readonly ec2: (place: AwsPlace) => Ec2;
  readonly eks: (place: AwsPlace) => Eks;
  readonly cloudformation: (place: AwsPlace) => CloudFormation;
  /** Of another account: as its role. */
  readonly whoCalls: (place: Place) => Promise<Caller>;
  /** The contexts of the user's kubeconfig that this run may use (see `agreed-contexts.ts`); no other is copied. */
  readonly agreed: Set<string>;
}

export interface ClientChoices {
  /** See `Clients`; from 1. */
  readonly concurrency?: number | undefined;
  /** Ends waits for AWS when it refuses calls for their rate. */
  readonly signal?: AbortSignal;
}

/** Twenty commands that mostly wait are no load for a usual machine, nor twenty clusters of a region for AWS's quota of 100. */
const defaultConcurrency = 20;

/** Reads that are refused for the rate of calls, and all calls of AWS that are, are tried again for a minute. */
export function makeClients(given: World, choices: ClientChoices = {}): Clients {
  const guard = new ChangeGuard();
  const unguarded = openClients(given, choices);
  return { ...openClients(given, choices, guard), guard, unguarded };
}

function openClients(
  given: World,
  { concurrency = defaultConcurrency, signal }: ClientChoices,
  guard?: ChangeGuard,
): OpenClients {
  const { withReadCache, forgetReads, ...asking } = clientPorts(given, guard, signal);
  const world: World = { ...given, ...asking };
  return {
    world,
    concurrency,
    withReadCache,
    forgetReads,
    eksctl: makeEksctl(world.exec),
    kubectl: makeKubectl(world.exec),
    karmada: makeKubectlKarmada(world.exec),
    ec2: (place) => makeEc2(world.aws, place),
    eks: (place) => makeEks(world.aws, place),
    cloudformation: (place) => makeCloudFormation(world.aws, place),
    whoCalls: onceEach((place) => readCaller(world.aws, place)),
    agreed: new Set(),
  };
}

/** The caller does not change during a run, nor whether it can be determined. */
function onceEach<T>(ask: (place: Place) => Promise<T>): (place: Place) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (place) => {
    const key = JSON.stringify([regionIn(place), accountIn(place)]);
    const answer = answers.get(key) ?? ask(place);
    answers.set(key, answer);
    return answer;
  };
}
