/** Finds records by something in them without looking at them all; kept beside the records, never stored. */

/** What records are found by; made once at module level: `recordIndex<Set>((set) => [set.stackId])`. */
export interface RecordIndex<T> {
  readonly keysOf: (record: T) => readonly string[]
}

export const recordIndex = <T>(keysOf: (record: T) => readonly string[]): RecordIndex<T> => ({ keysOf })

/** The indexes of one table; each is built when it is first asked. */
export class TableIndexes<T> {
  private readonly records: ReadonlyMap<string, T>
  private readonly built = new Map<RecordIndex<T>, Map<string, Set<string>>>()

  constructor(records: ReadonlyMap<string, T>) {
    this.records = records
  }

  /** Gives the records, in the order in which they got this key. */
  find(index: RecordIndex<T>, key: string): T[] {
    let entries = this.built.get(index)
    if (!entries) {
      entries = new Map()
      this.built.set(index, entries)
      for (const [id, record] of this.records) add(entries, index.keysOf(record), id)
    }
    return [...(entries.get(key) ?? [])].map((id) => this.records.get(id)!)
  }

  /** To be told before a record is put (`next`) or deleted. */
  change(id: string, next: T | undefined): void {
    const before = this.built.size > 0 ? this.records.get(id) : undefined
    for (const [index, entries] of this.built) {
      const keys = next === undefined ? [] : index.keysOf(next)
      for (const key of before === undefined ? [] : index.keysOf(before)) {
        const ids = keys.includes(key) ? undefined : entries.get(key)
        if (ids?.delete(id) && ids.size === 0) entries.delete(key)
      }
      add(entries, keys, id)
    }
  }
}

function add(entries: Map<string, Set<string>>, keys: readonly string[], id: string): void {
  for (const key of keys) {
    const ids = entries.get(key) ?? new Set()
    entries.set(key, ids.add(id))
  }
}
