// Looking into numbers that rise.

/** The index of a number, or -1. */
export function indexOfNumber(numbers: ArrayLike<number>, number: number): number {
  const index = countBelow(numbers, number);
  return numbers[index] === number ? index : -1;
}

/** How many are smaller. */
export function countBelow(numbers: ArrayLike<number>, number: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
