/** ARNs of what an organization consists of. AWS: all carry the management account, but AWS's own policies. */
import { type Arn, formatArn } from '../../../../model/index.ts'
import type { Organization } from '../../../kernel/organization.ts'
import type { PolicyRecord } from '../state.ts'
import { isAwsManaged } from './policy-type.ts'
import { isUnitId, ROOT_ID } from './tree.ts'

const ofOrganization = ({ id, managementAccount }: Organization, kind: string, rest: string): Arn =>
  formatArn('organizations', '', managementAccount, `${kind}/${id}${rest}`)

export const organizationArn = (organization: Organization): Arn =>
  ofOrganization(organization, 'organization', '')

/** Gives the ARN of the root, a unit or an account, by its id. */
export function targetArn(organization: Organization, id: string): Arn {
  const kind = id === ROOT_ID ? 'root' : isUnitId(id) ? 'ou' : 'account'
  return ofOrganization(organization, kind, `/${id}`)
}

export function policyArn(organization: Organization, policy: Pick<PolicyRecord, 'id' | 'type'>): Arn {
  const type = policy.type.toLowerCase()
  if (isAwsManaged(policy)) return `arn:aws:organizations::aws:policy/${type}/${policy.id}`
  return ofOrganization(organization, 'policy', `/${type}/${policy.id}`)
}
