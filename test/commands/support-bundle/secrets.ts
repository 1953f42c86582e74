/** Secrets of every kind, as they appear where something prints or keeps them; and the search for them. */

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const body = 'MIIEowIBAAKCAQEAplantedplantedplantedplantedplantedplantedplante';
const pem = (kind: string, line: string): string => `-----BEGIN ${kind}-----\n${line}\n${line}\n-----END ${kind}-----`;

interface Planted {
  readonly kind: string;
  /** As it is printed. */
  readonly text: string;
  /** What must not be found. */
  readonly secret: string;
}

export const secrets: readonly Planted[] = [
  { kind: 'bootstrap token', text: 'using token plante.d123456789abcdef', secret: 'd123456789abcdef' },
  { kind: 'RSA key', text: pem('RSA PRIVATE KEY', `${body.slice(0, -3)}RSA`), secret: `${body.slice(0, -3)}RSA` },
  { kind: 'PKCS 8 key', text: pem('PRIVATE KEY', `${body.slice(0, -3)}PKC`), secret: `${body.slice(0, -3)}PKC` },
  {
    kind: 'key data of a kubeconfig',
    text: `client-key-data: ${base64(pem('RSA PRIVATE KEY', body))}`,
    secret: base64(pem('RSA PRIVATE KEY', body)).slice(-60),
  },
  {
    kind: 'key in a Secret',
    text: '{"karmada.key":"cGxhbnRlZCBrZXkgaW4gYSBTZWNyZXQ="}',
    secret: 'cGxhbnRlZCBrZXkgaW4gYSBTZWNyZXQ',
  },
  { kind: 'AWS key id', text: 'aws_access_key_id = AKIAPLANTEDPLANTED12', secret: 'PLANTEDPLANTED12' },
  {
    kind: 'AWS secret key',
    text: 'AWS_SECRET_ACCESS_KEY=plantedK7MDENG/bPxRfiCYEXAMPLEKEYplanted',
    secret: 'plantedK7MDENG',
  },
  {
    kind: 'AWS secret key in JSON',
    text: '{"SecretAccessKey": "plantedJSON/bPxRfiCYEXAMPLEKEYplantedxx"}',
    secret: 'plantedJSON',
  },
  {
    kind: 'AWS session token',
    text: '{"SessionToken": "IQoJplantedplantedplantedplanted=="}',
    secret: 'IQoJplanted',
  },
  { kind: 'token for EKS', text: 'k8s-aws-v1.plantedaHR0cHM6Ly9zdHM', secret: 'plantedaHR0cHM6' },
  {
    kind: 'token of a service account',
    text: 'saw eyJhbGciOiJSUzI1NiJ9.eyJwbGFudGVkIjoidHJ1ZSJ9.c2lnbmVkLXBsYW50ZWQ today',
    secret: 'c2lnbmVkLXBsYW50ZWQ',
  },
  {
    kind: 'bearer token',
    text: 'Authorization: Bearer planted-bearer-0123456789',
    secret: 'planted-bearer-0123456789',
  },
  {
    kind: 'password in an environment variable',
    text: '{"name":"DB_PASSWORD","value":"planted+hunter2"}',
    secret: 'planted+hunter2',
  },
  {
    kind: 'password of a proxy',
    text: 'HTTPS_PROXY=http://planted-user:planted-pr%40xy@proxy.example:3128',
    secret: 'planted-pr%40xy',
  },
  {
    kind: 'basic authorization',
    text: '{"Proxy-Authorization":"Basic cGxhbnRlZDpiYXNpYw=="}',
    secret: 'cGxhbnRlZDpiYXNpYw',
  },
  { kind: 'client secret as a flag', text: 'login --client-secret planted~flag.secret --x', secret: 'planted~flag' },
  { kind: 'client secret in a form', text: 'grant_type=x&client_secret=planted-form&scope=y', secret: 'planted-form' },
  {
    kind: 'token of GitHub',
    text: 'ghp_plantedplantedplantedplantedplanted12',
    secret: 'plantedplantedplantedplantedplanted12',
  },
  { kind: 'token of GitLab', text: 'cloned with glpat-planted-gitlab-0123456', secret: 'planted-gitlab' },
  {
    kind: 'login of Docker',
    text: '{"auths":{"r.example":{"auth":"cGxhbnRlZDpkb2NrZXI="}}}',
    secret: 'cGxhbnRlZDpkb2NrZXI',
  },
];

/** All of them, a line each. */
export const allSecrets = secrets.map(({ text }) => text).join('\n');

/** The kinds that are found in a text, each once. */
export function foundIn(text: string): readonly string[] {
  return secrets.filter(({ secret }) => text.includes(secret)).map(({ kind }) => kind);
}
