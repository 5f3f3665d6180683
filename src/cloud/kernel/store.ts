/** The cloud's state: plain maps in memory, written to a log, and behind it to a database, before an answer is sent. */
import { join } from 'node:path'
import { asBinary, type Database, open, type RootDatabase } from 'lmdb'
import { ChangeLog } from './change-log.ts'
import { type StoredChange, type StoredKey, WriteBehind } from './write-behind.ts'

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

type Change = { collection: string; scope: string; key: string; value: unknown; deleted: boolean }

/** Where the number of the last change stands that the database took over from the log. */
const TAKEN: StoredKey = ['', '', 'taken']

export class Store {
  private readonly tables = new Map<string, Map<string, Map<string, unknown>>>()
  private readonly database: RootDatabase<unknown, StoredKey>
  private behind: WriteBehind | undefined
  private dirty = new Map<string, Change>()
  private scheduled = false

  private constructor(folder: string, durable: boolean) {
    this.database = open<unknown, StoredKey>({
      path: folder,
      noSync: !durable,
      maxDbs: 1,
    }) as Database<unknown, StoredKey> as RootDatabase<unknown, StoredKey>
  }

  /**
   * Opens the store in a folder and loads it. `durable: false` is for a temporary folder: nothing outlives the process.
   * With `durable` an acknowledged change survives the process being killed; see docs/decisions/0008-change-log.md.
   */
  static async open(folder: string, { durable }: { durable: boolean }): Promise<Store> {
    const store = new Store(folder, durable)
    if (durable) {
      const log = new ChangeLog(join(folder, 'changes'), Number(store.database.get(TAKEN) ?? 0))
      store.behind = await WriteBehind.open(log, (changes, last) => store.takeOver(changes, last))
    }
    for (const { key, value } of store.database.getRange()) {
      const [name, scope, id] = key
      if (name) store.map(name, scope).set(id, value)
    }
    return store
  }

  private async takeOver(changes: Iterable<StoredChange>, last: number): Promise<void> {
    await this.database.transaction(() => {
      for (const { key, bytes } of changes)
        if (bytes) this.database.put(key, asBinary(bytes))
        else this.database.remove(key)
      this.database.put(TAKEN, last)
    })
    await this.database.flushed
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
    const mark = (key: string, value: T | undefined, deleted: boolean) => {
      this.dirty.set(`${kind.name}\0${scope}\0${key}`, { collection: kind.name, scope, key, value, deleted })
      this.schedule()
    }
    return {
      get: (key) => records()?.get(key),
      has: (key) => records()?.has(key) ?? false,
      put: (key, value) => {
        this.map(kind.name, scope).set(key, value)
        mark(key, value, false)
      },
      delete: (key) => {
        if (!records()?.delete(key)) return
        this.dropEmpty(kind.name, scope)
        mark(key, undefined, true)
      },
      values: () => [...(records()?.values() ?? [])],
      entries: () => [...(records()?.entries() ?? [])],
      get size() {
        return records()?.size ?? 0
      },
    }
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

  /** Writes all changes so far, together or not at all; resolves once they would survive the end of the process. */
  async flush(): Promise<void> {
    if (this.dirty.size === 0) return
    const changes = [...this.dirty.values()]
    this.dirty = new Map()
    if (this.behind) this.behind.write(changes.map((one) => this.stored(one)))
    else
      this.database.transactionSync(() => {
        for (const { collection: name, scope, key, value, deleted } of changes) {
          if (deleted) this.database.remove([name, scope, key])
          else this.database.put([name, scope, key], value)
        }
      })
  }

  private stored({ collection: name, scope, key, value, deleted }: Change): StoredChange {
    if (deleted) return { key: [name, scope, key] }
    // Not in the database's types. A copy: the encoder gives a view of a buffer that it uses again.
    const { encoder } = this.database as unknown as { encoder: { encode(value: unknown): Uint8Array } }
    return { key: [name, scope, key], bytes: Buffer.from(encoder.encode(value)) }
  }

  async close(): Promise<void> {
    await this.flush()
    await this.behind?.close()
    await this.database.close()
  }
}
