/**
 * Generates the tokens that the Kubernetes API of an EKS cluster accepts: a signed but unsent GetCallerIdentity request
 * to STS, with the cluster's name among the signed headers (aws-iam-authenticator, README "API Authorization from
 * Outside a Cluster"; the same as aws-cli 2.36, awscli/customizations/eks/get_token.py).
 */
import type { STSClient } from '@aws-sdk/client-sts';
import type { EksToken } from '../aws.js';

/** The URL's own validity; EKS accepts a token for 15 minutes after signing, whatever this value is. */
const urlSeconds = 60;

/** One minute less than EKS grants, as in aws-cli: clocks differ. */
const lifeMs = 14 * 60_000;

/** Calls nothing except the credential provider. The endpoint is the one that the client would call. */
export async function signedToken(sts: STSClient, cluster: string): Promise<EksToken> {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const { getEndpointFromInstructions } = await import('@smithy/core/endpoints');
  const { SignatureV4 } = await import('@smithy/signature-v4');
  const { region, credentials, sha256 } = sts.config;
  const { url } = await getEndpointFromInstructions({}, GetCallerIdentityCommand, { ...sts.config });
  const signer = new SignatureV4({ service: 'sts', region, credentials, sha256 });
  const signedAt = Date.now();
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host: url.host, 'x-k8s-aws-id': cluster },
    },
    { expiresIn: urlSeconds, signingDate: new Date(signedAt) },
  );
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  const ends = (await credentials()).expiration?.getTime() ?? Number.POSITIVE_INFINITY;
  return {
    token: `k8s-aws-v1.${Buffer.from(url.href).toString('base64url')}`,
    expiresAt: Math.min(signedAt + lifeMs, ends),
  };
}
