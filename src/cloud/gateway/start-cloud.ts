/** The embedded AWS: its shared facilities, and how it is started and stopped. */
import { randomBytes } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AwsError } from '../../model/index.ts'
import type { ServiceId } from '../kernel/api.ts'
import { type Clock, type Ids, randomIds, systemClock } from '../kernel/clock.ts'
import type { Cloud } from '../kernel/cloud.ts'
import type { ContextFactory } from '../kernel/context.ts'
import { CredentialSealer } from '../kernel/credentials.ts'
import { EventBus } from '../kernel/event-bus.ts'
import { Failures } from '../kernel/failures.ts'
import type { Organization } from '../kernel/organization.ts'
import { Parts } from '../kernel/parts.ts'
import { RefusedRequests } from '../kernel/refused-requests.ts'
import { Store } from '../kernel/store.ts'
import { Trail } from '../kernel/trail.ts'
import { Containers } from '../machine/containers/containers.ts'
import type { Choice } from '../machine/containers/engine.ts'
import { type FolderLock, lockFolder } from '../machine/folder-lock.ts'
import { closeToOthers, sayClosed } from '../machine/private-files.ts'
import { Processes } from '../machine/processes.ts'
import { createDirectory, createOrganization, services } from '../services/index.ts'
import { Addressees } from './addressees.ts'
import { dispatch } from './dispatch.ts'
import { knockOf, readOrigin, refusedAtApplication } from './door/index.ts'
import type { Host } from './host.ts'
import { inProcessHandler } from './in-process-handler.ts'
import { makeContext } from './invoke.ts'
import { plainReader } from './read-plain.ts'
import { type Listener, listen } from './server.ts'
import { fetchDue, ServiceLoader } from './service-loader.ts'

export interface CloudOptions {
  /** TCP port on 127.0.0.1; 0 (the default) takes a free one. */
  readonly port?: number
  /** Folder that keeps the state; without it a temporary one that is removed at stop. */
  readonly data?: string
  /** The accounts that exist. Absent: every twelve-digit number does. */
  readonly accounts?: readonly string[]
  /** Secret access key of every account's root user, whose access key id is the account number. Default `test`. */
  readonly secret?: string
  /**
   * Id of the organization that all accounts belong to (`o-crossdock00` when absent), or false for none: then
   * aws:PrincipalOrgID is absent, and S3 tells other accounts no reason for a denial.
   */
  readonly organization?: string | false
  /**
   * The organization's management account, which its policies never limit: the first of `accounts` when absent, or
   * `111111111111` where any account exists.
   */
  readonly managementAccount?: string
  /**
   * Origins of web pages (`http://localhost:3000`) that may call the cloud and read its answers. None when absent: pages
   * of other origins are refused at every door.
   */
  readonly allowOrigins?: readonly string[]
  /**
   * What runs containers: an engine by its name, or the first that is usable (`auto`). None when absent: tasks are
   * simulated then.
   */
  readonly containers?: Choice
  readonly clock?: Clock
  readonly ids?: Ids
  /** Told what a person should know: that files of the data folder were open to others. Default: standard error. */
  readonly onNotice?: (text: string) => void
  /** Told of bugs: errors that no service meant to answer. Default: standard error. */
  readonly onBug?: (where: string, error: unknown) => void
}

/**
 * Starts an embedded cloud.
 * Errors: the port is taken, the data folder cannot be written or is in use, the management account is none of the
 * accounts, or an allowed origin is none.
 */
