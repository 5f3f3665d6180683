/** Reading the properties of IAM's resource types, and bringing a principal from one set of them to another. */
import { AwsError } from '../../../../model/index.ts'
import type { Properties } from '../../../kernel/resource-type.ts'
import { hasTags, tagDifference } from '../../../kernel/stack-tags.ts'
import { type Tags, tagList, tagMap } from '../../../kernel/tags.ts'
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

/** AWS: reads each inline policy of the template back. */
export async function readInline(calls: PrincipalCalls, properties: Properties): Promise<void> {
  for (const name of inlineOf(properties).keys()) await calls.read(name)
}

/** AWS: looks for the policies of a principal, those that were put on beside the template too. */
export async function lookAtPolicies(calls: PrincipalCalls): Promise<void> {
  await calls.list()
  await calls.listAttached()
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
  wanted: Tags,
  present?: readonly { Key?: string; Value?: string }[],
): Promise<void> {
  const { gone, changed } = tagDifference(wanted, tagMap(present))
  if (gone.length) await calls.untag(gone)
  if (hasTags(changed)) await calls.tag(tagList(changed))
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
