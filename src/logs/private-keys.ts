/** Redacts private keys from text that arrives line by line: only the first line of a key identifies it. */

const name = '[A-Z0-9 ]*PRIVATE KEY-----';
const whole = new RegExp(`-----BEGIN ${name}.*?-----END ${name}`, 'g');
const beginning = new RegExp(`-----BEGIN ${name}(?:(?:[ \\t]|\\\\+[nrt])*[A-Za-z0-9+/=]{8,})*`);
const ending = new RegExp(`^.*?-----END ${name}["',]*\\s*`);

/** A line of nothing but base64, however indented or quoted, or a header of an encrypted key (RFC 1421). */
const body = /^[\s|>"'#]*(?:[A-Za-z0-9+/=]+|(?:Proc-Type|DEK-Info): .*)["',]*\s*$/;

/** Base64 up to the end of a line, which may continue on the next one. */
const openRun = /[A-Za-z0-9+/]{40,}(?=\r?$)/;

/** Lines that a key may have at most, with those of another stream among them; an RSA key of 16,384 bits has 200. */
const mostLines = 250;

export class PrivateKeys {
  readonly #hidden: string;
  readonly #isSecret: (base64: string) => boolean;
  #open: 'pem' | 'base64' = 'pem';
  /** Lines in which more of a key may come; 0 outside of keys. */
  #left = 0;

  /** `hidden` replaces a key; `isSecret` decides whether base64 contains a key. */
  constructor(hidden: string, isSecret: (base64: string) => boolean) {
    this.#hidden = hidden;
    this.#isSecret = isSecret;
  }

  /** The next lines of the text without what is a key's. Base64 that holds one is left in, and what follows it is not. */
  takeOut(lines: string): string {
    const rest = lines.split('\n').flatMap((line) => this.#restOf(line) ?? []);
    return rest.length === 0 ? this.#hidden : rest.join('\n');
  }

  /** Undefined for a line that is all a key's. */
  #restOf(line: string): string | undefined {
    if (this.#left === 0) return this.#begun(line);
    this.#left -= 1;
    if (this.#open === 'base64') {
      if (body.test(line)) return undefined;
      this.#left = 0;
      return this.#begun(line);
    }
    // A key that begins and ends here is another one, of another stream.
    if (!beginning.test(line) && ending.test(line)) {
      this.#left = 0;
      const after = line.replace(ending, '');
      return after === '' ? undefined : this.#begun(after);
    }
    return body.test(line) ? undefined : this.#begun(line);
  }

  #begun(line: string): string {
    const open = line.replace(whole, `${this.#hidden} private key`);
    const run = openRun.exec(open)?.[0];
    if (beginning.test(open)) this.#expect('pem');
    else if (this.#left === 0 && run !== undefined && this.#isSecret(run)) this.#expect('base64');
    return open.replace(beginning, `${this.#hidden} private key`);
  }

  #expect(kind: 'pem' | 'base64'): void {
    this.#open = kind;
    this.#left = mostLines;
  }
}
