/** The tree from one place to the next, accounts and units alike: ListParents, ListChildren. */
import { managementOperation } from '../engine/management-operation.ts'
import { page } from '../engine/page.ts'
import { refusal } from '../engine/refusal.ts'
import { isParent } from '../engine/tree.ts'
import { onTarget } from '../kinds.ts'

/** Gives the one parent of an account or a unit. Errors: ChildNotFoundException. */
const ListParents = managementOperation({
  name: 'ListParents',
  access: ({ ChildId }, ctx) => [onTarget(ctx, 'ListParents', ChildId)],
  run: (input, { tree }) => {
    const child = tree.target(input.ChildId)
    const parent = child && tree.parentOf(child)
    if (parent === undefined) throw refusal('noChild')
    const Type = tree.unit(parent) ? 'ORGANIZATIONAL_UNIT' : 'ROOT'
    const { items, NextToken } = page([{ Id: parent, Type } as const], input, input.ChildId)
    return { Parents: items, NextToken }
  },
})

/** Errors: ParentNotFoundException. */
const ListChildren = managementOperation({
  name: 'ListChildren',
  access: ({ ParentId }, ctx) => [onTarget(ctx, 'ListChildren', ParentId)],
  run: (input, { tree }) => {
    const { ParentId, ChildType } = input
    if (!isParent(tree, ParentId)) throw refusal('noParent')
    const all = ChildType === 'ACCOUNT' ? tree.accounts() : tree.units()
    const { items, NextToken } = page(
      all.filter((one) => one.parent === ParentId),
      input,
      ParentId,
      ChildType,
    )
    return { Children: items.map(({ id }) => ({ Id: id, Type: ChildType })), NextToken }
  },
})

export const relationOperations = [ListParents, ListChildren]
