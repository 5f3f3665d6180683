/** The kind of resource that CodeConnections keeps, once under each of the service's names. */
import { type Arn, AwsError, parseArn } from '../../../model/index.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { tagsInRecord } from '../../kernel/tagging.ts'
import { type Connection, connections } from './state.ts'

export type Name = 'codeconnections' | 'codestar-connections'

/** A connection, named by its ARN, whichever of the two prefixes it carries. */
export const connectionKind = (service: Name) =>
  resourceKind({
    service,
    table: connections,
    key: (connection) => connection.id,
    found: (ctx, arn: Arn) => {
      const parts = parseArn(arn)
      const own = parts?.account === ctx.account ? parts : undefined
      const id = parts?.resource.replace(/^connection\//, '') ?? ''
      const { account, region } = own ?? ctx
      return { record: own && ctx.table(connections, account, region).get(id), arn, account, region }
    },
    absent: ({ arn }) => new AwsError('ResourceNotFoundException', `Connection ${arn} not found`),
    policy: 'none',
    tags: tagsInRecord<Connection>({
      join: (present, given) => ({ ...present, ...Object.fromEntries(given) }),
      // AWS: CreateConnection authorizes TagResource too (service authorization reference, API operations).
      creation: 'TagResource',
    }),
  })
