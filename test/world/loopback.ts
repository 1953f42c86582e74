/** An HTTP server on this machine for one test, closed after it. */
import { createServer, type RequestListener } from 'node:http';
import { onTestFinished } from 'vitest';

/** Starts the server; answers its address, e.g. `http://127.0.0.1:40123`. */
export async function loopback(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}
