import { renderList } from './view.js';

const list = document.querySelector('#todos');
const form = document.querySelector('#new');

async function refresh() {
  const response = await fetch('/api/todos');
  list.innerHTML = renderList(await response.json());
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const data = Object.fromEntries(new FormData(form));
  await fetch('/api/todos', { method: 'POST', body: JSON.stringify(data) });
  form.reset();
  await refresh();
});

list.addEventListener('change', async (event) => {
  const { id } = event.target.closest('li').dataset;
  await fetch(`/api/todos/${id}/toggle`, { method: 'POST' });
  await refresh();
});

await refresh();
