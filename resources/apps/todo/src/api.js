/** Answers one API call. Plain data in, plain data out, so that tests need no server. */
export function handle(store, { method, path, body }) {
  const one = /^\/api\/todos\/(\d+)(\/toggle)?$/.exec(path);
  try {
    if (method === 'GET' && path === '/api/todos') return { status: 200, body: store.list() };
    if (method === 'POST' && path === '/api/todos') return { status: 201, body: store.add({ title: body?.title }) };
    if (one && method === 'POST' && one[2]) return { status: 200, body: store.toggle(Number(one[1])) };
    if (one && method === 'DELETE') {
      store.remove(Number(one[1]));
      return { status: 204, body: null };
    }
  } catch (error) {
    if (error instanceof RangeError) return { status: 400, body: { error: error.message } };
    throw error;
  }
  return { status: 404, body: { error: 'not found' } };
}
