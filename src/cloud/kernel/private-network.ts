/** The private network of the accounts: which address answers in it, and what really stands behind. */
import { part } from './cloud.ts'

/** An address as AWS gives it to what runs in a VPC. No other machine knows it: behind it is a port of this one, or nothing real. */
export interface PrivateAddress {
  readonly account: string
  readonly region: string
  /** IPv4. */
  readonly ip: string
  readonly port: number
}

/** What a simulated answerer is asked. */
export interface PrivateRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
}

export interface PrivateAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly text: string
}

export type PrivateEndpoint =
  | {
      readonly kind: 'port'
      /** On 127.0.0.1, where something listens or is about to. */
      readonly port: number
    }
  | {
      readonly kind: 'simulated'
      /** Answers HTTP in the place of what does not run. */
      answer(request: PrivateRequest): PrivateAnswer | Promise<PrivateAnswer>
    }

type Scope = Pick<PrivateAddress, 'account' | 'region'>

const scopeKey = ({ account, region }: Scope): string => `${account}/${region}`
const keyOf = (address: PrivateAddress): string => `${scopeKey(address)}/${address.ip}:${address.port}`

/** AWS: the VPC that every account has from the beginning is 172.31.0.0/16, and the first four addresses of a subnet are AWS's. */
const FIRST = 4
const LAST = 65_534

/**
 * In memory alone: who runs something registers it again when the cloud starts. What is not registered does not answer,
 * so that an address written by a user never leads anywhere else on this machine.
 */
export class PrivateNetwork {
  private readonly endpoints = new Map<string, PrivateEndpoint>()
  private readonly taken = new Map<string, Set<string>>()

  /**
   * Takes an address for something that begins to run: the one given, or the next free one. The taker gives it back by
   * `release`, and takes it again at the next start.
   */
  take(scope: Scope, ip?: string): string {
    const taken = this.taken.get(scopeKey(scope)) ?? new Set<string>()
    this.taken.set(scopeKey(scope), taken)
    const chosen = ip ?? nextFree(taken)
    taken.add(chosen)
    return chosen
  }

  release(scope: Scope, ip: string): void {
    this.taken.get(scopeKey(scope))?.delete(ip)
  }

  /** Has an address answer; whatever answered there before does no longer. Gives what ends it. */
  register(address: PrivateAddress, endpoint: PrivateEndpoint): () => void {
    const key = keyOf(address)
    this.endpoints.set(key, endpoint)
    return () => {
      if (this.endpoints.get(key) === endpoint) this.endpoints.delete(key)
    }
  }

  find(address: PrivateAddress): PrivateEndpoint | undefined {
    return this.endpoints.get(keyOf(address))
  }
}

/** Errors: a plain Error when 65,530 things run. */
function nextFree(taken: ReadonlySet<string>): string {
  for (let at = FIRST; at <= LAST; at++) {
    const ip = `172.31.${at >> 8}.${at & 255}`
    if (!taken.has(ip)) return ip
  }
  throw new Error('the private network of the account has no free address')
}

export const privateNetwork = part({ name: 'private network', make: () => new PrivateNetwork() })
