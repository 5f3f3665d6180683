/** AWS::Organizations::OrganizationalUnit. */
import { AwsError } from '../../../../model/index.ts'
import { resourceType } from '../../../kernel/resource-type.ts'
import { updateTags, withStackTags } from './resource-tags.ts'

const TYPE = 'AWS::Organizations::OrganizationalUnit'

interface Unit {
  readonly Id?: string
  readonly Arn?: string
  readonly Path?: string
}

const outcome = ({ Id = '', Arn, Path }: Unit) => ({ physicalId: Id, attributes: { Id, Arn, Path } })

export const organizationalUnit = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const { Name, ParentId } = properties
    const { OrganizationalUnit } = await rc.call('organizations', 'CreateOrganizationalUnit', {
      Name,
      ParentId,
      ...withStackTags(properties, rc),
    })
    return outcome(OrganizationalUnit!)
  },
  update: async (OrganizationalUnitId, properties, previous, rc) => {
    const { Name } = properties
    const { OrganizationalUnit } = await rc.call('organizations', 'UpdateOrganizationalUnit', {
      OrganizationalUnitId,
      Name,
    })
    await updateTags(OrganizationalUnitId, properties, previous, rc)
    return outcome(OrganizationalUnit!)
  },
  delete: async (OrganizationalUnitId, _properties, rc) => {
    await rc.call('organizations', 'DeleteOrganizationalUnit', { OrganizationalUnitId }).catch((error) => {
      if (!(error instanceof AwsError) || error.code !== 'OrganizationalUnitNotFoundException') throw error
    })
  },
})
