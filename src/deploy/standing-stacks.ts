/** What stands in the accounts when a wave begins: one listing for many stacks, instead of a look at each. */
import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation'
import type { Accounts } from '../aws/index.ts'
import type { Target } from '../model/index.ts'
import { findStack } from './steps/find-stack.ts'

/** Up to so many stacks of an account and region are looked for one by one: a listing shows strangers' stacks too. */
const FEW = 8

export interface StackReference {
  readonly stack: string
  readonly target: Target
}

interface Place {
  readonly client: () => Promise<CloudFormationClient>
  readonly wanted: Set<string>
  listing?: Promise<Listing>
  readonly looks: Map<string, Promise<Stack | undefined>>
}

interface Listing {
  readonly stacks: ReadonlyMap<string, Stack>
  /** All there are: what is not among them does not stand. */
  readonly complete: boolean
}

export class StandingStacks {
  private readonly places = new Map<string, Place>()

  /** `wanted`: everything that will be asked for. */
  constructor(accounts: Accounts, wanted: readonly StackReference[]) {
    for (const { stack, target } of wanted) {
      const place = this.places.get(keyOf(target)) ?? {
        client: () => accounts.client(CloudFormationClient, target),
        wanted: new Set(),
        looks: new Map(),
      }
      this.places.set(keyOf(target), place)
      place.wanted.add(stack)
    }
  }

  /** Gives a stack as it stood, or undefined when there was none. */
  async find({ stack, target }: StackReference): Promise<Stack | undefined> {
    const place = this.places.get(keyOf(target))!
    if (place.wanted.size > FEW) {
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

/** Ends early where all is found, and where single looks take no more calls than the pages read so far. */
async function list({ client, wanted }: Place): Promise<Listing> {
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
      if (wanted.has(stack.StackName ?? '')) found.set(stack.StackName!, stack)
    NextToken = page.NextToken
    if (!NextToken) return { stacks: found, complete: true }
    if (found.size === wanted.size || pages >= wanted.size) return { stacks: found, complete: false }
  }
}
