/** The database below the state: every record sealed, its files their owner's alone. */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { open, type RootDatabase } from 'lmdb'
import { RecordSeal } from './record-seal.ts'

export type StoredKey = [collection: string, scope: string, key: string]

export interface StoredChange {
  readonly key: StoredKey
  readonly value: unknown
  readonly deleted: boolean
}

const nameOf = (key: StoredKey): string => key.join('\0')

export class SealedDatabase {
  private readonly database: RootDatabase<Buffer, StoredKey>
  private readonly seal: RecordSeal

  private constructor(folder: string, seal: RecordSeal) {
    this.seal = seal
    this.database = open<Buffer, StoredKey>({ path: privateFolder(folder), encoding: 'binary', maxDbs: 1 })
  }

  /**
   * Opens the database in a folder; `key` is the cloud's sealing key. What an earlier version wrote in clear is sealed
   * first: the whole database is written anew, because pages that are free keep what was in them.
   * Errors: the key is not the one that the records were sealed with.
   */
  static async open(folder: string, key: Uint8Array): Promise<SealedDatabase> {
    const seal = new RecordSeal(key)
    const inClear = `${folder}-in-clear`
    if (!existsSync(inClear)) {
      const database = new SealedDatabase(folder, seal)
      if (database.isSealed()) return database
      await database.close()
      renameSync(folder, inClear)
    }
    // An earlier start may have come no further than this: the records in clear are complete, the others may not be.
    rmSync(folder, { recursive: true, force: true })
    const [earlier, database] = [new SealedDatabase(inClear, seal), new SealedDatabase(folder, seal)]
    await database.write(
      [...earlier.records()].map(([stored, value]) => ({ key: stored, value, deleted: false })),
    )
    await earlier.close()
    rmSync(inClear, { recursive: true })
    return database
  }

  private isSealed(): boolean {
    for (const { value } of this.database.getRange({ limit: 1 })) return RecordSeal.isSealed(value)
    return true
  }

  /** Gives every record with its key. */
  *records(): Generator<[StoredKey, unknown]> {
    for (const { key, value } of this.database.getRange()) yield [key, this.seal.open(nameOf(key), value)]
  }

  /** Makes changes in one transaction; resolves once they would survive a crash of the process. */
  async write(changes: Iterable<StoredChange>): Promise<void> {
    await this.database.transaction(() => {
      for (const { key, value, deleted } of changes)
        if (deleted) this.database.remove(key)
        else this.database.put(key, this.seal.seal(nameOf(key), value))
    })
  }

  async close(): Promise<void> {
    await this.database.close()
  }
}

/** Makes the folder and its files before the database does: it leaves their permissions to the umask. */
function privateFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const name of ['data.mdb', 'lock.mdb']) closeSync(openSync(join(folder, name), 'a', 0o600))
  return folder
}
