/** A cycle in a dependency graph, as the names along it, or null. Iterative: chains may be long. */
export function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  for (const start of graph.keys()) {
    const path: string[] = [];
    const onPath = new Set<string>();
    const stack: Array<{ node: string; leave: boolean }> = [{ node: start, leave: false }];
    for (let step = stack.pop(); step; step = stack.pop()) {
      const { node, leave } = step;
      if (leave) {
        onPath.delete(node);
        path.pop();
        done.add(node);
        continue;
      }
      if (onPath.has(node)) return [...path.slice(path.indexOf(node)), node];
      if (done.has(node)) continue;
      onPath.add(node);
      path.push(node);
      stack.push({ node, leave: true });
      for (const next of graph.get(node) ?? []) if (graph.has(next)) stack.push({ node: next, leave: false });
    }
  }
  return null;
}
