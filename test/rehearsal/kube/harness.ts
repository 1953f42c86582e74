/** A small account with a virtual clock, in which simulated programs run side by side. */
import { createHash } from 'node:crypto';
import { createApi, setNodes, settleApis } from '../../../src/rehearsal/kube/api.js';
import { karmadaSimulator } from '../../../src/rehearsal/kube/karmada/simulator.js';
import { kubectlSimulator } from '../../../src/rehearsal/kube/kubectl/simulator.js';
import { unsettle } from '../../../src/rehearsal/kube/settle.js';
import type { Simulation } from '../../../src/rehearsal/simulation.js';
import type { AccountState, ApiState, ClusterState, RegionState } from '../../../src/rehearsal/state.js';
import type { KubeAccess } from '../../../src/tools/kubectl/commands.js';
import type { Command } from '../../../src/world/exec.js';

export const region = 'eu-west-1';
const start = Date.UTC(2026, 0, 1);

/** How a program ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** ms of virtual time. */
  readonly took: number;
}

class Killed extends Error {}

export class Lab {
  readonly state: AccountState;
  readonly simulation: Simulation;
  readonly #sleepers: { at: number; wake: () => void }[] = [];

  constructor() {
    const state: AccountState = {
      now: start,
      nextId: 1,
      accountId: '111122223333',
      callerArn: 'arn:aws:sts::111122223333:assumed-role/admin/me',
      regions: { [region]: emptyRegion() },
      apis: {},
      files: {},
      roles: [],
      oidcProviders: [],
      conditions: [],
    };
    this.state = state;
    this.simulation = {
      state,
      listeners: new Map(),
      now: () => state.now,
      id: (prefix) => `${prefix}-${(state.nextId++).toString(16).padStart(17, '0')}`,
      region: (name) => {
        state.regions[name] ??= emptyRegion();
        return state.regions[name];
      },
    };
  }

  get region(): RegionState {
    return this.simulation.region(region);
  }

  /** Makes an EKS cluster with nodes and a kubeconfig; answers how to reach it. */
  addCluster(name: string, nodes = 3): KubeAccess {
    const id = createHash('md5').update(name).digest('hex').toUpperCase();
    this.region.clusters[name] = cluster(name, `https://${id}.gr7.${region}.eks.amazonaws.com`);
    createApi(this.simulation, { key: `eks/${region}/${name}`, kind: 'eks', region, cluster: name });
    this.setNodes(name, nodes);
    this.state.files[`/kube/${name}`] = JSON.stringify({
      clusters: [{ name, cluster: { server: this.region.clusters[name]?.endpoint } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      users: [{ name, user: { exec: { command: 'aws', args: ['eks', 'get-token', '--cluster-name', name] } } }],
    });
    return { kubeconfig: `/kube/${name}`, context: name };
  }

  setNodes(name: string, count: number): void {
    const nodes = Array.from({ length: count }, (_, index) => ({
      name: `ip-10-0-${index}-10.${region}.compute.internal`,
      providerId: `aws:///${region}${'abc'[index % 3]}/i-${index}`,
      zone: `${region}${'abc'[index % 3]}`,
      region,
      ready: true,
      internalIp: `10.0.${index}.10`,
      nodeGroup: 'workers',
    }));
    setNodes(this.simulation, `eks/${region}/${name}`, nodes);
  }

  api(key: string): ApiState {
    settleApis(this.simulation);
    const found = this.state.apis[key];
    if (found === undefined) expectNothing(`api ${key}`);
    return found as ApiState;
  }

  /** Runs a program to its end, and beside it whatever was started before. */
  async run(command: Command): Promise<Ran> {
    return this.drive(this.start(command));
  }

  /** Starts a program; it goes on while others are driven. With `killAfterMs` it is ended then, wherever it is. */
  start(command: Command, killAfterMs?: number): Promise<Ran> {
    const began = this.state.now;
    const out: string[] = [];
    const err: string[] = [];
    const simulate = command.tool === 'kubectl' ? kubectlSimulator : karmadaSimulator;
    const ended = simulate({
      simulation: this.simulation,
      args: command.args,
      host: 'rehearsal',
      address: undefined,
      stdin: command.stdin ?? '',
      variable: (name) => (name === 'HOME' ? '/home/you' : undefined),
      readFile: (path) => this.state.files[path],
      writeFile: (path, text) => {
        this.state.files[path] = text;
      },
      removeFolder: (path) => {
        for (const file of Object.keys(this.state.files))
          if (file.startsWith(`${path}/`)) delete this.state.files[file];
      },
      takes: async (ms) => {
        await this.#sleep(ms);
        settleApis(this.simulation);
        if (killAfterMs !== undefined && this.state.now - began >= killAfterMs) throw new Killed();
      },
      out: (line) => out.push(line),
      err: (line) => err.push(line),
    });
    const result = (code: number) => ({ code, out: out.join('\n'), err: err.join('\n'), took: this.state.now - began });
    return ended.then(result, (thrown: unknown) => {
      if (thrown instanceof Killed) return result(137);
      throw thrown;
    });
  }

  async pass(ms: number): Promise<void> {
    // A test may have written into AWS itself.
    unsettle(this.state);
    await this.drive(this.#sleep(ms));
    settleApis(this.simulation);
  }

  async drive<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const watched = work.finally(() => {
      done = true;
    });
    watched.catch(() => undefined);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (done) return watched;
      this.#sleepers.sort((one, other) => one.at - other.at);
      const next = this.#sleepers.shift();
      if (next === undefined) expectNothing('a program that waits for nothing');
      this.state.now = Math.max(this.state.now, next?.at ?? 0);
      next?.wake();
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ at: this.state.now + ms, wake });
    });
  }
}

