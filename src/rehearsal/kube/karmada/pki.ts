/** The certificates of one Karmada install: three authorities and what they sign (1.18.2, cmdinit/cert/cert.go). */
import type { Moment } from '../../state.js';
import { type Certified, makeCertificate } from './certificate.js';

export interface PkiOptions {
  /** Different for each install, so that two installs trust nothing of each other. */
  readonly seed: string;
  readonly now: Moment;
  readonly dnsNames: readonly string[];
  readonly addresses: readonly string[];
  /** Of all but the authorities, in ms; a year where it is not given. */
  readonly validityMs?: number;
}

/** The files of `pki/`, by name: `ca.crt`, `ca.key`, `karmada.crt`, … */
export type Pki = Readonly<Record<string, string>>;

const yearMs = 365 * 24 * 3_600_000;

/**
 * Names in the API server's certificate in addition to those of `--cert-external-dns` (1.18.2,
 * cmdinit/kubernetes/deploy.go).
 */
const ownNames = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'karmada-apiserver',
  'karmada-webhook',
  'karmada-aggregated-apiserver',
  '*.karmada-system.svc.cluster.local',
  '*.karmada-system.svc',
] as const;

/** Certificates live one year unless `--cert-validity-period` tells otherwise, the authorities ten (init's defaults). */
export function makePki(options: PkiOptions): Pki {
  const notBefore = options.now;
  const authority = (commonName: string) =>
    makeCertificate({
      commonName,
      notBefore,
      notAfter: notBefore + 10 * yearMs,
      seed: `${options.seed} CA ${commonName}`,
    });
  const signed = (issuer: Certified, name: string, commonName: string, extra: object = {}) =>
    makeCertificate(
      {
        commonName,
        notBefore,
        notAfter: notBefore + (options.validityMs ?? yearMs),
        seed: `${options.seed} ${name}`,
        ...extra,
      },
      issuer,
    );
  const served = { dnsNames: [...ownNames, ...options.dnsNames], addresses: ['127.0.0.1', ...options.addresses] };
  const ca = authority('karmada');
  const etcdCa = authority('etcd-ca');
  const frontProxyCa = authority('front-proxy-ca');
  const all: Record<string, Certified> = {
    ca,
    'etcd-ca': etcdCa,
    'etcd-server': signed(etcdCa, 'etcd-server', 'karmada-etcd-server', { dnsNames: ['localhost'] }),
    'etcd-client': signed(etcdCa, 'etcd-client', 'karmada-etcd-client'),
    karmada: signed(ca, 'karmada', 'system:admin', { organization: 'system:masters', ...served }),
    apiserver: signed(ca, 'apiserver', 'karmada-apiserver', served),
    'front-proxy-ca': frontProxyCa,
    'front-proxy-client': signed(frontProxyCa, 'front-proxy-client', 'front-proxy-client'),
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, one]) => [
      [`${name}.crt`, one.certificate],
      [`${name}.key`, one.key],
    ]),
  );
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
