/** The logs of a control plane that EKS can send to CloudWatch. */

/** All that EKS has (EKS API, LogSetup), which eksctl calls `all`. */
export const controlPlaneLogTypes = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'] as const;

/** For messages. */
export const anyControlPlaneLog = `${controlPlaneLogTypes.join(', ')} or all`;
