import http from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** The least a stop on the way costs: a server in a thread that passes bytes on to `workerData` and back, and reads none. */
function pipe(target: string): void {
  const agent = new http.Agent({ keepAlive: true });
  const { hostname, port } = new URL(target);
  const server = http.createServer({ noDelay: true }, (request, response) => {
    const { method, url: path, headers } = request;
    const outgoing = http.request({ hostname, port, path, method, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(outgoing);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address) parentPort?.postMessage(`http://127.0.0.1:${address.port}`);
  });
}

if (parentPort) pipe(String(workerData));
