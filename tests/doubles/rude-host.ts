/** An agent-host that misbehaves on the channel and on stdout before it says `ready`. */
process.send?.({ type: 'nonsense' });
process.send?.({
  type: 'event',
  run: 'r',
  sequence: 1,
  event: { type: 'text', text: 'x'.repeat(5 * 1024 * 1024) },
});
process.stderr.write(`${'noise '.repeat(20_000)}last words\n`);
process.send?.({ type: 'ready' });
process.on('message', () => process.exit(7));
