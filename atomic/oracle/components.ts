// Strongly connected components by Tarjan, without recursion: files have more segments than a call stack has room for.

export interface Components {
  /** Members of each component. A component comes before every component that leads to it: last ones first. */
  readonly components: readonly (readonly number[])[];
  readonly componentOf: readonly number[];
}

export function componentsOf(after: readonly (readonly number[])[]): Components {
  const count = after.length;
  const visited = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const nextEdge = new Int32Array(count);
  const isOpen = new Uint8Array(count);
  const componentOf: number[] = Array.from({ length: count }, () => -1);
  const components: number[][] = [];
  const open: number[] = [];
  let visits = 0;

  const enter = (node: number, way: number[]): void => {
    visited[node] = visits;
    low[node] = visits;
    visits += 1;
    open.push(node);
    isOpen[node] = 1;
    way.push(node);
  };
  const close = (node: number): void => {
    if (low[node] !== visited[node]) return;
    const members = open.splice(open.lastIndexOf(node));
    for (const member of members) {
      isOpen[member] = 0;
      componentOf[member] = components.length;
    }
    components.push(members);
  };
  const lower = (node: number, to: number): void => {
    low[node] = Math.min(low[node] ?? 0, to);
  };

  for (let first = 0; first < count; first += 1) {
    if (visited[first] !== -1) continue;
    const way: number[] = [];
    enter(first, way);
    for (let node = way.at(-1); node !== undefined; node = way.at(-1)) {
      const edge = nextEdge[node] ?? 0;
      const to = after[node]?.[edge];
      nextEdge[node] = edge + 1;
      if (to === undefined) {
        close(node);
        way.pop();
        const parent = way.at(-1);
        if (parent !== undefined) lower(parent, low[node] ?? 0);
      } else if (visited[to] === -1) enter(to, way);
      else if (isOpen[to] === 1) lower(node, visited[to] ?? 0);
    }
  }
  return { components, componentOf };
}
