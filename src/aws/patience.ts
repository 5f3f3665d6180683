/** How calls meet throttling, lost answers and silence: they are tried again for a while, then told in words. */
import { setTimeout } from 'node:timers/promises'
import type { FinalizeHandler, FinalizeRequestMiddleware, MiddlewareStack } from '@smithy/types'
import { FleetError } from '../model/index.ts'
import { Lane } from './lane.ts'
import { type Trouble, troubleOf, troubleOfSuccess } from './trouble.ts'

export interface PatienceOptions {
  readonly now?: () => number
  readonly sleep?: (milliseconds: number) => Promise<void>
  /** Between 0 and 1; spreads what is tried again. */
  readonly random?: () => number
  /** Hears in words of what is waited for, at most every fifteen seconds. */
  readonly onWait?: (text: string) => void
  /** Ends all waiting: what fails from then on is not tried again. */
  readonly until?: AbortSignal
  /** Milliseconds without a byte after which a call counts as unanswered. */
  readonly silence?: number
}

/** Where a call goes, for messages. */
export interface Destination {
  /** `CloudFormation` */
  readonly service: string
  /** Absent where only the call's answer tells it. */
  readonly account?: string
  /** Absent where the SDK chooses it. */
  readonly region?: string
  /** The embedded cloud's URL. */
  readonly endpoint?: string
}

/** What `client.middlewareStack.use` takes, of every client. */
export interface Plugin {
  applyToStack<I extends object, O extends object>(stack: MiddlewareStack<I, O>): void
}

/** Milliseconds without any success before a call is given up. */
const BUDGET = { throttled: 10 * 60_000, unanswered: 60_000, stranger: 0 }
const FIRST_DELAY = 100
const LONGEST_DELAY = 10_000
const UNTOLD = 3_000
const BETWEEN_TOLD = 15_000
/** AWS SDKs wait a minute for a byte; three tries in a minute find another server instead. */
const SILENCE = 20_000
const CONNECTING = 5_000

/** One for all clients of a command: they share what has been told, and each destination its lane. */
export class Patience {
  private readonly now: () => number
  private readonly sleep: (milliseconds: number) => Promise<void>
  private readonly random: () => number
  private readonly onWait: (text: string) => void
  private readonly until: AbortSignal | undefined
  private readonly silence: number
  private readonly lanes = new Map<string, Lane>()
  /** Hosts that have answered at least once: what was never there is not waited for. */
  private readonly reached = new Set<string>()
  private told = Number.NEGATIVE_INFINITY

  constructor(options: PatienceOptions = {}) {
    this.now = options.now ?? Date.now
    this.until = options.until
    this.sleep = options.sleep ?? ((milliseconds) => sleepUntil(milliseconds, options.until))
    this.random = options.random ?? Math.random
    this.onWait = options.onWait ?? (() => undefined)
    this.silence = options.silence ?? SILENCE
  }

  /** What a client is made with. Its own tries are switched off: theirs are few, and say nothing. */
  get configuration() {
    const { silence } = this
    return {
      maxAttempts: 1,
      requestHandler: { connectionTimeout: Math.min(silence, CONNECTING), socketTimeout: silence },
    }
  }

  /** To be used on a client's middleware stack. Errors of its calls: AWS's own as they are, else FleetError. */
  plugin(destination: Destination): Plugin {
    const middleware: FinalizeRequestMiddleware<object, object> = (next) => (args) =>
      this.call(destination, next, args)
    return {
      // Outside of the SDK's retrying and signing, so that each try is signed with the time of its own.
      applyToStack: (stack) =>
        stack.addRelativeTo(middleware as never, {
          name: 'patience',
          // Credential providers use their plugins again with each refresh.
          override: true,
          relation: 'before',
          toMiddleware: 'retryMiddleware',
        }),
    }
  }

