/** Accounts as Organizations shows them. */
import type { Account } from '@aws-sdk/client-organizations'
import type { Organization } from '../../../kernel/organization.ts'
import type { MemberRecord } from '../state.ts'
import { targetArn } from './arn.ts'
import type { Tree } from './tree.ts'

/** Accounts of the embedded cloud are numbers; the names that AWS would have follow from them. */
export const emailOf = (account: string): string => `${account}@accounts.example`
export const nameOf = (account: string): string => account

/** Gives a path as AWS writes it: from the organization down, with a slash at the end. */
export const pathText = (organization: Organization, tree: Tree, id: string): string =>
  `${[organization.id, ...tree.path(id)].join('/')}/`

export const accountOutput = (
  organization: Organization,
  tree: Tree,
  { id, joinedAt }: MemberRecord,
): Account => ({
  Id: id,
  Arn: targetArn(organization, id),
  Email: emailOf(id),
  Name: nameOf(id),
  Status: 'ACTIVE',
  State: 'ACTIVE',
  Paths: [pathText(organization, tree, id)],
  // AWS: the management account joins by inviting itself.
  JoinedMethod: id === organization.managementAccount ? 'INVITED' : 'CREATED',
  JoinedTimestamp: new Date(joinedAt),
})
