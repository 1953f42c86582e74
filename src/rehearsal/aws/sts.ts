/** The simulated STS. */
import { operation, type Service } from './answer.js';

export const sts: Service = {
  GetCallerIdentityCommand: operation((_input: object, { simulation }) => ({
    Account: simulation.state.accountId,
    Arn: simulation.state.callerArn,
    UserId: 'AIDAREHEARSAL0000000',
  })),
};
