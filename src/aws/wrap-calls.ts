/** Wraps every call to AWS, for example to retry it, to share its answer, or to check that it is allowed. */
import type { AwsClients } from '../world/aws.js';
import { type AccountRole, accountIn, type Place, regionIn } from '../world/place.js';

/** A call, with what distinguishes it from others without knowing its purpose. */
export interface AwsCall {
  readonly service: string;
  readonly region: string;
  /** That of another account, through which it is called. */
  readonly account: AccountRole | undefined;
  /** The SDK's class, e.g. `DescribeClusterCommand`. */
  readonly command: string;
  readonly input: unknown;
}

interface Sender {
  readonly send: (...args: never) => unknown;
}

interface SdkCommand {
  readonly constructor: { readonly name: string };
  readonly input: unknown;
}

/** The same clients, with each call wrapped by `around`, which decides whether to make it. */
export function aroundSends(
  aws: AwsClients,
  around: (call: AwsCall, send: () => Promise<unknown>) => Promise<unknown>,
): AwsClients {
  const wrapped =
    <C extends Sender>(service: string, clientOf: (place: Place) => C) =>
    (place: Place): C => {
      const client = clientOf(place);
      const send = (...args: never): Promise<unknown> => {
        const [command] = args as readonly [SdkCommand];
        const where = { region: regionIn(place), account: accountIn(place) };
        const call = { service, ...where, command: command.constructor.name, input: command.input };
        return around(call, async () => await client.send(...args));
      };
      // `send` has one overload per command; TypeScript cannot express "the same overloads, wrapped".
      return { send } as unknown as C;
    };
  return {
    ...aws,
    ec2: wrapped('ec2', aws.ec2),
    eks: wrapped('eks', aws.eks),
    sts: wrapped('sts', aws.sts),
    cloudformation: wrapped('cloudformation', aws.cloudformation),
    elbv2: wrapped('elbv2', aws.elbv2),
    iam: wrapped('iam', aws.iam),
    logs: wrapped('logs', aws.logs),
    servicequotas: wrapped('servicequotas', aws.servicequotas),
    route53: wrapped('route53', aws.route53),
    s3: wrapped('s3', aws.s3),
    kms: wrapped('kms', aws.kms),
  };
}

/** Whether a call only reads, by AWS's own naming of its actions. */
export function onlyReads({ command }: AwsCall): boolean {
  return /^(Describe|Get|Head|List)/.test(command);
}
