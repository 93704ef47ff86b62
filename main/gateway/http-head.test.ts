import { describe, expect, it } from 'vitest';
import { readAnswerHead, readRequestHead, writeHead } from './http-head.ts';

const request = (...lines: string[]) => readRequestHead(lines.join('\r\n'));
const POST = 'POST /run/a/v1/messages?x=1 HTTP/1.1';
const HOST = 'Host: localhost:1';

describe('the head of a request', () => {
  it('is read: names in lower case, values without the space around them', () => {
    const head = request(POST, HOST, 'X-Empty:', 'X-A: \t b  c\t ', 'x-a: d', 'Content-Length: 12');
    expect(head).toMatchObject({ method: 'POST', target: '/run/a/v1/messages?x=1', chunks: true, lasting: true });
    expect([...(head?.fields ?? [])]).toEqual([
      ['host', 'localhost:1'],
      ['x-empty', ''],
      ['x-a', 'b  c, d'],
      ['content-length', '12'],
    ]);
    expect(head).toMatchObject({ fieldCount: 5, framing: { kind: 'length', bytes: 12 } });
  });

  it('has no body where nothing says so', () => {
    expect(request(POST, HOST)?.framing).toEqual({ kind: 'length', bytes: 0 });
    expect(request(POST, HOST, 'Transfer-Encoding: Chunked')?.framing).toEqual({ kind: 'chunked' });
  });

  it.each([
    ['a length and chunks', [POST, HOST, 'Content-Length: 5', 'Transfer-Encoding: chunked']],
    ['two lengths', [POST, HOST, 'Content-Length: 5', 'Content-Length: 5']],
    ['a length with a sign', [POST, HOST, 'Content-Length: +5']],
    ['a length in hexadecimal', [POST, HOST, 'Content-Length: 0x5']],
    ['a length beyond counting', [POST, HOST, 'Content-Length: 9999999999999999']],
    ['another coding', [POST, HOST, 'Transfer-Encoding: gzip, chunked']],
    ['a coding twice', [POST, HOST, 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
    ['chunks in HTTP/1.0', ['POST / HTTP/1.0', 'Transfer-Encoding: chunked']],
    ['a folded line', [POST, HOST, 'X-A: b', ' c: d']],
    ['space before the colon', [POST, HOST, 'Content-Length : 5']],
    ['a line without a colon', [POST, HOST, 'nonsense']],
    ['a nameless line', [POST, HOST, ': x']],
    ['a lone line feed', [POST, `${HOST}\nContent-Length: 5`]],
    ['a lone carriage return', [POST, `${HOST}\rContent-Length: 5`]],
    ['a zero byte', [POST, HOST, 'X-A: \0']],
    ['no host', [POST]],
    ['another version', ['POST / HTTP/2.0', HOST]],
    ['two spaces', ['POST  / HTTP/1.1', HOST]],
    ['space in the target', ['POST /a b HTTP/1.1', HOST]],
    ['nothing', ['']],
  ])('is refused with %s', (_name, lines) => {
    expect(request(...lines)).toBeNull();
  });

  it('says whether another may follow', () => {
    expect(request(POST, HOST, 'Connection: Close')?.lasting).toBe(false);
    expect(request('GET / HTTP/1.0')?.lasting).toBe(false);
    expect(request('GET / HTTP/1.0', 'Connection: keep-alive')?.lasting).toBe(true);
  });
});

describe('the head of an answer', () => {
  const answer = (...lines: string[]) => readAnswerHead(lines.join('\r\n'));

  it('says how its body ends', () => {
    expect(answer('HTTP/1.1 200 OK', 'Content-Length: 3')?.framing).toEqual({ kind: 'length', bytes: 3 });
    expect(answer('HTTP/1.1 200', 'Transfer-Encoding: chunked')?.framing).toEqual({ kind: 'chunked' });
    expect(answer('HTTP/1.1 200 OK')).toMatchObject({ framing: { kind: 'rest' }, lasting: false });
    expect(answer('HTTP/1.1 204 None', 'Content-Length: 3')?.framing).toEqual({ kind: 'length', bytes: 0 });
    expect(answer('HTTP/1.0 200 OK', 'Content-Length: 3')?.lasting).toBe(false);
  });

  it('is refused where two readers could read two bodies, and where it is none', () => {
    expect(answer('HTTP/1.1 200 OK', 'Content-Length: 3', 'Transfer-Encoding: chunked')).toBeNull();
    expect(answer('HTTP/1.1 200 OK', 'Content-Length: 3', 'Content-Length: 4')).toBeNull();
    expect(answer('HTTP/1.1 2000 OK')).toBeNull();
    expect(answer('SSH-2.0-OpenSSH')).toBeNull();
  });
});

it('writes no header that would be read as two, and does not tell its value', () => {
  expect(writeHead('GET / HTTP/1.1', [['host', 'a']])).toBe('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  for (const value of ['secret\r\nx: y', 'secret\n', 'secret\0', 'secret\u{1f600}']) {
    expect(() => writeHead('GET / HTTP/1.1', [['x', value]])).toThrow(/^the header "x" holds what cannot be sent$/);
  }
});
