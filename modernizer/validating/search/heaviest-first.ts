// A queue that gives the heaviest first: a binary heap.

export interface HeaviestFirst<Item> {
  add(item: Item): void;
  take(): Item | undefined;
}

export function heaviestFirst<Item extends { readonly weight: number }>(): HeaviestFirst<Item> {
  const heap: Item[] = [];
  const weightAt = (place: number): number => heap[place]?.weight ?? -1;
  const swap = (a: number, b: number): void => {
    const [one, other] = [heap[a], heap[b]];
    if (one === undefined || other === undefined) return;
    heap[a] = other;
    heap[b] = one;
  };
  return {
    add(item) {
      heap.push(item);
      let place = heap.length - 1;
      while (place > 0 && weightAt(place) > weightAt((place - 1) >> 1)) {
        swap(place, (place - 1) >> 1);
        place = (place - 1) >> 1;
      }
    },
    take() {
      swap(0, heap.length - 1);
      const taken = heap.pop();
      for (let place = 0; ;) {
        const left = 2 * place + 1;
        const child = weightAt(left + 1) > weightAt(left) ? left + 1 : left;
        if (child >= heap.length || weightAt(child) <= weightAt(place)) return taken;
        swap(place, child);
        place = child;
      }
    },
  };
}
