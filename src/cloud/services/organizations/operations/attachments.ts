/** Which policies stand where: attached, detached, and listed from both sides. */
import type { TargetType } from '@aws-sdk/client-organizations'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { policyTypeKey } from '../engine/access.ts'
import { nameOf } from '../engine/account-output.ts'
import { targetArn } from '../engine/arn.ts'
import { type Managed, managementOperation } from '../engine/management-operation.ts'
import { page } from '../engine/page.ts'
import { summary } from '../engine/policy-output.ts'
import { controlPolicyType, policyTypes } from '../engine/policy-type.ts'
import { invalidInput, refusal, violation } from '../engine/refusal.ts'
import { type Target, type Tree, withChange } from '../engine/tree.ts'
import { onTarget, policyKind } from '../kinds.ts'
import type { PolicyRecord } from '../state.ts'

interface Attachment {
  readonly PolicyId: string
  readonly TargetId: string
}

/** AWS: attaching and detaching are asked of the policy and of the target. */
function access(action: string, { PolicyId, TargetId }: Attachment, ctx: Context): AccessRequest[] {
  const ofPolicy = policyKind.on(ctx, action, PolicyId)
  const type = ofPolicy.context?.['organizations:PolicyType']
  return [ofPolicy, onTarget(ctx, action, TargetId, typeof type === 'string' ? policyTypeKey(type) : {})]
}

/** Errors: PolicyNotFoundException, TargetNotFoundException, PolicyTypeNotEnabledException. */
function found({ ctx, tree }: Managed, { PolicyId, TargetId }: Attachment) {
  const policy = policyKind.find(ctx, PolicyId)
  const target = tree.target(TargetId)
  if (!target) throw refusal('noTarget')
  if (!tree.root().enabled.includes(policy.type)) throw refusal('typeNotEnabled')
  return { policy, target, attached: tree.attached(policy.type, target.record) }
}

const withAttached = (target: Target, { type }: PolicyRecord, ids: readonly string[]): Target =>
  withChange(target, { attached: { ...target.record.attached, [type]: ids } })

/**
 * Attaches a policy; it counts from the next call on.
 * Errors: PolicyNotFoundException, TargetNotFoundException, PolicyTypeNotEnabledException,
 * DuplicatePolicyAttachmentException, ConstraintViolationException.
 */
const AttachPolicy = managementOperation({
  name: 'AttachPolicy',
  access: (input, ctx) => access('AttachPolicy', input, ctx),
  run: (input, managed) => {
    const { policy, target, attached } = found(managed, input)
    if (attached.includes(policy.id)) throw refusal('attachedAlready')
    if (attached.length >= policyTypes[policy.type].maxPerTarget)
      throw violation(
        'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
        'You have attached the maximum number of policies to the specified target.',
      )
    managed.tree.save(withAttached(target, policy, [...attached, policy.id]))
    return {}
  },
})

/**
 * Detaches a policy.
 * AWS: RCPFullAWSAccess stays, and so does the last service control policy of a target.
 * Errors: PolicyNotFoundException, TargetNotFoundException, PolicyTypeNotEnabledException,
 * PolicyNotAttachedException, InvalidInputException, ConstraintViolationException.
 */
const DetachPolicy = managementOperation({
  name: 'DetachPolicy',
  access: (input, ctx) => access('DetachPolicy', input, ctx),
  run: (input, managed) => {
    const { policy, target, attached } = found(managed, input)
    if (!attached.includes(policy.id)) throw refusal('notAttached')
    const { fullAccess, fullAccessStays } = policyTypes[policy.type]
    if (fullAccessStays && policy.id === fullAccess.id)
      throw invalidInput('NON_DETACHABLE_POLICY', "You can't detach this AWS managed policy.")
    if (attached.length === 1)
      throw violation(
        'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
        'You cannot remove the last policy attached to the specified target. You must have at least one attached at all times.',
      )
    const left = attached.filter((id) => id !== policy.id)
    managed.tree.save(withAttached(target, policy, left))
    return {}
  },
})

/** Gives what is attached to the target itself, not what it inherits. Errors: TargetNotFoundException. */
const ListPoliciesForTarget = managementOperation({
  name: 'ListPoliciesForTarget',
  access: ({ TargetId, Filter }, ctx) => [
    onTarget(ctx, 'ListPoliciesForTarget', TargetId, policyTypeKey(Filter)),
  ],
  run: (input, { tree, organization }) => {
    const type = controlPolicyType(input.Filter)
    const target = tree.target(input.TargetId)
    if (!target) throw refusal('noTarget')
    const attached = tree.attached(type, target.record).map((id) => tree.policy(id)!)
    const { items, NextToken } = page(attached, input, input.TargetId, type)
    return { Policies: items.map((one) => summary(organization, one)), NextToken }
  },
})

/** Gives every target that a policy is attached to. */
export function targetsOf(tree: Tree, { id, type }: PolicyRecord): Target[] {
  const all: Target[] = [
    { kind: 'root', record: tree.root() },
    ...tree.units().map((record) => ({ kind: 'unit' as const, record })),
    ...tree.accounts().map((record) => ({ kind: 'account' as const, record })),
  ]
  return all.filter(({ record }) => tree.attached(type, record).includes(id))
}

const targetTypes = {
  root: 'ROOT',
  unit: 'ORGANIZATIONAL_UNIT',
  account: 'ACCOUNT',
} as const satisfies Record<Target['kind'], TargetType>

function targetName({ kind, record }: Target): string {
  if (kind === 'root') return 'Root'
  return kind === 'unit' ? record.name : nameOf(record.id)
}

/** Errors: PolicyNotFoundException. */
const ListTargetsForPolicy = managementOperation({
  name: 'ListTargetsForPolicy',
  access: ({ PolicyId }, ctx) => [policyKind.on(ctx, 'ListTargetsForPolicy', PolicyId)],
  run: (input, { ctx, tree, organization }) => {
    const policy = policyKind.find(ctx, input.PolicyId)
    const { items, NextToken } = page(targetsOf(tree, policy), input, policy.id)
    const Targets = items.map((one) => ({
      TargetId: one.record.id,
      Arn: targetArn(organization, one.record.id),
      Name: targetName(one),
      Type: targetTypes[one.kind],
    }))
    return { Targets, NextToken }
  },
})

export const attachmentOperations = [AttachPolicy, DetachPolicy, ListPoliciesForTarget, ListTargetsForPolicy]
