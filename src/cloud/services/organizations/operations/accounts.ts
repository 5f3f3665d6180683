/** Accounts: ListAccounts, ListAccountsForParent, DescribeAccount, MoveAccount. */
import { accountMoved } from '../../../kernel/service-events.ts'
import { onAnything } from '../engine/access.ts'
import { accountOutput } from '../engine/account-output.ts'
import { managementOperation } from '../engine/management-operation.ts'
import { page } from '../engine/page.ts'
import { refusal } from '../engine/refusal.ts'
import { isParent } from '../engine/tree.ts'
import { accountKind, onTarget } from '../kinds.ts'

/** Gives the accounts that exist; where every number does, those that were used. */
const ListAccounts = managementOperation({
  name: 'ListAccounts',
  access: () => [onAnything('ListAccounts')],
  run: (input, { tree, organization }) => {
    const { items, NextToken } = page(tree.accounts(), input)
    return { Accounts: items.map((one) => accountOutput(organization, tree, one)), NextToken }
  },
})

/** Errors: ParentNotFoundException. */
const ListAccountsForParent = managementOperation({
  name: 'ListAccountsForParent',
  access: ({ ParentId }, ctx) => [onTarget(ctx, 'ListAccountsForParent', ParentId)],
  run: (input, { tree, organization }) => {
    if (!isParent(tree, input.ParentId)) throw refusal('noParent')
    const inside = tree.accounts().filter((one) => one.parent === input.ParentId)
    const { items, NextToken } = page(inside, input, input.ParentId)
    return { Accounts: items.map((one) => accountOutput(organization, tree, one)), NextToken }
  },
})

/** Errors: AccountNotFoundException. */
const DescribeAccount = managementOperation({
  name: 'DescribeAccount',
  access: ({ AccountId }, ctx) => [accountKind.on(ctx, 'DescribeAccount', AccountId)],
  run: ({ AccountId }, { ctx, tree, organization }) => ({
    Account: accountOutput(organization, tree, accountKind.find(ctx, AccountId)),
  }),
})

/**
 * Moves an account to the root or a unit; what is attached above it counts from the next call on.
 * Errors: AccountNotFoundException, SourceParentNotFoundException, DestinationParentNotFoundException,
 * DuplicateAccountException.
 */
const MoveAccount = managementOperation({
  name: 'MoveAccount',
  access: ({ AccountId, SourceParentId, DestinationParentId }, ctx) => [
    accountKind.on(ctx, 'MoveAccount', AccountId),
    onTarget(ctx, 'MoveAccount', SourceParentId),
    onTarget(ctx, 'MoveAccount', DestinationParentId),
  ],
  run: ({ AccountId, SourceParentId, DestinationParentId }, { ctx, tree }) => {
    const account = accountKind.find(ctx, AccountId)
    if (!isParent(tree, DestinationParentId)) throw refusal('noDestination')
    if (account.parent === DestinationParentId) throw refusal('sameAccount')
    if (account.parent !== SourceParentId) throw refusal('noSource')
    tree.save({ kind: 'account', record: { ...account, parent: DestinationParentId } })
    ctx.cloud.bus.emit(accountMoved, { account: AccountId, from: SourceParentId, to: DestinationParentId })
    return {}
  },
})

export const accountOperations = [ListAccounts, ListAccountsForParent, DescribeAccount, MoveAccount]
