/** A digest of the template among a stack's outputs: what has not changed is known without a change set. */
import type { Stack } from '@aws-sdk/client-cloudformation'
import {
  type AssemblyStack,
  STACK_DIGEST,
  stackDigest,
  TEMPLATE_BYTES,
  type Template,
} from '../model/index.ts'
import { outputsOf } from './steps/find-stack.ts'

/** How the change sets of deployments are named. */
export const changeSetName = (token: string): string => `crossdock-${token}`
const OWN_CHANGE_SET = /:changeSet\/crossdock-[^/]+\//

const digests = new WeakMap<Template, string>()

function digestOf(template: Template): string {
  const known = digests.get(template)
  if (known !== undefined) return known
  const digest = stackDigest(template)
  digests.set(template, digest)
  return digest
}

/** Gives the template with its digest; without one where CloudFormation would not take the few bytes more. */
export function withDigest({ template, templateBucket }: AssemblyStack): Template {
  const Description = 'Of the template; the same digest needs no deployment'
  const Outputs = { ...template.Outputs, [STACK_DIGEST]: { Description, Value: digestOf(template) } }
  const marked = { ...template, Outputs }
  const limit = templateBucket === undefined ? TEMPLATE_BYTES.inRequest : TEMPLATE_BYTES.inBucket
  return Buffer.byteLength(JSON.stringify(marked)) <= limit ? marked : template
}

/**
 * Whether a stack stands as it would be deployed. Parameters and tags are compared as they are, since an update can
 * change them and keep the template; so is who made the last change set, since an update by others may keep the output.
 * See docs/decisions/0013-digest.md.
 */
export function isUnchanged(
  standing: Stack | undefined,
  stack: AssemblyStack,
  parameters: Readonly<Record<string, string>>,
): standing is Stack {
  if (!standing || !/^(CREATE|UPDATE)_COMPLETE$/.test(standing.StackStatus ?? '')) return false
  return (
    OWN_CHANGE_SET.test(standing.ChangeSetId ?? '') &&
    sameEntries(
      (standing.Parameters ?? []).map((one) => [one.ParameterKey, one.ParameterValue]),
      parameters,
    ) &&
    sameEntries(
      (standing.Tags ?? []).map((one) => [one.Key, one.Value]),
      stack.tags,
    ) &&
    outputsOf(standing)[STACK_DIGEST] === digestOf(stack.template)
  )
}

const sameEntries = (
  found: readonly (readonly [string | undefined, string | undefined])[],
  wanted: Readonly<Record<string, string>>,
): boolean =>
  found.length === Object.keys(wanted).length &&
  found.every(([key, value]) => key !== undefined && Object.hasOwn(wanted, key) && wanted[key] === value)