export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  const { accounts, managementAccount } = options
  if (managementAccount !== undefined && accounts && !accounts.includes(managementAccount))
    throw new Error(`the management account ${managementAccount} is none of the accounts`)
  const allowedOrigins = new Set((options.allowOrigins ?? []).map(requireOrigin))
  const folder = options.data ?? mkdtempSync(join(tmpdir(), 'crossdock-cloud-'))
  const clock = options.clock ?? systemClock
  const lock = options.data === undefined ? undefined : takeFolder(folder, options, clock)
  const ids = options.ids ?? randomIds
  const abort = new AbortController()
  // Every task in the background may listen, and there may be many.
  setMaxListeners(0, abort.signal)
  const tasks = new Set<Promise<void>>()
  const bug = options.onBug ?? ((where, error) => console.error(`crossdock cloud: bug in ${where}:`, error))
  // Before anything goes on: what a killed cloud left running would work beside it.
  const processes = await Processes.open(folder)
  const containers = new Containers(options.containers ?? 'none', processes, join(folder, 'containers'))
  const key = lock ? sealingKey(folder) : randomBytes(32)
  const store = await openStore(folder, lock && key).catch(async (error) => {
    await processes.close()
    lock?.release()
    throw error
  })
  let listener: Listener | undefined
  const letGo = async () => {
    await containers.close()
    await processes.close()
    await store.close()
    lock?.release()
    if (options.data === undefined) rmSync(folder, { recursive: true, force: true })
  }

  const parts = new Parts()
  let stopping: Promise<void> | undefined
  const stop = async () => {
    abort.abort()
    await listener?.close()
    while (tasks.size) await Promise.all(tasks)
    await parts.end()
    await letGo()
  }

  const cloud: Host = {
    addressees,
    get endpoint() {
      return `http://127.0.0.1:${listener?.port}`
    },
    hostNames: { files: () => listener!.hostNames.files() },
    requestHandler: inProcessHandler((wire) => dispatch(cloud, wire)),
    readPlain: (request, how) => plainReader(cloud)(request, how),
    folder,
    accounts: options.accounts,
    organization: organizationFor(options, store, clock),
    secret: options.secret ?? 'test',
    clock,
    ids,
    store,
    trail: new Trail(),
    refusals: new RefusedRequests(),
    refusedAtApplication: (request) => {
      const refused = refusedAtApplication(knockOf(request), allowedOrigins)
      if (refused) cloud.refusals.tell(refused)
      return refused
    },
    failures: new Failures(),
    allowedOrigins,
    bus: new EventBus(),
    sealer: new CredentialSealer(key),
    processes,
    containers,
    directory: createDirectory(store, { accounts: options.accounts }),
    services: declared,
    serviceOf: (id) => loader.of(id),
    get resourceTypes() {
      return loader.resourceTypes
    },
    loadTypes: (types) => loader.loadTypes(types),
    resourceType: (type) => loader.resourceType(type),
    signal: abort.signal,
    spawn: (name, task) => {
      const running: Promise<void> = task()
        .catch((error) => bug(name, error))
        .then(() => store.flush())
        .finally(() => tasks.delete(running))
      tasks.add(running)
    },
    denied: (id, decision) => {
      const { protocol } = addressees.model(id)
      const usual = ['query', 'rest-xml'].includes(protocol) ? 'AccessDenied' : 'AccessDeniedException'
      const code = declared.get(id)?.errors?.denied ?? usual
      return new AwsError(code, decision.message, { status: protocol === 'json' ? 400 : 403 })
    },
    bug,
    settled: async () => {
      while (tasks.size) await Promise.all(tasks)
    },
    part: (one) => parts.of(one, cloud),
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }

  const loader = new ServiceLoader(cloud, declared, (id) => contextFactory(cloud, id))
  try {
    // Before anybody is let in: from the first request on they are begun.
    const due = await fetchDue(services, store, folder)
    listener = await listen(cloud, (id) => contextFactory(cloud, id), options.port ?? 0)
    lock?.tell(cloud.endpoint)
    loader.begin(due)
  } catch (error) {
    await stop()
    throw error
  }
  return cloud
}

const declared = new Map(services.map((one) => [one.id, one]))

const addressees = new Addressees(services)

/** Makes the data folder this cloud's, and nobody else's. */
function takeFolder(folder: string, { onNotice }: CloudOptions, clock: Clock): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = lockFolder(folder, clock.date())
  const said = sayClosed(folder, closeToOthers(folder))
  if (said !== undefined) (onNotice ?? ((text) => console.error(`crossdock cloud: ${text}`)))(said)
  return lock
}

/** Gives what the folder holds; without a key nothing is kept on disk. Errors: records sealed with another key. */
async function openStore(folder: string, key: Uint8Array | undefined): Promise<Store> {
  if (!key) return new Store()
  // lmdb and msgpackr, with their native code, are a fifth of a start.
  const { SealedDatabase } = await import('../kernel/sealed-database.ts')
  return new Store(await SealedDatabase.open(join(folder, 'state'), key))
}

function requireOrigin(text: string): string {
  const origin = readOrigin(text)
  if (origin === undefined)
    throw new Error(
      `"${text}" is no origin of web pages; allowOrigins takes http://localhost:3000 for example`,
    )
  return origin
}

const DEFAULT_ORGANIZATION = 'o-crossdock00'
const DEFAULT_MANAGEMENT_ACCOUNT = '111111111111'

function organizationFor(options: CloudOptions, store: Store, clock: Clock): Organization | undefined {
  const { organization: id = DEFAULT_ORGANIZATION, accounts } = options
  if (id === false) return undefined
  const managementAccount = options.managementAccount ?? accounts?.[0] ?? DEFAULT_MANAGEMENT_ACCOUNT
  return createOrganization(store, { id, managementAccount, accounts, clock })
}

const contextFactory =
  (cloud: Host, service: ServiceId): ContextFactory =>
  ({ identity, account, region }) =>
    makeContext(cloud, {
      service,
      operation: 'internal',
      requestId: cloud.ids.uuid(),
      identity,
      account,
      region,
      conditions: {},
    })

/** The key of the folder: session tokens and all records are sealed with it. */
function sealingKey(folder: string): Buffer {
  const file = join(folder, 'session-key')
  if (!existsSync(file)) {
    // Written aside: a kill must not leave half a key.
    writeFileSync(`${file}.new`, randomBytes(32), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
  return readFileSync(file)
}
