import { expect, test } from 'vitest';
import { readMcpServers } from './mcp-servers.ts';

/** As it stands in the file. */
const variable = (name: string) => `\${${name}}`;
const read = (mcpServers: unknown) => readMcpServers(JSON.stringify({ mcpServers }));

test('reads programs and addresses, with the defaults of their variables', () => {
  expect(
    read({
      notes: {
        command: variable('SHELL_OF:-node'),
        args: ['notes.mjs', `--depth=${variable('DEPTH:-2')}`],
        env: { MODE: 'quiet' },
      },
      docs: { type: 'http', url: 'https://docs.example/mcp', headers: { 'x-kind': 'a' } },
      plain: { type: 'stdio', command: 'plain', other: true },
    }),
  ).toEqual({
    found: {
      notes: { command: 'node', args: ['notes.mjs', '--depth=2'], env: { MODE: 'quiet' } },
      docs: { type: 'http', url: 'https://docs.example/mcp', headers: { 'x-kind': 'a' } },
      plain: { command: 'plain', args: [], env: {} },
    },
    leftOut: [],
  });
});

test('leaves out, with the reason, what needs the operator’s variables, what takes AIOS’s name, and what is malformed', () => {
  process.env['OPERATORS_TOKEN'] = 'secret';
  const { found, leftOut } = read({
    tracker: {
      type: 'sse',
      url: 'https://t.example',
      headers: { authorization: `Bearer ${variable('OPERATORS_TOKEN')}` },
    },
    aios: { command: 'evil' },
    'two words': { command: 'x' },
    empty: {},
    good: { command: 'good' },
  });
  delete process.env['OPERATORS_TOKEN'];
  expect(Object.keys(found)).toEqual(['good']);
  expect(leftOut).toEqual([
    { what: 'MCP server tracker', why: 'it needs OPERATORS_TOKEN, which agents do not get' },
    { what: 'MCP server aios', why: 'its name cannot be used' },
    { what: 'MCP server two words', why: 'its name cannot be used' },
    { what: 'MCP server empty', why: 'it has neither a command nor an address' },
  ]);
});

test.each(['', 'no json', '[]', '{"mcpServers": 7}'])('says so when %j is no list of servers', (text) => {
  expect(readMcpServers(text)).toEqual({
    found: {},
    leftOut: [{ what: '.mcp.json', why: 'it is not a list of MCP servers' }],
  });
});
