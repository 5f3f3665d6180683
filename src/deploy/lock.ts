/** The fleet's lock: who changes its stacks, and since when. It lies in the hub's Parameter Store, and lapses. */
import {
  DeleteParametersCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import type { OpenAccounts } from '../aws/index.ts'
import { FleetError, type FleetHome, readJson } from '../model/index.ts'
import { type LockText, lockName, refused } from './fleet-places.ts'

/** Milliseconds after which a lock is nobody's that was not renewed, and between two renewals. */
const LAPSES = 15 * 60_000
const RENEWED = 4 * 60_000

/** Who changes a fleet. */
export interface Holder {
  /** A person or a program, and the machine, in words. */
  readonly who: string
  /** What they do: `deploy`, `destroy`. */
  readonly what: string
  /** Milliseconds of the clock. */
  readonly since: number
  readonly until: number
  readonly token: string
}

export interface LockContext {
  readonly accounts: Pick<OpenAccounts, 'client'>
  readonly now: () => number
  readonly holder: Pick<Holder, 'who' | 'what' | 'token'>
  /** Takes the lock of somebody else. */
  readonly force?: boolean
  /** Is given the lock as soon as it is held. */
  readonly taken?: (lock: FleetLock) => void
  /** Is told when somebody else has taken the lock while it was held. */
  readonly lost: (holder: Holder) => void
}

export interface FleetLock {
  /** Whether nobody held it since `seen` was read. */
  readonly isFirst: boolean
  release(): Promise<void>
}

const FREE = 'free'

/** Gives who holds a lock that was read; undefined where it is free or has lapsed. */
export function holderOf(seen: LockText | undefined, now: number): Holder | undefined {
  const holder = read(seen)
  return holder && holder.until > now ? holder : undefined
}

function read(seen: LockText | undefined): Holder | undefined {
  if (!seen || seen.text === FREE) return undefined
  try {
    return readJson(seen.text) as Holder
  } catch {
    return undefined
  }
}

/** Errors: FleetError naming the holder where somebody else holds the lock. */
export function refuseHeld(seen: LockText | undefined, { now, holder: { token }, force }: LockContext): void {
  const holder = holderOf(seen, now())
  if (holder && holder.token !== token && !force) throw heldBy(holder, now())
}

/** Somebody else changes the fleet just now. */
export class HeldLock extends FleetError {}

function heldBy({ who, what, since, until }: Holder, now: number): HeldLock {
  const minutes = Math.max(0, Math.round((now - since) / 60_000))
  const ago =
    minutes === 0 ? 'less than a minute ago' : minutes === 1 ? 'a minute ago' : `${minutes} minutes ago`
  return new HeldLock(`${who} has begun to ${what} this fleet ${ago}, at ${time(since)}, and is not done`, {
    fix: `wait for that; if nobody does it any more, the lock lapses at ${time(until)}, and --force-unlock takes it now`,
  })
}

const time = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')

/** Tries to take a lock that changes between being read and being taken; what another has written is given back to them. */
const TRIES = 5

/**
 * Takes the lock and renews it until it is released. `seen`: as it was read before.
 * AWS: of two that write a parameter at once each gets a version of its own, so whoever gets the next one has it.
 * Errors: FleetError naming the holder.
 */
export async function lockFleet(
  home: FleetHome,
  seen: LockText | undefined,
  context: LockContext,
): Promise<FleetLock> {
  const ssm = await context.accounts.client(SSMClient, home.hub)
  const store = lockStore(ssm, lockName(home))
  let known = seen
  for (let tries = 1; tries <= TRIES; tries++) {
    refuseHeld(known, context)
    const since = context.now()
    const version = await store.write(holding(context, since), known)
    if (version === (known?.version ?? 0) + 1) return held(store, version, since, context, known === seen)
    const before = version === undefined ? undefined : await store.read(version - 1)
    const quicker = read(before)
    // An answer was lost, and the call was made again.
    if (version !== undefined && quicker?.token === context.holder.token)
      return held(store, version, since, context, known === seen)
    if (before && quicker) await store.write(before.text, before)
    known = await store.read()
  }
  throw new FleetError('the lock of the fleet changes hands again and again', {
    fix: 'try again in a moment',
  })
}

const holding = ({ holder: { who, what, token }, now }: LockContext, since: number): string =>
  JSON.stringify({ who, what, since, until: now() + LAPSES, token } satisfies Holder)

type Store = ReturnType<typeof lockStore>

function held(store: Store, first: number, since: number, context: LockContext, isFirst: boolean): FleetLock {
  let version = first
  const renew = async (): Promise<void> => {
    const next = await store.write(holding(context, since), { text: '', version })
    if (next === undefined) return
    const before = next === version + 1 ? undefined : read(await store.read(next - 1))
    version = next
    if (before && before.token !== context.holder.token) context.lost(before)
  }
  const timer = setInterval(() => void renew().catch(() => undefined), RENEWED)
  timer.unref()
  const lock = {
    isFirst,
    release: async () => {
      clearInterval(timer)
      const now = read(await store.read())
      if (now?.token === context.holder.token) await store.write(FREE, { text: '', version })
    },
  }
  context.taken?.(lock)
  return lock
}

function lockStore(ssm: SSMClient, Name: string) {
  return {
    /** Gives the new version; undefined where another write was under way, or made it first. */
    write: async (Value: string, known: LockText | undefined): Promise<number | undefined> => {
      const Overwrite = known !== undefined
      const put = new PutParameterCommand({ Name, Value, Type: 'String', Overwrite })
      const { Version } = await ssm.send(put).catch((error: Error) => {
        if (/^(ParameterAlreadyExists|TooManyUpdates)/.test(error.name)) return { Version: undefined }
        return refused(error)
      })
      return Version
    },
    read: async (version?: number): Promise<LockText | undefined> => {
      const name = version === undefined ? Name : `${Name}:${version}`
      // AWS: what is not found, also by its version, is told beside what is.
      const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names: [name] }))
      return Parameters.map(({ Value = '', Version = 0 }) => ({ text: Value, version: Version }))[0]
    },
  }
}

/** Removes the lock of a fleet that is gone. */
export async function removeLock(accounts: Pick<OpenAccounts, 'client'>, home: FleetHome): Promise<void> {
  const ssm = await accounts.client(SSMClient, home.hub)
  await ssm.send(new DeleteParametersCommand({ Names: [lockName(home)] }))
}
