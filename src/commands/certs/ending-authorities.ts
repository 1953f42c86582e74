/** CAs that end soon: nothing renews them, and no certificate outlives its CA. */
import { dayOf, isDue } from '../../certificates/certificate.js';
import { authorities, type KeptCertificates } from '../../certificates/kept.js';

/** One line each. @param now in ms since the epoch */
export function endingAuthorities({ main }: Pick<KeptCertificates, 'main'>, now: number): readonly string[] {
  return authorities.flatMap((name) => {
    const found = main.get(name)?.certificate;
    return found !== undefined && isDue(found, now) ? [endingText(name, found.until)] : [];
  });
}

/** @param until in ms since the epoch */
export function endingText(name: string, until: number): string {
  return `the CA ${name} expires on ${dayOf(until)}: a CA cannot be renewed, and no certificate is valid longer than its CA; up --reinstall-karmada installs Karmada anew, with new CAs and without what is in it`;
}
