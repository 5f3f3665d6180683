/** Every state that a kill could leave a cloud's data in while it does some work, and clouds that start on one. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Host } from '../../src/cloud/gateway/host.ts'
import type { LoadedService } from '../../src/cloud/gateway/service-loader.ts'
import { type Cloud, type CloudOptions, startCloud } from '../../src/cloud/index.ts'
import { type Ids, randomIds } from '../../src/cloud/kernel/clock.ts'
import type { Context } from '../../src/cloud/kernel/context.ts'
import type { Operation } from '../../src/cloud/kernel/operation.ts'
import { SealedDatabase } from '../../src/cloud/kernel/sealed-database.ts'
import { Store } from '../../src/cloud/kernel/store.ts'

type Tables = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, unknown>>>

interface Record {
  readonly collection: string
  /** `account/region` */
  readonly scope: string
  readonly key: string
  readonly value: unknown
}

/** What is on the disk at one moment. */
export interface KillPoint {
  readonly records: readonly Record[]
  readonly files: string
}

/** What the tests know of a store's inside. */
interface Inside {
  readonly tables: Tables
  commit(): void
}
const insideOf = ({ store }: Cloud): Inside => store as unknown as Inside

const recordsOf = (cloud: Cloud): Record[] =>
  [...insideOf(cloud).tables].flatMap(([collection, scopes]) =>
    [...scopes].flatMap(([scope, records]) =>
      [...records].map(([key, value]) => ({ collection, scope, key, value })),
    ),
  )

/** For the cloud that is to be killed: chance that can be told, and a state that is written. */
export const killable = (): CloudOptions => ({
  ids: plainIds,
  data: mkdtempSync(join(tmpdir(), 'crossdock-killable-')),
})

let drawn = 0
/** So many letters, different each time, that can be told from others: a number between two Q. */
const letters = (length: number): string => {
  const digits = String(drawn++).replace(/\d/g, (digit) => 'ABCDEFGHIJ'[Number(digit)]!)
  return `Q${digits.padStart(length - 2, 'A').slice(2 - length)}Q`
}

/** Ids of chance that can be taken out again when two runs are held against each other. */
const plainIds: Ids = {
  ...randomIds,
  upper: letters,
  mixed: letters,
  lower: (n) => letters(n).toLowerCase(),
}

/** Chance and time taken out, so that two runs can be held against each other. */
const plain = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+0000)/g, 'DATE')
    .replace(/\b1[6-9]\d{11}(\.\d+)?\b/g, 'TIME')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID')
    .replace(/\b[0-9a-f]{32,64}\b/g, 'HEX')
    .replace(/\/[0-9a-f]{16}\b/g, '/HEX')
    .replace(/-\d{10}(?=\.[a-z0-9-]+\.elb\.)/g, '-NUMBER')
    .replace(/"loopbackPort":\d+/g, 'loopbackPort')
    .replace(/\b\d{19}\b/g, 'NUMBER')
    .replace(/-([A-Z0-9]{12}|[a-z0-9]{12})\b/g, '-NAME')
    .replace(/Q[A-J]+Q|A[KS]IA\w{16}/gi, 'ID')
    .replace(/"data":\[[\d,]+\]/g, 'BYTES')
    .replace(/"(codeSha256|sealed|secret|SecretAccessKey|ConnectionStatus)":"[^"]+"/g, '$1')
    .replace(/"AUsA[\w+/=]+"/g, 'SEALED')
    .replace(/"material":\[[^\]]+\]/g, 'material')
    .replace(/"(bytes|code|sequence)":\d+/g, '$1')
    // A pipeline's first execution may fail before the rule is there that tells of it, or after: on AWS, too.
    .replace(/^(\["codestar-notifications\.targets",.*"status":)"(PENDING|UNREACHABLE)"/, '$1')

/** Gives what a cloud holds, each record as text, without the order of events; without those that `except` matches. */
export const contents = (cloud: Cloud, except: RegExp): string[] =>
  recordsOf(cloud)
    .map(({ collection, scope, key, value }) => {
      const inOrder = collection.startsWith('cloudformation.events')
      return plain(JSON.stringify([collection, scope, inOrder ? '' : key, value]))
    })
    .filter((text) => !except.test(text))
    .sort()

const withoutState = (folder: string) => ({
  recursive: true,
  filter: (path: string) => path !== join(folder, 'state') && !path.endsWith('in-use-by'),
})

/**
 * Records what stands on the disk after each commit of a cloud that is wanted until `stop`. Each operation runs in a turn
 * of the event loop of its own, so that every call of a handler ends in a commit.
 */
export function recordKillPoints(
  cloud: Cloud,
  isWanted: (records: KillPoint['records']) => boolean = () => true,
): { points: KillPoint[]; stop(): void } {
  const store = insideOf(cloud)
  const { commit } = store
  const points: KillPoint[] = []
  store.commit = () => {
    const records = recordsOf(cloud)
    if (isWanted(records)) {
      const files = mkdtempSync(join(tmpdir(), 'crossdock-killed-'))
      cpSync(cloud.folder, files, withoutState(cloud.folder))
      points.push({ records, files })
    }
    return commit.call(store)
  }
  const putBack = separateCalls(cloud)
  return {
    points,
    stop: () => {
      store.commit = commit
      putBack()
    },
  }
}

/** Lets each operation begin in a turn of its own; gives what puts the operations back. */
function separateCalls(cloud: Cloud): () => void {
  const undo: (() => void)[] = []
  for (const id of cloud.services.keys()) {
    const loaded = (cloud as Host).serviceOf(id) as LoadedService
    const operations = loaded.operations as Map<string, Operation>
    for (const [name, one] of operations) {
      const run = async (input: never, ctx: Context) => {
        await new Promise((resolve) => setImmediate(resolve))
        return one.run(input, ctx)
      }
      operations.set(name, { ...one, run })
      undo.push(() => operations.set(name, one))
    }
  }
  return () => {
    for (const one of undo) one()
  }
}

/**
 * Starts a cloud on what a kill left, at the port of the cloud that was killed, lets it come to rest, and gives what
 * `look` finds.
 */
export async function afterKill<T>(
  point: KillPoint,
  port: number,
  look: (cloud: Cloud) => T | Promise<T>,
): Promise<T> {
  const key = readFileSync(join(point.files, 'session-key'))
  const store = new Store(await SealedDatabase.open(join(point.files, 'state'), key))
  for (const { collection, scope, key, value } of point.records) {
    const [account, region] = scope.split('/')
    store.of({ name: collection }, account, region).put(key, value)
  }
  await store.close()
  const bugs: unknown[] = []
  const cloud = await startCloud({
    ids: plainIds,
    data: point.files,
    port,
    onBug: (where, error) => bugs.push(where, error),
  })
  try {
    await cloud.settled()
    const found = await look(cloud)
    if (bugs.length) throw new Error(`the cloud reported bugs: ${bugs.join('\n')}`)
    return found
  } finally {
    await cloud.stop()
    rmSync(point.files, { recursive: true, force: true })
  }
}

/** Removes what of kill points no cloud was started on. */
export function discard(points: readonly KillPoint[]): void {
  for (const { files } of points) rmSync(files, { recursive: true, force: true })
}
