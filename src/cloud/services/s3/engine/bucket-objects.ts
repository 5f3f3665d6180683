/** The object versions of one bucket: the table, and an index in memory that keeps keys sorted and versions in order. */
import { type Cloud, part } from '../../../kernel/cloud.ts'
import type { Table } from '../../../kernel/store.ts'
import { type ObjectVersion, objectVersions } from '../state.ts'
import { SortedKeys } from './sorted-keys.ts'

/** Keys may hold any character, version ids hold no line feed: the two together are unique. */
const recordKey = (version: { key: string; versionId: string }): string =>
  `${version.key}\n${version.versionId}`

export class BucketObjects {
  private readonly table: Table<ObjectVersion>
  private readonly keys: SortedKeys
  /** Newest first. */
  private readonly byKey = new Map<string, ObjectVersion[]>()
  private sequence = 0

  constructor(table: Table<ObjectVersion>) {
    this.table = table
    for (const version of table.values()) {
      const versions = this.byKey.get(version.key)
      if (versions) versions.push(version)
      else this.byKey.set(version.key, [version])
      this.sequence = Math.max(this.sequence, version.sequence)
    }
    for (const versions of this.byKey.values()) versions.sort((a, b) => b.sequence - a.sequence)
    this.keys = new SortedKeys(this.byKey.keys())
  }

  get isEmpty(): boolean {
    return this.byKey.size === 0
  }

  /** A number above those of all versions so far. */
  nextSequence(now: number): number {
    this.sequence = Math.max(this.sequence + 1, now * 1000)
    return this.sequence
  }

  /** The newest version, which may be a delete marker. */
  latest(key: string): ObjectVersion | undefined {
    return this.byKey.get(key)?.[0]
  }

  version(key: string, versionId: string): ObjectVersion | undefined {
    return this.byKey.get(key)?.find((one) => one.versionId === versionId)
  }

  /** Every version of a key, newest first. */
  versions(key: string): readonly ObjectVersion[] {
    return this.byKey.get(key) ?? []
  }

  /** Keys in UTF-8 order from the first for which the test holds (and holds for every later one). */
  keysFrom(test: (key: string) => boolean): Generator<string> {
    return this.keys.from(test)
  }

  /** Adds a version on top; gives the version with the same id that it replaces. */
  add(version: ObjectVersion): ObjectVersion | undefined {
    this.table.put(recordKey(version), version)
    const versions = this.byKey.get(version.key)
    if (!versions) {
      this.byKey.set(version.key, [version])
      this.keys.add(version.key)
      return undefined
    }
    const replaced = versions.findIndex((one) => one.versionId === version.versionId)
    const old = replaced < 0 ? undefined : versions.splice(replaced, 1)[0]
    versions.unshift(version)
    return old
  }

  /** Puts a changed copy of a version that is there already (its tags, its ACL). */
  update(version: ObjectVersion): void {
    this.table.put(recordKey(version), version)
    const versions = this.byKey.get(version.key)!
    versions[versions.findIndex((one) => one.versionId === version.versionId)] = version
  }

  remove(version: ObjectVersion): void {
    this.table.delete(recordKey(version))
    const versions = this.byKey.get(version.key)
    const index = versions?.findIndex((one) => one.versionId === version.versionId) ?? -1
    if (!versions || index < 0) return
    versions.splice(index, 1)
    if (versions.length > 0) return
    this.byKey.delete(version.key)
    this.keys.delete(version.key)
  }
}

const known = part({ name: 'objects by bucket', make: () => new Map<string, BucketObjects>() })

/** Gives the objects of a bucket; the index is built when the bucket is first asked for. */
export function objectsOf(cloud: Cloud, bucket: string): BucketObjects {
  const byBucket = cloud.part(known)
  let objects = byBucket.get(bucket)
  if (!objects) {
    objects = new BucketObjects(cloud.store.of(objectVersions, bucket))
    byBucket.set(bucket, objects)
  }
  return objects
}

/** Drops the index of a bucket that is deleted. */
export function forgetObjects(cloud: Cloud, bucket: string): void {
  cloud.part(known).delete(bucket)
}
