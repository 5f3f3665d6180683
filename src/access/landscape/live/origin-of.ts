/** Which stack made a live resource, so that the change is made where the resource is declared. */
import type { Target } from '../../../model/index.ts'
import type { Origin } from '../placed-template.ts'
import type { Reading } from './reading.ts'

/** Gives the place of a resource: its stack and logical ID where CloudFormation made it, else its account and region. */
export function originOf(
  reading: Reading,
  { account, region }: Target,
  resource: { readonly physicalId: string; readonly type: string },
): Promise<Origin> {
  const { physicalId, type } = resource
  return reading.once(`stack of ${account} ${region} ${type} ${physicalId}`, async () => {
    const { CloudFormationClient, DescribeStackResourcesCommand } = await import(
      '@aws-sdk/client-cloudformation'
    )
    const client = await reading.client(CloudFormationClient, { account, region })
    const { StackResources = [] } = await client
      .send(new DescribeStackResourcesCommand({ PhysicalResourceId: physicalId }))
      // Without the permission, or outside any stack, the resource is told by its account and region.
      .catch(() => ({ StackResources: [] }))
    const made = StackResources.find(
      (one) => one.PhysicalResourceId === physicalId && one.ResourceType === type,
    )
    return {
      account,
      region,
      stack: made?.StackName ?? '',
      resourceType: type,
      ...(made?.LogicalResourceId && { logicalId: made.LogicalResourceId }),
    }
  })
}
