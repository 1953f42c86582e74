/** CloudFormation templates of networks: the types that are modelled, what each refers to, and when each is made. */
import { Problem } from '../../errors/problem.js';
import { AwsError } from '../aws/answer.js';
import { durations } from '../durations.js';
import type { Moment, StackResource } from '../state.js';

/** The properties of a type that are modelled, and how long it takes, in ms. */
const types: Readonly<Record<string, { readonly properties: readonly string[]; readonly ms: number }>> = {
  'AWS::EC2::VPC': {
    properties: ['CidrBlock', 'EnableDnsSupport', 'EnableDnsHostnames', 'Tags'],
    ms: durations.networkPart,
  },
  'AWS::EC2::InternetGateway': { properties: ['Tags'], ms: durations.networkPart },
  'AWS::EC2::VPCGatewayAttachment': { properties: ['VpcId', 'InternetGatewayId'], ms: durations.networkPart },
  'AWS::EC2::Subnet': {
    properties: ['VpcId', 'AvailabilityZone', 'CidrBlock', 'MapPublicIpOnLaunch', 'Tags'],
    ms: durations.networkPart,
  },
  'AWS::EC2::RouteTable': { properties: ['VpcId', 'Tags'], ms: durations.networkPart },
  'AWS::EC2::Route': {
    properties: ['RouteTableId', 'DestinationCidrBlock', 'GatewayId', 'NatGatewayId'],
    ms: durations.networkPart,
  },
  'AWS::EC2::SubnetRouteTableAssociation': { properties: ['SubnetId', 'RouteTableId'], ms: durations.networkPart },
  'AWS::EC2::EIP': { properties: ['Domain', 'Tags'], ms: durations.networkPart },
  'AWS::EC2::NatGateway': { properties: ['AllocationId', 'SubnetId', 'Tags'], ms: durations.natGateway },
};

interface TemplateResource {
  readonly Type?: string;
  readonly DependsOn?: string | readonly string[];
  readonly Properties?: Readonly<Record<string, unknown>>;
}

interface Template {
  readonly Description?: string;
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value?: unknown }>>;
}

export interface NetworkTemplate {
  readonly description: string;
  readonly resources: readonly StackResource[];
  /** The resource whose id each output has. */
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Reads a template and sets when each resource is there: it begins once what it refers to and depends on is there (CloudFormation User
 * Guide, DependsOn), all others at once.
 */
export function readNetworkTemplate(text: string, now: Moment): NetworkTemplate {
  const { Description: description = '', Resources = {}, Outputs = {} } = parsed(text);
  const made = new Map<string, StackResource>();
  const add = (logical: string, above: readonly string[]): Moment => {
    const known = made.get(logical);
    if (known !== undefined) return known.dueAt;
    const given = Resources[logical];
    if (given === undefined || above.includes(logical)) throw invalid(`Unresolved resource dependencies [${logical}]`);
    const { Type: type = '', DependsOn = [], Properties: properties = {} } = given;
    const model = types[type];
    const unknown = Object.keys(properties).filter((key) => !model?.properties.includes(key));
    if (model === undefined || unknown.length > 0) {
      throw new Problem('rehearsal-unmodelled', {
        what: `the rehearsal does not know ${type} with ${unknown.join(', ') || 'these properties'}`,
      });
    }
    const before = [...[DependsOn].flat(), ...referencesIn(properties)];
    const begin = Math.max(now, ...before.map((each) => add(each, [...above, logical])));
    const resource = { logical, type, properties, dueAt: begin + model.ms };
    made.set(logical, resource);
    return resource.dueAt;
  };
  for (const logical of Object.keys(Resources)) add(logical, []);
  const outputs = Object.entries(Outputs).map(([name, { Value }]) => [name, referencesIn(Value)[0] ?? '']);
  const inOrder = [...made.values()].sort((one, other) => one.dueAt - other.dueAt);
  return { description, resources: inOrder, outputs: Object.fromEntries(outputs) };
}

function parsed(text: string): Template {
  try {
    return JSON.parse(text) as Template;
  } catch {
    throw invalid('Template format error: unsupported structure.');
  }
}

function invalid(text: string): AwsError {
  return new AwsError('ValidationError', text);
}

/** The logical names in `Ref` and `Fn::GetAtt`. */
export function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (key === 'Ref') return [String(inner)];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(inner) ? inner[0] : inner)];
    return referencesIn(inner);
  });
}
