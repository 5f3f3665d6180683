/** Connections to source providers, under both of the service's names: codeconnections and codestar-connections. */
import { type Arn, AwsError, formatArn } from '../../../../model/index.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Operation, operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import type { Table } from '../../../kernel/store.ts'
import { tagOperations, tagPairs } from '../../../kernel/tag-operations.ts'
import { connectionKind, type Name } from '../kinds.ts'
import { type Connection, connections } from '../state.ts'

const PROVIDERS = ['GitHub', 'Bitbucket', 'GitLab']

const describe = (connection: Connection, account: string) => ({
  ConnectionName: connection.name,
  ConnectionArn: connection.arn,
  ProviderType: connection.providerType as 'GitHub',
  OwnerAccountId: account,
  ConnectionStatus: connection.status,
})

const tagForm = tagPairs('Key', 'Value')

/** AWS: "Actions defined by AWS CodeConnections": making and listing connections is authorized on no resource. */
const NO_RESOURCE = '*'

/** Gives the service's operations under one of its names. AWS: actions and ARNs carry the name that was used to create. */
export function connectionOperations(service: Name): Operation[] {
  const kind = connectionKind(service)
  const anyConnection = (ctx: Context) => formatArn(service, ctx.region, ctx.account, 'connection/*')
  return [
    operation({
      service,
      name: 'CreateConnection',
      access: (input, ctx) => [
        {
          action: `${service}:CreateConnection`,
          resource: NO_RESOURCE,
          context: input.ProviderType ? { [`${service}:ProviderType`]: input.ProviderType } : {},
        },
        // Its id is not known yet.
        ...kind.onNewTags(ctx, anyConnection(ctx), input.Tags),
      ],
      run: (input, ctx) => create(service, input, ctx),
    }),
    operation({
      service,
      name: 'GetConnection',
      access: (input, ctx) => [kind.on(ctx, 'GetConnection', input.ConnectionArn)],
      run: (input, ctx) => ({ Connection: describe(kind.find(ctx, input.ConnectionArn), ctx.account) }),
    }),
    operation({
      service,
      name: 'ListConnections',
      access: () => [{ action: `${service}:ListConnections`, resource: NO_RESOURCE }],
      run: (input, ctx) => {
        refuseUnsupported(input, ['HostArnFilter'])
        const filter = input.ProviderTypeFilter
        const all = ctx
          .table(connections)
          .values()
          .filter((one) => !filter || one.providerType === filter)
        const page = paginate(all, {
          token: input.NextToken,
          limit: input.MaxResults || 100,
          query: filter ?? '',
        })
        return { Connections: page.items.map((one) => describe(one, ctx.account)), NextToken: page.nextToken }
      },
    }),
    operation({
      service,
      name: 'DeleteConnection',
      access: (input, ctx) => [kind.on(ctx, 'DeleteConnection', input.ConnectionArn)],
      run: (input, ctx) => {
        ctx.table(connections).delete(kind.find(ctx, input.ConnectionArn).id)
        return {}
      },
    }),
    ...tagOperations<{ readonly ResourceArn: Arn }>({
      service,
      members: ['Tags', 'TagKeys'],
      form: tagForm,
      resource: ({ ResourceArn }) => kind.tagged(ResourceArn),
    }),
  ]
}

/**
 * A connection starts PENDING. AWS: a person completes it in the console by signing in at the provider. Here the
 * provider is a folder of local repositories that needs no sign-in, so the handshake completes by itself.
 */
function create(
  service: Name,
  input: {
    ConnectionName: string
    ProviderType?: string
    HostArn?: string
    Tags?: { Key?: string; Value?: string }[]
  },
  ctx: Context,
) {
  refuseUnsupported(input, ['HostArn'])
  const { ProviderType: providerType } = input
  if (!providerType || !PROVIDERS.includes(providerType))
    throw new AwsError('InvalidInputException', `Provider type must be one of ${PROVIDERS.join(', ')}.`)
  const id = ctx.cloud.ids.uuid()
  const connection: Connection = {
    id,
    arn: formatArn(service, ctx.region, ctx.account, `connection/${id}`),
    name: input.ConnectionName,
    providerType,
    status: 'PENDING',
    tags: Object.fromEntries(tagForm.read(input.Tags)),
  }
  const table = ctx.table(connections)
  table.put(id, connection)
  ctx.spawn('handshake', async () => {
    await new Promise((resolve) => setImmediate(resolve))
    complete(table, id)
  })
  return { ConnectionArn: connection.arn, Tags: tagForm.write(connection.tags) }
}

function complete(table: Table<Connection>, id: string): void {
  const now = table.get(id)
  if (now?.status === 'PENDING') table.put(id, { ...now, status: 'AVAILABLE' })
}

/** Completes the connections whose handshake a stop of the cloud interrupted. */
export function completeConnections(cloud: Cloud): void {
  for (const { table } of cloud.store.everywhere(connections))
    for (const { id } of table.values()) complete(table, id)
}
