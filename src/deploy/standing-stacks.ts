/** What stands in the accounts when a wave begins: one listing for many stacks, instead of a look at each. */
import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation'
import type { OpenAccounts } from '../aws/index.ts'
import type { Target } from '../model/index.ts'
import { findStack } from './steps/find-stack.ts'

/** Up to so many stacks of an account and region are looked for one by one: a listing shows strangers' stacks too. */
const FEW = 8

export interface StackReference {
  readonly stack: string
  readonly target: Target
}

/** Stacks that are looked for though nobody knows their names. */
export interface Search {
  readonly places: readonly Target[]
  readonly isMeant: (stack: Stack) => boolean
}

interface Place {
  readonly client: () => Promise<CloudFormationClient>
  readonly wanted: Set<string>
  /** Has every stack listed, to the end, and those kept that it holds of. */
  isMeant?: Search['isMeant']
  listing?: Promise<Listing>
  readonly looks: Map<string, Promise<Stack | undefined>>
}

interface Listing {
  readonly stacks: ReadonlyMap<string, Stack>
  /** All there are: what is not among them does not stand. */
  readonly complete: boolean
}

/** What was found in an account and region. */
export interface Found {
  readonly stacks: readonly Stack[]
  /** False where stacks may not be listed. */
  readonly isListed: boolean
}

export class StandingStacks {
  private readonly places = new Map<string, Place>()

  private readonly accounts: Pick<OpenAccounts, 'client'>

  /** `wanted`: everything that will be asked for by name. */
  constructor(
    accounts: Pick<OpenAccounts, 'client'>,
    wanted: readonly StackReference[],
    search: Search = { places: [], isMeant: () => false },
  ) {
    this.accounts = accounts
    for (const { stack, target } of wanted) this.place(target).wanted.add(stack)
    for (const target of search.places) this.place(target).isMeant = search.isMeant
  }

  private place(target: Target): Place {
    const known = this.places.get(keyOf(target))
    if (known) return known
    const client = () => this.accounts.client(CloudFormationClient, target)
    const place: Place = { client, wanted: new Set(), looks: new Map() }
    this.places.set(keyOf(target), place)
    return place
  }

  /** Gives what the search means in one of its places. */
  async search(target: Target): Promise<Found> {
    const place = this.place(target)
    place.listing ??= list(place)
    const { stacks, complete } = await place.listing
    const { isMeant = () => false } = place
    return { stacks: [...stacks.values()].filter(isMeant), isListed: complete }
  }

  /** Gives a stack as it stood, or undefined when there was none. */
  async find({ stack, target }: StackReference): Promise<Stack | undefined> {
    const place = this.places.get(keyOf(target))!
    if (place.isMeant || place.wanted.size > FEW) {
      place.listing ??= list(place)
      const { stacks, complete } = await place.listing
      if (complete || stacks.has(stack)) return stacks.get(stack)
    }
    const known = place.looks.get(stack)
    if (known) return known
    const look = place.client().then((client) => findStack(client, stack))
    place.looks.set(stack, look)
    return look
  }
}

const keyOf = ({ account, region }: Target): string => `${account}/${region}`

/**
 * Ends early where all is found, and where single looks take no more calls than the pages read so far; not where something
 * is searched.
 */
async function list({ client, wanted, isMeant }: Place): Promise<Listing> {
  const found = new Map<string, Stack>()
  const cloudformation = await client()
  let NextToken: string | undefined
  for (let pages = 1; ; pages++) {
    const page = await cloudformation.send(new DescribeStacksCommand({ NextToken })).catch((error: Error) => {
      // AWS: the listing is a permission on every stack; who may only look at the fleet's own looks at them one by one.
      if (/^AccessDenied/.test(error.name)) return undefined
      throw error
    })
    if (!page) return { stacks: found, complete: false }
    for (const stack of page.Stacks ?? [])
      if (wanted.has(stack.StackName ?? '') || isMeant?.(stack)) found.set(stack.StackName!, stack)
    NextToken = page.NextToken
    if (!NextToken) return { stacks: found, complete: true }
    if (isMeant) continue
    if (found.size === wanted.size || pages >= wanted.size) return { stacks: found, complete: false }
  }
}
