/** The root, and the policy types that are enabled in it: ListRoots, EnablePolicyType, DisablePolicyType. */
import type { Root } from '@aws-sdk/client-organizations'
import type { Organization } from '../../../kernel/organization.ts'
import { onAnything, policyTypeKey } from '../engine/access.ts'
import { targetArn } from '../engine/arn.ts'
import { managementOperation } from '../engine/management-operation.ts'
import { page } from '../engine/page.ts'
import { controlPolicyType } from '../engine/policy-type.ts'
import { refusal } from '../engine/refusal.ts'
import { type Target, type Tree, withChange } from '../engine/tree.ts'
import { rootKind } from '../kinds.ts'
import type { ControlPolicyType, RootRecord } from '../state.ts'

const rootOutput = (organization: Organization, { id, enabled }: RootRecord): Root => ({
  Id: id,
  Arn: targetArn(organization, id),
  Name: 'Root',
  PolicyTypes: enabled.map((Type) => ({ Type, Status: 'ENABLED' })),
})

const ListRoots = managementOperation({
  name: 'ListRoots',
  access: () => [onAnything('ListRoots')],
  run: (input, { tree, organization }) => {
    const { items, NextToken } = page([tree.root()], input)
    return { Roots: items.map((one) => rootOutput(organization, one)), NextToken }
  },
})

/**
 * AWS: the type's policy that allows everything is attached to the root, every unit and every account.
 * Errors: RootNotFoundException, PolicyTypeAlreadyEnabledException, UnsupportedPolicyType.
 */
const EnablePolicyType = managementOperation({
  name: 'EnablePolicyType',
  access: ({ RootId, PolicyType }, ctx) => [
    rootKind.on(ctx, 'EnablePolicyType', RootId, policyTypeKey(PolicyType)),
  ],
  run: ({ RootId, PolicyType }, { ctx, tree, organization }) => {
    const type = controlPolicyType(PolicyType)
    const root = rootKind.find(ctx, RootId)
    if (root.enabled.includes(type)) throw refusal('typeEnabled')
    const record = { ...root, enabled: [...root.enabled, type] }
    tree.save({ kind: 'root', record })
    return { Root: rootOutput(organization, record) }
  },
})

/**
 * AWS: all policies of the type are detached from everything, and stay so when the type is enabled again.
 * Errors: RootNotFoundException, PolicyTypeNotEnabledException, UnsupportedPolicyType.
 */
const DisablePolicyType = managementOperation({
  name: 'DisablePolicyType',
  access: ({ RootId, PolicyType }, ctx) => [
    rootKind.on(ctx, 'DisablePolicyType', RootId, policyTypeKey(PolicyType)),
  ],
  run: ({ RootId, PolicyType }, { ctx, tree, organization }) => {
    const type = controlPolicyType(PolicyType)
    const root = rootKind.find(ctx, RootId)
    if (!root.enabled.includes(type)) throw refusal('typeNotEnabled')
    for (const unit of tree.units()) detachAll(tree, { kind: 'unit', record: unit }, type)
    for (const account of tree.accounts()) detachAll(tree, { kind: 'account', record: account }, type)
    const record = {
      ...root,
      enabled: root.enabled.filter((one) => one !== type),
      attached: without(root, type),
    }
    tree.save({ kind: 'root', record })
    return { Root: rootOutput(organization, record) }
  },
})

const without = ({ attached }: Target['record'], type: ControlPolicyType): Target['record']['attached'] => ({
  ...attached,
  [type]: undefined,
})

function detachAll(tree: Tree, target: Target, type: ControlPolicyType): void {
  if (target.record.attached[type]) tree.save(withChange(target, { attached: without(target.record, type) }))
}

export const rootOperations = [ListRoots, EnablePolicyType, DisablePolicyType]
