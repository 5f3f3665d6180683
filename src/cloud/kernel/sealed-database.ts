/** The database below the state, with the log in front of it: every record sealed, its files their owner's alone. */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { open, type RootDatabase } from 'lmdb'
import { ChangeLog } from './change-log.ts'
import { databaseKey, databaseValue, recordOf } from './database-key.ts'
import { RecordSeal } from './record-seal.ts'
import { type StoredChange, type StoredKey, WriteBehind } from './write-behind.ts'

export interface RecordChange {
  readonly key: StoredKey
  readonly value: unknown
  readonly deleted: boolean
}

/** Where the number of the last change stands that the database took over from the log. */
const TAKEN: StoredKey = ['', '', 'taken']

/**
 * Bytes of address space for the database, which are only reserved. A map that is outgrown would be made anew in twice
 * the size, and what was read through the old ones stays in memory beside it.
 */
const MAP_SIZE = 4 * 1024 ** 3

const nameOf = (key: StoredKey): string => key.join('\0')

export class SealedDatabase {
  private readonly database: RootDatabase<Buffer, StoredKey>
  private readonly seal: RecordSeal
  private behind: WriteBehind | undefined

  private constructor(folder: string, seal: RecordSeal) {
    this.seal = seal
    this.database = open<Buffer, StoredKey>({
      path: privateFolder(folder),
      encoding: 'binary',
      maxDbs: 1,
      mapSize: MAP_SIZE,
    })
  }

  /**
   * Opens the database in a folder; `key` is the cloud's sealing key. What an earlier version wrote in clear is sealed
   * first: the whole database is written anew, because pages that are free keep what was in them.
   * Errors: the key is not the one that the records were sealed with; the log cannot be written.
   */
  static async open(folder: string, key: Uint8Array): Promise<SealedDatabase> {
    const seal = new RecordSeal(key)
    const inClear = `${folder}-in-clear`
    if (!existsSync(inClear)) {
      const database = new SealedDatabase(folder, seal)
      if (database.isSealed()) return database.logged(folder)
      await database.close()
      renameSync(folder, inClear)
    }
    // An earlier start may have come no further than this: the records in clear are complete, the others may not be.
    rmSync(folder, { recursive: true, force: true })
    const [earlier, database] = [new SealedDatabase(inClear, seal), new SealedDatabase(folder, seal)]
    await database.database.transaction(() => {
      for (const [key, value] of earlier.records()) {
        const sealed = database.sealed(key, value)
        database.database.put(sealed.key, sealed.bytes)
      }
    })
    await earlier.close()
    rmSync(inClear, { recursive: true })
    return database.logged(folder)
  }

  /** Takes over what an earlier process had acknowledged, and writes to the log from now on. */
  private async logged(folder: string): Promise<SealedDatabase> {
    try {
      const taken = this.database.get(TAKEN)
      const last = taken ? Number(this.seal.open(nameOf(TAKEN), taken)) : 0
      const log = new ChangeLog(join(folder, 'changes'), last)
      this.behind = await WriteBehind.open(log, (changes, number) => this.takeOver(changes, number))
      return this
    } catch (error) {
      await this.database.close()
      throw error
    }
  }

  private async takeOver(changes: Iterable<StoredChange>, last: number): Promise<void> {
    await this.database.transaction(() => {
      for (const { key, bytes } of changes)
        if (bytes) this.database.put(key, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
        else this.database.remove(key)
      this.database.put(TAKEN, this.seal.seal(nameOf(TAKEN), last))
    })
    await this.database.flushed
  }

  private isSealed(): boolean {
    for (const { value } of this.database.getRange({ limit: 1 })) return RecordSeal.isSealed(value)
    return true
  }

  private sealed(own: StoredKey, value: unknown): { readonly key: StoredKey; readonly bytes: Buffer } {
    const key = databaseKey(own)
    return { key, bytes: this.seal.seal(nameOf(key), databaseValue(own, value)) }
  }

  /** Gives every record with its key. */
  *records(): Generator<[StoredKey, unknown]> {
    for (const { key, value } of this.database.getRange())
      if (key[0] !== '') yield recordOf(key, this.seal.open(nameOf(key), value))
  }

  /**
   * Returns once the changes would survive the end of the process: all of them or none
   * (docs/decisions/0008-change-log.md). Errors: the log or the database cannot be written.
   */
  write(changes: Iterable<RecordChange>): void {
    const sealed = [...changes].map(
      ({ key, value, deleted }): StoredChange =>
        deleted ? { key: databaseKey(key) } : this.sealed(key, value),
    )
    this.behind!.write(sealed)
  }

  async close(): Promise<void> {
    await this.behind?.close()
    await this.database.close()
  }
}

/** Makes the folder and its files before the database does: it leaves their permissions to the umask. */
function privateFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const name of ['data.mdb', 'lock.mdb']) closeSync(openSync(join(folder, name), 'a', 0o600))
  return folder
}
