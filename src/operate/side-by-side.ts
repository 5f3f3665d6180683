/** Work on many things, a few at a time, so that one that fails hides no other. */

/** Gives what became of each, in their order; at most `width` are at work at once. */
export async function sideBySide<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<PromiseSettledResult<R>[]> {
  const results: PromiseSettledResult<R>[] = []
  const queue = items.entries()
  const lane = async () => {
    for (const [index, item] of queue) [results[index]] = await Promise.allSettled([work(item)])
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane))
  return results
}
