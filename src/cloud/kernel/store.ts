/** The cloud's state: plain maps in memory, written to a sealed log, and behind it to a database, before an answer is sent. */
import type { SealedDatabase } from './sealed-database.ts'
import { type RecordIndex, TableIndexes } from './store-index.ts'
import type { StoredKey } from './write-behind.ts'

/** Names a kind of record and gives it its type; made once at module level: `collection<Key>('kms.keys')`. */
export interface Collection<T> {
  readonly name: string
  /** Never set: carries the record's type. */
  readonly record?: T
}

export const collection = <T>(name: string): Collection<T> => ({ name })

/**
 * The records of one collection in one account and region.
 * Records are immutable by convention: change one by putting a changed copy.
 */
export interface Table<T> {
  get(key: string): T | undefined
  has(key: string): boolean
  put(key: string, value: T): void
  delete(key: string): void
  values(): T[]
  entries(): [string, T][]
  /** The records that an index finds under a key. */
  where(index: RecordIndex<T>, key: string): T[]
  readonly size: number
}

interface Change {
  readonly key: StoredKey
  readonly value: unknown
  readonly deleted: boolean
  /** The database does not have the record: gone again before the commit, it needs none. */
  readonly fresh: boolean
}

export class Store {
  private readonly tables = new Map<string, Map<string, Map<string, unknown>>>()
  private readonly database: SealedDatabase | undefined
  private readonly indexes = new WeakMap<object, TableIndexes<unknown>>()
  private dirty = new Map<string, Change>()
  private scheduled = false
  private ending: Promise<void> | undefined

  /** Takes over what a database holds; without one the state is in memory alone, and goes with the process. */
  constructor(database?: SealedDatabase) {
    this.database = database
    for (const [[name, scope, id], value] of database?.records() ?? []) this.map(name, scope).set(id, value)
  }

  private map(name: string, scope: string): Map<string, unknown> {
    const scopes = this.tables.get(name) ?? new Map<string, Map<string, unknown>>()
    const records = scopes.get(scope) ?? new Map<string, unknown>()
    this.tables.set(name, scopes.set(scope, records))
    return records
  }

  /** Gives the table for an account and region; leave out the region for global services, both for global names. */
  of<T>(kind: Collection<T>, account = '', region = ''): Table<T> {
    const scope = `${account}/${region}`
    const records = () => this.tables.get(kind.name)?.get(scope) as Map<string, T> | undefined
    const mark = (
      key: string,
      value: T | undefined,
      { deleted, isNew }: { deleted: boolean; isNew: boolean },
    ) => {
      if (!this.database) return
      const id = `${kind.name}\0${scope}\0${key}`
      const fresh = this.dirty.get(id)?.fresh ?? isNew
      if (deleted && fresh) this.dirty.delete(id)
      else this.dirty.set(id, { key: [kind.name, scope, key], value, deleted, fresh })
      this.schedule()
    }
    return {
      get: (key) => records()?.get(key),
      has: (key) => records()?.has(key) ?? false,
      put: (key, value) => {
        const all = this.map(kind.name, scope) as Map<string, T>
        const isNew = !all.has(key)
        this.indexesOf(all).change(key, value)
        all.set(key, value)
        mark(key, value, { deleted: false, isNew })
      },
      delete: (key) => {
        const all = records()
        if (!all?.has(key)) return
        this.indexesOf(all).change(key, undefined)
        all.delete(key)
        this.dropEmpty(kind.name, scope)
        mark(key, undefined, { deleted: true, isNew: false })
      },
      values: () => [...(records()?.values() ?? [])],
      entries: () => [...(records()?.entries() ?? [])],
      where: (index, key) => {
        const all = records()
        return all ? this.indexesOf(all).find(index, key) : []
      },
      get size() {
        return records()?.size ?? 0
      },
    }
  }

  private indexesOf<T>(records: Map<string, T>): TableIndexes<T> {
    const known = this.indexes.get(records) ?? new TableIndexes<unknown>(records)
    this.indexes.set(records, known)
    return known as TableIndexes<T>
  }

  /** Nothing is kept of a table without records: names of collections and scopes come from requests, without end. */
  private dropEmpty(name: string, scope: string): void {
    const scopes = this.tables.get(name)
    if (scopes?.get(scope)?.size === 0) scopes.delete(scope)
    if (scopes?.size === 0) this.tables.delete(name)
  }

  /** Gives every table of a collection with its account and region, for start-up and look-ups across accounts. */
  everywhere<T>(kind: Collection<T>): { account: string; region: string; table: Table<T> }[] {
    const scopes = [...(this.tables.get(kind.name)?.keys() ?? [])]
    return scopes.map((scope) => {
      const [account = '', region = ''] = scope.split('/')
      return { account, region, table: this.of(kind, account, region) }
    })
  }

  /** Work in the background changes records without a request that would flush them. */
  private schedule(): void {
    if (this.scheduled) return
    this.scheduled = true
    setImmediate(() => {
      this.scheduled = false
      void this.flush()
    })
  }

  /**
   * Writes all changes so far, together or not at all; resolves once they would survive the end of the process. The turn
   * of the event loop is let run to its end first: what it changes is committed together.
   */
  flush(): Promise<void> {
    if (!this.database || this.dirty.size === 0) return Promise.resolve()
    this.ending ??= new Promise((resolve, reject) => {
      process.nextTick(() => {
        this.ending = undefined
        try {
          resolve(this.commit())
        } catch (error) {
          reject(error)
        }
      })
    })
    return this.ending
  }

  private commit(): void {
    if (!this.database || this.dirty.size === 0) return
    const changes = this.dirty
    this.dirty = new Map()
    this.database.write(changes.values())
  }

  async close(): Promise<void> {
    await this.flush()
    await this.database?.close()
  }
}
