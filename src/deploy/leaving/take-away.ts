/** Takes stacks that Crossdock made out of their accounts: what runs first, then roles and buckets, then keys. */
import type { OpenAccounts } from '../../aws/index.ts'
import type { Target } from '../../model/index.ts'
import { type Concurrency, Slots } from '../slots.ts'
import type { Pace } from '../steps/pace.ts'
import { deleteStack } from './delete-stack.ts'
import { bucketsOf, hasKey, type OwnStack, pipelinesOf } from './own-stack.ts'
import { type RoleUser, roleUsers } from './role-users.ts'

export interface TakeAwayContext {
  readonly accounts: OpenAccounts
  readonly pace: Pace
  readonly listener: (event: TakeAwayEvent) => void
  readonly now: () => number
  readonly concurrency: Concurrency
  /** Regions in which applications of the fleet may stand. */
  readonly regions: readonly string[]
  /** Deletes the stacks of applications too that hang on a role which goes. */
  readonly applications?: boolean
}

/** A stack that goes: one of Crossdock's, or of an application. */
export type Leaving = Pick<OwnStack, 'name' | 'target' | 'title'>

export type TakeAwayEvent =
  | { readonly type: 'leaving'; readonly stack: Leaving }
  | { readonly type: 'gone'; readonly stack: Leaving; readonly milliseconds: number }
  | { readonly type: 'stays'; readonly stack: Leaving; readonly why: string; readonly isFailure: boolean }

export interface Staying {
  readonly stack: Leaving
  /** In words, with what to do. */
  readonly why: string
  /** It was tried and failed. */
  readonly isFailure: boolean
}

export interface TakenAway {
  readonly gone: readonly Leaving[]
  readonly stays: readonly Staying[]
}

/** What stops first comes first. AWS: a pipeline that still ran would want its roles, and these their keys. */
const STEPS: readonly ((stack: OwnStack) => boolean)[] = [
  (stack) => pipelinesOf(stack).length > 0,
  (stack) => !hasKey(stack),
  () => true,
]

/**
 * Deletes the stacks, and empties their buckets. What stays, because somebody needs it or because it failed, is told with
 * the reason; nothing that it stands on is taken away. It can be run again at any point.
 */
export async function takeAway(stacks: readonly OwnStack[], context: TakeAwayContext): Promise<TakenAway> {
  const slots = new Slots(context.concurrency)
  const [gone, stays] = [[] as Leaving[], [] as Staying[]]
  let left = stacks
  for (const isNext of STEPS) {
    const step = left.filter(isNext)
    left = left.filter((one) => !isNext(one))
    const before = stays.filter(({ stack }) => 'template' in stack && pipelinesOf(stack as OwnStack).length)
    const leave = async (stack: OwnStack): Promise<void> => {
      const why = before.length ? `the pipeline that stays needs it: ${before[0]!.stack.name}` : undefined
      const told = why === undefined ? await leaving(stack, context) : [{ stack, why, isFailure: false }]
      const own = told.find((one) => one.stack === stack)
      for (const one of told) {
        stays.push(one)
        context.listener({ type: 'stays', ...one })
      }
      if (!own) gone.push(stack)
    }
    await Promise.all(step.map((stack) => slots.run(stack.target, () => leave(stack))))
  }
  return { gone, stays }
}

/** Deletes a stack, and gives what stays of it and why: itself, or an application's that was to go before it. */
async function leaving(stack: OwnStack, context: TakeAwayContext): Promise<Staying[]> {
  const stays = await tryLeaving(stack, context)
  const fires = pipelinesOf(stack).length ? '; until it goes, its pipeline still fires' : ''
  return stays.map((one) => (one.stack === stack ? { ...one, why: `${one.why}${fires}` } : one))
}

async function tryLeaving(stack: OwnStack, context: TakeAwayContext): Promise<Staying[]> {
  if (stack.isProtected) return [{ stack, why: protectedWords(stack.name, stack.target), isFailure: false }]
  try {
    await context.accounts.verify(stack.target)
    const users = await roleUsers(context.accounts, stack, context.regions)
    if (users.length && !context.applications)
      return [{ stack, why: usedWords(users, pipelinesOf(stack).length > 0), isFailure: false }]
    for (const user of users) {
      const application = { name: user.stack, target: user.target, title: 'an application’s stack' }
      const why = user.isProtected
        ? protectedWords(user.stack, user.target)
        : await deleting({ ...application, id: user.id, buckets: [] }, context)
      if (why !== undefined)
        return [
          { stack: application, why, isFailure: !user.isProtected },
          { stack, why: usedWords([user], false), isFailure: false },
        ]
    }
    const why = await deleting({ ...stack, buckets: bucketsOf(stack) }, context, stack)
    return why === undefined ? [] : [{ stack, why, isFailure: true }]
  } catch (error) {
    return [{ stack, why: (error as Error).message, isFailure: true }]
  }
}

async function deleting(
  stack: Leaving & { readonly id: string; readonly buckets: readonly string[] },
  { accounts, pace, listener, now }: TakeAwayContext,
  told: Leaving = stack,
): Promise<string | undefined> {
  const started = now()
  listener({ type: 'leaving', stack: told })
  try {
    await deleteStack(accounts, stack, pace)
    listener({ type: 'gone', stack: told, milliseconds: now() - started })
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

const protectedWords = (name: string, { region }: Target): string =>
  `it is protected: "aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name} --region ${region}" lifts that`

/** AWS: CloudFormation changes and deletes a stack as its service role, so that it must outlive the stack. */
function usedWords(users: readonly RoleUser[], runs: boolean): string {
  const [first] = users
  const more = users.length > 1 ? `, and ${users.length - 1} more` : ''
  const { stack, target, role } = first!
  return `the stack ${stack} in ${target.account} ${target.region}${more} changes by ${role}: ${
    runs ? '' : 'it goes once another role has changed that stack, or '
  }delete the stack first (--applications does)`
}
