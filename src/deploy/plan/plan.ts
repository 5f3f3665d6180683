/** What a deployment would do, stack by stack: by reading what stands, and changing nothing. */
import type { Stack } from '@aws-sdk/client-cloudformation'
import type { OpenAccounts } from '../../aws/index.ts'
import type { Assembly, AssemblyStack, Template } from '../../model/index.ts'
import { withDigest } from '../digest.ts'
import { type Examined, examine, knownParameters, type Look } from '../examine.ts'
import type { LeftOver } from '../leaving/find-left.ts'
import { withFileOf } from '../refuse-strangers.ts'
import type { Slots } from '../slots.ts'
import { isDead } from '../steps/clear-failed-stack.ts'
import { deployedTemplate } from '../steps/deployed-template.ts'
import { type PermissionChange, permissionChanges } from './permission-changes.ts'
import { outputChanges, type ResourceChange, resourceChanges, type Version } from './resource-changes.ts'

export interface StackPlan {
  readonly stack: AssemblyStack
  /** `recreate`: a creation that failed is cleared away first. `unknown`: nobody could look at it. */
  readonly action: 'create' | 'recreate' | 'update' | 'unchanged' | 'unknown'
  readonly resources: readonly ResourceChange[]
  readonly permissions: readonly PermissionChange[]
  /** Names of outputs that change. */
  readonly outputs: readonly string[]
  /** Keys of the stack's tags that change: CloudFormation puts them on every resource that takes tags. */
  readonly tags: readonly string[]
  /** The template that it was deployed from, where there is one and it could be read. */
  readonly before?: Template
  /** What is not known of it, in words. */
  readonly why?: string
}

export interface FleetPlan {
  readonly stacks: readonly StackPlan[]
  readonly left: LeftOver
}

const NOTHING: Version = { template: { Resources: {} }, parameters: {} }

/** Whether a deployment would change something, as far as that can be known. */
export const hasChanges = ({ stacks }: FleetPlan): boolean =>
  stacks.some(({ action }) => action !== 'unchanged')

/** Gives what becomes of each stack, in the order of the waves. Asks for the templates of those that change alone. */
export function planStacks(
  { waves }: Assembly,
  look: Look,
  {
    accounts,
    slots,
    force,
    detailed = false,
  }: {
    readonly accounts: OpenAccounts
    readonly slots: Slots
    readonly force?: boolean
    /** Tells the permissions of new stacks too. */
    readonly detailed?: boolean
  },
): Promise<StackPlan[]> {
  const one = async (stack: AssemblyStack): Promise<StackPlan> => {
    try {
      await accounts.verify(stack.target)
      const examined = await examine(look, stack).catch((error: Error) => notYet(look, stack, error))
      if (examined.isUnchanged && !force) return { ...NONE, stack, action: 'unchanged' }
      return await compared(examined, accounts, detailed)
    } catch (error) {
      return { ...NONE, stack, action: 'unknown', why: (error as Error).message }
    }
  }
  return Promise.all(waves.flat().map((stack) => slots.run(stack.target, () => one(stack))))
}

const NONE = { resources: [], permissions: [], outputs: [], tags: [] }

/** A parameter may be an output that is still to come; the others are known. */
async function notYet(look: Look, stack: AssemblyStack, error: Error): Promise<Examined> {
  if (!/ has no output /.test(error.message)) throw error
  const seen = await look.standing.find({ stack: stack.name, target: stack.target })
  return {
    stack: withFileOf(seen, stack),
    seen,
    values: await knownParameters(look, stack),
    isUnchanged: false,
  }
}

async function compared(
  { stack, seen, values }: Examined,
  accounts: OpenAccounts,
  detailed: boolean,
): Promise<StackPlan> {
  const after: Version = { template: stack.template, parameters: values }
  if (!seen || isDead(seen))
    return {
      ...{ stack, action: seen ? 'recreate' : 'create', outputs: [], tags: [] },
      resources: resourceChanges(NOTHING, after),
      permissions: detailed ? permissionChanges(NOTHING, after) : [],
    }
  const tags = changedTags(seen, stack)
  const before = await deployedTemplate(accounts, {
    id: seen.StackId ?? stack.name,
    target: stack.target,
  }).catch((error: Error) => error)
  if (before instanceof Error)
    return {
      ...{ ...NONE, stack, action: 'update', tags },
      why: `its template cannot be read: ${before.message}`,
    }
  const version = { template: before, parameters: parametersOf(seen) }
  const parts = {
    resources: resourceChanges(version, after),
    permissions: permissionChanges(version, after),
    outputs: outputChanges(before, withDigest(stack)),
    tags,
  }
  const isSame = !Object.values(parts).some(({ length }) => length)
  return { stack, action: isSame ? 'unchanged' : 'update', ...parts, before }
}

const parametersOf = ({ Parameters = [] }: Stack): Record<string, string> =>
  Object.fromEntries(Parameters.map((one) => [one.ParameterKey ?? '', one.ParameterValue ?? '']))

function changedTags({ Tags = [] }: Stack, { tags }: AssemblyStack): string[] {
  const was = new Map(Tags.map(({ Key = '', Value }) => [Key, Value]))
  const keys = new Set([...was.keys(), ...Object.keys(tags)])
  return [...keys].filter((key) => was.get(key) !== tags[key]).sort()
}
