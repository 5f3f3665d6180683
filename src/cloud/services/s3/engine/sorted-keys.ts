/** A sorted set of keys in blocks, so that adding to a hundred thousand keys moves a few hundred of them. */

const BLOCK = 512

/** Orders by Unicode code points, which is the order of UTF-8 bytes. AWS: S3 lists keys in UTF-8 binary order. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    // Surrogates stand for code points above all other 16-bit units.
    const isHigher = (unit: number) => unit >= 0xd800 && unit <= 0xdfff
    if (isHigher(x) !== isHigher(y)) return isHigher(x) ? 1 : -1
    return x - y
  }
  return a.length - b.length
}

export class SortedKeys {
  private readonly blocks: string[][] = []

  /** Builds the set from distinct keys in any order. */
  constructor(keys: Iterable<string> = []) {
    const sorted = [...keys].sort(compareKeys)
    for (let i = 0; i < sorted.length; i += BLOCK) this.blocks.push(sorted.slice(i, i + BLOCK))
  }

  add(key: string): void {
    const at = Math.min(this.blockFor(key), this.blocks.length - 1)
    const block = this.blocks[at]
    if (!block) {
      this.blocks.push([key])
      return
    }
    const index = lowerBound(block, (one) => compareKeys(one, key) >= 0)
    if (block[index] === key) return
    block.splice(index, 0, key)
    if (block.length > BLOCK * 2) this.blocks.splice(at + 1, 0, block.splice(BLOCK))
  }

  delete(key: string): void {
    const at = this.blockFor(key)
    const block = this.blocks[at]
    if (!block) return
    const index = lowerBound(block, (one) => compareKeys(one, key) >= 0)
    if (block[index] !== key) return
    block.splice(index, 1)
    if (block.length === 0) this.blocks.splice(at, 1)
  }

  /**
   * Gives the keys in order from the first one for which the test holds. The test must hold for every later key
   * as well (`(key) => compareKeys(key, 'm') >= 0`).
   */
  *from(test: (key: string) => boolean): Generator<string> {
    let at = lowerBound(this.blocks, (one) => test(one[one.length - 1]!))
    let index = at < this.blocks.length ? lowerBound(this.blocks[at]!, test) : 0
    for (; at < this.blocks.length; at++, index = 0) {
      const block = this.blocks[at]!
      for (; index < block.length; index++) yield block[index]!
    }
  }

  /** The block whose range a key falls in, or the number of blocks when it lies behind them all. */
  private blockFor(key: string): number {
    return lowerBound(this.blocks, (one) => compareKeys(one[one.length - 1]!, key) >= 0)
  }
}

function lowerBound<T>(items: readonly T[], test: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (test(items[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}
