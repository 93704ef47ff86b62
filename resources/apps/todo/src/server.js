import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { handle } from './api.js';
import { createStore } from './store.js';

const store = createStore();
const FILES = { '/': ['index.html', 'text/html'], '/app.js': ['app.js', 'text/javascript'], '/view.js': ['view.js', 'text/javascript'] };

async function readBody(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? undefined : JSON.parse(text);
}

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const file = FILES[pathname];
  if (file && request.method === 'GET') {
    response.writeHead(200, { 'content-type': file[1] });
    response.end(await readFile(new URL(`../public/${file[0]}`, import.meta.url)));
    return;
  }
  const answer = handle(store, { method: request.method, path: pathname, body: await readBody(request) });
  response.writeHead(answer.status, { 'content-type': 'application/json' });
  response.end(answer.body === null ? '' : JSON.stringify(answer.body));
}).listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
