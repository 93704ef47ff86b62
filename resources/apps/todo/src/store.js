/** Todos in memory, in the order they were added. */
export function createStore() {
  const todos = [];
  let lastId = 0;

  return {
    list() {
      return todos.map((todo) => ({ ...todo }));
    },
    add({ title }) {
      if (typeof title !== 'string' || title.trim() === '') throw new RangeError('a todo needs a title');
      const todo = { id: ++lastId, title: title.trim(), done: false };
      todos.push(todo);
      return { ...todo };
    },
    toggle(id) {
      const todo = todos.find((each) => each.id === id);
      todo.done = !todo.done;
      return { ...todo };
    },
    remove(id) {
      const index = todos.findIndex((each) => each.id === id);
      if (index >= 0) todos.splice(index, 1);
    },
  };
}
