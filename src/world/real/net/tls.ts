/** Real TLS connections, to see which certificate a server presents. */
import { connect } from 'node:tls';
import type { PresentedBy } from '../../tls.js';

/** A server that wants a certificate of its client has shown its own by then. */
export const realTls: PresentedBy = (host, port, timeoutMs) =>
  new Promise((resolve) => {
    // Whether it is valid is what the caller wants to find out.
    const socket = connect({ host, port, servername: host, rejectUnauthorized: false, timeout: timeoutMs });
    const failed = (reason: string): void => {
      socket.destroy();
      resolve({ kind: 'failed', reason });
    };
    const addresses = new Set<string>();
    socket.on('lookup', (_error, address) => addresses.add(address));
    socket.once('timeout', () => {
      const from = addresses.size === 0 ? '' : ` from ${[...addresses].join(', ')}`;
      failed(`no answer${from} within ${timeoutMs / 1000} s`);
    });
    // Of a name with several addresses the message is empty (Node.js, net: AggregateError).
    socket.once('error', ({ message, code }: NodeJS.ErrnoException) => failed(message || (code ?? 'failed')));
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate()?.toString();
      socket.destroy();
      resolve(
        certificate === undefined
          ? { kind: 'failed', reason: 'it presented no certificate' }
          : { kind: 'presented', certificate },
      );
    });
  });
