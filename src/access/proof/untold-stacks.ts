/** Stacks that a pipeline deploys and whose templates nobody gave: what their roles need is not known. */
import { type Need, parseArn } from '../../model/index.ts'
import { deployedStacks, type NamedThings } from '../../pipeline/index.ts'
import type { ActionInLandscape } from './action-in-landscape.ts'
import type { Assumption } from './gathered-need.ts'

/** What lets CloudFormation change a stack: under a role of the stack, or under the caller's own. */
const CHANGES: ReadonlySet<string> = new Set([
  'cloudformation:CreateStack',
  'cloudformation:UpdateStack',
  'cloudformation:ExecuteChangeSet',
])

/**
 * Gives what is taken for granted of the stack that an action changes, where a need lets CloudFormation work on it.
 * A fleet's stacks are told with their templates.
 */
export function stackInNoTemplate(
  need: Need,
  { stack: name }: NamedThings,
  { pipeline, action, stacks = [], complete }: ActionInLandscape,
): Assumption | undefined {
  if (complete || name === undefined) return undefined
  const isRole = need.principal === 'cloudformation.amazonaws.com'
  if (!isRole && !CHANGES.has(need.action)) return undefined
  const { declaration } = pipeline
  const all = deployedStacks(declaration, pipeline)
  const region = action.region ?? pipeline.region
  // AWS: of a change set, what creates it hands the role over, and what executes it changes the stack.
  const own = all.find((one) => one.action === action.name)
  const change =
    own ??
    (isRole
      ? all.find((one) => one.role === need.resource && one.name === name && one.region === region)
      : undefined)
  if (change?.name !== name || change.deletes || stacks.some((one) => isSame(one, change))) return undefined
  // With a role of its own the stack hangs on that alone.
  if (isRole ? need.resource !== change.role : change.role !== change.caller) return undefined
  return {
    what: `the template of the stack ${name} in ${change.account} ${change.region} is not given (--application ${name}=<file>): what ${nameOf(change.role)} must be allowed for its resources is not known`,
  }
}

type Placed = { readonly name: string; readonly account: string; readonly region: string }

const isSame = (one: Placed, other: Placed): boolean =>
  one.name === other.name && one.account === other.account && one.region === other.region

const nameOf = (role: string): string => parseArn(role)?.resource ?? role
