// The least that "start, and click in the page" can be in Node and this browser: one file, nothing loaded, nothing kept. The
// shell bench runs it in turn with AIOS, because a machine that is slow is slow for both.
import { createServer } from 'node:http';

const PAGE = `<!doctype html><title>Floor</title><nav aria-label="AIOS"><button>Board</button></nav><script src="/page.js"></script>`;
const SCRIPT = `document.querySelector('button').onclick = () => {
  const main = document.createElement('main');
  main.ariaLabel = 'Board';
  main.setAttribute('aria-label', 'Board');
  main.textContent = 'Board';
  document.body.append(main);
};`;

const server = createServer((request, response) => {
  const script = request.url === '/page.js';
  response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
  response.end(script ? SCRIPT : PAGE);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/login#floor`));
process.once('SIGINT', () => process.exit(0));
