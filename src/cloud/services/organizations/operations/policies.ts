/** Policies: created, changed, described, deleted, listed. */
import type { Context } from '../../../kernel/context.ts'
import type { Organization } from '../../../kernel/organization.ts'
import { onAnything, policyTypeKey } from '../engine/access.ts'
import { checkContent } from '../engine/content.ts'
import { managementOperation } from '../engine/management-operation.ts'
import { page } from '../engine/page.ts'
import { summary } from '../engine/policy-output.ts'
import { controlPolicyType, isAwsManaged, policyTypes } from '../engine/policy-type.ts'
import { invalidInput, refusal, violation } from '../engine/refusal.ts'
import type { Tree } from '../engine/tree.ts'
import { keyValue, policyKind } from '../kinds.ts'
import type { ControlPolicyType, PolicyRecord } from '../state.ts'
import { targetsOf } from './attachments.ts'

const output = (organization: Organization, policy: PolicyRecord) => ({
  Policy: { PolicySummary: summary(organization, policy), Content: policy.content },
})

/**
 * AWS: names are unique within their type; tags take organizations:TagResource as well, on the policy whose id is not
 * known yet.
 * Errors: DuplicatePolicyException, MalformedPolicyDocumentException, ConstraintViolationException,
 * UnsupportedPolicyType.
 */
const CreatePolicy = managementOperation({
  name: 'CreatePolicy',
  access: ({ Type, Tags }, ctx) => {
    const type = Type as ControlPolicyType
    return [onAnything('CreatePolicy', policyTypeKey(Type)), ...policyKind.onNewTags(ctx, { type }, Tags)]
  },
  run: ({ Type, Name, Description, Content, Tags }, { ctx, tree, organization }) => {
    const type = controlPolicyType(Type)
    const tags = policyKind.newTags(keyValue.read(Tags))
    checkContent(type, Content)
    refuseSameName(tree, { id: '', type, name: Name })
    const { length } = tree.policies.values().filter((one) => one.type === type)
    if (length >= policyTypes[type].maxInOrganization)
      throw violation(
        'POLICY_NUMBER_LIMIT_EXCEEDED',
        'You have exceeded the number of policies of this type.',
      )
    const id = `p-${ctx.cloud.ids.lower(8)}`
    const policy = { id, type, name: Name, description: Description, content: Content, tags }
    tree.policies.put(id, policy)
    return output(organization, policy)
  },
})

function refuseSameName(tree: Tree, { id, type, name }: Pick<PolicyRecord, 'id' | 'type' | 'name'>): void {
  const all = [policyTypes[type].fullAccess, ...tree.policies.values()]
  if (all.some((one) => one.type === type && one.name === name && one.id !== id)) throw refusal('samePolicy')
}

/** Errors: PolicyNotFoundException, InvalidInputException for a policy of AWS. */
function ownPolicy(ctx: Context, id: string): PolicyRecord {
  const policy = policyKind.find(ctx, id)
  if (!isAwsManaged(policy)) return policy
  throw invalidInput(
    'IMMUTABLE_POLICY',
    "You specified a policy that is managed by AWS and can't be modified.",
  )
}

/**
 * Changes what is given of a policy; the change counts from the next call on.
 * Errors: PolicyNotFoundException, DuplicatePolicyException, MalformedPolicyDocumentException,
 * ConstraintViolationException.
 */
const UpdatePolicy = managementOperation({
  name: 'UpdatePolicy',
  access: ({ PolicyId }, ctx) => [policyKind.on(ctx, 'UpdatePolicy', PolicyId)],
  run: ({ PolicyId, Name, Description, Content }, { ctx, tree, organization }) => {
    const policy = ownPolicy(ctx, PolicyId)
    if (Content !== undefined) checkContent(policy.type, Content)
    const changed = {
      ...policy,
      name: Name ?? policy.name,
      description: Description ?? policy.description,
      content: Content ?? policy.content,
    }
    refuseSameName(tree, changed)
    tree.policies.put(PolicyId, changed)
    return output(organization, changed)
  },
})

/** Errors: PolicyNotFoundException. */
const DescribePolicy = managementOperation({
  name: 'DescribePolicy',
  access: ({ PolicyId }, ctx) => [policyKind.on(ctx, 'DescribePolicy', PolicyId)],
  run: ({ PolicyId }, { ctx, organization }) => output(organization, policyKind.find(ctx, PolicyId)),
})

/** Errors: PolicyNotFoundException, PolicyInUseException. */
const DeletePolicy = managementOperation({
  name: 'DeletePolicy',
  access: ({ PolicyId }, ctx) => [policyKind.on(ctx, 'DeletePolicy', PolicyId)],
  run: ({ PolicyId }, { ctx, tree }) => {
    const policy = ownPolicy(ctx, PolicyId)
    if (targetsOf(tree, policy).length) throw refusal('policyInUse')
    tree.policies.delete(PolicyId)
    return {}
  },
})

/** Errors: UnsupportedPolicyType. */
const ListPolicies = managementOperation({
  name: 'ListPolicies',
  access: ({ Filter }) => [onAnything('ListPolicies', policyTypeKey(Filter))],
  run: (input, { tree, organization }) => {
    const type = controlPolicyType(input.Filter)
    const own = tree.policies.values().filter((one) => one.type === type)
    const { items, NextToken } = page([policyTypes[type].fullAccess, ...own], input, type)
    return { Policies: items.map((one) => summary(organization, one)), NextToken }
  },
})

export const policyOperations = [CreatePolicy, UpdatePolicy, DescribePolicy, DeletePolicy, ListPolicies]
