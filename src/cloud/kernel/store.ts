/** The cloud's state: plain maps in memory, written through to an embedded database before an answer is sent. */
import { type Database, open, type RootDatabase } from 'lmdb'

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
  readonly size: number
}

/**
 * Bytes of address space for the database, which are only reserved. A map that is outgrown would be made anew in twice
 * the size, and what was read through the old ones stays in memory beside it.
 */
const MAP_SIZE = 4 * 1024 ** 3

type Change = { collection: string; scope: string; key: string; value: unknown; deleted: boolean }
type StoredKey = [collection: string, scope: string, key: string]

export class Store {
  private readonly tables = new Map<string, Map<string, Map<string, unknown>>>()
  private readonly database: RootDatabase<unknown, StoredKey>
  private dirty = new Map<string, Change>()
  private writing: Promise<void> = Promise.resolve()
  private scheduled = false
  private readonly durable: boolean

  /**
   * Opens the store in a folder and loads it. `durable: false` is for a temporary folder: nothing is synced to disk.
   * With `durable` an acknowledged change survives the process being killed; the disk is synced right behind.
   */
  constructor(folder: string, options: { durable: boolean }) {
    this.durable = options.durable
    this.database = open<unknown, StoredKey>({
      path: folder,
      noSync: !options.durable,
      maxDbs: 1,
      mapSize: MAP_SIZE,
    }) as Database<unknown, StoredKey> as RootDatabase<unknown, StoredKey>
    for (const { key, value } of this.database.getRange()) {
      const [name, scope, id] = key
      this.map(name, scope).set(id, value)
    }
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
    const records = this.map(kind.name, scope) as Map<string, T>
    const mark = (key: string, value: T | undefined, deleted: boolean) => {
      this.dirty.set(`${kind.name}\0${scope}\0${key}`, { collection: kind.name, scope, key, value, deleted })
      this.schedule()
    }
    return {
      get: (key) => records.get(key),
      has: (key) => records.has(key),
      put: (key, value) => {
        records.set(key, value)
        mark(key, value, false)
      },
      delete: (key) => {
        if (records.delete(key)) mark(key, undefined, true)
      },
      values: () => [...records.values()],
      entries: () => [...records.entries()],
      get size() {
        return records.size
      },
    }
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

  /** Commits all changes so far in one transaction; resolves once they would survive a crash of the process. */
  flush(): Promise<void> {
    if (this.dirty.size === 0) return this.writing
    const changes = this.dirty
    this.dirty = new Map()
    const write = () => {
      for (const { collection: name, scope, key, value, deleted } of changes.values()) {
        if (deleted) this.database.remove([name, scope, key])
        else this.database.put([name, scope, key], value)
      }
    }
    // Without a disk to wait for, a transaction here costs a tenth of a hop to the database's thread and back.
    if (this.durable) this.writing = this.database.transaction(write).then(() => undefined)
    else this.database.transactionSync(write)
    return this.writing
  }

  async close(): Promise<void> {
    await this.flush()
    await this.database.close()
  }
}
