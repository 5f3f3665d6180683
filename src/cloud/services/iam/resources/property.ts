/** Reading the properties of IAM's resource types, and bringing a principal from one set of them to another. */
import { AwsError } from '../../../../model/index.ts'
import type { Properties, ResourceContext } from '../../../resource-type.ts'
import type { PrincipalCalls, SettingCalls } from './principal-calls.ts'

/** A template may hold a document as an object or as JSON text. */
export const documentText = (document: unknown): string =>
  typeof document === 'string' ? document : JSON.stringify(document)

/** Runs a call whose object may be gone already. */
export async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'NoSuchEntity') throw error
  }
}

/** Gives the tags of a resource, the stack's among them. AWS: IAM takes no `aws:` tags, not even CloudFormation's. */
export function tagsOf({ Tags = [] }: Properties, { stackTags }: ResourceContext): Record<string, string> {
  const ofStack = Object.entries(stackTags).filter(([key]) => !key.startsWith('aws:'))
  const own = (Tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value] as const)
  return Object.fromEntries([...ofStack, ...own])
}

/** Gives tags as the API takes them. */
export const tagInput = (tags: Record<string, string>): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

const inlineOf = ({ Policies = [] }: Properties): Map<string, string> =>
  new Map(
    (Policies as Properties[]).map((policy) => [
      policy.PolicyName as string,
      documentText(policy.PolicyDocument),
    ]),
  )

const attachedOf = ({ ManagedPolicyArns = [] }: Properties): string[] => ManagedPolicyArns as string[]

/** Changes the inline and attached policies from what `before` says to what `after` says. */
export async function applyPolicies(
  calls: PrincipalCalls,
  after: Properties,
  before: Properties = {},
): Promise<void> {
  const [now, then] = [inlineOf(after), inlineOf(before)]
  for (const [name, document] of now) if (then.get(name) !== document) await calls.put(name, document)
  for (const name of then.keys()) if (!now.has(name)) await unlessGone(calls.remove(name))
  const [attached, attachedThen] = [attachedOf(after), attachedOf(before)]
  for (const arn of attached) if (!attachedThen.includes(arn)) await calls.attach(arn)
  for (const arn of attachedThen) if (!attached.includes(arn)) await unlessGone(calls.detach(arn))
}

/** Changes the boundary from what `before` says to what `after` says. */
export async function applyBoundary(
  calls: SettingCalls,
  after: Properties,
  before: Properties,
): Promise<void> {
  if (after.PermissionsBoundary === before.PermissionsBoundary) return
  if (after.PermissionsBoundary === undefined) await calls.clearBoundary()
  else await calls.setBoundary(after.PermissionsBoundary)
}

/** Changes the tags from the ones there are to the ones wanted. */
export async function applyTags(
  calls: SettingCalls,
  wanted: Record<string, string>,
  present: readonly { Key?: string; Value?: string }[] = [],
): Promise<void> {
  const gone = present.map(({ Key }) => Key!).filter((key) => !(key in wanted))
  if (gone.length) await calls.untag(gone)
  const values = new Map(present.map(({ Key, Value }) => [Key, Value]))
  const changed = tagInput(wanted).filter(({ Key, Value }) => values.get(Key) !== Value)
  if (changed.length) await calls.tag(changed)
}

/** Runs the steps after a creation; where one fails, what was created is taken away again. */
export async function orUndo(steps: () => Promise<void>, undo: () => Promise<void>): Promise<void> {
  try {
    await steps()
  } catch (error) {
    await undo().catch(() => undefined)
    throw error
  }
}
