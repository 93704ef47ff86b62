const escape = (text) => text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]);

/** One todo as HTML. */
export function renderTodo(todo) {
  const tick = todo.done ? ' checked' : '';
  return `<li data-id="${todo.id}"><input type="checkbox"${tick}> <span>${escape(todo.title)}</span></li>`;
}

/** The whole list as HTML. */
export function renderList(todos) {
  return todos.map((todo) => renderTodo(todo)).join('');
}