  private async call<O extends object>(
    destination: Destination,
    next: FinalizeHandler<object, O>,
    args: Parameters<FinalizeHandler<object, O>>[0],
  ): ReturnType<FinalizeHandler<object, O>> {
    const lane = this.laneOf(destination)
    const { hostname = '' } = args.request as { hostname?: string }
    let first: number | undefined
    for (let attempt = 1; ; attempt++) {
      const number = await lane.enter()
      let trouble: Trouble | undefined
      try {
        const result = await next(args)
        trouble = troubleOfResult(args.request, result)
        if (!trouble) {
          this.reached.add(hostname)
          lane.succeeded()
          return result
        }
      } catch (error) {
        trouble = troubleOf(error)
        if (!trouble) {
          this.reached.add(hostname)
          lane.troubledSince = undefined
          throw triedBefore(error, attempt)
        }
        if (trouble.kind === 'throttled') lane.throttled(number)
      } finally {
        lane.leave()
      }
      first ??= this.now()
      lane.troubledSince ??= first
      const waited = this.now() - Math.min(first, lane.troubledSince)
      const hopeless = this.until?.aborted || (trouble.absent && !this.reached.has(hostname))
      if (hopeless || waited >= BUDGET[trouble.kind]) throw inWords(destination, trouble, waited)
      this.tell(destination, trouble, waited)
      const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempt)
      await this.sleep(Math.max(trouble.retryAfter ?? 0, longest * (0.1 + 0.9 * this.random())))
    }
  }

  private laneOf({ service, account, region }: Destination): Lane {
    const key = `${service} ${account} ${region}`
    const lane = this.lanes.get(key) ?? new Lane()
    this.lanes.set(key, lane)
    return lane
  }

  private tell(destination: Destination, { words }: Trouble, waited: number): void {
    if (waited < UNTOLD || this.now() - this.told < BETWEEN_TOLD) return
    this.told = this.now()
    this.onWait(`waiting: ${nameOf(destination)} ${words}`)
  }
}

/** Rests so long, or until the signal. */
const sleepUntil = (milliseconds: number, signal: AbortSignal | undefined): Promise<void> =>
  setTimeout(milliseconds, undefined, { signal }).catch(() => undefined)

function troubleOfResult(
  request: unknown,
  { response, output }: Awaited<ReturnType<FinalizeHandler<object, object>>>,
): Trouble | undefined {
  const { headers = {} } = request as { headers?: Record<string, string> }
  const answered = (response as { headers?: Record<string, string> }).headers ?? {}
  const metadata = (output as { $metadata?: { requestId?: string } }).$metadata
  return troubleOfSuccess({
    requestId: metadata?.requestId,
    length: answered['content-length'],
    query: headers['content-type'] === 'application/x-www-form-urlencoded',
  })
}

/** Errors that AWS meant, and on which try they came: an earlier one may have done what this one is refused for. */
const tries = new WeakMap<object, number>()

function triedBefore(error: unknown, attempt: number): unknown {
  if (typeof error === 'object' && error) tries.set(error, attempt)
  return error
}

/** Whether an earlier try of the call that failed so may have reached AWS: then what "exists already" may be its work. */
export const mayHaveActed = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && (tries.get(error) ?? 1) > 1

const nameOf = ({ service, account, region, endpoint }: Destination): string =>
  [`AWS ${service}`, [account, region].filter(Boolean).join('/'), endpoint]
    .map((part, index) => part && ['', ' in ', ' at '][index] + part)
    .join('')

function inWords(destination: Destination, { kind, words }: Trouble, waited: number): FleetError {
  const seconds = Math.round(waited / 1000)
  const after = seconds > 0 ? `; given up after ${seconds} s` : ''
  const { endpoint } = destination
  const fix = {
    throttled: 'run it again later, or with fewer stacks at a time (--concurrency)',
    unanswered: endpoint
      ? 'start the embedded cloud with "crossdock cloud", or unset AWS_ENDPOINT_URL to use AWS'
      : 'look at the network, and at https://health.aws.amazon.com/health/status, then run it again',
    stranger: endpoint
      ? 'set AWS_ENDPOINT_URL to the address that "crossdock cloud" prints'
      : 'a proxy or a firewall answers in place of AWS: let the host through',
  }[kind]
  return new FleetError(`${nameOf(destination)} ${words}${after}`, { fix })
}
