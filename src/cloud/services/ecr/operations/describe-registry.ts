/** ecr:DescribeRegistry. */
import { operation } from '../../../kernel/operation.ts'

/** Nothing is replicated: PutReplicationConfiguration is refused. */
export const DescribeRegistry = operation({
  service: 'ecr',
  name: 'DescribeRegistry',
  access: () => [{ action: 'ecr:DescribeRegistry', resource: '*' }],
  run: (_input, ctx) => ({ registryId: ctx.account, replicationConfiguration: { rules: [] } }),
})