function expectNothing(what: string): never {
  throw new Killed(what);
}

function emptyRegion(): RegionState {
  const zones = ['a', 'b', 'c'].map((letter) => `${region}${letter}`);
  return {
    vpcs: [{ id: 'vpc-1', cidr: '10.0.0.0/16', dnsSupport: true, dnsHostnames: true, tags: {} }],
    subnets: zones.map((zone, index) => ({
      id: `subnet-${index}`,
      vpcId: 'vpc-1',
      zone,
      zoneId: zone,
      cidr: `10.0.${index}.0/24`,
      freeAddresses: 250,
      mapPublicIp: true,
      ownerId: '111122223333',
      tags: {},
    })),
    routeTables: [
      {
        id: 'rtb-1',
        vpcId: 'vpc-1',
        main: true,
        subnetIds: [],
        routes: [{ destination: '0.0.0.0/0', target: 'igw-1', state: 'active' }],
      },
    ],
    natGateways: [],
    availabilityZones: zones.map((name) => ({ name, id: name, type: 'availability-zone' as const })),
    clusters: {},
    stacks: [],
    instances: [],
    networkInterfaces: [],
    loadBalancers: [],
    volumes: [],
    securityGroups: [],
    logGroups: [],
  };
}

function cluster(name: string, endpoint: string): ClusterState {
  return {
    name,
    arn: `arn:aws:eks:${region}:111122223333:cluster/${name}`,
    version: '1.34',
    endpoint,
    status: 'ACTIVE',
    settlesAt: start,
    createdAt: start,
    vpcId: 'vpc-1',
    subnetIds: ['subnet-0', 'subnet-1', 'subnet-2'],
    tags: {},
    authenticationMode: 'API_AND_CONFIG_MAP',
    supportType: 'STANDARD',
    oidcIssuer: '',
    accessEntries: [],
    nodeGroups: {},
    addons: {
      'aws-ebs-csi-driver': {
        name: 'aws-ebs-csi-driver',
        status: 'ACTIVE',
        settlesAt: start,
        serviceAccountRoleArn: 'arn:aws:iam::111122223333:role/ebs',
        issues: [],
      },
    },
    creatorArn: 'arn:aws:iam::111122223333:role/admin',
  };
}
