import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Scope } from '#main/platform/scope.ts';

/**
 * The agents' own door: MCP on a loopback port of its own, so that an agent's token and address are of no use on the
 * CEO's. Requests with an Origin come from a web page and are refused; Host must be loopback (DNS rebinding).
 */
export async function serveAgents(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  scope: Scope,
): Promise<string> {
  const server = createServer((request, response) => {
    const host = request.headers.host ?? '';
    const local = host === `127.0.0.1:${port()}` || host === `localhost:${port()}`;
    if (!local || request.headers.origin !== undefined || request.url !== '/mcp') {
      response.writeHead(403).end();
      return;
    }
    handle(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  const port = () => {
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  };
  server.headersTimeout = 10_000;
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  scope.defer(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return `http://127.0.0.1:${port()}/mcp`;
}
