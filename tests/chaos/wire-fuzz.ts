/** Sends a running cloud requests that nobody would send, and tells where it answers with anything but an error of its own. */
import { ChildCloud } from './child-cloud.ts'
import { hello } from './hello-life.ts'
import { Killer } from './killer.ts'
import { Ledger } from './ledger.ts'
import { type Mutant, mutated } from './mutate-request.ts'
import { PatientAccounts } from './patient-accounts.ts'
import { seededRandom } from './random.ts'
import { callTheOthers, recordRequests, type Sample } from './record-requests.ts'
import { type Answer, DEADLINE, Refused, send } from './send-request.ts'
import { type RawRequest, signedAnew } from './signed-request.ts'
import { SmallWrites } from './small-writes.ts'
import type { Tally } from './tally.ts'

/** Requests between two looks at the cloud's health. */
const LOOK = 25

export interface FuzzOptions {
  readonly seed: number
  readonly cases: number
  /** Only this one, as a finding names it. */
  readonly only?: number
  /** Milliseconds since 1970 after which no further case begins. */
  readonly until?: number
}

/** Records requests while a system lives, then sends mutants of them. */
export async function wireFuzz(
  { seed, cases, only, until = Infinity }: FuzzOptions,
  tally: Tally,
): Promise<void> {
  const cloud = await ChildCloud.start()
  try {
    const samples = await recordRequests(cloud, () => live(cloud, seed, tally))
    for (let number = only ?? 0; number < (only === undefined ? cases : only + 1); number++) {
      if (Date.now() > until) break
      const replay = `npm run chaos -- --only fuzz --seed ${seed} --case ${number}`
      const random = seededRandom(seed, `case ${number}`)
      const sample = drawn(samples, seed, number)
      const mutant = mutated(withNewStack(sample, number), random)
      tally.count('cases')
      const told = cloud.bugsSoFar
      const wrong = await judge(cloud, sample, mutant)
      const bugs = cloud.bugsSoFar.slice(told.length)
      const what = [wrong, bugs].filter(Boolean).join('\n')
      if (what) tally.find('crashes', `${sample.operation}, changed: ${mutant.how}: ${what}`, replay)
      if (number % LOOK === LOOK - 1) await lookAtHealth(cloud, tally, replay)
      if (cloud.hasEnded) await cloud.reopen()
    }
  } finally {
    await cloud.stop()
    for (const bug of cloud.bugs)
      if (/does not end/.test(bug)) tally.find('crashes', bug, `npm run chaos -- --only fuzz --seed ${seed}`)
  }
}

/**
 * Draws the operation, and then one of its samples. Each is ranked by its own name, so that a run again in which another
 * call was recorded too draws the same.
 */
function drawn(samples: readonly Sample[], seed: number, number: number): Sample {
  const rank = (name: string) => seededRandom(seed, `${number} ${name}`)()
  const first = <T>(items: readonly T[], nameOf: (item: T) => string): T =>
    items.reduce((best, one) => (rank(nameOf(one)) < rank(nameOf(best)) ? one : best))
  const operation = first([...new Set(samples.map((one) => one.operation))], (name) => name)
  const own = samples.filter((one) => one.operation === operation)
  return own[first([...own.keys()], String)]!
}

/** Gives a stack that is to be created a name of its own, so that its template is read and not only its name. */
function withNewStack(sample: Sample, number: number): RawRequest {
  if (!/^Create(Stack|ChangeSet)$/.test(sample.operation)) return sample
  const form = new URLSearchParams(sample.body.toString())
  form.set('StackName', `case-${number}`)
  if (sample.operation === 'CreateChangeSet') form.set('ChangeSetType', 'CREATE')
  return { ...sample, body: Buffer.from(form.toString()) }
}

/** A short life without kills, for the sake of its requests. */
async function live(cloud: ChildCloud, seed: number, tally: Tally): Promise<void> {
  const random = seededRandom(seed, 'life')
  const killer = new Killer(cloud, random, { most: 0, calls: 1 })
  const accounts = new PatientAccounts(hello.accounts, cloud.endpoint, { watcher: killer })
  const ledger = new Ledger()
  const replay = `npm run chaos -- --only fuzz --seed ${seed}`
  const visit = {
    cloud,
    killer,
    accounts,
    ledger,
    random,
    find: (kind: Parameters<Tally['find']>[0], what: string) => tally.find(kind, what, replay),
    deployed: () => undefined,
  }
  const writes = new SmallWrites(visit)
  try {
    await Promise.all([hello.live(visit).finally(() => writes.stop()), writes.go()])
    await ledger.lost()
    await callTheOthers(accounts, cloud)
  } finally {
    accounts.close()
  }
}

/** Gives what is wrong with the answer; undefined when it is one that the service's model has. */
async function judge(
  cloud: ChildCloud,
  sample: RawRequest,
  { request, keepsSignature, cutAt }: Mutant,
): Promise<string | undefined> {
  const host = new URL(cloud.endpoint).host
  const sent = keepsSignature ? request : signedAnew(request, host, new Date(), sample)
  const answer = await send(cloud.endpoint, sent, cutAt)
  if (cloud.hasEnded) return 'the cloud ended'
  if (answer === 'cut' || answer instanceof Refused) return undefined
  if (answer instanceof Error) return `no answer: ${answer.message}`
  if (answer.status >= 500 && ![501, 503].includes(answer.status))
    return `${answer.status} ${answer.body.slice(0, 300)}`
  if (
    answer.status >= 400 &&
    sent.headers.authorization?.startsWith('AWS4') &&
    sent.method !== 'HEAD' &&
    !codeOf(answer)
  )
    return `${answer.status} without an error's code: ${answer.body.slice(0, 300)}`
  return undefined
}

/** The error's code in the caller's protocol. */
function codeOf({ headers, body }: Answer): string | undefined {
  if (headers['x-amzn-errortype']) return String(headers['x-amzn-errortype'])
  return /<Code>([^<]+)<\/Code>/.exec(body)?.[1] ?? /"(?:__type|code)"\s*:\s*"([^"]+)"/i.exec(body)?.[1]
}

async function lookAtHealth(cloud: ChildCloud, tally: Tally, replay: string): Promise<void> {
  const answer = await fetch(`${cloud.endpoint}/_crossdock/health`, {
    signal: AbortSignal.timeout(DEADLINE),
  }).catch((error: Error) => error)
  if (answer instanceof Error || !answer.ok)
    tally.find(
      'crashes',
      `the cloud does not answer after a request: ${answer instanceof Error ? answer.message : answer.status}`,
      replay,
    )
}
