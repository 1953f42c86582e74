/** The tags of load balancers and target groups, which ELBv2 returns separately from the resources. */
import { DescribeTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsClients } from '../../world/aws.js';
import { type AwsPlace, placeName } from '../../world/place.js';
import { answerOrMissing } from '../call.js';
import { type Tags, tagsIn } from '../tags.js';

/** ELBv2 returns the tags of at most 20 resources per call. */
const tagsPerCall = 20;

/** By ARN. A resource deleted in the meantime has none; the others in the same call are then read one by one. */
export async function elbTags(
  aws: AwsClients,
  place: AwsPlace,
  arns: readonly string[],
): Promise<ReadonlyMap<string, Tags>> {
  const found = new Map<string, Tags>();
  for (let from = 0; from < arns.length; from += tagsPerCall) {
    const some = arns.slice(from, from + tagsPerCall);
    const answered = await tagsOf(aws, place, some);
    const each =
      answered ?? (await Promise.all(some.map((arn) => tagsOf(aws, place, [arn])))).flatMap((one) => one ?? []);
    for (const [arn, tags] of each) found.set(arn, tags);
  }
  return found;
}

async function tagsOf(
  aws: AwsClients,
  place: AwsPlace,
  arns: readonly string[],
): Promise<readonly (readonly [string, Tags])[] | undefined> {
  const missing = (name: string): boolean => /^(LoadBalancer|TargetGroup)NotFound(Exception)?$/.test(name);
  const answer = await answerOrMissing(
    `reading the tags of load balancers in ${placeName(place)}`,
    missing,
    aws.elbv2(place).send(new DescribeTagsCommand({ ResourceArns: [...arns] })),
  );
  return answer?.TagDescriptions?.map(({ ResourceArn = '', Tags: tags }) => [ResourceArn, tagsIn(tags)]);
}
