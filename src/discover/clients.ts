/** The typed clients that discovery and the steps work with, made from a world. */
import { type CloudFormation, makeCloudFormation } from '../aws/cloudformation.js';
import { type Ec2, makeEc2 } from '../aws/ec2.js';
import { type Eks, makeEks } from '../aws/eks.js';
import { type LoadBalancer, loadBalancersOf } from '../aws/load-balancers.js';
import { type Caller, whoCalls } from '../aws/sts.js';
import { type Eksctl, makeEksctl } from '../tools/eksctl/client.js';
import { type KubectlKarmada, makeKubectlKarmada } from '../tools/karmada/client.js';
import { type Kubectl, makeKubectl } from '../tools/kubectl/client.js';
import type { World } from '../world/world.js';

/** Everything that can be asked or told, typed; and the world for files, time and surroundings. */
export interface Clients {
  readonly world: World;
  readonly eksctl: Eksctl;
  readonly kubectl: Kubectl;
  readonly karmada: KubectlKarmada;
  readonly ec2: (region: string) => Ec2;
  readonly eks: (region: string) => Eks;
  readonly cloudformation: (region: string) => CloudFormation;
  readonly loadBalancers: (region: string) => Promise<readonly LoadBalancer[]>;
  readonly whoCalls: (region: string) => Promise<Caller>;
}

export function makeClients(world: World): Clients {
  return {
    world,
    eksctl: makeEksctl(world.exec),
    kubectl: makeKubectl(world.exec),
    karmada: makeKubectlKarmada(world.exec),
    ec2: (region) => makeEc2(world.aws, region),
    eks: (region) => makeEks(world.aws, region),
    cloudformation: (region) => makeCloudFormation(world.aws, region),
    loadBalancers: (region) => loadBalancersOf(world.aws, region),
    whoCalls: (region) => whoCalls(world.aws, region),
  };
}
